"""<crowd-keypoint>, <crowd-polygon>, <crowd-polyline> and <crowd-line>: by mouse and by keys; the exact answers."""

import pytest

pytestmark = pytest.mark.browser

LABELS = """labels="['car', 'dog', 'tree']" """


def shape(label, *points):
    return {"label": label, "vertices": [{"x": x, "y": y} for x, y in points]}


def test_a_click_marks_a_pixel(draw):
    page = draw("crowd-keypoint")
    page.click((40.5, 30.5))
    page.press("2")
    page.click((100.5, 60.5))
    answer = [{"label": "car", "x": 40, "y": 30}, {"label": "dog", "x": 100, "y": 60}]
    assert page.submit() == {"keypoints": answer}


def test_a_point_is_never_outside_of_the_picture(draw):
    """The last column is one less than the width: the point can index the picture."""
    page = draw("crowd-keypoint")
    page.click((399.9, 299.9))
    page.press("Shift+ArrowRight", "Shift+ArrowDown")
    assert page.submit() == {"keypoints": [{"label": "car", "x": 399, "y": 299}]}


def test_a_pixel_of_a_tiny_picture_is_hit_exactly(draw):
    """Enlarged, a click anywhere in the square of a pixel means that pixel."""
    svg = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='8' height='8'/%3E"
    page = draw("crowd-keypoint", src=svg)
    page.click((3.1, 4.9))
    page.press("Enter")
    assert page.task.answer()["a"] == {
        "inputImageProperties": {"height": 8, "width": 8},
        "keypoints": [{"label": "car", "x": 3, "y": 4}],
    }


def test_a_point_is_dragged_nudged_removed_and_brought_back(draw):
    page = draw("crowd-keypoint", LABELS + """initial-value="[{label: 'dog', x: 100, y: 60}]" """)
    page.drag((100.5, 60.5), (120, 70), (150.5, 90.5))
    page.press("ArrowLeft", "Delete", "u")
    assert page.submit() == {"keypoints": [{"label": "dog", "x": 149, "y": 90}], "initialValueModified": True}


def test_keys_alone_mark_a_point(draw):
    page = draw("crowd-keypoint")
    page.press("n", "ArrowRight")
    assert page.submit() == {"keypoints": [{"label": "car", "x": 201, "y": 150}]}


def test_a_polygon_is_closed_at_its_first_corner(draw):
    page = draw("crowd-polygon")
    page.click((40, 30), (140, 30), (140, 90), (41, 31))
    assert page.submit() == {"polygons": [shape("car", (40, 30), (140, 30), (140, 90))]}


def test_enter_finishes_a_polygon_and_submits_when_none_is_being_drawn(draw):
    page = draw("crowd-polygon")
    page.click((40, 30), (140, 30), (140, 90))
    page.press("Enter")
    assert page.rows() == ["car"]
    assert page.submit() == {"polygons": [shape("car", (40, 30), (140, 30), (140, 90))]}


def test_the_finish_button_is_there_while_a_polygon_is_drawn(draw):
    """A finger has no Enter key."""
    page = draw("crowd-polygon")
    assert page.button("Finish").is_hidden()
    page.click((40, 30), (140, 30), (140, 90))
    page.button("Finish").click()
    assert page.button("Finish").is_hidden()
    assert page.rows() == ["car"]


def test_two_corners_are_no_polygon(draw):
    page = draw("crowd-polygon")
    page.click((40, 30), (140, 30))
    page.press("Enter")
    assert page.submit() == {"polygons": []}


def test_corners_are_dragged_put_in_and_taken_out(draw):
    """Between two corners lies a handle that becomes a corner when it is dragged."""
    page = draw("crowd-polygon")
    page.click((40, 30), (140, 30), (140, 130), (40, 30))
    page.drag((140, 30), (150, 30), (160, 20))
    page.drag((150, 75), (170, 75), (200, 75))
    assert page.hint().endswith("4 points.")
    page.press("v", "Delete")
    assert page.submit() == {"polygons": [shape("car", (160, 20), (200, 75), (140, 130))]}


def test_keys_alone_draw_a_polygon(draw):
    """n makes a square, v takes hold of a corner, the arrows move it; between two corners they put in another."""
    page = draw("crowd-polygon")
    page.press("n", "v", "Shift+ArrowUp")
    page.press(*["v"] * 4, "Shift+ArrowUp")
    points = [(150, 90), (200, 85), (250, 100), (250, 200), (150, 200)]
    assert page.submit() == {"polygons": [shape("car", *points)]}


def test_a_click_selects_a_polygon_and_a_drag_moves_it(draw):
    given = "[{label: 'dog', vertices: [{x: 40, y: 30}, {x: 140, y: 30}, {x: 140, y: 130}]}]"
    page = draw("crowd-polygon", f'{LABELS} initial-value="{given}"')
    page.click((120, 50))
    page.drag((120, 50), (130, 60), (130, 70))
    moved = shape("dog", (50, 50), (150, 50), (150, 150))
    assert page.submit() == {"polygons": [moved], "initialValueModified": True}


def test_a_double_click_ends_a_polyline(draw):
    page = draw("crowd-polyline")
    page.click((40, 30), (140, 30), (180, 90))
    page.page.mouse.dblclick(*page.on_screen(220, 90))
    assert page.submit() == {"polylines": [shape("car", (40, 30), (140, 30), (180, 90), (220, 90))]}


def test_a_polyline_starts_from_its_initial_value(draw):
    given = "{polylines: [{label: 'dog', vertices: [{x: 1, y: 2}, {x: 30, y: 40}]}]}"
    page = draw("crowd-polyline", f'{LABELS} initial-value="{given}"')
    assert page.submit() == {"polylines": [shape("dog", (1, 2), (30, 40))], "initialValueModified": False}


def test_a_line_is_a_drag_or_two_clicks(draw):
    page = draw("crowd-line")
    page.drag((40, 30), (60, 60), (140, 90))
    page.press("Escape", "2")
    page.click((200, 30), (300, 90))
    assert page.submit() == {"lines": [shape("car", (40, 30), (140, 90)), shape("dog", (200, 30), (300, 90))]}


def test_a_line_may_be_upright(draw):
    """Only where both ends are the same there is no line."""
    page = draw("crowd-line")
    page.click((40, 30), (40, 90))
    page.click((200, 30), (200, 30))
    assert page.submit() == {"lines": [shape("car", (40, 30), (40, 90))]}


def test_a_line_starts_from_its_initial_value_and_has_the_colour_named(draw):
    given = "{lines: [{label: 'dog', vertices: [{x: 1, y: 2}, {x: 30, y: 40}]}]}"
    page = draw("crowd-line", f"""{LABELS} initial-value="{given}" label-colors="['red', '#00ff00']" """)
    assert page.frame.locator(".items .dot").evaluate("(dot) => dot.style.background") == "rgb(0, 255, 0)"
    assert page.submit() == {"lines": [shape("dog", (1, 2), (30, 40))], "initialValueModified": False}
