"""Numbers: the middle of what was said, its spread, and what is no number."""

import math
from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from a2i_al.errors import InvalidInput, UnreadAnswerWarning
from a2i_al.labels.structured.deciding import Unreadable
from a2i_al.labels.structured.numeric import read_number

NUMBERS = st.lists(st.integers(-1000, 1000) | st.floats(-1e6, 1e6), min_size=1, max_size=9)


def test_hand_worked(one):
    """3, 4, 4, 5, 400: the median is 4, two of five say so, one pair of ten agrees."""
    row = one([3, 4, 4, 5, 400], "numbers")
    assert row[["label", "value", "confidence", "agreement", "status"]].tolist() == ["4", 4, 0.4, 0.1, "agreed"]
    assert row["detail"] == {
        "median": 4, "mean": 83.2, "sd": pytest.approx(177.098, abs=1e-3), "mad": 1, "low": 3, "high": 400,
        "left_out": [],
    }  # fmt: skip


@pytest.mark.parametrize(("centre", "value"), [("median", 4), ("mean", 83.2), ("robust_mean", 4)])
def test_the_robust_mean_leaves_out_what_lies_far_off(one, centre, value):
    """400 is 396 from the median, where the median deviation is 1."""
    row = one([3, 4, 4, 5, 400], "numbers", centre=centre)
    assert row["value"] == value
    assert row["detail"]["left_out"] == ([400] if centre == "robust_mean" else [])


def test_where_most_say_the_same_nothing_is_far_off(one):
    """A median deviation of 0 says nothing of what is far."""
    assert one([4, 4, 4, 5], "numbers", centre="robust_mean")["value"] == 4.25


def test_an_even_number_of_answers_has_its_middle_between_them(one):
    """3 and 4: 3.5, and no tie; 3 and 5: 4, whole as they are."""
    assert one([3, 4], "numbers")[["label", "status"]].tolist() == ["3.5", "agreed"]
    assert one([3, 5], "numbers")["label"] == "4"
    assert one([3.0, 5], "numbers")["label"] == "4.0"


def test_numbers_that_are_near_agree(one):
    """Within the tolerance, which is part of it."""
    row = one([10, 11, 12], "numbers", tolerance=1)
    assert row[["confidence", "agreement"]].tolist() == [1, pytest.approx(2 / 3)]


@pytest.mark.parametrize(("value", "read"), [("12", 12), (" -2.5 ", -2.5), ("1e3", 1000.0), (np.float64(2), 2.0)])
def test_text_that_is_a_number_is_one(one, value, read):
    """Every plain input answers with text."""
    assert one([value], "numbers")["value"] == read


@pytest.mark.parametrize("value", ["twelve", True, 1e200, math.inf, "nan", [3], {"n": 3}, "1,5", np.array([1, 2])])
def test_what_is_no_number_does_not_count(one, value):
    with pytest.warns(UnreadAnswerWarning, match="no (finite )?number"):
        assert one([value, 3], "numbers")[["value", "n_answers"]].tolist() == [3, 1]


def test_nan_is_an_empty_answer(one):
    """As in every table."""
    assert one([math.nan, 3], "numbers")["n_answers"] == 1


@pytest.mark.parametrize("options", [{"centre": "mode"}, {"tolerance": -1}, {"tolerance": math.nan}])
def test_options_are_checked(one, options):
    with pytest.raises(InvalidInput):
        one([3], "numbers", **options)


@settings(max_examples=30)
@given(said=NUMBERS, centre=st.sampled_from(["median", "robust_mean", "mean"]))
def test_the_result_lies_within_what_was_said(unmoved, said, centre):
    """Whoever said it, in whatever order; the median is the standard library's."""
    row = unmoved(said, "numbers", centre=centre)
    slack = 1e-9 * max(map(abs, said))
    assert min(said) - slack <= row["value"] <= max(said) + slack
    assert row["detail"]["median"] == median(said)
    assert 0 <= row["confidence"] <= 1


def test_a_whole_number_of_hundreds_of_digits_is_none():
    """JSON can say it; no mean of it can be taken."""
    with pytest.raises(Unreadable, match="no finite number"):
        read_number(10**400)
