"""The form and the page around it: scripts of the template, messages to the parent, and what the page cannot reach."""

import json
import re

import pytest

from a2i_al.templates import load, preview_page, worker_page
from a2i_al.templates.page import ELEMENTS

pytestmark = pytest.mark.browser

INPUT = '<crowd-form><input name="a" value="1"></crowd-form>'
NAMES = ["image-classification", "text-classification"]


def test_messages_carry_the_nonce_and_come_from_nowhere(task):
    """The page's origin is opaque, so the nonce is what the parent can go by."""
    ready = task(INPUT).messages("ready")[0]
    assert ready == {"origin": "null", "nonce": "0123456789abcdef", "kind": "ready", "value": None}


def test_a_form_without_a_button_gets_one_and_a_form_with_one_does_not(task):
    assert task(INPUT).frame.get_by_role("button", name="Submit").count() == 1
    own = task('<crowd-form><crowd-button form-action="submit">Send</crowd-button></crowd-form>')
    assert own.frame.get_by_role("button", name="Submit").count() == 0


def test_the_templates_own_buttons_submit_and_reset(task):
    page = task("""<crowd-form><crowd-input name="a" value="1"></crowd-input><input name="b" value="2">
      <crowd-checkbox name="c">C</crowd-checkbox><crowd-button form-action="reset">Clear</crowd-button>
      <crowd-button form-action="submit" variant="primary">Send</crowd-button></crowd-form>""")
    page.press("Tab")
    page.type("x")
    page.press("Tab")
    page.type("y")
    page.press("Tab", " ", "Tab", "Enter", "Tab", "Enter")
    assert page.answer() == {"a": "1", "b": "2", "c": {"on": False}}


def test_a_script_may_prevent_the_submission_and_submit_later(task):
    """`onsubmit` sees the event, preventDefault stops it, and submit() sends without asking again."""
    page = task(
        INPUT
        + """<script>
      const form = document.querySelector('crowd-form');
      form.onsubmit = (event) => {
        event.preventDefault();
        document.querySelector('input').value += '!';
        form.submit();
      };</script>"""
    )
    page.press("Enter")
    assert page.answer() == {"a": "1!"}
    assert len(page.messages("answer")) == 1


def test_a_listener_that_prevents_holds_the_answer_back(task):
    page = task(
        INPUT
        + """<script>addEventListener('submit', (event) => { event.preventDefault(); document.title = 'held'; })
        </script>"""
    )
    page.press("Enter")
    page.frame.wait_for_function("document.title === 'held'")
    assert page.page.evaluate("messages.every((message) => message.kind !== 'answer')")


def test_a_native_form_inside_does_not_leave_the_page(task):
    page = task('<crowd-form><form action="https://example.org"><input name="a" value="1"><button>Go</button></form>')
    page.frame.get_by_role("button", name="Go").click()
    assert page.answer() == {"a": "1"}


def test_scripts_hear_when_the_elements_are_ready_and_may_set_values_before(task):
    page = task("""<crowd-form><crowd-input name="a"></crowd-input><input type="hidden" name="ready"></crowd-form>
      <script>
        document.querySelector('crowd-input').value = 'early';
        document.addEventListener('all-crowd-elements-ready', () => {
          document.querySelector('input').value = document.querySelector('crowd-input').value;
        });
      </script>""")
    page.press("Enter")
    assert page.answer() == {"a": "early", "ready": "early"}


def test_names_of_the_templates_scripts_do_not_collide_with_ours(task):
    """The page's own code leaves no global name behind."""
    page = task(INPUT + "<script>const define = 1, h = 2, post = 3, NONCE = 4, start = 5, ELEMENTS = 6;</script>")
    page.press("Enter")
    assert page.answer() == {"a": "1"}


def test_an_acknowledged_answer_is_called_saved_and_cannot_be_sent_twice(task):
    page = task(INPUT)
    page.press("Enter")
    page.says("Saving …")
    page.answer()
    page.reply(kind="ack", saved=True, message="Saved, 3 to go.")
    page.says("Saved, 3 to go.")
    page.press("Enter")
    assert len(page.messages("answer")) == 1


def test_a_refused_answer_can_be_sent_again(task):
    page = task(INPUT)
    page.press("Enter")
    page.answer()
    page.reply(kind="error", message="The task has expired.")
    page.says("The task has expired.")
    page.press("Enter")
    assert page.answer(at_least=2) == {"a": "1"}


def test_an_acknowledgement_that_says_unsaved_is_no_success(task):
    page = task(INPUT)
    page.press("Enter")
    page.answer()
    page.reply(kind="ack", saved=False)
    page.says("The answer was not saved.")
    page.press("Enter")
    assert page.answer(at_least=2) == {"a": "1"}


def test_a_button_of_the_template_keeps_enter_for_itself(task):
    page = task("""<crowd-form><input type="button" value="Count" onclick="this.nextSibling.value += '!'"
      ><input name="a" value="1"></crowd-form>""")
    page.press("Tab", "Enter", "Tab", "Enter")
    assert page.answer() == {"a": "1!"}


def test_a_reply_with_another_nonce_is_ignored(task):
    page = task(INPUT)
    page.press("Enter")
    page.answer()
    page.reply(kind="ack", nonce="somebody else's", message="Not for you.")
    page.reply(kind="ack", message="For you.")
    page.says("For you.")
    assert page.frame.get_by_text("Not for you.").count() == 0


def test_an_answer_without_a_reply_is_not_called_saved(task, chromium_page):
    chromium_page.clock.install()
    page = task(INPUT)
    page.press("Enter")
    page.answer()
    chromium_page.clock.fast_forward(6000)
    page.says("No reply yet")


def test_s_skips_but_not_while_writing(task):
    page = task(INPUT)
    page.press("s")
    assert page.messages("skip")[0]["value"] is None
    page.press("Tab", "s", "Enter")
    assert page.answer() == {"a": "s"}
    assert len(page.messages("skip")) == 1


def test_a_question_mark_lists_the_keys(task):
    page = task(INPUT)
    page.press("?")
    page.frame.get_by_role("dialog", name="Keys").wait_for()
    page.press("Escape")
    page.frame.get_by_role("dialog").wait_for(state="hidden")


def test_keys_with_a_modifier_are_left_to_the_browser(task):
    page = task("""<crowd-form><crowd-classifier name="c" categories="['a','b']" header="?"></crowd-classifier>""")
    page.press("1", "Control+2", "Alt+2", "Enter")
    assert page.answer() == {"c": {"label": "a"}}


def test_the_height_follows_the_page_both_ways(task):
    """A frame that grew with the page shrinks with it again."""
    page = task(INPUT + '<div id="tall" style="height: 900px"></div>')
    tall = page.messages("height")[-1]["value"]
    assert tall > 900
    page.page.evaluate(f"document.querySelector('iframe').style.height = '{tall}px'")
    page.frame.evaluate("document.getElementById('tall').remove()")
    page.page.wait_for_function("messages.at(-1).kind === 'height' && messages.at(-1).value < 900")


def test_the_page_reaches_neither_the_network_nor_its_parent(task):
    """What a template tries is blocked, and what it failed to load is said in the page."""
    page = task(INPUT + '<img src="https://example.org/spy.png"><script src="https://example.org/x.js"></script>')
    page.says("Not loaded here: https://example.org/spy.png (img-src).")
    page.says("Not loaded here: https://example.org/x.js (script-src-elem).")
    page.frame.evaluate("""() => { window.attempts = {
      fetch: () => fetch('http://127.0.0.1:9/'),
      parent: () => parent.document.title,
      cookie: () => document.cookie,
      storage: () => localStorage.length,
      navigate: () => { top.location = 'about:blank'; },
    }; }""")
    outcome = "async (name) => { try { return String(await attempts[name]()); } catch (error) { return error.name; } }"
    blocked = {
        name: page.frame.evaluate(outcome, name) for name in ["fetch", "parent", "cookie", "storage", "navigate"]
    }
    assert blocked == {
        "fetch": "TypeError",
        "parent": "SecurityError",
        "cookie": "SecurityError",
        "storage": "SecurityError",
        "navigate": "SecurityError",
    }
    page.says("Not loaded here: http://127.0.0.1:9/ (connect-src).")


def test_a_page_opened_alone_shows_its_answer(chromium_page):
    chromium_page.set_content(worker_page(INPUT, nonce="0123456789abcdef"))
    chromium_page.keyboard.press("Enter")
    assert json.loads(chromium_page.get_by_label("Answer").inner_text()) == {"a": "1"}


@pytest.mark.parametrize("name", NAMES)
def test_every_ui_template_is_answered_in_its_preview_by_two_keys(chromium_page, name):
    """Its sample gives its sample answer."""
    template = load(name)
    label = template.sample_answer["category"]["label"]
    chromium_page.set_content(preview_page(template.source, template.sample_input))
    option = chromium_page.get_by_role("radio", name=label, exact=True)
    chromium_page.keyboard.press(option.locator("kbd").inner_text())
    chromium_page.keyboard.press("Enter")
    assert json.loads(chromium_page.get_by_label("Answer").inner_text()) == template.sample_answer


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_ui_template_fits_a_phone(chromium_page, name, scheme):
    template = load(name)
    chromium_page.emulate_media(color_scheme=scheme)
    chromium_page.set_viewport_size({"width": 360, "height": 700})
    chromium_page.set_content(preview_page(template.source, template.sample_input))
    chromium_page.get_by_role("button", name="Submit").wait_for()
    assert chromium_page.evaluate("document.documentElement.scrollWidth") == 360


def test_what_the_input_lacks_is_said_in_the_preview(chromium_page):
    chromium_page.set_content(preview_page(load("text-classification").source, {}))
    assert (
        chromium_page.get_by_role("note").inner_text() == "task.input.text is not in the input: it prints as nothing."
    )


def luminance(colour):
    parts = [int(pair, 16) / 255 for pair in re.findall("..", colour)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_colours_have_the_contrast_of_wcag_aa_in_both_schemes():
    """Text 4.5 to 1 on everything it stands on, lines of controls 3 to 1."""
    css = (ELEMENTS / "style.css").read_text("utf-8")
    blocks = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    schemes = [dict(re.findall(r"--([\w-]+): #(\w{6});", block)) for block in blocks]
    assert len(schemes) == 2
    text = [("ink", ground) for ground in ("paper", "panel", "accent-soft", "note")]
    text += [(ink, "paper") for ink in ("muted", "accent", "good", "bad")] + [("accent-ink", "accent")]
    for scheme in schemes:
        for pair, least in [*((pair, 4.5) for pair in text), (("strong-line", "paper"), 3)]:
            dark, light = sorted(luminance(scheme[name]) for name in pair)
            assert (light + 0.05) / (dark + 0.05) >= least, pair


def test_every_script_file_is_small(checkout):
    """One element or close family a file: none has more than 150 lines."""
    files = sorted((checkout / "a2i_al" / "templates" / "elements").rglob("*.js"))
    assert all(len(path.read_text("utf-8").splitlines()) <= 150 for path in files)
