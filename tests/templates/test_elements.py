"""Every crowd-* element, worked by the keyboard as a person would: the exact answerContent it adds."""

import pytest

pytestmark = pytest.mark.browser

PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAAAAADhZOFXAAAAEElEQVR42mNgQAD/GdAEAAQAAAEAAT8L"
    "lQAAAABJRU5ErkJggg=="
)
CLASSIFIER = """<crowd-form><crowd-classifier name="category" categories="['cat', 'dog', 'bird',]" header="What is it?">
  <classification-target>Woof.</classification-target>
  <full-instructions header="How to">Look twice.</full-instructions>
  <short-instructions>Look once.</short-instructions>
</crowd-classifier></crowd-form>"""


def form(inside):
    return f"<crowd-form>{inside}</crowd-form>"


def test_a_digit_chooses_and_enter_submits(task):
    page = task(CLASSIFIER)
    page.press("2", "Enter")
    assert page.answer() == {"category": {"label": "dog"}}


def test_the_arrow_keys_choose_round_the_list(task):
    """Tab reaches the list once; down from the first goes to the second, up from there round to the last."""
    page = task(CLASSIFIER)
    page.press("Tab", "Tab")
    assert page.focused() == "cat"
    page.press("ArrowDown", "ArrowUp", "ArrowUp", "Enter")
    assert page.answer() == {"category": {"label": "bird"}}


def test_tab_goes_from_the_instructions_to_the_categories_to_submit(task):
    page = task(CLASSIFIER)
    order = []
    for _ in range(4):
        page.press("Tab")
        order.append(page.focused())
    assert order == ["Full instructions", "cat", "Submit", "? Keys"]


def test_enter_on_a_category_that_has_the_focus_chooses_it_first(task):
    page = task(CLASSIFIER)
    page.press("Tab", "Tab", "Enter")
    assert page.frame.get_by_role("radio", name="cat").get_attribute("aria-checked") == "true"
    page.press("Enter")
    assert page.answer() == {"category": {"label": "cat"}}


def test_categories_are_radio_buttons_of_a_group_named_by_the_question(task):
    group = task(CLASSIFIER).frame.get_by_role("radiogroup", name="What is it?")
    assert group.get_by_role("radio").count() == 3


def test_nothing_chosen_is_said_and_nothing_is_sent(task):
    page = task(CLASSIFIER)
    page.press("Enter")
    page.says("Choose a category.")
    assert page.focused() == "cat"
    page.press("1", "Enter")
    assert page.answer() == {"category": {"label": "cat"}}
    assert len(page.messages("answer")) == 1


def test_a_category_that_is_a_digit_is_chosen_by_itself(task):
    """7 chooses the category 7, not the seventh."""
    page = task(
        form("""<crowd-classifier name="d" categories="['0','1','2','7']" header="Digit?"></crowd-classifier>""")
    )
    page.press("7", "Enter")
    assert page.answer() == {"d": {"label": "7"}}


def test_zero_chooses_the_tenth_category(task):
    labels = [f"label {n}" for n in range(1, 13)]
    page = task(form(f'<crowd-classifier name="c" categories="{labels}" header="?"></crowd-classifier>'))
    page.press("0", "Enter")
    assert page.answer() == {"c": {"label": "label 10"}}


def test_a_category_can_be_chosen_from_the_start(task):
    page = task(
        form('<crowd-classifier name="c" initial-value="b" categories="[\'a\',\'b\']" header="?"></crowd-classifier>')
    )
    page.press("Enter")
    assert page.answer() == {"c": {"label": "b"}}


def test_categories_that_cannot_be_read_are_said_to_be_so(task):
    page = task(form('<crowd-classifier name="c" categories="[\'a\'" header="?"></crowd-classifier>'))
    page.says("The attribute categories of <crowd-classifier> cannot be read: it ends too early.")


def test_an_element_without_a_name_says_that_its_answer_is_lost(task):
    page = task(form('<crowd-input label="Who"></crowd-input>'))
    page.says("<crowd-input> has no name: what is answered here will be lost.")


def test_many_categories_stand_in_columns_below_the_text(task):
    """Thirteen and more would make a column too long to see with the text."""
    labels = [f"label {n}" for n in range(13)]
    page = task(form(f'<crowd-classifier name="c" categories="{labels}" header="?"></crowd-classifier>'))
    boxes = [page.frame.get_by_role("radio", name=name, exact=True).bounding_box() for name in ("label 0", "label 1")]
    assert boxes[0]["y"] == boxes[1]["y"]


MULTI = """<crowd-classifier-multi-select name="tags" categories="['a','b','c']" header="Which?"
  exclusion-category="{ text: 'None of these' }"></crowd-classifier-multi-select>"""


def test_several_categories_answer_in_the_order_of_the_list(task):
    page = task(form(MULTI))
    page.press("3", "1", "2", "2", "Enter")
    assert page.answer() == {"tags": {"labels": ["a", "c"]}}


def test_the_exclusion_category_excludes_and_answers_an_empty_list(task):
    page = task(form(MULTI))
    page.press("1", "4", "Enter")
    assert page.answer() == {"tags": {"labels": []}}
    assert page.frame.get_by_role("checkbox", name="a").get_attribute("aria-checked") == "false"


def test_a_category_takes_the_exclusion_back(task):
    page = task(form(MULTI))
    page.press("4", "2", "Enter")
    assert page.answer() == {"tags": {"labels": ["b"]}}


IMAGE = f"""<crowd-image-classifier name="category" src="{PIXEL}" categories="['cat','dog']" header="What?">
  <worker-comment header="Comment" link-text="Say more" placeholder="What you noticed"></worker-comment>
</crowd-image-classifier>"""


def test_a_picture_is_classified_without_a_comment_key(task):
    page = task(form(IMAGE))
    page.press("2", "Enter")
    assert page.answer() == {"category": {"label": "dog"}}


def test_a_comment_goes_with_the_label(task):
    page = task(form(IMAGE))
    page.press("2", "Tab", "Enter", "Tab")
    page.type("Blurred 1")
    page.frame.get_by_role("button", name="Submit").press("Enter")
    assert page.answer() == {"category": {"label": "dog", "workerComment": "Blurred 1"}}


def test_a_tiny_picture_is_enlarged_by_a_whole_factor_with_crisp_pixels(task):
    page = task(form(IMAGE))
    picture = page.frame.locator("img.tiny")
    picture.wait_for()
    assert picture.bounding_box()["width"] == 320
    assert picture.evaluate("(image) => getComputedStyle(image).imageRendering") == "pixelated"


def test_a_large_picture_is_fitted(task, chromium_page):
    chromium_page.set_viewport_size({"width": 360, "height": 700})
    large = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='4000' height='3000'></svg>"
    page = task(form(f'<crowd-image-classifier name="c" src="{large}" categories="[1]" header="?">'))
    picture = page.frame.locator("img")
    picture.wait_for()
    assert picture.bounding_box()["width"] < 360
    assert page.frame.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_picture_that_does_not_load_is_said_to_be_missing(task):
    page = task(form('<crowd-image-classifier name="c" src="data:image/png,no" categories="[1]" header="?">'))
    page.says("The picture cannot be shown: data:image/png,no")


def test_a_message_about_a_picture_does_not_show_the_signature_of_its_link(task):
    page = task(
        form('<crowd-image-classifier name="c" src="https://b.invalid/p.png?X-Amz-Signature=1" categories="[1]">')
    )
    page.says("The picture cannot be shown: https://b.invalid/p.png")
    assert page.frame.locator(".picture-frame").inner_text().endswith("p.png")


def test_several_categories_for_a_picture(task):
    page = task(
        form(f'<crowd-image-classifier-multi-select name="t" src="{PIXEL}" categories="[\'a\',\'b\']" header="?">')
    )
    page.press("1", "2", "Enter")
    assert page.answer() == {"t": {"labels": ["a", "b"]}}


RADIOS = """<crowd-radio-group>
  <crowd-radio-button name="btn1" value="yes">Yes</crowd-radio-button>
  <crowd-radio-button name="btn2" value="no">No</crowd-radio-button>
  <crowd-radio-button name="tech">Other</crowd-radio-button>
</crowd-radio-group>"""


def test_radio_buttons_answer_each_under_its_own_name(task):
    page = task(form(RADIOS))
    page.press("1", "Enter")
    assert page.answer() == {"btn1": {"yes": True}, "btn2": {"no": False}, "tech": {"on": False}}


def test_radio_buttons_are_one_stop_of_tab_and_move_with_the_arrows(task):
    page = task(form(RADIOS))
    page.press("Tab", " ", "ArrowDown", "ArrowDown", "Tab")
    assert page.focused() == "Submit"
    page.press("Enter")
    assert page.answer() == {"btn1": {"yes": False}, "btn2": {"no": False}, "tech": {"on": True}}


def test_radio_buttons_without_a_group_belong_together_by_name(task):
    buttons = "".join(f'<crowd-radio-button name="r" value="{v}">{v}</crowd-radio-button>' for v in "ab")
    page = task(form(buttons))
    page.press("Tab", " ", "ArrowDown", "Enter")
    assert page.answer() == {"r": {"a": False, "b": True}}


def test_checkboxes_that_share_a_name_answer_together(task):
    page = task(
        form("""<crowd-checkbox name="image" value="blurry">Blurry</crowd-checkbox>
        <crowd-checkbox name="image" value="dim" checked>Dim</crowd-checkbox>
        <crowd-checkbox name="image" value="exposed" disabled>Exposed</crowd-checkbox>
        <crowd-checkbox name="sure">Sure</crowd-checkbox>""")
    )
    page.press("Tab", " ", "Tab", " ", "Enter")
    assert page.answer() == {"image": {"blurry": True, "dim": False}, "sure": {"on": False}}


def test_a_required_checkbox_must_be_ticked(task):
    page = task(form('<crowd-checkbox name="agree" required>I agree</crowd-checkbox>'))
    page.press("Enter")
    page.says("This must be ticked.")
    page.press(" ", "Enter")
    assert page.answer() == {"agree": {"on": True}}


def test_a_toggle_answers_yes_or_no(task):
    page = task(form('<crowd-toggle-button name="a">A</crowd-toggle-button><crowd-toggle-button name="b">B'))
    page.press("Tab", " ", "Enter")
    assert page.answer() == {"a": {"on": True}, "b": {"on": False}}


def test_an_input_answers_text_and_an_empty_one_nothing(task):
    page = task(
        form("""<crowd-input name="who" label="Who"></crowd-input><crowd-input name="age" type="number"></crowd-input>
        <crowd-input name="empty"></crowd-input><crowd-input name="off" value="x" disabled></crowd-input>""")
    )
    page.press("Tab")
    page.type('Ann "1" O\'Hara')
    page.press("Tab")
    page.type("42")
    page.press("Enter")
    assert page.answer() == {"who": 'Ann "1" O\'Hara', "age": "42"}


@pytest.mark.parametrize(
    ("attributes", "typed", "complaint"),
    [
        ("required", "", "Write an answer."),
        ('required error-message="Your name, please."', "", "Your name, please."),
        ('min-length="3"', "ab", "Write at least 3 characters."),
        ('allowed-pattern="[0-9]{5}"', "123x", "This must match [0-9]{5}"),
        ('type="email"', "not an address", "@"),
    ],
)
def test_an_input_says_what_is_wrong_with_it(task, attributes, typed, complaint):
    """The message is visible, the input has the focus, and nothing is sent."""
    page = task(form(f'<crowd-input name="i" label="I" {attributes}></crowd-input>'))
    page.press("Tab")
    page.type(typed)
    page.press("Enter")
    page.says(complaint)
    page.says("One answer is missing or needs a correction.")
    assert page.focused() == "input"
    assert page.page.evaluate("messages.every((message) => message.kind !== 'answer')")


def test_auto_validate_ignores_characters_that_the_pattern_does_not_allow(task):
    page = task(form('<crowd-input name="zip" allowed-pattern="[0-9]" auto-validate></crowd-input>'))
    page.press("Tab")
    page.type("1a2b3")
    page.press("Enter")
    assert page.answer() == {"zip": "123"}


def test_a_text_area_keeps_line_breaks_and_enter_stays_in_it(task):
    page = task(form('<crowd-text-area name="why" char-counter max-length="20"></crowd-text-area>'))
    page.press("Tab")
    page.type("one")
    page.press("Enter")
    page.type("two and far too much text")
    page.says("20 of 20 characters")
    page.press("Tab", "Enter")
    assert page.answer() == {"why": "one\ntwo and far too "}


def test_native_inputs_answer_beside_the_elements(task):
    """Texts are strings, radio buttons and boxes are flags under their name, what is disabled stays away."""
    page = task(
        form("""<input name="a.b[0].c" value="text"><input type="hidden" name="id" value="7"><input name="empty">
        <textarea name="t">long</textarea><select name="s"><option>x</option><option selected>y</option></select>
        <input type="radio" name="r" value="1"><input type="radio" name="r" value="2" checked>
        <input type="checkbox" name="c" checked><input type="checkbox" name="__proto__" value="p">
        <select multiple name="m"><option selected>1<option>2<option selected>3</select>
        <fieldset disabled><input name="f" value="no"></fieldset><select name="d" disabled><option>no</select>
        <input type="submit" name="go" value="no"><input value="nameless">""")
    )
    page.press("Tab", "Enter")
    assert page.answer() == {
        "a.b[0].c": "text",
        "id": "7",
        "empty": "",
        "t": "long",
        "s": "y",
        "r": {"1": False, "2": True},
        "c": {"on": True},
        "__proto__": {"p": False},
        "m": ["1", "3"],
    }


def test_a_required_native_input_holds_the_form_back(task):
    page = task(form('<input name="a" required><input name="b">'))
    page.press("Tab", "Enter")
    page.says("One answer is missing or needs a correction.")
    page.type("x")
    page.press("Enter")
    assert page.answer() == {"a": "x", "b": ""}


def test_an_object_value_input_answers_any_object_after_it_has_validated(task):
    """The custom element of this exact name brings its own value and its own check."""
    page = task(
        form("<object-value-input name='o'></object-value-input>")
        + """<script>customElements.define('object-value-input', class extends HTMLElement {
          checks = 0;
          get value() { return { deep: [1, { checks: this.checks }] }; }
          validate() { this.checks += 1; return this.checks > 1; }
        });</script>"""
    )
    page.press("Enter")
    page.says("One answer is missing or needs a correction.")
    page.press("Enter")
    assert page.answer() == {"o": {"deep": [1, {"checks": 2}]}}


def test_instructions_open_by_keyboard_and_close_with_escape(task):
    page = task(CLASSIFIER)
    page.says("Look once.")
    page.press("Tab", "Enter")
    dialog = page.frame.get_by_role("dialog", name="How to")
    dialog.wait_for()
    page.says("Look twice.")
    page.press("1", "Escape")
    dialog.wait_for(state="hidden")
    assert page.frame.get_by_role("radio", checked=True).count() == 0


def test_crowd_instructions_show_their_regions(task):
    page = task(
        form("""<crowd-instructions link-text="Rules" link-type="button"><short-summary>Short.</short-summary>
        <detailed-instructions>Long.</detailed-instructions><negative-example>Not so.</negative-example>
        </crowd-instructions>""")
    )
    page.press("Tab", "Enter")
    headings = page.frame.get_by_role("heading", level=3).all_inner_texts()
    assert headings == ["Summary", "Instructions", "Bad example"]
    page.says("Not so.")


def test_an_unknown_element_says_its_name_and_shows_what_is_inside(task):
    """Also one that a script adds later; the inputs inside still answer."""
    page = task(
        form('<crowd-hologram><input name="x" value="1"></crowd-hologram>')
        + "<script>addEventListener('load', () => document.body.append(document.createElement('crowd-late')))</script>"
    )
    page.says("<crowd-hologram>")
    page.says("<crowd-late>")
    page.press("Tab", "Enter")
    assert page.answer() == {"x": "1"}
