"""Whose clock counts: tables in any order, arrivals that come late, and clocks that are years ahead."""

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings, strategies as st

from a2i_al.routing import Confidence, Percentage, Router
from a2i_al.routing.arrivals import Arrivals
from a2i_al.routing.past import Past

MONDAY = datetime(2026, 6, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def stream(days=3, a_day=1000, seed=0):
    """Return predictions that arrive evenly over days."""
    n, rng = days * a_day, np.random.default_rng(seed)
    at = pd.date_range(MONDAY, periods=n, freq=DAY / a_day)
    return pd.DataFrame({"item_id": np.arange(n), "confidence": rng.beta(6, 1, n), "at": at})


def reviews(router, times, name=""):
    """Return how many of the predictions at these times are reviewed, decided on one by one, none more sure."""
    rows = enumerate(times)
    return sum(router.decide({"confidence": 0.5}, item_id=f"{name}{i}", now=now).review for i, now in rows)


def spread(day, n=200):
    """Return times over a day, counted from Monday."""
    return [MONDAY + day * DAY + i * DAY / n for i in range(n)]


@pytest.mark.parametrize("order", ["newest first", "shuffled", "by another column"])
def test_a_table_in_any_order_is_decided_on_oldest_first_and_given_back_as_it_came(order):
    """An export is seldom sorted by time, and the budget must not be lost over that."""
    table = stream()
    other = {
        "newest first": table[::-1],
        "shuffled": table.sample(frac=1, random_state=0),
        "by another column": table.sort_values("confidence"),
    }[order]
    rules, budget = [Confidence(below=0.95), Percentage(1)], 100
    wanted = Router(rules, budget_per_day=budget).decide_table(table, now="at")
    assert wanted.groupby(table["at"].dt.date)["review"].sum().tolist() == [100] * 3
    router = Router(rules, budget_per_day=budget)
    got = router.decide_table(other, now="at")
    assert got["item_id"].tolist() == other["item_id"].astype(str).tolist()
    back = got.iloc[np.argsort(other.index)].reset_index(drop=True)
    pd.testing.assert_frame_equal(back, wanted)


def test_rows_of_one_moment_keep_their_order():
    """As a stable sort leaves them, so that a table at one moment is the stream that it was."""
    table = pd.DataFrame({"item_id": range(40), "confidence": 0.5})
    now = [MONDAY + (i % 2) * HOUR for i in range(40)]
    alone, together = Router(budget_per_day=8), Router(budget_per_day=8)
    by_hour = [*range(0, 40, 2), *range(1, 40, 2)]
    said = {i: alone.decide({"confidence": 0.5}, item_id=i, now=now[i]).review for i in by_hour}
    assert together.decide_table(table, now=now)["review"].tolist() == [said[i] for i in range(40)]
    assert together.state() == alone.state()


def test_one_clock_that_is_years_ahead_stops_the_budget_for_nobody_else():
    """Also after the state was saved meanwhile, and for tables as for single predictions."""
    router = Router(budget_per_day=10)
    assert reviews(router, spread(0)) == 10
    reviews(router, [datetime(2099, 1, 1, tzinfo=UTC)], "ahead")
    router = Router.from_dict(router.to_dict(), state=json.loads(json.dumps(router.state())))
    assert [reviews(router, spread(day)) for day in (1, 2)] == [10, 10]
    reviews(router, [datetime(2099, 1, 1, tzinfo=UTC)], "ahead")
    table = pd.DataFrame({"item_id": range(200), "confidence": 0.5, "at": spread(3)})
    assert router.decide_table(table, now="at")["review"].sum() == 10


def test_the_day_that_comes_back_goes_on_with_what_it_had_spent_and_learnt():
    """A wrong clock at noon gives the day no second budget, and teaches nothing of what days are like."""
    straight, disturbed = Router(budget_per_day=50), Router(budget_per_day=50)
    for day in range(3):
        times = spread(day)
        morning, rest = times[:100], times[100:]
        assert reviews(straight, morning, f"{day}a") == reviews(disturbed, morning, f"{day}a")
        reviews(disturbed, [MONDAY + 9 * 365 * DAY], f"{day}x")
        assert reviews(straight, rest, f"{day}b") == pytest.approx(reviews(disturbed, rest, f"{day}b"), abs=3)
    told = [router.state()["budget"]["arrivals"] for router in (straight, disturbed)]
    assert told[0] == told[1]


def test_up_to_a_day_behind_is_late_and_counts_for_the_present():
    router = Router(budget_per_day=5)
    reviews(router, [MONDAY + DAY], "on time")
    reviews(router, [MONDAY + HOUR, MONDAY], "late")
    assert router.state()["budget"]["arrivals"]["hours"] == [3] + [0] * 23
    reviews(router, [MONDAY - HOUR], "of another day")
    assert router.state()["budget"]["arrivals"]["hours"] == [0] * 23 + [1]


@given(
    hours=st.lists(st.sampled_from([0, 5, 23, 24, 30, 48, 49, 24 * 10, 24 * 365 * 70]), min_size=1, max_size=150),
    budget=st.integers(0, 4),
    percent=st.sampled_from([1, 50]),
)
@example(hours=[30, 0, 24], budget=1, percent=1)  # a day that comes back, earlier than it had begun
@settings(max_examples=60)
def test_no_day_has_two_budgets_in_whatever_order_the_times_come(hours, budget, percent):
    """By the time that a prediction counts for: its own, or the present if it is a little late."""
    router, last, spent = Router([Percentage(percent)], budget_per_day=budget), None, {}
    for i, each in enumerate(hours):
        now = MONDAY + each * HOUR
        last = now if last is None or last - now > DAY else max(now, last)
        review = router.decide({"confidence": 0.5}, item_id=str(i), now=now).review
        spent[last.date()] = spent.get(last.date(), 0) + review
    assert max(spent.values()) <= budget
    assert router.state()["budget"]["spent"] == spent[last.date()]


def test_what_is_known_of_the_past_stays_small():
    past = Past()
    for day in range(200):
        past.leave(f"{2026 + day}-01-01", day, Arrivals(first=day, hours=[day + 1] * 24, profile=[1.0] * 24))
    assert list(past.spent) == [f"{2026 + day}-01-01" for day in range(100, 200)]
    assert list(past.arrivals) == ["2223-01-01", "2224-01-01", "2225-01-01"]
    assert len(json.dumps(past.to_dict())) < 4000
    assert Past.from_dict(json.loads(json.dumps(past.to_dict()))) == past


def test_a_new_day_has_learnt_from_the_day_before_it_by_date():
    past = Past()
    past.leave("2026-06-01", 5, Arrivals(first=0, hours=[10] * 24, profile=[20.0] * 24))
    past.leave("2099-01-01", 1, Arrivals(first=0, hours=[1] + [0] * 23, profile=[15.0] * 24))
    assert past.enter("2026-06-02", 9) == (0, Arrivals(first=9, profile=[15.0] * 24))
    assert past.enter("2020-01-01", 9) == (0, Arrivals(first=9, profile=[20.0] * 24))
    assert past.enter("2026-06-01", 9) == (5, Arrivals(first=0, hours=[10] * 24, profile=[20.0] * 24))
