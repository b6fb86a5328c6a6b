"""<crowd-rekognition-detect-moderation-labels>, and the overlay of <crowd-image-classifier>."""

import pytest

pytestmark = pytest.mark.browser

PICTURE = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='400' height='200'></svg>"
MASK = PICTURE.replace("'", "\\'")
KEY = "AWS/Rekognition/DetectModerationLabels/Image/V3"
OBJECTS = "[{name: 'Gore', parentName: 'Violence'}, {name: 'Corpses', parentName: 'Violence', confidence: 81.5},]"


def moderation(categories, attributes=""):
    return f"""<crowd-form><crowd-rekognition-detect-moderation-labels src="{PICTURE}" header="Which?"
      categories="{categories}" {attributes}></crowd-rekognition-detect-moderation-labels></crowd-form>"""


def test_categories_that_are_objects_answer_whole_objects(task):
    page = task(moderation(OBJECTS))
    page.press("2", "Enter")
    label = {"name": "Corpses", "parentName": "Violence", "confidence": 81.5}
    assert page.answer() == {KEY: {"moderationLabels": [label]}}


def test_categories_that_are_texts_answer_texts(task):
    page = task(moderation("['Gore', 'Weapons']"))
    page.press("2", "1", "Enter")
    assert page.answer() == {KEY: {"moderationLabels": ["Gore", "Weapons"]}}


def test_the_exclusion_category_answers_an_empty_list(task):
    page = task(moderation(OBJECTS, "exclusion-category=\"{ text: 'None' }\""))
    page.press("1", "3", "Enter")
    assert page.answer() == {KEY: {"moderationLabels": []}}


def test_with_an_exclusion_category_something_must_be_chosen(task):
    page = task(moderation(OBJECTS, "exclusion-category=\"{ text: 'None' }\""))
    page.press("Enter")
    page.says("Choose at least one category, or “None”.")


def test_without_one_nothing_chosen_is_an_empty_list(task):
    """As A2I's own template has it, which says to choose nothing."""
    page = task(moderation(OBJECTS))
    page.press("Enter")
    assert page.answer() == {KEY: {"moderationLabels": []}}


def test_the_parent_category_is_shown(task):
    page = task(moderation(OBJECTS))
    assert page.frame.get_by_role("checkbox").first.inner_text().split("\n") == ["Gore", "Violence", "1"]


OVERLAYS = {
    "boxes": "{boundingBox: {labels: ['cat'], value: [{label: 'cat', left: 100, top: 50, width: 200, height: 100}]}}",
    "semantic": "{semanticSegmentation: {labels: ['bird'], labelMappings: {bird: {color: '#ff7f0e'}}, src: '%s'}}",
    "instance": "{instanceSegmentation: {labels: ['cat'], instances: [{color: '#1f77b4', label: 'cat'}], src: '%s'}}",
}


def overlaid(overlay):
    return f"""<crowd-form><crowd-image-classifier name="ok" src="{PICTURE}" header="Right?" categories="['yes', 'no']"
      overlay="{overlay % MASK if "%" in overlay else overlay}"></crowd-image-classifier></crowd-form>"""


def test_boxes_lie_where_their_pixels_are(task):
    page = task(overlaid(OVERLAYS["boxes"]))
    page.says("cat")
    picture, box = (page.frame.locator(part).bounding_box() for part in ("img.picture", ".box"))
    scale = picture["width"] / 400
    assert box["x"] - picture["x"] == pytest.approx(100 * scale, abs=1)
    assert box["width"] == pytest.approx(200 * scale, abs=1)
    assert box["y"] - picture["y"] == pytest.approx(50 * scale, abs=1)
    page.press("1", "Enter")
    assert page.answer() == {"ok": {"label": "yes"}}


@pytest.mark.parametrize(("kind", "legend"), [("semantic", "bird"), ("instance", "cat 1")])
def test_a_mask_lies_over_the_picture_with_its_legend(task, kind, legend):
    page = task(overlaid(OVERLAYS[kind]))
    assert page.frame.get_by_role("list", name="Shown on the picture").inner_text() == legend
    picture, mask = (page.frame.locator(part).bounding_box() for part in ("img.picture", "img.mask"))
    assert picture == mask


def test_a_mask_that_does_not_load_is_said_to_be_missing(task):
    """Nobody takes a picture without its mask for one where nothing was found."""
    overlay = "{semanticSegmentation: {labelMappings: {bird: {color: '#ff7f0e'}}, src: 'data:image/png,no'}}"
    task(overlaid(overlay)).says("The mask cannot be shown: data:image/png,no")


def test_axe_finds_nothing(violations):
    assert violations(moderation(OBJECTS), "1") == []
    assert violations(overlaid(OVERLAYS["boxes"])) == []
