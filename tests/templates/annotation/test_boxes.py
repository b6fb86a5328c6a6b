"""<crowd-bounding-box>: drawn, moved, resized and labelled by mouse and by keys; the exact answer it gives."""

import pytest

pytestmark = pytest.mark.browser

TAG = "crowd-bounding-box"
LABELS = """labels="['car', 'dog', 'tree']" """


def box(label, left, top, width, height):
    return {"height": height, "label": label, "left": left, "top": top, "width": width}


def test_a_drag_draws_a_box_in_whole_pixels_of_the_picture(draw):
    page = draw(TAG)
    page.press("2")
    page.drag((40, 30), (100, 60), (140, 90))
    assert page.submit() == {"boundingBoxes": [box("dog", 40, 30, 100, 60)]}


def test_a_box_drawn_from_its_lower_right_is_the_same(draw):
    page = draw(TAG)
    page.drag((140, 90), (100, 60), (40, 30))
    assert page.submit() == {"boundingBoxes": [box("car", 40, 30, 100, 60)]}


def test_two_clicks_draw_a_box(draw):
    """Nobody has to drag."""
    page = draw(TAG)
    page.click((40, 30))
    assert page.hint() == "Click the opposite corner. Escape gives up."
    page.click((140, 90))
    assert page.submit() == {"boundingBoxes": [box("car", 40, 30, 100, 60)]}


def test_a_box_ends_at_the_edge_of_the_picture(draw):
    page = draw(TAG)
    page.drag((350, 250), (390, 290), (430, 310))
    assert page.submit() == {"boundingBoxes": [box("car", 350, 250, 50, 50)]}


def test_no_box_is_an_answer_and_no_initial_value_no_word_about_it(draw):
    assert draw(TAG).submit() == {"boundingBoxes": []}


def test_required_asks_for_a_box(draw):
    page = draw(TAG, LABELS + "required")
    page.press("Enter")
    page.task.says("Draw at least one box.")
    page.press("n")
    assert len(page.submit()["boundingBoxes"]) == 1


def test_a_box_is_made_moved_and_resized_by_keys_alone(draw):
    """n makes one in the middle, the arrows move it, with Alt they resize it, Shift means ten."""
    page = draw(TAG)
    page.press("3", "n")
    before = page.hint()
    assert before == "tree, box 1 of 1: 100 × 100 at 150, 100."
    page.press("ArrowLeft", "Shift+ArrowUp", "Alt+ArrowRight", "Alt+Shift+ArrowDown")
    assert page.submit() == {"boundingBoxes": [box("tree", 149, 90, 101, 110)]}


def test_a_box_does_not_leave_the_picture(draw):
    page = draw(TAG, LABELS + """initial-value="[{label: 'car', left: 3, top: 2, width: 50, height: 40}]" """)
    page.focus()
    page.press("Tab", "Shift+ArrowLeft", "Shift+ArrowUp")
    assert page.submit()["boundingBoxes"] == [box("car", 0, 0, 50, 40)]


def test_a_drag_inside_the_selected_box_moves_it(draw):
    page = draw(TAG)
    page.drag((40, 30), (140, 90))
    page.drag((90, 60), (100, 80), (110, 90))
    assert page.submit() == {"boundingBoxes": [box("car", 60, 60, 100, 60)]}


def test_a_drag_inside_a_box_that_is_not_selected_draws_another(draw):
    """Small things in front of large ones are the rule, not the exception."""
    page = draw(TAG)
    page.drag((40, 30), (300, 200))
    page.press("Escape", "2")
    page.drag((100, 100), (120, 110), (160, 140))
    assert page.submit() == {"boundingBoxes": [box("car", 40, 30, 260, 170), box("dog", 100, 100, 60, 40)]}


def test_shift_and_drag_draws_on_top_of_the_selected_box(draw):
    page = draw(TAG)
    page.drag((40, 30), (300, 200))
    page.page.keyboard.down("Shift")
    page.drag((100, 100), (120, 110), (160, 140))
    page.page.keyboard.up("Shift")
    assert [entry["left"] for entry in page.submit()["boundingBoxes"]] == [40, 100]


def test_a_handle_resizes_and_may_cross_over(draw):
    page = draw(TAG)
    page.drag((140, 90), (200, 150))
    page.drag((200, 150), (210, 170), (240, 180))
    page.drag((140, 135), (180, 135), (260, 135))
    assert page.submit() == {"boundingBoxes": [box("car", 240, 90, 20, 90)]}


def test_a_click_on_a_box_selects_it_and_a_digit_then_relabels_it(draw):
    page = draw(TAG)
    page.drag((40, 30), (140, 90))
    page.press("Escape")
    page.click((90, 60))
    page.press("3")
    assert page.submit() == {"boundingBoxes": [box("tree", 40, 30, 100, 60)]}


def test_a_digit_right_after_drawing_is_for_the_next_box(draw):
    """Who draws one thing after the other never changes the one before."""
    page = draw(TAG)
    page.drag((40, 30), (140, 90))
    page.press("2")
    page.drag((200, 30), (300, 90))
    assert [entry["label"] for entry in page.submit()["boundingBoxes"]] == ["car", "dog"]


def test_delete_removes_the_selected_box_only(draw):
    page = draw(TAG)
    page.drag((40, 30), (140, 90))
    page.drag((200, 30), (300, 90))
    page.press("Delete", "Delete")
    assert page.submit() == {"boundingBoxes": [box("car", 40, 30, 100, 60)]}


def test_undo_and_redo_go_through_everything_that_was_done(draw):
    """Ten nudges are one step."""
    page = draw(TAG)
    page.drag((40, 30), (140, 90))
    page.press(*["ArrowRight"] * 10, "Delete")
    page.press("u")
    assert page.submit() == {"boundingBoxes": [box("car", 50, 30, 100, 60)]}
    page.task.reply(kind="error", message="Again.")
    page.task.says("Again.")
    page.press("u")
    assert page.submit(at_least=2) == {"boundingBoxes": [box("car", 40, 30, 100, 60)]}
    page.task.reply(kind="error", message="Once more.")
    page.task.says("Once more.")
    page.press("u", "Shift+U", "Shift+U", "Shift+U", "Shift+U")
    assert page.submit(at_least=3) == {"boundingBoxes": []}


def test_the_undo_button_says_whether_there_is_something_to_undo(draw):
    page = draw(TAG)
    assert page.button("Undo").is_disabled()
    page.press("n")
    page.button("Undo").click()
    assert page.button("Undo").is_disabled()
    page.button("Redo").click()
    assert page.rows() == ["car"]


def test_escape_gives_up_a_box_that_was_begun(draw):
    page = draw(TAG)
    page.click((40, 30))
    page.press("Escape")
    page.drag((200, 30), (300, 90))
    assert page.submit() == {"boundingBoxes": [box("car", 200, 30, 100, 60)]}


def test_an_initial_value_is_read_leniently_and_said_to_be_unmodified(draw):
    page = draw(TAG, LABELS + """initial-value="[{label: 'dog', left: 10.4, top: '20', width: 30, height: 40},]" """)
    assert page.submit() == {"boundingBoxes": [box("dog", 10, 20, 30, 40)], "initialValueModified": False}


def test_an_initial_value_that_was_changed_is_said_to_be_modified(draw):
    page = draw(TAG, LABELS + """initial-value="[{label: 'dog', left: 10, top: 20, width: 30, height: 40}]" """)
    page.focus()
    page.press("Tab", "ArrowRight")
    assert page.submit() == {"boundingBoxes": [box("dog", 11, 20, 30, 40)], "initialValueModified": True}


def test_a_change_that_was_undone_is_none(draw):
    page = draw(TAG, LABELS + """initial-value="[{label: 'dog', left: 10, top: 20, width: 30, height: 40}]" """)
    page.focus()
    page.press("Tab", "Delete", "u")
    assert page.submit()["initialValueModified"] is False


def test_a_label_of_the_initial_value_that_is_not_offered_is_kept(draw):
    page = draw(TAG, LABELS + """initial-value="[{label: 'bus', left: 10, top: 20, width: 30, height: 40}]" """)
    assert page.rows() == ["bus"]
    assert page.submit()["boundingBoxes"] == [box("bus", 10, 20, 30, 40)]


def test_tab_goes_through_the_boxes_and_on(draw):
    """The picture never catches the Tab key."""
    page = draw(TAG)
    page.drag((40, 30), (140, 90))
    page.drag((200, 30), (300, 90))
    page.press("Escape")
    page.focus()
    said = []
    for _ in range(2):
        page.press("Tab")
        said.append(page.hint())
    assert [text.split(":")[0] for text in said] == ["car, box 1 of 2", "car, box 2 of 2"]
    page.press("Tab")
    assert page.task.focused() == "−"


def test_shift_and_tab_goes_back_through_the_boxes_and_out(draw):
    page = draw(TAG)
    page.drag((40, 30), (140, 90))
    page.focus()
    page.press("Shift+Tab")
    assert page.hint().startswith("Drag over")
    page.focus()
    page.press("Shift+Tab")
    assert page.task.focused() == "Undo"


def test_v_takes_hold_of_one_corner_after_the_other(draw):
    page = draw(TAG)
    page.drag((40, 30), (140, 90))
    page.press("v", "Shift+ArrowRight", "v", "Shift+ArrowDown", "Escape", "ArrowRight")
    assert page.submit() == {"boundingBoxes": [box("car", 51, 40, 90, 50)]}


def test_the_list_beside_the_picture_chooses_and_removes(draw):
    page = draw(TAG)
    page.drag((40, 30), (140, 90))
    page.press("2")
    page.drag((200, 30), (300, 90))
    assert page.rows() == ["car", "dog"]
    page.frame.get_by_role("button", name="car 100 × 60").focus()
    page.press("ArrowDown", "ArrowUp")
    assert page.hint() == "car, box 1 of 2: 100 × 60 at 40, 30."
    page.frame.get_by_role("button", name="Remove dog").click()
    page.focus()
    assert page.submit() == {"boundingBoxes": [box("car", 40, 30, 100, 60)]}


def test_a_script_may_set_and_read_the_value(draw):
    page = draw(TAG)
    page.frame.evaluate(
        "(value) => { document.querySelector('crowd-bounding-box').value = value; }",
        {"boundingBoxes": [box("dog", 1, 2, 3, 4)]},
    )
    value = page.frame.evaluate("document.querySelector('crowd-bounding-box').value")
    assert value["boundingBoxes"] == [box("dog", 1, 2, 3, 4)]
    page.press("u")
    assert page.submit() == {"boundingBoxes": []}
