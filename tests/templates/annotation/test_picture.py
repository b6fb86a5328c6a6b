"""The picture under the drawing: zoom, pan, touch, sizes, keys, and what is said when something is missing."""

import pytest

pytestmark = pytest.mark.browser

TAG = "crowd-bounding-box"
TAGS = [
    "crowd-bounding-box",
    "crowd-keypoint",
    "crowd-line",
    "crowd-polygon",
    "crowd-polyline",
    "crowd-semantic-segmentation",
    "crowd-instance-segmentation",
]
LABELS = """labels="['car', 'dog', 'tree']" """


def svg(width, height):
    return f"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}'/%3E"


def scale(page):
    return page.frame.evaluate("[...document.querySelectorAll('*')].find((element) => element.stage).stage.view.scale")


def keys_dialog(page):
    """Return the list of keys, once it is open."""
    dialog = page.frame.get_by_role("dialog", name="Keys")
    dialog.wait_for()
    return dialog


@pytest.mark.parametrize("tag", TAGS)
def test_the_wheel_zooms_where_the_pointer_is(draw, tag):
    page = draw(tag)
    before = scale(page)
    page.move(300, 200)
    at = page.on_screen(300, 200)
    page.page.mouse.wheel(0, -500)
    page.frame.wait_for_function(
        f"[...document.querySelectorAll('*')].find((one) => one.stage).stage.view.scale > {before}"
    )
    assert page.on_screen(300, 200) == pytest.approx(at, abs=1)


def test_what_is_drawn_zoomed_in_and_moved_is_where_it_was_drawn(draw):
    """z zooms, holding Space or the middle button drags the picture, 0 shows all of it again."""
    page = draw(TAG)
    fitting = scale(page)
    page.press("z", "z", "z")
    assert scale(page) == pytest.approx(fitting * 1.5**3)
    before = page.on_screen(200, 150)
    page.drag((200, 150), (210, 160), button="middle")
    page.focus()
    page.page.keyboard.down(" ")
    page.frame.locator(".stage.grip").wait_for()
    page.drag((200, 150), (210, 160))
    page.page.keyboard.up(" ")
    page.frame.locator(".stage:not(.grip)").wait_for()
    after = page.on_screen(200, 150)
    assert after[0] - before[0] == pytest.approx(20 * scale(page), abs=2)
    page.drag((180, 140), (190, 150), (203, 161))
    page.press("0")
    assert scale(page) == fitting
    boxes = page.submit()["boundingBoxes"]
    assert boxes == [{"height": 21, "label": "car", "left": 180, "top": 140, "width": 23}]


def test_zoom_buttons_do_what_the_keys_do(draw):
    page = draw(TAG)
    fitting = scale(page)
    page.button("Zoom in").click()
    page.button("Zoom in").click()
    page.button("Zoom out").click()
    assert scale(page) == pytest.approx(fitting * 1.5)
    page.button("Show the whole picture").click()
    assert scale(page) == fitting


def test_with_ten_labels_zero_is_the_tenth(draw):
    page = draw(TAG, f'labels="{[f"l{n}" for n in range(1, 13)]}"')
    page.press("0", "n")
    assert page.submit()["boundingBoxes"][0]["label"] == "l10"


def test_a_digit_of_labels_that_are_digits_is_the_label(draw):
    page = draw(TAG, """labels="['0', '1', '7']" """)
    page.press("7", "n")
    assert page.submit()["boundingBoxes"][0]["label"] == "7"


@pytest.mark.parametrize(("width", "height"), [(8, 8), (3, 40), (6000, 4000), (4000, 300)])
def test_pictures_of_any_size_are_seen_whole_and_drawn_on_exactly(draw, width, height):
    page = draw(TAG, src=svg(width, height))
    left, top, right, bottom = width // 4, height // 4, width // 4 + width // 2, height // 4 + height // 2
    page.drag((left, top), (right, bottom))
    page.press("Enter")
    answer = page.task.answer()["a"]
    assert answer["inputImageProperties"] == {"height": height, "width": width}
    (drawn,) = answer["boundingBoxes"]
    pixel = 1 / scale(page)
    for side, meant in {"left": left, "top": top, "width": right - left, "height": bottom - top}.items():
        assert abs(drawn[side] - meant) <= max(0 if pixel < 1 else 1, 2 * pixel)


def test_labels_may_be_objects_with_colours(draw):
    page = draw(TAG, """labels="[{label: 'car', color: '#123456'}, {label: 'dog'}, 'tree',]" """)
    page.press("n")
    assert page.frame.locator(".items .dot").evaluate("(dot) => dot.style.background") == "rgb(18, 52, 86)"
    assert page.submit()["boundingBoxes"][0]["label"] == "car"


def test_a_picture_that_does_not_load_is_said_and_no_answer_is_made_up(task):
    page = task(
        f'<crowd-form><{TAG} name="a" {LABELS} src="data:image/png;base64,AAAA" header="?"></{TAG}></crowd-form>'
    )
    page.says("The picture cannot be shown: data:image/png;base64,AAAA")
    assert not any(tool.is_visible() for tool in page.frame.locator(".tools button").all())
    page.press("Enter")
    page.says("One answer is missing or needs a correction.")


SHORT = "<short-instructions>Look twice.</short-instructions>"


@pytest.mark.parametrize("tag", ["crowd-keypoint", "crowd-classifier", "crowd-text-ranking"])
def test_without_short_instructions_no_empty_line_is_left_for_them(task, tag):
    """And what a script adds later is shown."""
    attributes = f"""{LABELS} src="{svg(40, 30)}" header="Q" categories="['a']" responses="['a', 'b']" """
    page = task(f"<crowd-form><{tag} name=a {attributes}></{tag}></crowd-form>")
    brief = page.frame.locator(".brief")
    gap = f"""document.querySelector('{tag}').shadowRoot.querySelector('.target, .labels, .responses')
      .getBoundingClientRect().top
      - document.querySelector('{tag}').shadowRoot.querySelector('header').getBoundingClientRect().bottom"""
    assert not brief.is_visible()
    assert page.frame.evaluate(gap) == pytest.approx(0.9 * 16, abs=1)
    page.frame.evaluate(
        """([tag, html]) => {
          const element = document.querySelector(tag);
          element.innerHTML += html;
          element.lastChild.slot = 'short-instructions';
        }""",
        [tag, SHORT],
    )
    page.says("Look twice.")


@pytest.mark.parametrize("labels", ["", 'labels="[]"'])
def test_missing_labels_are_said(draw, labels):
    draw(TAG, labels).task.says(f"<{TAG}> has no labels.")


@pytest.mark.parametrize("tag", TAGS)
def test_a_disabled_element_shows_and_does_not_change(draw, tag):
    page = draw(tag, LABELS + "disabled")
    page.press("n")
    page.drag((40, 30), (100, 60), (140, 90))
    page.press("d", "Enter")
    assert page.task.answer() == {}
    assert page.rows() == []


def test_what_an_element_says_of_a_key_goes_before_what_all_pages_say(draw):
    page = draw("crowd-polygon")
    page.press("?")
    said = keys_dialog(page).locator("dt:has-text('Enter') + dd").all_inner_texts()
    assert said == ["finish the polygon; submit when nothing is being drawn"]


@pytest.mark.parametrize("tag", TAGS)
def test_the_keys_of_an_element_are_in_the_list(draw, tag):
    """And those that choose among categories are not, where there are none."""
    page = draw(tag)
    page.press("?")
    listed = keys_dialog(page).locator("kbd").all_inner_texts()
    assert {"1 … 9", "u", "z", "Space", "Delete", "Enter", "?"} <= set(listed)
    assert "0 … 9" not in listed
    assert len(listed) == len(set(listed))


def test_a_classifier_beside_the_picture_keeps_its_digits(task):
    """A digit is for the element in use; the list of keys tells of both."""
    page = task(f"""<crowd-form><crowd-classifier name="c" categories="['a', 'b']" header="?"></crowd-classifier>
      <{TAG} name="a" {LABELS} src="{svg(40, 30)}" header="?"></{TAG}></crowd-form>""")
    page.frame.locator(".stage.ready").wait_for()
    page.press("2", "n", "?")
    listed = keys_dialog(page).locator("kbd").all_inner_texts()
    assert {"0 … 9", "n"} <= set(listed)
    page.press("Escape", "Enter")
    answer = page.answer()
    assert answer["c"] == {"label": "b"}
    assert len(answer["a"]["boundingBoxes"]) == 1


TOUCH = """([first, second]) => {
  const { stage } = document.querySelector('crowd-bounding-box');
  const { left, top } = stage.element.getBoundingClientRect();
  const fire = (type, pointerId, [x, y]) => stage.element.dispatchEvent(new PointerEvent(type, {
    pointerId, bubbles: true, pointerType: 'touch', isPrimary: pointerId === 1, buttons: 1,
    button: type === 'pointermove' ? -1 : 0, clientX: left + x, clientY: top + y }));
  const fingers = [first, second].filter(Boolean);
  fingers.forEach((path, id) => fire('pointerdown', id + 1, path[0]));
  fingers.forEach((path, id) => path.slice(1).forEach((point) => fire('pointermove', id + 1, point)));
  fingers.forEach((path, id) => fire('pointerup', id + 1, path.at(-1)));
}"""


def test_a_finger_draws_and_two_fingers_zoom_without_drawing(draw):
    page = draw(TAG)
    before = scale(page)
    page.frame.evaluate(TOUCH, [[[100, 100], [50, 100]], [[200, 100], [250, 100]]])
    assert scale(page) == pytest.approx(before * 2)
    assert page.rows() == []
    page.frame.evaluate(TOUCH, [[[100, 100], [150, 150], [200, 180]], None])
    assert page.rows() == ["car"]


@pytest.mark.parametrize("tag", TAGS)
def test_every_element_fits_a_phone(draw, tag):
    page = draw(tag)
    page.resize(376)
    assert page.frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.drag((100, 100), (200, 200))
    page.press("n")
    assert page.frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
