"""The bridge between frame and widget, in a page like the notebook's: what it passes on, and what it does not."""

import html
import json
import socket

import pytest

from a2i_al.templates import worker_page
from a2i_al.widgets.review import _HOLD_BAR, Review, _static
from a2i_al.widgets.session import MESSAGE_LIMIT, Scene

pytestmark = pytest.mark.browser

NONCE = "0123456789abcdef"
FORM = "<crowd-form><crowd-input name='a' label='Say'></crowd-input></crowd-form>"


@pytest.fixture
def shown(chromium_page):
    """Show a task as the widget does: ``shown(form, undo_seconds=0, theme='light')``; give the page."""

    def show(form=FORM, *, undo_seconds=0, theme="light", **options):
        review = Review(None, None, title="T", undo_seconds=undo_seconds)
        frame = review._frame(Scene("task", "T", worker_page(form, nonce=NONCE, **options), NONCE))
        chromium_page.set_content(
            f"<style>{_static('review.css')}</style><body data-jp-theme-light='{str(theme == 'light').lower()}'>"
            f"<div class='a2i-al-review'><div id='stage'></div>{_HOLD_BAR}<div class='a2i-al-reply'></div>"
            "<div class='a2i-al-box'><textarea hidden></textarea></div></div>"
            "<script>var passed = []; document.querySelector('textarea').addEventListener('change', "
            "(event) => passed.push(JSON.parse(event.target.value)));</script>"
        )
        # As the HTML widget does it.
        chromium_page.evaluate("(html) => { document.getElementById('stage').innerHTML = html; }", frame)
        frame_of(chromium_page).locator("input").wait_for()
        chromium_page.wait_for_function("document.activeElement.localName === 'iframe'")
        return chromium_page

    return show


def frame_of(page):
    return page.frame_locator("iframe")


def passed(page, at_least=1):
    page.wait_for_function(f"passed.length >= {at_least}")
    return [(message["kind"], message["value"]) for message in json.loads(page.evaluate("JSON.stringify(passed)"))]


def answer(page, text="hi"):
    frame_of(page).locator("input").fill(text)
    frame_of(page).locator("input").press("Enter")


def test_an_answer_and_a_skip_go_to_the_box(shown):
    """Each with the nonce of its task."""
    page = shown()
    page.evaluate("document.querySelector('iframe').contentWindow.focus()")
    answer(page)
    assert passed(page) == [("answer", {"a": "hi"})]
    assert page.evaluate("passed[0].nonce") == NONCE


def test_only_the_frame_itself_is_heard_and_only_with_its_nonce(shown):
    """Another window's message, or one without the nonce, changes nothing; nor does a kind that is not ours."""
    forged = {"nonce": NONCE, "kind": "answer", "value": {"a": "forged"}}
    post = "parent.postMessage(JSON.parse({}), '*')"
    script = "".join(
        f"{post.format(json.dumps(json.dumps(forged | more)))};" for more in ({"nonce": "x"}, {"kind": "run"})
    )
    page = shown(f"{FORM}<script>{script}</script>")
    page.evaluate("(message) => window.postMessage(message, '*')", forged)
    answer(page)
    assert passed(page) == [("answer", {"a": "hi"})]


@pytest.mark.parametrize(("wanted", "given"), [(5, 120), (700, 700), (99999, 1200)])
def test_a_frame_cannot_take_the_whole_notebook(shown, wanted, given):
    """Heights are clamped."""
    quiet = "ResizeObserver = class { observe() {} };"
    post = f"parent.postMessage({{nonce: '{NONCE}', kind: 'height', value: {wanted}}}, '*');"
    page = shown(f"{FORM}<script>{quiet} addEventListener('load', () => {{ {post} }});</script>")
    page.wait_for_function(f"document.querySelector('iframe').style.height === '{given}px'")


def test_an_answer_can_be_taken_back_and_sent_at_once(shown):
    """`u` returns to the form with what was written; Enter saves without waiting."""
    page = shown(undo_seconds=3)
    answer(page)
    page.get_by_text("Saving the answer").wait_for()
    page.keyboard.press("u")
    frame_of(page).get_by_text("Taken back").wait_for()
    assert frame_of(page).locator("input").input_value() == "hi"
    answer(page, "better")
    page.get_by_text("Saving the answer").wait_for()
    page.keyboard.press("Enter")
    assert passed(page) == [("answer", {"a": "better"})]


def test_the_moment_to_undo_ends_by_itself(shown):
    """Nothing has to be pressed."""
    page = shown(undo_seconds=0.2)
    answer(page)
    assert passed(page) == [("answer", {"a": "hi"})]
    assert page.locator(".a2i-al-hold").is_hidden()


def test_an_answer_over_the_limit_stays_in_the_page(shown):
    """The reviewer is told, and nothing is sent to the kernel."""
    page = shown()
    answer(page, "x" * MESSAGE_LIMIT)
    frame_of(page).get_by_text("over 1024 KiB").wait_for()
    assert page.evaluate("passed.length") == 0


def test_the_kernel_s_reply_is_shown_in_the_form_which_can_be_sent_again(shown):
    """What failed is said where the answer is."""
    page = shown()
    answer(page)
    passed(page)
    for nonce, text in (("x" * 16, "not for this page"), (NONCE, "Not saved: it does not run.")):
        reply = html.escape(json.dumps({"nonce": nonce, "message": text, "count": text}))
        page.evaluate("(reply) => { document.querySelector('.a2i-al-reply').innerHTML = reply; }", reply)
    frame_of(page).get_by_text("Not saved: it does not run.").wait_for()
    assert frame_of(page).get_by_text("not for this page").count() == 0
    answer(page)
    assert len(passed(page, 2)) == 2


def test_a_task_can_be_answered_before_its_pictures_are_there(shown):
    """The frame is heard from the start, not from its load event."""
    # Connections are taken by the system, and nobody answers on them.
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(30)
        host = "http://127.0.0.1:{1}".format(*silent.getsockname())
        page = shown(f"{FORM}<img src='{host}/slow.png' alt=''>", img_hosts=[host])
        answer(page)
        assert passed(page) == [("answer", {"a": "hi"})]
        assert not page.frames[1].evaluate("document.images[0].complete")
        silent.accept()[0].close()


@pytest.mark.parametrize("system", ["light", "dark"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_frame_follows_the_notebook_s_theme(shown, chromium_page, system, theme):
    """JupyterLab's theme decides, whatever the system prefers; what the item says is not touched."""
    chromium_page.emulate_media(color_scheme=system)
    page = shown(f"{FORM}<p id='said'>(prefers-color-scheme: dark)</p>", theme=theme)
    lightness = "(() => { const [r] = getComputedStyle(document.body).backgroundColor.match(/\\d+/g); return +r; })()"
    page.wait_for_function("document.querySelector('iframe').style.height")
    background = page.frames[1].evaluate(lightness)
    assert (background > 128) == (theme == "light")
    assert frame_of(page).locator("#said").inner_text() == "(prefers-color-scheme: dark)"


def test_no_key_reaches_the_notebook_while_one_task_makes_way_for_the_next(shown):
    """Between tasks the review itself has the focus and keeps what is typed; the notebook's cells keep their keys."""
    page = shown()
    page.evaluate(
        "window.leaked = []; document.addEventListener('keydown', (event) => leaked.push(event.key), true);"
        "document.body.insertAdjacentHTML('beforeend', '<button id=cell>A cell</button>')"
    )
    answer(page)
    passed(page)
    assert page.evaluate("document.activeElement.className") == "a2i-al-review"
    page.keyboard.press("b")
    page.evaluate("document.getElementById('stage').replaceChildren()")
    page.keyboard.press("2")
    page.locator("#cell").focus()
    page.keyboard.press("j")
    assert page.evaluate("leaked") == ["j"]
