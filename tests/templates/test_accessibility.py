"""What axe says about the choice and text elements, when they are used and when they complain."""

import pytest

pytestmark = pytest.mark.browser

PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAAAAADhZOFXAAAAEElEQVR42mNgQAD/GdAEAAQAAAEAAT8L"
    "lQAAAABJRU5ErkJggg=="
)
INSTRUCTIONS = (
    "<short-instructions>Look once.</short-instructions><full-instructions header='How'>Twice.</full-instructions>"
)
ELEMENTS = {
    "classifier": f"""<crowd-classifier name="c" categories="['cat', 'dog']" header="What?">
      <classification-target>Woof.</classification-target>{INSTRUCTIONS}</crowd-classifier>""",
    "multi": """<crowd-classifier-multi-select name="c" categories="['cat', 'dog']" header="What?"
      exclusion-category="{text: 'None'}"></crowd-classifier-multi-select>""",
    "image": f"""<crowd-image-classifier name="c" src="{PIXEL}" categories="['cat', 'dog']" header="What?">
      <worker-comment link-text="Say more"></worker-comment></crowd-image-classifier>""",
    "radio": """<crowd-radio-group><crowd-radio-button name="a" value="yes">Yes</crowd-radio-button>
      <crowd-radio-button name="b" value="no">No</crowd-radio-button></crowd-radio-group>""",
    "checkbox": '<crowd-checkbox name="a" required>A</crowd-checkbox><crowd-toggle-button name="b">B',
    "input": '<crowd-input name="a" label="A" required></crowd-input><crowd-input name="b" disabled></crowd-input>',
    "text-area": '<crowd-text-area name="a" label="A" placeholder="Why" char-counter required></crowd-text-area>',
}


@pytest.mark.parametrize("element", ELEMENTS)
@pytest.mark.parametrize("key", ["1", "Enter"])
def test_axe_finds_nothing(violations, element, key):
    assert violations(f"<crowd-form>{ELEMENTS[element]}</crowd-form>", key) == []


@pytest.mark.parametrize("key", ["?", "Enter"])
def test_nor_in_the_dialogs(violations, key):
    focus = ("Tab",) if key == "Enter" else ()
    assert violations(f"<crowd-form>{ELEMENTS['classifier']}</crowd-form>", *focus, key) == []
