"""What the budget is made of: the histogram that fades, the forecast of a day's arrivals, and days themselves."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, strategies as st

from a2i_al.routing.arrivals import Arrivals
from a2i_al.routing.days import day_of, microseconds
from a2i_al.routing.seen import Seen, class_of, classes_of, edges

HOUR = 3_600_000_000


@given(scores=st.lists(st.floats(2**-30, 2**60), min_size=1, max_size=30))
def test_a_score_is_between_the_edges_of_its_class_and_classes_are_narrow(scores):
    for score, at in zip(scores, classes_of(np.array(scores)).tolist(), strict=True):
        low, high = edges(at)
        assert at == class_of(score)
        assert low <= score < high <= low * (1 + 1 / 16)


@given(scores=st.lists(st.floats(0.001, 1), min_size=20, max_size=200), share=st.floats(0.06, 0.99))
def test_a_threshold_has_the_share_above_it_within_the_class_that_it_is_in(scores, share):
    seen = Seen()
    for score in scores:
        seen.scores[class_of(score)] = seen.scores.get(class_of(score), 0) + 1
    threshold = seen.threshold(share)
    at = class_of(threshold) if threshold not in {edges(c)[1] for c in seen.scores} else None
    inside = seen.scores.get(at, 0) if at is not None else max(seen.scores.values())
    assert abs(sum(score >= threshold for score in scores) - share * len(scores)) <= inside + 1e-6


def test_less_than_one_of_the_seen_is_no_threshold_and_all_of_them_is_every_score():
    seen = Seen(scores={class_of(0.5): 9})
    assert seen.threshold(0.1) > 1e12
    assert seen.threshold(1.0) == 0.0


def test_what_has_faded_is_dropped():
    seen = Seen(count=1, scores={5: 1.0})
    seen.fade(1e-4, Seen(count=1, scores={6: 1}))
    assert seen.scores == {6: 1}


def test_the_first_day_goes_on_as_it_came():
    """Six hours after the first arrival, a hundred an hour: a hundred for each of the other hours."""
    day = day_of(0, UTC)
    arrivals = Arrivals(first=6 * HOUR, hours=[0] * 6 + [100] * 6 + [0] * 12)
    assert arrivals.to_come(12 * HOUR, day) == pytest.approx(1200, rel=0.05)


@pytest.mark.parametrize("busy", [0.5, 1.0, 2.0])
def test_later_days_have_the_shape_of_those_before_and_the_size_of_their_own_morning(busy):
    day = day_of(0, UTC)
    usual = [0.0] * 9 + [100.0] * 8 + [0.0] * 7
    today = [0] * 9 + [int(100 * busy)] * 4 + [0] * 11
    arrivals = Arrivals(first=9 * HOUR, hours=today, profile=usual)
    assert arrivals.to_come(13 * HOUR, day) == pytest.approx(400 * busy, rel=0.25)
    assert arrivals.to_come(18 * HOUR, day) == 0


def test_a_first_day_that_began_at_noon_says_of_the_morning_what_it_says_of_the_afternoon():
    first = Arrivals(first=0, hours=[0] * 12 + [30] + [60] * 11)
    second = first.next_day(24 * HOUR)
    assert second == Arrivals(first=24 * HOUR, profile=[60.0] * 24)
    second.hours = [20] * 24
    assert second.next_day(48 * HOUR).profile == [40.0] * 24


def test_a_day_without_arrivals_teaches_nothing():
    assert Arrivals(profile=[1.0] * 24).next_day(HOUR) == Arrivals(first=HOUR, profile=[1.0] * 24)


@pytest.mark.parametrize(
    ("date", "hours"),
    [((2026, 3, 29), 23), ((2026, 10, 25), 25), ((2026, 6, 1), 24)],
    ids=["spring", "autumn", "summer"],
)
def test_a_day_is_as_long_as_its_clocks_make_it(date, hours):
    zurich = ZoneInfo("Europe/Zurich")
    day = day_of(microseconds(datetime(*date, 12, tzinfo=zurich)), zurich)
    assert day.end - day.start == hours * HOUR
    assert day_of(day.start, zurich) == day
    assert day_of(day.end, zurich).start == day.end
    assert [day.hour(day.start), day.hour(day.end - 1)] == [0, 23]
