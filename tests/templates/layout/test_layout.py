"""Tabs, cards, alerts, badges, icon buttons, modals and toasts: what they show, and that inputs inside still answer."""

import pytest

pytestmark = pytest.mark.browser

TABS = """<crowd-form><crowd-tabs>
  <crowd-tab header="First"><crowd-input name="a" label="A" value="1"></crowd-input></crowd-tab>
  <crowd-tab header="Second"><crowd-input name="b" label="B" required></crowd-input></crowd-tab>
  <crowd-tab header="Third">Nothing here.</crowd-tab>
</crowd-tabs></crowd-form>"""


def test_one_tab_is_seen_at_a_time(task):
    page = task(TABS)
    assert page.frame.get_by_role("tabpanel").count() == 1
    page.frame.get_by_role("tab", name="Third").click()
    assert page.frame.get_by_role("tabpanel", name="Third").inner_text() == "Nothing here."


def test_arrow_keys_go_round_the_tabs(task):
    page = task(TABS)
    page.press("Tab", "ArrowLeft")
    assert page.focused() == "Third"
    page.press("Home", "ArrowRight")
    assert page.frame.get_by_role("tab", selected=True).inner_text() == "Second"


def test_a_hidden_tab_answers_and_shows_itself_when_something_is_missing_in_it(task):
    page = task(TABS)
    page.press("Enter")
    page.says("Write an answer.")
    assert page.frame.get_by_role("tab", selected=True).inner_text() == "Second"
    page.type("2")
    page.press("Enter")
    assert page.answer() == {"a": "1", "b": "2"}


def test_a_tab_that_a_script_adds_is_listed(task):
    page = task(
        TABS
        + """<script>document.addEventListener('all-crowd-elements-ready', () => {
          const tab = document.createElement('crowd-tab');
          tab.setAttribute('header', 'Fourth');
          document.querySelector('crowd-tabs').append(tab);
        });</script>"""
    )
    page.frame.get_by_role("tab", name="Fourth").wait_for()


def test_a_card_has_a_heading_and_a_picture_and_its_inputs_answer(task):
    page = task(
        """<crowd-form><crowd-card heading="Ann" image="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>">
        <input name="x" value="1"></crowd-card></crowd-form>"""
    )
    page.frame.get_by_role("heading", name="Ann").wait_for()
    assert page.frame.locator("img").count() == 1
    page.press("Enter")
    assert page.answer() == {"x": "1"}


@pytest.mark.parametrize(
    ("kind", "role", "said"),
    [
        ("info", "status", "Note: "),
        ("success", "status", "Success: "),
        ("error", "alert", "Error: "),
        ("no", "status", "Note: "),
    ],
)
def test_an_alert_says_what_kind_it_is(task, kind, role, said):
    page = task(f'<crowd-form><crowd-alert type="{kind}">Mind the gap.</crowd-alert></crowd-form>')
    assert page.frame.locator(f"crowd-alert [role={role}] .unseen").text_content() == said
    assert page.frame.get_by_role("button", name="Dismiss").count() == 0


def test_a_dismissible_alert_goes(task):
    page = task('<crowd-form><crowd-alert type="warning" dismissible>Mind the gap.</crowd-alert></crowd-form>')
    page.frame.get_by_role("button", name="Dismiss").press("Enter")
    assert page.frame.locator("crowd-alert").count() == 0


def test_a_badge_sits_at_the_corner_of_what_it_is_for(task):
    page = task(
        '<div id="box" style="width: 200px; height: 50px"></div><crowd-badge for="box" label="3"></crowd-badge>'
    )
    page.says("3")
    box, badge = (page.frame.locator(part).bounding_box() for part in ("#box", "crowd-badge"))
    assert badge["x"] + badge["width"] / 2 == pytest.approx(box["x"] + box["width"], abs=1)
    assert badge["y"] + badge["height"] / 2 == pytest.approx(box["y"], abs=1)


def test_a_badge_follows_its_label(task):
    page = task('<crowd-badge label="3"></crowd-badge><crowd-badge icon="star"></crowd-badge>')
    page.says("3")
    page.frame.evaluate("document.querySelector('crowd-badge').setAttribute('label', '4')")
    page.says("4")
    assert page.frame.locator("crowd-badge svg").count() == 1


def test_icon_buttons_are_buttons_with_a_name(task):
    """Scripts of the template act on their clicks; a disabled one takes none."""
    page = task("""<crowd-form><input name="n" value=""><crowd-icon-button icon="delete" id="go"></crowd-icon-button>
      <crowd-icon-button icon="search" disabled></crowd-icon-button><crowd-fab icon="add" title="New"></crowd-fab>
      <crowd-fab label="Go"></crowd-fab></crowd-form>
      <script>document.getElementById('go').onclick = () => { document.querySelector('input').value = '!'; }
      </script>""")
    names = [button.get_attribute("aria-label") for button in page.frame.locator("button.round").all()]
    assert names == ["delete", "search", "New", "Go"]
    assert page.frame.get_by_role("button", name="search").is_disabled()
    page.frame.get_by_role("button", name="delete").press("Enter")
    page.frame.get_by_role("button", name="Submit").press("Enter")
    assert page.answer() == {"n": "!"}


def icon_of(button):
    """Return what of a button is drawn before and behind its text."""
    return button.locator("button, a").evaluate("(button) => Array.from(button.children, (child) => child.localName)")


@pytest.mark.parametrize(
    ("attributes", "drawn"),
    [
        ('icon="search"', ["svg", "slot"]),
        ('icon="icons:search" icon-align="left"', ["svg", "slot"]),
        ('icon="search" icon-align="right"', ["slot", "svg"]),
        ('icon="search" href="https://example.org"', ["svg", "slot"]),
        ('icon-url="data:image/svg+xml,%3Csvg/%3E" icon="search"', ["img", "slot"]),
        ('icon="no-such-thing"', ["slot"]),
        ('icon="constructor"', ["slot"]),
        ("", ["slot"]),
    ],
)
def test_a_button_has_its_icon_beside_its_text(task, attributes, drawn):
    """By name or by address, on the side that is asked for; of a name that is not drawn here nothing is seen."""
    page = task(f"<crowd-form><crowd-button {attributes}>Find it</crowd-button></crowd-form>")
    assert icon_of(page.frame.locator("crowd-button:not([form-action])")) == drawn
    assert page.button("Find it").count() + page.frame.get_by_role("link", name="Find it").count() == 1


def test_a_button_that_is_an_icon_alone_has_a_name(task):
    page = task("""<crowd-form><crowd-button icon="search" variant="icon"></crowd-button>
      <crowd-button icon="print" title="On paper"></crowd-button></crowd-form>""")
    assert page.button("search").count() == page.button("On paper").count() == 1


@pytest.mark.parametrize(
    ("element", "shown"),
    [
        ('<crowd-icon-button icon="no-such-thing"></crowd-icon-button>', ""),
        ('<crowd-fab icon="no-such-thing" label="Go on"></crowd-fab>', "Go"),
        ('<crowd-fab icon="add" label="Go on"></crowd-fab>', ""),
    ],
)
def test_an_icon_that_is_not_drawn_here_shows_nothing_but_the_label(task, element, shown):
    page = task(f"<crowd-form>{element}</crowd-form>")
    assert page.frame.locator("button.round").inner_text() == shown


def test_a_modal_opens_and_what_is_in_it_answers(task):
    page = task("""<crowd-form><crowd-modal link-text="More" link-type="button"><input name="m" aria-label="M">
      </crowd-modal></crowd-form>""")
    page.press("Tab", "Enter")
    page.frame.get_by_role("dialog", name="More").wait_for()
    page.frame.get_by_label("M", exact=True).fill("1")
    page.press("Enter", "Escape")
    page.frame.get_by_role("dialog").wait_for(state="hidden")
    assert page.page.evaluate("messages.every((message) => message.kind !== 'answer')")
    page.frame.get_by_role("button", name="Submit").click()
    assert page.answer() == {"m": "1"}


def test_a_toast_goes_away_by_itself(task, chromium_page):
    chromium_page.clock.install()
    page = task(
        '<crowd-toast text="Well done" duration="2000" opened></crowd-toast><crowd-toast text="Stay" duration=0 opened>'
    )
    page.says("Well done")
    chromium_page.clock.fast_forward(2500)
    page.frame.get_by_text("Well done").wait_for(state="detached")
    page.says("Stay")


def test_a_toast_is_opened_by_a_script(task):
    page = task('<crowd-toast text="Hello"></crowd-toast>')
    assert page.frame.get_by_text("Hello").count() == 0
    page.frame.evaluate("document.querySelector('crowd-toast').open()")
    page.says("Hello")
    page.frame.evaluate("document.querySelector('crowd-toast').close()")
    page.frame.get_by_text("Hello").wait_for(state="detached")


def test_axe_finds_nothing(violations):
    everything = """<crowd-alert dismissible>One</crowd-alert><crowd-alert type="error">Two</crowd-alert>
      <crowd-alert type="warning">Three</crowd-alert><crowd-alert type="success">Four</crowd-alert>
      <crowd-card heading="Card">Five <crowd-badge label="6"></crowd-badge></crowd-card>
      <crowd-icon-button icon="delete"></crowd-icon-button><crowd-fab icon="add"></crowd-fab>
      <crowd-modal link-text="More">Seven</crowd-modal><crowd-toast text="Eight" duration="0" opened></crowd-toast>"""
    assert violations(TABS + f"<crowd-form>{everything}</crowd-form>") == []
