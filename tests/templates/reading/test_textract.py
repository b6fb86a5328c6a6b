"""<crowd-textract-analyze-document>: pairs reviewed as a person would, camelCase blocks in and out."""

import json
from html import escape

import pytest

pytestmark = pytest.mark.browser

PAGE = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='400' height='500'></svg>"
KEY = "AWS/Textract/AnalyzeDocument/Forms/V1"


def box(left, top, width, height):
    return {"boundingBox": {"left": left, "top": top, "width": width, "height": height}, "polygon": []}


def block(block_id, entity, **members):
    return {"blockType": "KEY_VALUE_SET", "id": block_id, "entityTypes": [entity], **members}


def links(**ids):
    return [{"type": name.upper(), "ids": found} for name, found in ids.items()]


BLOCKS = [
    block(
        "k1", "KEY", confidence=97.4, geometry=box(0.1, 0.2, 0.2, 0.05), relationships=links(value=["v1"], child=["w1"])
    ),
    block("v1", "VALUE", geometry=box(0.4, 0.2, 0.3, 0.05), relationships=links(child=["w2", "w3"])),
    *({"blockType": "WORD", "id": f"w{n}", "text": text} for n, text in enumerate(["Name:", "Ana", "Carolina"], 1)),
    block("k2", "KEY", text="Date:", relationships=links(value=["v2"])),
    block("v2", "VALUE", text="7/2/2O26"),
    block("k3", "KEY", text="Member", relationships=links(value=["v3"])),
    block("v3", "VALUE", relationships=links(child=["s1"])),
    {"blockType": "SELECTION_ELEMENT", "id": "s1", "selectionStatus": "SELECTED"},
]
ORIGINAL = [
    {**block("k1", "KEY", text="Name:"), "relationships": links(value=["v1"], child=["w1"])},
    {**block("v1", "VALUE", text="Ana Carolina"), "relationships": links(child=["w2", "w3"])},
    {**block("k2", "KEY", text="Date:"), "relationships": links(value=["v2"])},
    {**block("v2", "VALUE", text="7/2/2O26"), "relationships": []},
    {**block("k3", "KEY", text="Member"), "relationships": links(value=["v3"])},
    {**block("v3", "VALUE", text="SELECTED"), "relationships": links(child=["s1"])},
]


def document(blocks=BLOCKS, attributes="no-key-edit no-geometry-edit"):
    return f"""<crowd-form><crowd-textract-analyze-document src="{PAGE}" header="Right?" block-types="['KEY_VALUE_SET']"
      initial-value="{escape(json.dumps(blocks))}" {attributes}></crowd-textract-analyze-document></crowd-form>"""


def with_text(block_id, text):
    return [{**one, "text": text} if one["id"] == block_id else one for one in ORIGINAL]


def answer(blocks):
    return {KEY: {"blocks": blocks}}


def test_untouched_pairs_come_back_as_key_and_value_blocks(task):
    """With the words of their children as text, in camelCase, without confidence and geometry."""
    page = task(document())
    page.press("Enter")
    assert page.answer() == answer(ORIGINAL)


def test_a_value_is_corrected_and_enter_goes_on_to_the_next_one(task):
    """After the last value, Enter submits."""
    page = task(document())
    page.frame.get_by_label("Value of Name:").focus()
    page.press("Enter", "Control+A")
    page.type("7/2/2026")
    page.press("Enter", "Enter")
    assert page.answer() == answer(with_text("v2", "7/2/2026"))


def test_a_blank_value_is_said_to_be_blank(task):
    page = task(document())
    page.frame.get_by_role("button", name="Value is blank: Date:").press("Enter")
    page.frame.get_by_role("button", name="Submit").click()
    assert page.answer() == answer(with_text("v2", ""))


def test_an_emptied_value_holds_the_form_back(task):
    page = task(document())
    page.frame.get_by_label("Value of Date:").fill(" ")
    page.frame.get_by_role("button", name="Submit").click()
    page.says("Write the value, or say why there is none.")
    assert page.frame.get_by_label("Value of Date:").evaluate("(input) => input.getRootNode().activeElement === input")


def test_what_is_no_pair_is_left_out_and_can_be_taken_back(task):
    page = task(document())
    for name in ("Name:", "Date:", "Date:"):
        page.frame.get_by_role("button", name=f"Not a key and its value: {name}").click()
    page.frame.get_by_role("button", name="Submit").click()
    assert page.answer() == answer(ORIGINAL[2:])


KEYS = """keys="[{importantFormKey: 'Mail address', importantFormKeyAliases: ['Email']}, {importantFormKey: 'Full name',
  importantFormKeyAliases: ['name']}, {importantFormKey: '*'}]" """


def test_an_important_key_that_was_missed_is_asked_for(task):
    """One that was found, under an alias and with another case and a colon, is not."""
    page = task(document(attributes=KEYS + "no-key-edit"))
    assert page.frame.get_by_role("group").count() == 4
    page.frame.get_by_label("Value of Mail address").fill("12 Quay Street")
    page.press("Enter")
    added = [
        {**block("added-key-1", "KEY", text="Mail address"), "relationships": links(value=["added-value-1"])},
        {**block("added-value-1", "VALUE", text="12 Quay Street"), "relationships": []},
    ]
    assert page.answer() == answer([*ORIGINAL, *added])


def test_a_key_that_is_not_on_the_page_is_left_out(task):
    page = task(document(attributes=KEYS))
    page.frame.get_by_role("button", name="Key not found: Mail address").click()
    page.frame.get_by_role("button", name="Submit").click()
    assert page.answer() == answer(ORIGINAL)


def test_keys_are_edited_only_where_that_is_allowed(task):
    assert task(document()).frame.get_by_label("Key 1").count() == 0
    page = task(document(attributes="no-geometry-edit"))
    page.frame.get_by_label("Key 2").fill("Date of birth")
    page.frame.get_by_role("button", name="Submit").click()
    assert page.answer() == answer(with_text("k2", "Date of birth"))


def test_a_pair_is_found_on_the_page_and_in_the_list(task):
    """The boxes lie where the geometry says; a click on one goes to the value, and the pair in use is highlighted."""
    page = task(document())
    page.frame.locator(".box.value").click()
    assert page.frame.get_by_label("Value of Name:").evaluate("(input) => input.getRootNode().activeElement === input")
    assert page.frame.locator(".box.current").count() == 2
    sheet, value = (page.frame.locator(part).bounding_box() for part in (".sheet", ".box.value"))
    assert value["x"] - sheet["x"] == pytest.approx(0.4 * sheet["width"], abs=1)
    assert value["height"] == pytest.approx(0.05 * sheet["height"], abs=1)
    page.frame.get_by_label("Value of Date:").focus()
    assert page.frame.locator(".box.current").count() == 0


def test_blocks_as_boto3_gives_them_are_recognised(task):
    page = task(document([{"BlockType": "KEY_VALUE_SET", "Id": "k"}]))
    page.says("The blocks are in PascalCase (BlockType), as boto3 gives them.")


def test_nothing_to_review_is_an_empty_list(task):
    page = task(document([]))
    page.says("There is nothing to review.")
    page.press("Enter")
    assert page.answer() == answer([])


def test_a_page_that_does_not_load_is_said_to_be_missing(task):
    page = task(
        "<crowd-form><crowd-textract-analyze-document src='data:image/png,no'></crowd-textract-analyze-document>"
    )
    page.says("The page cannot be shown: data:image/png,no")


def test_axe_finds_nothing(violations):
    assert violations(document(attributes=KEYS), "Tab", "Enter") == []
