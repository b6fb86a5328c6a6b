"""<crowd-semantic-segmentation> and <crowd-instance-segmentation>: painted by mouse and keys; answer and PNG agree."""

import html

import pytest

pytestmark = pytest.mark.browser

SEMANTIC, INSTANCE = "crowd-semantic-segmentation", "crowd-instance-segmentation"
LABELS = """labels="['car', 'dog', 'tree']" """
CAR, DOG, TREE = "#1c7ed6", "#f76707", "#2f9e44"
WHITE = (255, 255, 255, 255)


def rgba(colour):
    return (*bytes.fromhex(colour[1:]), 255)


def painted(pixels):
    """Return how often each colour occurs."""
    counts = {}
    for x in range(400):
        for y in range(300):
            counts[pixels[x, y]] = counts.get(pixels[x, y], 0) + 1
    return counts


def test_a_stroke_paints_its_label_and_only_labels_used_are_mapped(draw, pixels):
    page = draw(SEMANTIC)
    page.press("2")
    page.drag((40.5, 30.5), (100.5, 30.5), (140.5, 30.5))
    answer = page.submit()
    assert answer.keys() == {"labelMappings", "labeledImage"}
    assert answer["labelMappings"] == {"dog": {"color": DOG}}
    image = pixels(answer)
    assert image[40, 30] == image[90, 30] == image[140, 30] == image[90, 37] == rgba(DOG)
    assert image[90, 39] == image[20, 30] == WHITE


def test_the_picture_holds_the_colours_of_the_labels_and_no_others(draw, pixels):
    """Round brushes and slanted edges included: there are no colours in between."""
    page = draw(SEMANTIC)
    page.drag((40, 30), (140, 130), (240, 70))
    page.press("3", "a")
    page.click((60, 50), (200, 80), (120, 210))
    page.press("Enter")
    assert painted(pixels(page.submit())).keys() == {WHITE, rgba(CAR), rgba(TREE)}


def test_an_area_is_filled_to_its_corners_exactly(draw, pixels):
    page = draw(SEMANTIC)
    page.press("a")
    page.click((40, 30), (140, 30), (140, 90), (40, 90), (41, 31))
    assert painted(pixels(page.submit()))[rgba(CAR)] == 100 * 60


def test_a_slanted_edge_takes_the_pixels_whose_middle_is_inside(draw, pixels):
    """Of the hundred rows of this triangle the first has 99 such pixels, the last none."""
    page = draw(SEMANTIC)
    page.press("a")
    page.click((40, 30), (140, 30), (40, 130))
    page.press("Enter")
    assert painted(pixels(page.submit()))[rgba(CAR)] == sum(range(100))


def test_the_eraser_takes_paint_away(draw, pixels):
    page = draw(SEMANTIC)
    page.press("a")
    page.click((40, 30), (140, 30), (140, 90), (40, 90))
    page.press("Enter", "e")
    page.drag((20, 60.5), (100, 60.5), (160, 60.5))
    image = pixels(page.submit())
    assert image[90, 60] == WHITE
    assert image[90, 40] == rgba(CAR)


def test_brackets_set_the_width_of_the_brush(draw, pixels):
    """One pixel is the thinnest, and marks exactly the pixel that it is on."""
    page = draw(SEMANTIC)
    page.press(*["["] * 20)
    page.click((40.2, 30.8))
    assert painted(pixels(page.submit()))[rgba(CAR)] == 1


def test_undo_and_redo_restore_every_pixel(draw, pixels):
    page = draw(SEMANTIC)
    page.press("a")
    page.click((40, 30), (140, 30), (140, 90), (40, 90))
    page.press("Enter", "b", "2")
    page.drag((20, 60), (100, 60), (160, 100))
    page.press("u")
    answer = page.submit()
    assert answer["labelMappings"] == {"car": {"color": CAR}}
    assert painted(pixels(answer))[rgba(CAR)] == 100 * 60
    page.task.reply(kind="error", message="Again.")
    page.task.says("Again.")
    page.press("Shift+U")
    assert page.submit(at_least=2)["labelMappings"].keys() == {"car", "dog"}


def test_keys_alone_paint(draw, pixels):
    """The arrows move the brush from the middle, d paints, Shift+d paints up to here."""
    page = draw(SEMANTIC)
    page.focus()
    page.press("Shift+ArrowRight", "d", *["Shift+ArrowRight"] * 6, "Shift+D")
    image = pixels(page.submit())
    assert image[210, 150] == image[240, 150] == image[270, 150] == rgba(CAR)
    assert image[200, 150] == WHITE


def test_keys_alone_outline_an_area(draw, pixels):
    page = draw(SEMANTIC)
    page.focus()
    page.press(
        "a", *["Shift+ArrowRight"] * 2, "d", *["Shift+ArrowDown"] * 2, "d", *["Shift+ArrowLeft"] * 2, "d", "Enter"
    )
    assert pixels(page.submit())[215, 168] == rgba(CAR)


def test_a_mask_given_keeps_its_colours_and_its_pixels(draw, pixels, mask_of):
    given = {(10, 10, 60, 60): "#102030", (100, 100, 120, 120): "#fefefe", (200, 200, 210, 210): "#80ff00"}
    initial = f"{{labelMappings: {{dog: {{color: '#102030'}}, bus: {{color: '#80FF00'}}}}, src: '{mask_of(given)}'}}"
    page = draw(SEMANTIC, f'{LABELS} initial-value="{html.escape(initial)}"')
    answer = page.submit()
    assert answer["initialValueModified"] is False
    assert answer["labelMappings"] == {"dog": {"color": "#102030"}, "bus": {"color": "#80ff00"}}
    counts = painted(pixels(answer))
    assert (counts[rgba("#102030")], counts[rgba("#80ff00")], len(counts)) == (2500, 100, 3)


def test_painting_over_a_mask_given_modifies_it(draw, pixels, mask_of):
    initial = f"{{labelMappings: {{dog: {{color: '#102030'}}}}, src: '{mask_of({(10, 10, 60, 60): '#102030'})}'}}"
    page = draw(SEMANTIC, f'{LABELS} initial-value="{html.escape(initial)}"')
    page.press("2")
    page.drag((200, 200), (220, 200))
    answer = page.submit()
    assert answer["initialValueModified"] is True
    assert pixels(answer)[210, 200] == rgba("#102030")


def test_a_mask_that_cannot_be_read_is_said_to_be_so(draw):
    page = draw(SEMANTIC, LABELS + """initial-value="{labelMappings: {}, src: 'data:image/png;base64,AAAA'}" """)
    page.task.says("The mask to start from cannot be read.")


def test_each_instance_has_a_colour_of_its_own(draw, pixels):
    page = draw(INSTANCE)
    page.drag((40, 30), (80, 30))
    page.press("n")
    page.drag((40, 130), (80, 130))
    page.press("2")
    page.drag((200, 30), (240, 30))
    assert page.rows() == ["car 1", "car 2", "dog 1"]
    answer = page.submit()
    instances = answer["instances"]
    assert [entry["label"] for entry in instances] == ["car", "car", "dog"]
    assert len({entry["color"] for entry in instances}) == 3
    image = pixels(answer)
    spots = [image[60, 30], image[60, 130], image[220, 30]]
    assert spots == [rgba(entry["color"]) for entry in instances]


def test_an_instance_chosen_in_the_list_is_painted_on(draw):
    page = draw(INSTANCE)
    page.drag((40, 30), (80, 30))
    page.press("n")
    page.drag((40, 130), (80, 130))
    page.frame.get_by_role("button", name="car 1").first.click()
    page.drag((200, 30), (240, 30))
    assert page.rows() == ["car 1", "car 2"]


def test_delete_removes_the_pixels_of_an_instance(draw, pixels):
    page = draw(INSTANCE)
    page.drag((40, 30), (80, 30))
    page.press("2")
    page.drag((40, 130), (80, 130))
    page.press("Delete")
    answer = page.submit()
    assert answer["instances"] == [{"color": CAR, "label": "car"}]
    assert painted(pixels(answer)).keys() == {WHITE, rgba(CAR)}


def test_instances_given_are_kept_and_new_ones_get_other_colours(draw, mask_of):
    initial = f"{{instances: [{{color: '{CAR}', label: 'dog'}}], src: '{mask_of({(10, 10, 60, 60): CAR})}'}}"
    page = draw(INSTANCE, f'{LABELS} initial-value="{html.escape(initial)}"')
    page.drag((200, 200), (240, 200))
    answer = page.submit()
    assert answer["initialValueModified"] is True
    assert answer["instances"][0] == {"color": CAR, "label": "dog"}
    assert answer["instances"][1]["label"] == "car"
    assert answer["instances"][1]["color"] != CAR


@pytest.mark.parametrize("tag", [SEMANTIC, INSTANCE])
def test_an_answer_can_be_given_again_as_a_value(draw, tag):
    """What a script saved, it can put back."""
    page = draw(tag)
    page.drag((40, 30), (80, 30))
    first = page.submit()
    page.task.reply(kind="error", message="Again.")
    page.task.says("Again.")
    page.frame.evaluate(
        """async ([tag, value]) => {
          const element = document.querySelector(tag);
          await element.take({});
          await element.take(value);
        }""",
        [tag, first],
    )
    assert page.submit(at_least=2) == first


def test_required_asks_for_paint(draw):
    page = draw(SEMANTIC, LABELS + "required")
    page.press("Enter")
    page.task.says("Paint at least one region.")
