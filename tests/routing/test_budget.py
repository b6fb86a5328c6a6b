"""The daily budget: never exceeded, nearly always spent, on the most uncertain, and by the clock of its time zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from a2i_al.routing import Always, Confidence, Percentage, Router

MONDAY = datetime(2026, 6, 1, tzinfo=UTC)


def traffic(days, per_day, *, rng, hours=(0, 24), skill=8.0, change=None):
    """Return predictions over days: Poisson many a day, uniformly between two hours, with confidences from a beta."""
    parts = []
    for day in range(days):
        n = rng.poisson(per_day)
        at = np.sort(rng.uniform(*hours, n))
        confidence = rng.beta(skill, 1, n)
        if change:
            confidence = change(day, at, confidence)
        moments = MONDAY + pd.to_timedelta(day, unit="D") + pd.to_timedelta(at, unit="h")
        parts.append(pd.DataFrame({"day": day, "at": moments, "hour": at, "confidence": confidence}))
    table = pd.concat(parts, ignore_index=True)
    return table.assign(item_id=[f"item-{i}" for i in range(len(table))])


def routed(table, rules=(), **settings_):
    """Return the table with the router's decisions beside it."""
    decided = Router(rules, **settings_).decide_table(table, now="at")
    return table.assign(**{name: decided[name] for name in ("review", "reason", "inclusion_probability")})


def spent(table):
    """Return the reviews of each day."""
    return table.groupby("day")["review"].sum()


def worth(table, budget):
    """Return the uncertainty that each day's reviews went to, as a share of what its most uncertain had."""
    doubt = 1 - table["confidence"]
    best = doubt.groupby(table["day"]).apply(lambda each: each.nlargest(budget).sum())
    return doubt.where(table["review"], 0).groupby(table["day"]).sum() / best


@given(
    gaps=st.lists(st.integers(0, 30_000), min_size=1, max_size=300),
    confidence=st.lists(st.sampled_from([0.0, 0.5, 0.9, 0.99, 1.0]), min_size=1, max_size=7),
    budget=st.integers(0, 12),
    percent=st.sampled_from([0.1, 10, 60]),
)
def test_a_day_never_has_more_reviews_than_its_budget(gaps, confidence, budget, percent):
    """Whatever comes, whenever it comes, sampled or not."""
    at = MONDAY + pd.to_timedelta(np.cumsum(gaps), unit="s")
    table = pd.DataFrame({"item_id": range(len(gaps)), "confidence": np.resize(confidence, len(gaps)), "at": at})
    table = table.assign(day=table["at"].dt.date)
    assert spent(routed(table, [Percentage(percent)], budget_per_day=budget)).max() <= budget


def test_only_items_on_an_always_list_exceed_it():
    table = pd.DataFrame({"item_id": range(50), "confidence": 0.5, "at": pd.date_range(MONDAY, periods=50, freq="min")})
    table = routed(table, [Always(range(0, 50, 5)), Confidence(below=0.8)], budget_per_day=4)
    assert table.loc[table["review"], "item_id"].tolist() == list(range(0, 50, 5))


@pytest.mark.parametrize(
    ("per_day", "budget", "worth_of_first"), [(10_000, 100, 0.95), (2_000, 200, 0.95), (1_000, 20, 0.85)]
)
def test_a_steady_stream_spends_it_on_nearly_the_most_uncertain(per_day, budget, worth_of_first):
    """From the first day, which knows neither how many will come nor how uncertain they are; better on later ones."""
    for seed in range(3):
        table = routed(traffic(4, per_day, rng=np.random.default_rng(seed)), budget_per_day=budget)
        assert spent(table).min() >= 0.95 * budget
        assert worth(table, budget)[0] >= worth_of_first
        assert worth(table, budget)[1:].mean() >= 0.95


def test_a_stream_of_working_hours_is_known_after_a_day():
    """The first day takes it to go on after five; those after know better."""
    table = routed(traffic(4, 3000, rng=np.random.default_rng(0), hours=(9, 17)), budget_per_day=100)
    assert spent(table)[1:].min() >= 95
    assert worth(table, 100)[3] >= 0.95


@pytest.mark.parametrize("factor", [0.2, 5.0])
def test_a_change_of_uncertainty_within_the_day_leaves_the_spending_even(factor):
    """At noon the model becomes five times as sure, or as unsure: neither half of the day takes it all."""

    def change(day, hours, confidence):
        doubt = np.where((day == 2) & (hours >= 12), factor, 1.0) * (1 - confidence) / 5
        return 1 - doubt

    table = routed(traffic(3, 10_000, rng=np.random.default_rng(1), change=change), budget_per_day=100)
    last = table[table["day"] == 2]
    assert 95 <= last["review"].sum() <= 100
    halves = last.groupby(last["hour"] >= 12)
    assert 35 <= halves["review"].sum()[True] <= 65
    after = last[last["hour"] >= 14]
    doubt = (1 - after["confidence"]).nlargest(int(after["review"].sum()))
    assert (1 - after.loc[after["review"], "confidence"]).sum() >= 0.8 * doubt.sum()


def test_twice_the_traffic_of_a_usual_day_is_noticed():
    rng = np.random.default_rng(2)
    usual = traffic(2, 5000, rng=rng)
    busy = traffic(1, 10_000, rng=rng).assign(day=2)
    busy["at"] += pd.Timedelta(days=2)
    table = pd.concat([usual, busy], ignore_index=True)
    table = routed(table.assign(item_id=range(len(table))), budget_per_day=100)
    assert spent(table)[2] >= 95
    assert worth(table, 100)[2] >= 0.9


def test_ties_do_not_take_it_all_at_once():
    """Every prediction is as uncertain: the reviews are spread over the day all the same."""
    table = traffic(
        2, 5000, rng=np.random.default_rng(3), change=lambda _, __, confidence: np.full(len(confidence), 0.5)
    )
    table = routed(table, budget_per_day=100)
    assert spent(table).min() >= 95
    second = table[table["day"] == 1]
    assert second.loc[second["review"], "hour"].median() == pytest.approx(12, abs=3)


def test_what_the_samples_will_need_is_kept_back_for_them():
    """So that the chance of a sampled item is the percentage until midnight."""
    table = traffic(3, 5000, rng=np.random.default_rng(4))
    table = routed(table, [Percentage(1), Confidence(below=0.9)], budget_per_day=100)
    assert set(table["inclusion_probability"].unique()) == {0.01, 1.0}
    assert spent(table).min() >= 95
    assert (table["reason"] == "the day's budget is spent").sum() == 0


def test_a_missing_score_is_the_most_uncertain():
    table = traffic(2, 2000, rng=np.random.default_rng(5))
    unknown = table.index[table["day"] == 1][::100]
    table.loc[unknown, "confidence"] = None
    table = routed(table, budget_per_day=100)
    assert table.loc[unknown, "review"].mean() > 0.9


def test_another_column_can_be_what_it_goes_by():
    """On any scale: 16 classes to a factor of two."""
    rng = np.random.default_rng(6)
    table = traffic(2, 5000, rng=rng)
    table = routed(table.assign(risk=rng.lognormal(8, 2, len(table))), budget_per_day=100, score="risk")
    day = table[table["day"] == 1]
    assert day.loc[day["review"], "risk"].sum() >= 0.9 * day["risk"].nlargest(100).sum()


@pytest.mark.parametrize("tz", ["UTC", "Europe/Zurich", "America/Los_Angeles"])
def test_a_day_is_a_day_of_the_time_zone_on_the_day_that_its_clocks_change_too(tz):
    """A stream over the end of October: no local day has more than its budget, and each has its own."""
    at = pd.date_range("2026-10-24", "2026-11-03", freq="7min", tz=tz)[:-1]
    table = pd.DataFrame({"item_id": range(len(at)), "confidence": 0.5, "at": at, "day": at.date})
    table = routed(table, budget_per_day=20, tz=tz)
    assert spent(table).between(18, 20).all()


def test_a_new_day_begins_at_local_midnight():
    router = Router(budget_per_day=1, tz="Asia/Kolkata")
    midnight = datetime(2026, 6, 2, tzinfo=ZoneInfo("Asia/Kolkata"))
    decided = []
    for minutes in (-2, -1, 0):
        now = midnight.astimezone(UTC) + timedelta(minutes=minutes)
        decided.append(router.decide({"confidence": 0.5}, item_id=str(minutes), now=now, still_to_come=0).review)
    assert decided == [True, False, True]


def test_a_clock_that_is_behind_does_not_bring_yesterday_back():
    """Machines' clocks differ: a moment before midnight after one past it is of the new day."""
    router = Router(budget_per_day=1)
    for minutes, review in ((1, True), (-1, False), (2, False)):
        now = MONDAY + timedelta(minutes=minutes)
        decision = router.decide({"confidence": 0.5}, item_id=str(minutes), now=now, still_to_come=0)
        assert decision.review is review
    assert router.state()["budget"]["arrivals"]["hours"] == [3] + [0] * 23


def test_spending_never_runs_far_ahead_of_the_day():
    """Every prediction is more uncertain than all before, so every threshold is too low."""

    def rising(day, hours, confidence):
        return 1 - np.linspace(0.01, 0.9, len(confidence)) if day else confidence

    table = routed(traffic(2, 5000, rng=np.random.default_rng(8), change=rising), budget_per_day=100)
    day = table[table["day"] == 1]
    ahead = day["review"].cumsum() - 100 * np.arange(1, len(day) + 1) / len(day)
    assert ahead.max() <= 25
    assert day["review"].sum() >= 95


@given(size=st.integers(1, 60), budget=st.integers(1, 70))
@settings(max_examples=30)
def test_who_knows_how_many_come_has_it_spent(size, budget):
    """With `still_to_come` the last ones get what is left."""
    router = Router(budget_per_day=budget)
    reviews = [
        router.decide({"confidence": i * 7 % 10 / 10}, item_id=str(i), now=MONDAY, still_to_come=size - i - 1).review
        for i in range(size)
    ]
    assert sum(reviews) >= min(size, budget) - max(0.1 * budget, 2)


def test_a_nightly_batch_is_a_day_of_its_own():
    """All at once, and again the next night; a second table of the day gets what the first left."""
    rng = np.random.default_rng(7)
    table = pd.DataFrame({"item_id": range(5000), "confidence": np.sort(rng.random(5000))[::-1]})
    router = Router([Confidence(below=0.9)], budget_per_day=50)
    assert router.decide_table(table)["review"].to_numpy().nonzero()[0].tolist() == list(range(4950, 5000))
    assert not router.decide_table(table)["review"].any()
    state = router.state()
    assert state["budget"]["spent"] == 50
    assert sum(state["budget"]["arrivals"]["hours"]) == 10_000
