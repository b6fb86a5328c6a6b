"""<crowd-slider>: a JSON number, by arrow keys, by digits, by pointer and by figure."""

import pytest

pytestmark = pytest.mark.browser

RATING = """<crowd-slider name="clear" min="1" max="5" step="1" {}>
  <crowd-slider-label position="1">No</crowd-slider-label>
  <crowd-slider-label position="5">Yes</crowd-slider-label></crowd-slider>"""


def form(inside):
    return f"<crowd-form>{inside}</crowd-form>"


def test_a_slider_answers_a_number(task):
    page = task(form('<crowd-slider name="s" min="0" max="1" step="0.25" value="0.5"></crowd-slider>'))
    page.press("Tab", "ArrowRight", "Enter")
    assert page.answer() == {"s": 0.75}


def test_one_that_nobody_moved_answers_where_it_stands(task):
    page = task(form('<crowd-slider name="s"></crowd-slider><crowd-slider name="t" min="3" value="9"></crowd-slider>'))
    page.press("Enter")
    assert page.answer() == {"s": 0, "t": 9}


def test_digits_choose_on_a_short_scale(task):
    """Sliders one after the other, as they are still untouched."""
    page = task(form(RATING.format("") + RATING.format("").replace("clear", "right")))
    page.press("4")
    page.press("Tab", "2", "9", "Enter")
    assert page.answer() == {"clear": 4, "right": 2}


def test_a_required_slider_must_be_touched(task):
    page = task(form(RATING.format("required")))
    page.press("Enter")
    page.says("Choose a value.")
    page.press("Home", "Enter")
    assert page.answer() == {"clear": 1}


def test_an_editable_slider_takes_a_typed_figure(task):
    page = task(form('<crowd-slider name="age" max="120" editable></crowd-slider>'))
    page.frame.get_by_label("age, as a number").fill("42")
    page.press("Enter")
    assert page.answer() == {"age": 42}


def test_a_disabled_slider_does_not_answer(task):
    page = task(form('<crowd-slider name="s" disabled></crowd-slider><input name="x" value="1">'))
    assert page.frame.get_by_role("slider").is_disabled()
    page.press("Enter")
    assert page.answer() == {"x": "1"}


def test_labels_stand_below_their_positions(task):
    page = task(form(RATING.format("")))
    slider, first, last = (
        page.frame.locator(part).bounding_box()
        for part in ("input[type=range]", "crowd-slider-label:first-of-type", "crowd-slider-label:last-of-type")
    )
    assert first["x"] == pytest.approx(slider["x"], abs=12)
    assert last["x"] + last["width"] == pytest.approx(slider["x"] + slider["width"], abs=12)
    assert first["y"] > slider["y"]


@pytest.mark.parametrize(("second", "share"), [("3", 0.5), ("9", 1), ("0", 0), ("x", 0)])
def test_secondary_progress_is_a_second_bar_on_the_scale(task, second, share):
    """It shows, and does not answer."""
    page = task(form(RATING.format(f'secondary-progress="{second}" value="2"')))
    bar, track = (page.frame.locator(part).bounding_box() for part in (".second", ".track"))
    assert bar["width"] == pytest.approx(share * (track["width"] - 16), abs=1)
    page.press("Enter")
    assert page.answer() == {"clear": 2}


def test_without_secondary_progress_there_is_one_bar(task):
    assert task(form(RATING.format(""))).frame.locator(".second").count() == 0


def test_axe_finds_nothing(violations):
    assert violations(form(RATING.format("") + '<crowd-slider name="age" editable></crowd-slider>'), "3") == []
