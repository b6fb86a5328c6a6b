"""Traffic that comes in bursts, as a job of every night: the budget is spent on it as on traffic that is spread."""

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from a2i_al.routing import Router
from a2i_al.routing.arrivals import Arrivals
from a2i_al.routing.days import day_of

MONDAY = pd.Timestamp("2026-06-01", tz="UTC")
MINUTE = 60_000_000
TODAY = day_of(0, UTC)


def spent_and_worth(minutes, a_day, budget=100, days=6, seed=0):
    """Return, by day, the share of what could be reviewed, and of the doubt that the most uncertain had."""
    rng, spent, worth = np.random.default_rng(seed), [], []
    router = Router(budget_per_day=budget)
    for day in range(days):
        at = MONDAY + pd.Timedelta(days=day) + pd.to_timedelta(np.sort(minutes(rng, a_day)), unit="min")
        doubt = rng.beta(1, 6, len(at)) / 2
        table = pd.DataFrame({"item_id": [f"{day}-{i}" for i in range(len(at))], "confidence": 1 - doubt, "at": at})
        review = router.decide_table(table, now="at")["review"].to_numpy()
        most = min(budget, len(at))
        assert review.sum() <= budget
        spent.append(review.sum() / most)
        worth.append(doubt[review].sum() / np.sort(doubt)[-most:].sum())
    return np.array(spent), np.array(worth)


def nightly(rng, n):
    return 125 + 10 * rng.random(n)


def twice(rng, n):
    return np.where(rng.random(n) < 0.5, 9 * 60, 15 * 60) + 15 * rng.random(n)


@pytest.mark.parametrize(
    "minutes",
    [
        nightly,
        twice,
        lambda rng, n: 540 + 60 * rng.random(n),
        lambda rng, n: 110 + 10 * rng.random(n),
        lambda _, n: np.full(n, 120.0),
    ],
    ids=["ten minutes", "two bursts", "an hour", "the end of an hour", "one moment"],
)
def test_a_burst_that_the_budget_can_pay_for_is_reviewed_in_full_from_the_second_day(minutes):
    spent, _ = spent_and_worth(minutes, 80)
    assert spent[1:].min() >= 0.97


@pytest.mark.parametrize(
    "minutes", [nightly, lambda rng, n: 125 + 5 * rng.random(n), twice], ids=["ten minutes", "five minutes", "twice"]
)
def test_of_a_burst_that_is_larger_than_the_budget_it_takes_the_most_uncertain(minutes):
    for seed in range(2):
        spent, worth = spent_and_worth(minutes, 1000, seed=seed)
        assert spent[1:].min() >= 0.93
        assert worth[1:].min() >= 0.9


def test_a_burst_that_comes_ten_minutes_early_or_late_is_mostly_reviewed():
    spent, _ = spent_and_worth(lambda rng, n: 150 + rng.uniform(-10, 10) + 10 * rng.random(n), 80)
    assert spent[1:].min() >= 0.9


def test_within_its_hour_a_burst_is_no_busier_day():
    """Forty of the usual eighty have come in the first minute of the hour: forty are to come, not thousands."""
    usual = [0.0] * 2 + [80.0] + [0.0] * 21
    burst = Arrivals(first=0, hours=[0, 0, 39] + [0] * 21, profile=usual)
    assert 30 <= burst.to_come(121 * MINUTE, TODAY) <= 40
    assert Arrivals(first=0, hours=[0, 0, 79] + [0] * 21, profile=usual).to_come(130 * MINUTE, TODAY) == 0


@pytest.mark.parametrize("came", [[200, 50], [0, 400]], ids=["in the hour that is over", "more than the hour ever has"])
def test_a_busier_day_is_one_from_the_next_hour_on_or_when_the_hour_has_more_than_ever(came):
    usual, day = [100.0] * 24, [*came] + [0] * 22
    now = 90 if came[0] else 65
    expected = Arrivals(first=0, hours=day, profile=usual).to_come(now * MINUTE, TODAY)
    assert expected > 1.1 * (2400 - sum(came))


def test_a_first_day_takes_traffic_to_go_on_as_it_came():
    """What a burst leaves on it is the price of knowing nothing: the notes on the router say so."""
    spent, _ = spent_and_worth(nightly, 80, days=2)
    assert spent[0] < 0.5 < spent[1]


def test_a_state_of_the_middle_of_a_burst_goes_on_with_it():
    at = [datetime(2026, 6, 1 + day, 2, 5, tzinfo=UTC) for day in range(3) for _ in range(60)]
    straight, saved = Router(budget_per_day=40), Router(budget_per_day=40)
    for i, now in enumerate(at):
        saved = Router.from_dict(saved.to_dict(), state=saved.state())
        row = {"confidence": i * 37 % 100 / 100}
        assert saved.decide(row, item_id=str(i), now=now) == straight.decide(row, item_id=str(i), now=now)
