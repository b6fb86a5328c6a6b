"""A person at the portal, in a real Chromium, with nothing but the keyboard."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def signed_in(chromium_page, service):
    page = chromium_page
    page.goto(service.portal_url)
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type("Grace")
    page.keyboard.press("Enter")
    page.wait_for_url("**/portal/tasks")
    return page


@pytest.fixture
def flow(clients):
    made = clients.flow(TaskTitle="Keyboard only")
    yield made
    for loop in clients.runtime.list_human_loops(FlowDefinitionArn=made)["HumanLoopSummaries"]:
        if loop["HumanLoopStatus"] == "InProgress":
            clients.runtime.stop_human_loop(HumanLoopName=loop["HumanLoopName"])


def open_jobs(page, flow):
    page.goto(page.url + f"/next?flow={flow.rpartition('/')[2]}")
    page.wait_for_selector("iframe#task")


def test_two_tasks_are_answered_without_a_mouse(signed_in, clients, flow):
    """Sign in, open, choose, submit, and again; each answer leads on by itself."""
    names = [clients.start(flow, text=text) for text in ("You have won!", "Lunch at noon?")]
    page = signed_in
    open_jobs(page, flow)
    for name, key, text in zip(names, "12", ("You have won!", "Lunch at noon?"), strict=True):
        page.wait_for_url(f"**/portal/tasks/{name}")
        page.frame_locator("#task").get_by_text(text).wait_for()
        expect(page.locator("#task")).to_be_focused()
        page.keyboard.press(key)
        page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith(name))
    labels = [clients.output(name)["humanAnswers"][0]["answerContent"]["category"]["label"] for name in names]
    assert labels == ["spam", "ham"]


def test_a_slow_script_does_not_miss_its_task(signed_in, clients, flow):
    """The frame's own message and its load event come when there is somebody to hear them."""
    clients.start(flow, text="You have won!")
    page, held = signed_in, []
    page.route("**/static/task.js", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it is given
    page.goto(page.url + f"/next?flow={flow.rpartition('/')[2]}", wait_until="commit")
    page.wait_for_selector("#task", state="attached")
    page.wait_for_timeout(300)  # more than enough for a frame that does not wait for the script
    held[0].continue_()
    page.frame_locator("#task").get_by_text("You have won!").wait_for()
    expect(page.locator("#task")).to_be_focused()


def test_a_picture_in_the_embedded_s3_is_shown_in_the_sandbox(signed_in, clients, flow):
    """The frame's origin is opaque and its policy strict: the signed link must pass both."""
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"></svg>'
    clients.s3.create_bucket(Bucket="pictures")
    clients.s3.put_object(Bucket="pictures", Key="a b/x.svg", Body=svg, ContentType="image/svg+xml")
    pictured = clients.flow(template="<crowd-form><img src='{{ task.input.image | grant_read_access }}'></crowd-form>")
    name = clients.start(pictured, image="s3://pictures/a b/x.svg")
    open_jobs(signed_in, pictured)
    image = signed_in.frame_locator("#task").locator("img")
    image.wait_for()
    assert image.evaluate("async (image) => { await image.decode(); return image.naturalWidth }") == 40
    clients.runtime.stop_human_loop(HumanLoopName=name)


def test_a_template_cannot_reach_the_portal(signed_in, clients):
    """Neither the page around it, nor its cookies, nor its routes: not in the frame, and not opened alone."""
    probe = """<crowd-form><p id="found"></p></crowd-form><script>
      const found = [];
      const attempt = (name, get) => { try { get(); found.push(name); } catch {} };
      attempt('parent', () => parent.document.body);
      attempt('cookie', () => document.cookie);
      attempt('storage', () => localStorage.length);
      fetch('/portal/tasks').then(() => found.push('fetch')).catch(() => {}).finally(() => {
        document.getElementById('found').textContent = 'found: ' + found.join(',') + '.';
      });
    </script>"""
    flow = clients.flow(template=probe)
    name = clients.start(flow)
    page = signed_in
    open_jobs(page, flow)
    frame = page.frame_locator("#task")
    frame.get_by_text("found:").wait_for()
    assert frame.locator("#found").inner_text() == "found: ."
    page.goto(page.url + "/page")
    page.get_by_text("found:").wait_for()
    # Alone, the page is its own parent; everything else stays closed.
    assert page.locator("#found").inner_text() == "found: parent."
    clients.runtime.stop_human_loop(HumanLoopName=name)


def test_messages_with_another_nonce_are_not_taken_for_answers(signed_in, clients):
    """A template's script can post to the page around it, but the bridge alone knows the nonce."""
    forged = "<p>ready</p><script>parent.postMessage({nonce: '0'.repeat(32), kind: 'answer', value: {}}, '*')</script>"
    flow = clients.flow(template=forged)
    name = clients.start(flow)
    open_jobs(signed_in, flow)
    signed_in.frame_locator("#task").get_by_text("ready").wait_for()
    expect(signed_in.locator("#task")).to_be_focused()
    assert clients.status(name) == "InProgress"
    clients.runtime.stop_human_loop(HumanLoopName=name)


def test_a_task_that_is_over_says_so_and_keeps_what_was_chosen(signed_in, clients, flow):
    """An answer that cannot be saved is never dropped silently."""
    name = clients.start(flow)
    page = signed_in
    open_jobs(page, flow)
    page.frame_locator("#task").get_by_text("You have won!").wait_for()
    expect(page.locator("#task")).to_be_focused()
    page.evaluate("fetch(location.pathname + '/release', {method: 'POST', headers: {'X-CSRF': '1'}})")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.get_by_text("Not saved: You do not have this task open").wait_for()
    assert clients.status(name) == "InProgress"


def test_a_task_can_be_given_back(signed_in, clients, flow):
    """Giving the only task back leads to it again when there is nothing else, else to the others first."""
    names = [clients.start(flow) for _ in range(2)]
    page = signed_in
    open_jobs(page, flow)
    page.get_by_role("button", name="Give back").click()
    page.wait_for_url(f"**/portal/tasks/{names[1]}")


def test_signing_out_leads_back_to_the_sign_in_page(signed_in):
    """The next person at this browser can sign in at once."""
    signed_in.get_by_role("button", name="Sign out").click()
    signed_in.get_by_label("Name").wait_for()


@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_is_wider_than_the_window(signed_in, clients, flow, width):
    """Nothing scrolls sideways, on a phone either."""
    clients.start(flow)
    page = signed_in
    page.set_viewport_size({"width": width, "height": 740})
    fits = "document.documentElement.scrollWidth <= window.innerWidth"
    page.reload()
    assert page.evaluate(fits)
    open_jobs(page, flow)
    assert page.evaluate(fits)
