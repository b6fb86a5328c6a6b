"""<crowd-entity-annotation>, worked by pointer and by keyboard: spans, their offsets, undo, and what else answers."""

import pytest

pytestmark = pytest.mark.browser

LABELS = """[{label: 'person', shortDisplayName: 'PER', fullDisplayName: 'Person'}, {label: 'place'}, 'date']"""


def entity(text, attributes="", inside=""):
    return (
        f'<crowd-entity-annotation name="e" header="Names?" text="{text}" labels="{LABELS}" {attributes}>{inside}'
        "</crowd-entity-annotation>"
    )


def span(label, start, end):
    return {"endOffset": end, "label": label, "startOffset": start}


def test_a_passage_selected_by_mouse_gets_the_label_of_a_digit(task):
    """And Submit, the element's own, sends it."""
    page = task(entity("Jane Doe lives in Leeds."))
    page.select_words("Jane", "Doe")
    page.frame.locator(".chosen").wait_for()
    page.press("1")
    page.frame.get_by_role("button", name="Submit").click()
    assert page.answer() == {"e": {"entities": [span("person", 0, 8)]}}


def test_a_label_chosen_first_is_given_to_each_selection(task):
    page = task(entity("Jane Doe met Ann in Leeds."))
    page.frame.get_by_role("button", name="Person").click()
    for word in ("Ann", "Doe"):
        page.select_words(word, word)
        page.frame.get_by_role("button", name=f"Remove Person from “{word}”").wait_for()
    page.frame.get_by_role("button", name="Submit").click()
    assert page.answer() == {"e": {"entities": [span("person", 5, 8), span("person", 13, 16)]}}


def test_spans_are_labelled_by_keyboard_alone(task):
    """Arrows go from word to word, Shift extends, a digit labels; the text need not be touched by a pointer."""
    page = task(entity("On 3 May 2019, Jane Doe left Leeds."))
    page.press("Tab", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "3", "End", "2", "Home")
    page.press("ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "Shift+ArrowRight", "1", "Enter")
    assert page.answer() == {"e": {"entities": [span("date", 3, 13), span("person", 15, 23), span("place", 29, 34)]}}


def test_up_and_down_go_to_the_word_above_and_below(task):
    page = task(entity("alpha beta\ngamma delta\nepsilon zeta"))
    page.press("Tab", "ArrowRight", "ArrowDown", "1", "ArrowUp", "2", "Enter")
    assert page.answer() == {"e": {"entities": [span("place", 6, 10), span("person", 17, 22)]}}


def test_a_selection_shrinks_and_grows_by_words_and_by_letters(task):
    page = task(entity("Jane Doe's house"))
    page.press("Tab", "Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowLeft")
    page.press("Alt+Shift+ArrowLeft", "Alt+Shift+ArrowLeft", "1", "Enter")
    assert page.answer() == {"e": {"entities": [span("person", 0, 8)]}}


@pytest.mark.parametrize(
    ("text", "keys", "expected"),
    [
        ("😀 Jane", ["End"], (3, 7)),
        ("👩🏽‍🚀 Zoë", ["End"], (8, 11)),
        ("👩🏽‍🚀 Zoe\u0308!", ["End"], (8, 12)),
        ("Zoe\u0308x Z", ["Alt+Shift+ArrowLeft", "Alt+Shift+ArrowLeft"], (0, 2)),
        ("a 🎉 b", ["ArrowRight"], (2, 4)),
    ],
)
def test_offsets_count_utf_16_units_and_never_split_a_letter(task, text, keys, expected):
    """As JavaScript counts: an emoji is two or more, a combining accent one of its own."""
    page = task(entity(text))
    page.press("Tab", *keys, "1", "Enter")
    assert page.answer() == {"e": {"entities": [span("person", *expected)]}}


def test_offsets_of_a_mouse_selection_are_right_behind_emoji_and_other_spans(task):
    """The labels shown after a span are no part of the text."""
    page = task(entity("👩🏽‍🚀 Jane Doe saw Leeds.", "initial-value=\"[{label:'person',startOffset:8,endOffset:16}]\""))
    page.select_words("Leeds", "Leeds")
    page.frame.locator(".chosen").wait_for()
    page.press("2", "Enter")
    spans = [span("person", 8, 16), span("place", 21, 26)]
    assert page.answer() == {"e": {"entities": spans, "initialValueModified": True}}


def test_spans_may_overlap_and_are_sorted(task):
    page = task(entity("University of Leeds"))
    page.press("Tab", "End", "2", "Home", "Shift+End", "1", "Enter")
    assert page.answer() == {"e": {"entities": [span("person", 0, 19), span("place", 14, 19)]}}


def test_the_same_span_is_not_given_twice(task):
    page = task(entity("Jane"))
    page.press("Tab", "1", "1", "Enter")
    assert page.answer() == {"e": {"entities": [span("person", 0, 4)]}}


SPANS = "[{label: 'person', startOffset: 0, endOffset: 4}, {label: 'ship', startOffset: 9, endOffset: 13},]"
INITIAL = f'initial-value="{SPANS}"'


def test_initial_spans_that_nobody_touched_are_unmodified(task):
    """A label that the list lacks is kept too."""
    page = task(entity("Jane met Argo.", INITIAL))
    page.press("Enter")
    spans = [span("person", 0, 4), span("ship", 9, 13)]
    assert page.answer() == {"e": {"entities": spans, "initialValueModified": False}}


def test_delete_removes_what_is_selected_and_u_brings_it_back(task):
    page = task(entity("Jane met Argo.", INITIAL))
    page.press("Tab", "Delete", "End", "Delete", "u", "u", "U", "Enter")
    assert page.answer() == {"e": {"entities": [span("ship", 9, 13)], "initialValueModified": True}}


def test_an_undone_change_leaves_the_initial_value_unmodified(task):
    page = task(entity("Jane met Argo.", INITIAL))
    page.press("Tab", "Delete", "u", "Enter")
    assert page.answer()["e"]["initialValueModified"] is False


def test_a_span_is_removed_from_the_list(task):
    """By keyboard too: the focus goes to the next one."""
    page = task(entity("Jane met Argo.", INITIAL))
    page.frame.get_by_role("button", name="Remove Person from “Jane”").press("Enter")
    assert page.frame.evaluate(
        "document.querySelector('crowd-entity-annotation').shadowRoot.activeElement.getAttribute('aria-label')"
    ) == ("Remove ship from “Argo”")
    page.frame.get_by_role("button", name="Submit").click()
    assert page.answer()["e"]["entities"] == [span("ship", 9, 13)]


def test_a_click_on_a_span_selects_it(task):
    page = task(entity("Jane met Argo.", INITIAL))
    page.frame.locator(".spanned").first.click()
    page.frame.locator(".chosen").wait_for()
    page.press("Backspace", "Enter")
    assert page.answer()["e"]["entities"] == [span("ship", 9, 13)]


def test_a_click_selects_the_word_and_shift_goes_on_from_it(task):
    page = task(entity("Jane met Ann Doe."))
    page.press("Tab", "End")
    page.select_words("Ann", "Ann")
    page.frame.locator(".chosen", has_text="Ann").wait_for()
    page.press("Shift+ArrowRight", "1", "Shift+Home", "3", "Enter")
    assert page.answer() == {"e": {"entities": [span("date", 0, 12), span("person", 9, 16)]}}


def test_nothing_labelled_is_an_answer(task):
    page = task(entity("Nobody is here."))
    page.press("Enter")
    assert page.answer() == {"e": {"entities": []}}


def test_inputs_that_a_script_appends_to_its_form_answer_too(task):
    """As Amazon's documentation has it: reached through the shadow root once the elements are ready."""
    page = task(
        entity("Jane", "", '<crowd-input name="inside" label="Inside" value="2"></crowd-input>')
        + """<div id="more"><crowd-checkbox name="sure" checked>Sure</crowd-checkbox><input name="note" value="1"></div>
        <script>document.addEventListener('all-crowd-elements-ready', () => {
          const form = document.querySelector('crowd-entity-annotation').shadowRoot.querySelector('crowd-form').form;
          form.appendChild(document.getElementById('more'));
        });</script>"""
    )
    page.press("Enter")
    assert page.answer() == {"e": {"entities": []}, "inside": "2", "sure": {"on": True}, "note": "1"}


def test_a_required_input_inside_holds_it_back(task):
    page = task(entity("Jane", "", '<crowd-input name="why" label="Why" required></crowd-input>'))
    page.press("Enter")
    page.says("Write an answer.")
    page.type("x")
    page.press("Enter")
    assert page.answer() == {"e": {"entities": []}, "why": "x"}


def test_inside_a_crowd_form_it_answers_as_a_field(task):
    """A2I does not want it there; the answer is not lost for that."""
    page = task(f'<crowd-form>{entity("Jane")}<input name="n" value="1"></crowd-form>')
    page.press("Tab", "1", "Enter")
    assert page.answer() == {"e": {"entities": [span("person", 0, 4)]}, "n": "1"}
    assert page.frame.get_by_role("button", name="Submit").count() == 1


def test_what_is_selected_is_said_to_a_screen_reader(task):
    page = task(entity("Jane met Argo.", INITIAL))
    page.press("Tab")
    live = page.frame.locator("[aria-live]")
    assert live.inner_text() == "Jane, Person"
    page.press("2")
    assert live.inner_text() == "“Jane” is place."


def test_its_keys_are_in_the_list(task):
    page = task(entity("Jane"))
    page.press("?")
    page.says("move through the words of the text")


def test_labels_that_are_missing_are_said_to_be_so(task):
    page = task('<crowd-entity-annotation name="e" header="?" text="x"></crowd-entity-annotation>')
    page.says("<crowd-entity-annotation> has no labels.")


def test_axe_finds_nothing(violations):
    html = entity("Jane met Argo in Leeds.", INITIAL, "<short-instructions>Do it.</short-instructions>")
    assert violations(html, "Tab", "ArrowRight", "2") == []


def test_it_fits_a_phone(task, chromium_page):
    chromium_page.set_viewport_size({"width": 360, "height": 700})
    page = task(entity(f"Jane {'x' * 200}", INITIAL))
    assert page.frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
