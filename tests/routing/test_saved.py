"""Routers that are copied, pickled and written as JSON, with numbers of every kind, and states that are none."""

import copy
import json
import pickle
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import numpy as np
import pytest

from a2i_al.errors import InvalidInput
from a2i_al.routing import ActivationConditions, Always, Column, Confidence, Margin, Percentage, Router, Rule

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
RULES = [
    Confidence(below=0.8, per_class={1: 0.9}),
    Percentage(5) & Column("amount", "in", [1, 2]),
    Always(["7"]),
    ActivationConditions('{"Conditions": []}'),
]


def decide(router, at):
    """Return the decision about one of a stream of predictions."""
    row = {"confidence": at * 37 % 100 / 100, "predicted_label": "a", "amount": at % 5}
    return router.decide(row, item_id=str(at), now=NOON + timedelta(minutes=at))


@pytest.mark.parametrize(
    "copied",
    [copy.copy, copy.deepcopy, lambda router: pickle.loads(pickle.dumps(router))],  # noqa: S301 - what it has just made
    ids=["copy", "deepcopy", "pickle"],
)
@pytest.mark.parametrize("budget", [None, 20])
def test_a_copy_goes_on_as_the_router_would_have_and_by_itself(copied, budget):
    """For several processes, or to look ahead: what the copy spends is not the router's."""
    router = Router(RULES[:3], budget_per_day=budget, tz="Europe/Zurich", random_state=3)
    for at in range(150):
        decide(router, at)
    other, before = copied(router), router.state()
    assert (other.to_dict(), other.state(), other.rules) == (router.to_dict(), before, router.rules)
    said = [decide(other, at) for at in range(150, 300)]
    assert router.state() == before
    assert [decide(router, at) for at in range(150, 300)] == said


def test_a_state_is_the_same_after_a_store_that_sorts_names_and_one_without_past_days_is_read():
    """A database's JSON keeps no order; a clock that is a year ahead is the first to be forgotten."""
    router, other = (Router(budget_per_day=3) for _ in range(2))
    days = [NOON, NOON + timedelta(days=365), *[NOON + timedelta(days=day) for day in (1, 2, 3, 4)]]
    for at, day in enumerate(each for each in days for _ in range(8)):
        row = {"confidence": at * 37 % 100 / 100}
        stored = json.loads(json.dumps(other.state(), sort_keys=True))
        other = Router.from_dict(other.to_dict(), state=stored)
        one = router.decide(row, item_id=str(at), now=day)
        assert other.decide(row, item_id=str(at), now=day) == one
    assert other.state() == router.state()
    state = router.state()
    del state["budget"]["past"]
    assert Router(budget_per_day=3, state=state).decide({"confidence": 0.5}, item_id="x", now=days[-1])


@pytest.mark.parametrize(("saved", "label"), [("1", 1), ("1", 1.0), ("1", "1"), ("1.0", 1.0)])
def test_a_threshold_that_was_saved_for_a_number_is_one_for_the_number(saved, label):
    """Whichever text it had been given."""
    router = Router([Confidence(per_class={saved: 0.9})])
    assert router.decide({"predicted_label": label, "confidence": 0.5}, item_id="x").review


@pytest.mark.parametrize(
    "rule",
    [
        Confidence(below=np.float32(0.5), per_class={np.int64(1): np.float16(0.5)}),
        Confidence(below=np.float64(0.5)),
        Margin(below=np.float32(0.5)),
        Percentage(np.int64(5)),
        Percentage(Fraction(5, 2)),
        Column("a", ">", np.int64(5)),
        Column("a", "==", np.float32(5)),
        Column("a", "in", [np.int64(5), "x", np.float64(2)]),
        Column("a", "not in", {np.int64(5)}),
    ],
    ids=repr,
)
def test_numbers_of_numpy_are_plain_ones_in_a_rule(rule):
    """As what a threshold was worked out with gives them; JSON has no others."""
    text = json.dumps(Router([rule]).to_dict())
    [again] = Router.from_dict(json.loads(text)).rules
    assert again == rule
    assert again.reason == rule.reason
    assert "np." not in repr(rule)


def test_a_rule_of_ones_own_has_plain_numbers_in_its_json_too():
    @dataclass(frozen=True)
    class Threshold(Rule):
        limit: float
        by_class: dict

    document = Threshold(np.float32(0.5), {"a": np.int64(1)}).to_dict()
    assert json.loads(json.dumps(document)) == {"rule": "Threshold", "limit": 0.5, "by_class": {"a": 1}}


def test_settings_may_be_integers_of_numpy_and_nothing_like_them():
    router = Router(budget_per_day=np.int64(5), random_state=np.uint8(3))
    assert json.loads(json.dumps(router.to_dict())) == Router(budget_per_day=5, random_state=3).to_dict()
    for wrong in (True, np.float64(5), 5.5, "5", np.bool_(True)):
        with pytest.raises(InvalidInput, match=r"budget_per_day is .*a whole number from 0, or None"):
            Router(budget_per_day=wrong)
        with pytest.raises(InvalidInput, match=r"random_state is .*a whole number"):
            Router(random_state=wrong)


def state_with(**changed):
    """Return a state with some of the budget's values changed; None takes one away."""
    router = Router(budget_per_day=5)
    decide(router, 0)
    budget = {**router.state()["budget"], **changed}
    return {"version": 1, "budget": {name: value for name, value in budget.items() if value is not None}}


@pytest.mark.parametrize(
    "state",
    [
        {"version": 1, "budget": {"last": 1}},
        {"version": 1, "budget": "x"},
        {"version": 1, "budget": [1]},
        {"version": 2, "budget": None},
        {"budget": {}},
        {"version": 1, "budget": {}},
        [1],
        "state",
        *[state_with(**{name: None}) for name in ("last", "spent", "arrivals", "seen", "block", "begun")],
        state_with(spent="many"),
        state_with(last=1e400),
        state_with(last=10**30),
        state_with(arrivals={"first": 0, "hours": [1] * 23, "profile": None}),
        state_with(arrivals={"first": 0, "hours": [1] * 24, "profile": [1.0]}),
        state_with(past={"spent": [1], "arrivals": []}),
        state_with(block={"what": 1}),
        state_with(seen={"count": 1, "drawn": 0, "scores": {"high": 1}}),
    ],
)
def test_what_is_no_state_is_refused_as_the_state_and_not_as_the_router(state):
    document = Router(budget_per_day=5).to_dict()
    for make in (lambda: Router(budget_per_day=5, state=state), lambda: Router.from_dict(document, state=state)):
        with pytest.raises(InvalidInput, match=r"the state is .*what Router\.state\(\) gave"):
            make()
