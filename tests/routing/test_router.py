"""The router: which rule is above which, what a decision says, JSON, picks, and what is refused."""

import json
from datetime import UTC, datetime

import pandas as pd
import pytest

from a2i_al.errors import InvalidInput, InvalidTable
from a2i_al.routing import Always, Column, Confidence, Decision, Never, Percentage, Router
from a2i_al.tables import PICKS

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
UNSURE, SURE = {"confidence": 0.5, "amount": 5}, {"confidence": 0.99, "amount": 5}


def test_any_rule_is_enough_and_every_one_that_asks_is_a_reason():
    router = Router([Confidence(below=0.8), Column("amount", ">", 1000), Percentage(5)])
    decision = router.decide({"confidence": 0.5, "amount": 2000}, item_id="1")
    assert decision == Decision("1", True, ("confidence below 0.8 or missing", "amount > 1000"), 1.0)


def test_what_no_rule_asks_for_has_the_chance_of_the_samples():
    decision = Router([Confidence(below=0.8), Percentage(5)]).decide(SURE, item_id="1")
    assert decision == Decision("1", False, ("no rule asks for it",), 0.05)
    assert Router([Confidence(below=0.8)]).decide(SURE, item_id="1").inclusion_probability == 0.0


def test_never_is_above_always_and_always_above_the_rules():
    router = Router([Confidence(below=0.8), Always(["1", "2"]), Never(["2", "3"])])
    decided = {i: router.decide(UNSURE if i == "3" else SURE, item_id=i) for i in "123"}
    assert decided["1"] == Decision("1", True, ("on the always list",), 1.0)
    assert decided["2"] == Decision("2", False, ("on the never list",), 0.0)
    assert decided["3"] == Decision("3", False, ("on the never list",), 0.0)


def test_always_is_above_the_budget_and_counts_towards_it():
    """A list that somebody wrote is a promise; the others get what it leaves."""
    router = Router([Always(["vip", "boss"]), Confidence(below=0.8)], budget_per_day=1)
    assert router.decide(SURE, item_id="vip", now=NOON).review
    assert router.decide(SURE, item_id="boss", now=NOON).review
    spent = router.decide(UNSURE, item_id="1", now=NOON)
    assert spent == Decision("1", False, ("the day's budget is spent",), 0.0)


def test_a_sample_is_above_the_threshold_of_the_budget_and_not_above_the_budget():
    router = Router([Percentage(100 - 1e-9), Confidence(below=0.8)], budget_per_day=1)
    decided = [router.decide(SURE, item_id=i, now=NOON) for i in "ab"]
    assert decided[0].review
    assert decided[0].inclusion_probability == pytest.approx(1, abs=1e-9)
    assert decided[1].reasons == ("the day's budget is spent",)


def test_with_a_budget_and_no_rule_that_names_candidates_everything_is_one():
    """A share for the audit and the rest for the most uncertain is one rule and a budget."""
    rows = [{"item_id": str(i), "confidence": i / 100} for i in range(100)]
    decided = Router([Percentage(1)], budget_per_day=10).decide_table(pd.DataFrame(rows))
    assert decided["review"].sum() == 10
    named = Router([Confidence(below=0.05)], budget_per_day=10).decide_table(pd.DataFrame(rows))
    assert named.loc[named["review"], "item_id"].astype(int).max() < 5


def test_what_the_budget_does_not_reach_says_so():
    router = Router([Confidence(below=0.8)], budget_per_day=0)
    assert router.decide(UNSURE, item_id="1", now=NOON).reasons == ("the day's budget is spent",)
    router = Router([Confidence(below=0.8)], budget_per_day=1)
    first = router.decide(UNSURE, item_id="1", now=NOON, still_to_come=1000)
    assert first.reasons == ("less uncertain than the budget reaches",)
    last = router.decide(UNSURE, item_id="2", now=NOON, still_to_come=0)
    assert last.reasons == ("confidence below 0.8 or missing", "among the most uncertain that the budget reaches")


def test_a_router_is_the_same_after_a_round_trip_through_json():
    rules = [Confidence(below=0.8), Percentage(5) & Column("amount", ">", 10), Never(["1"])]
    router = Router(rules, budget_per_day=7, score="margin", tz="Europe/Zurich", random_state=3)
    again = Router.from_dict(json.loads(json.dumps(router.to_dict())))
    assert again.to_dict() == router.to_dict()
    assert again.rules == tuple(rules)
    assert repr(again).endswith("budget_per_day=7, score='margin', tz='Europe/Zurich', random_state=3)")


def test_a_router_that_goes_on_from_a_saved_state_decides_as_the_other_would_have():
    def decide(router, at):
        row = {"confidence": (at * 37 % 100) / 100}
        return router.decide(row, item_id=str(at), now=datetime(2026, 7, 1 + at // 300, at // 15 % 20, tzinfo=UTC))

    straight = Router(budget_per_day=20)
    wanted = [decide(straight, at) for at in range(900)]
    router, got = Router(budget_per_day=20), []
    for at in range(900):
        router = Router.from_dict(router.to_dict(), state=json.loads(json.dumps(router.state(), allow_nan=False)))
        got.append(decide(router, at))
    assert got == wanted
    assert sum(d.review for d in got) > 50
    assert len(json.dumps(router.state())) < 10_000


def test_picks_are_the_reviews_in_their_order_once_each():
    router = Router([Confidence(below=0.8), Percentage(50)])
    table = router.decide_table(pd.DataFrame({"item_id": ["a", "b", "a"], "confidence": [0.5, 0.6, 0.4]}))
    picks = router.picks(table)
    assert picks["item_id"].tolist() == ["a", "b"]
    assert picks["rank"].tolist() == [1, 2]
    assert picks["strategy"].tolist() == ["router"] * 2
    one_by_one = [router.decide({"confidence": c}, item_id=i) for i, c in (("a", 0.5), ("b", 0.6), ("a", 0.4))]
    pd.testing.assert_frame_equal(router.picks(one_by_one), picks)
    assert PICKS.check(table[table["review"]].drop_duplicates("item_id"))["item_id"].tolist() == ["a", "b"]
    assert router.picks([]).empty


def test_the_item_id_is_the_predictions_own_unless_it_is_given():
    router = Router([Always(["7"])])
    assert router.decide({"item_id": 7}).review
    assert router.decide({"item_id": 8}, item_id=7).item_id == "7"
    with pytest.raises(InvalidInput, match="no item_id"):
        router.decide({"item_id": None})


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"rules": ["confidence < 0.8"]}, "a Rule"),
        ({"budget_per_day": -1}, "from 0"),
        ({"budget_per_day": 1.5}, "a whole number"),
        ({"tz": "Europe/Nowhere"}, "a time zone"),
        ({"random_state": None}, "a whole number"),
        ({"score": None}, "name of a column"),
        ({"state": {"version": 2}}, "Router.state"),
    ],
)
def test_settings_that_are_not_of_their_kind_are_refused(settings, words):
    with pytest.raises(InvalidInput, match=words):
        Router(**settings)


def test_a_document_that_is_no_router_is_refused():
    with pytest.raises(InvalidInput, match="no router"):
        Router.from_dict({"rules": [], "budget": 5})
    with pytest.raises(InvalidInput, match="no router"):
        Router.from_dict({})


@pytest.mark.parametrize(
    ("prediction", "settings", "words"),
    [
        ("text", {}, "a mapping"),
        ({"confidence": 0.5}, {"now": datetime(2026, 7, 1)}, "aware datetime"),  # noqa: DTZ001
        ({"confidence": 0.5}, {"now": "2026-07-01"}, "aware datetime"),
        ({"confidence": 0.5}, {"still_to_come": -1}, "still_to_come is -1"),
        ({"confidence": 1.5}, {}, "from 0 to 1, or None"),
        ({"confidence": "high"}, {}, "a number, or None"),
    ],
)
def test_a_prediction_that_cannot_be_decided_on_is_refused(prediction, settings, words):
    with pytest.raises(InvalidInput, match=words):
        Router(budget_per_day=5).decide(prediction, item_id="1", **settings)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ([1], "a pandas DataFrame"),
        (pd.DataFrame({"confidence": [0.5]}), "lacks 'item_id'"),
        (pd.DataFrame({"item_id": ["1", ""], "confidence": [0.5, 0.5]}), "missing in 1 of 2 rows"),
    ],
)
def test_a_table_without_an_id_in_every_row_is_refused(table, words):
    with pytest.raises(InvalidTable, match=words):
        Router().decide_table(table)


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("at", "no 'at'"),
        ([NOON], "one for each of 2 rows"),
        ([NOON, None], "one for each of 2 rows"),
        ([datetime(2026, 7, 1)] * 2, "aware datetime"),  # noqa: DTZ001
        (datetime(2026, 7, 1), "aware datetime"),  # noqa: DTZ001
    ],
)
def test_moments_that_are_not_one_for_each_row_and_aware_are_refused(now, words):
    with pytest.raises(InvalidInput, match=words):
        Router(budget_per_day=5).decide_table(pd.DataFrame({"item_id": [1, 2], "confidence": [0.5, 0.5]}), now=now)
