"""A table of predictions is decided on as its rows one by one are: every rule, with a budget and without."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from a2i_al.errors import InvalidInput
from a2i_al.routing import ActivationConditions, Always, Column, Confidence, Margin, Never, Percentage, Router, Rule

START = datetime(2026, 3, 28, 20, tzinfo=UTC)


@dataclass(frozen=True)
class Odd(Rule):
    """A rule of somebody's own, known row by row only."""

    def holds(self, prediction):
        return int(prediction["item_id"]) % 2 == 1


def condition(kind, **parameters):
    """Return one of A2I's conditions."""
    return {"ConditionType": kind, "ConditionParameters": parameters}


RULES = [
    Confidence(below=0.6),
    Confidence(per_class={"a": 0.9, "b": 0.2}),
    Confidence(below=0.5, per_class={"a": 0.7}, column="proba_a"),
    Margin(below=0.3),
    Column("amount", ">", 50),
    Column("amount", "!=", 7),
    Column("amount", "in", [7, 8, "9"]),
    Column("text", "matches", "x+y"),
    Column("text", "not in", ["xy", "z"]),
    Column("text", "<=", "m"),
    Column("text", "missing"),
    Column("nothing", "present"),
    Percentage(30),
    Percentage(100),
    Percentage(40) & Column("amount", ">", 20),
    Percentage(10) | Percentage(20) | Column("amount", "==", 1),
    Odd(),
    Always(["3", "5"]),
    Never(["5", "8"]),
    ActivationConditions(
        {
            "Conditions": [
                {
                    "And": [
                        condition("Sampling", RandomSamplingPercentage=50),
                        condition("ModerationLabelConfidenceCheck", ModerationLabelName="a", ConfidenceLessThan=50),
                    ]
                },
                condition("ModerationLabelConfidenceCheck", ModerationLabelName="z", ConfidenceLessThan=30),
                condition("MissingImportantFormKey", ImportantFormKey="text"),
                condition(
                    "ImportantFormKeyConfidenceCheck", ImportantFormKey="text", KeyValueBlockConfidenceLessThan=9
                ),
            ]
        }
    ),
]
shares = st.one_of(st.none(), st.floats(0, 1), st.sampled_from([0.5, 0.6, 0.9]))
rows = st.fixed_dictionaries(
    {
        "predicted_label": st.sampled_from(["a", "b", "z", None]),
        "confidence": shares,
        "proba_a": shares,
        "proba_b": shares,
        "proba_z": st.floats(0, 1),
        "amount": st.one_of(st.none(), st.integers(0, 100)),
        "text": st.sampled_from(["xxy", "z", "", " ", None]),
        "confidence_text": shares,
    }
)
tables = st.lists(rows, min_size=1, max_size=40)


def frame_of(table):
    """Return rows as a DataFrame with ids."""
    return pd.DataFrame([{"item_id": str(at), **row} for at, row in enumerate(table)])


def one_by_one(router, frame, **each):
    """Decide about every row of a table by itself."""
    said = []
    for at, row in enumerate(frame.to_dict("records")):
        said.append(router.decide(row, **{name: of(at) for name, of in each.items()}))
    columns = ["item_id", "review", "reason", "inclusion_probability"]
    cells = [(d.item_id, d.review, "; ".join(d.reasons), d.inclusion_probability) for d in said]
    return pd.DataFrame(cells, columns=columns)


@given(table=tables, chosen=st.lists(st.sampled_from(RULES), max_size=6), random_state=st.integers(-5, 5))
def test_without_a_budget(table, chosen, random_state):
    router, frame = Router(chosen, random_state=random_state), frame_of(table)
    pd.testing.assert_frame_equal(router.decide_table(frame), one_by_one(router, frame), check_exact=True)


@given(
    table=tables,
    chosen=st.lists(st.sampled_from(RULES), max_size=4),
    budget=st.integers(0, 15),
    steps=st.lists(st.integers(-30, 900), min_size=1, max_size=40),
    other=st.fixed_dictionaries(
        {
            "score": st.sampled_from(["least_confidence", "margin", "amount"]),
            "tz": st.sampled_from(["UTC", "Europe/Zurich"]),
        }
    ),
)
def test_with_a_budget_over_days(table, chosen, budget, steps, other):
    """Oldest first, in whatever order the table is, and with the same state afterwards.

    Times run over the day on which Zurich's clocks change.
    """
    minutes = np.cumsum(np.resize(steps, len(table)))
    moments = [START + timedelta(minutes=int(m)) for m in minutes]
    frame = frame_of(table)
    alone, together = (Router(chosen, budget_per_day=budget, **other) for _ in range(2))
    oldest_first = np.argsort(moments, kind="stable")
    wanted = one_by_one(alone, frame.iloc[oldest_first], now=lambda at: moments[oldest_first[at]])
    got = together.decide_table(frame.assign(at=moments), now="at")
    in_time = got.iloc[oldest_first].reset_index(drop=True)
    pd.testing.assert_frame_equal(in_time, wanted, check_exact=True)
    assert together.state() == alone.state()


@given(
    size=st.integers(1, 1500), budget=st.integers(1, 300), seed=st.integers(0, 100), step=st.sampled_from([0.0, 2.0])
)
@settings(max_examples=25)
def test_with_a_budget_over_many_rows_at_once_and_in_two_parts(size, budget, seed, step):
    """Thresholds hold for many rows then; a table that comes in two parts is the same stream, and so is one moment."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"item_id": np.arange(size).astype(str), "confidence": rng.beta(8, 1, size).round(2)})
    rules = [Percentage(2), Confidence(below=0.95), Always(["10"]), Never(["11", "12"])]
    moments = [START + timedelta(minutes=step * at) for at in range(size)]
    alone, together = (Router(rules, budget_per_day=budget) for _ in range(2))
    wanted = one_by_one(alone, frame, now=moments.__getitem__)
    parts = [slice(0, seed * 10), slice(seed * 10, size)]
    got = pd.concat([together.decide_table(frame[p], now=moments[p] if step else START) for p in parts])
    pd.testing.assert_frame_equal(got.reset_index(drop=True), wanted, check_exact=True)
    assert together.state() == alone.state()


@given(
    size=st.integers(1, 200),
    chosen=st.lists(st.sampled_from([*RULES[:1], *RULES[-8:-1]]), max_size=4),
    budget=st.integers(0, 100),
    seed=st.integers(0, 100),
)
def test_all_at_once_the_budget_takes_the_most_uncertain_that_the_draws_leave_it(size, chosen, budget, seed):
    """No candidate that is left out is more uncertain than one that is reached, and nothing affordable is left over."""
    rng = np.random.default_rng(seed)
    numbers = {"confidence": rng.random(size).round(1), "amount": rng.integers(0, 100, size)}
    frame = pd.DataFrame({"item_id": np.arange(size).astype(str), **numbers})
    router = Router(chosen, budget_per_day=budget)
    decided = router.decide_table(frame)
    listed = decided["reason"].str.contains("list")
    everything = not any(rule.certain and not rule.alone for rule in chosen)
    wanted = ~listed if everything else Router(chosen).decide_table(frame)["review"] & ~listed
    left = max(budget - int((decided["review"] & listed).sum()), 0)
    assert int((decided["review"] & ~listed).sum()) == min(left, int(wanted.sum()))
    score = (1 - frame["confidence"].astype(float)).fillna(np.inf)
    reached = decided["reason"].str.endswith("the most uncertain that the budget reaches")
    missed = decided["reason"] == "less uncertain than the budget reaches"
    assert not reached.any() or not missed.any() or score[reached].min() >= score[missed].max()
    assert router.state()["budget"]["spent"] == int(decided["review"].sum())


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([1, 60, None], dtype="Int64"),
        pd.Series([1, 60, None], dtype="float32"),
        pd.Series([1, 60, None], dtype=object),
        pd.Series(["1", "60", None]),
        pd.Series(["1", "60", None], dtype="category"),
    ],
    ids=lambda column: str(column.dtype),
)
def test_a_column_of_any_dtype_is_compared_by_its_values(column):
    frame = pd.DataFrame({"item_id": [1, 2, 3], "amount": column})
    assert Router([Column("amount", ">", 50)]).decide_table(frame)["review"].tolist() == [False, True, False]


def test_a_column_that_is_no_number_is_an_error_in_a_table_too():
    router = Router([Column("amount", ">", 50)])
    with pytest.raises(InvalidInput, match=r"'amount' is 'many'\. Expected: a number, or None"):
        router.decide_table(pd.DataFrame({"item_id": [1], "amount": ["many"]}))
    with pytest.raises(InvalidInput, match="no 'amount'"):
        router.decide_table(pd.DataFrame({"item_id": [1]}))
    with pytest.raises(InvalidInput, match="higher is more urgent"):
        Router(budget_per_day=1, score="x").decide_table(pd.DataFrame({"item_id": [1], "x": [-1]}))


def test_an_empty_table_gives_an_empty_table():
    frame = pd.DataFrame({"item_id": [], "confidence": [], "predicted_label": []})
    for router in (Router(RULES[:1]), Router(RULES[:1], budget_per_day=3)):
        decided = router.decide_table(frame)
        assert decided.empty
        assert list(decided.columns) == ["item_id", "review", "reason", "inclusion_probability"]


def test_more_rules_than_a_number_has_bits_are_all_named():
    rules = [Column("x", ">", at) for at in range(70)]
    reason = Router(rules).decide_table(pd.DataFrame({"item_id": [1, 2], "x": [100, 40]}))["reason"]
    assert reason[0].split("; ") == [f"x > {at}" for at in range(70)]
    assert reason[1].split("; ") == [f"x > {at}" for at in range(40)]


def test_raw_responses_in_a_table_are_judged_row_by_row():
    rule = ActivationConditions(
        condition("ModerationLabelConfidenceCheck", ModerationLabelName="*", ConfidenceGreaterThan=90)
    )
    labels = [[{"Name": "Violence", "Confidence": c}] for c in (95.0, 80.0)]
    frame = pd.DataFrame({"item_id": [1, 2], "ModerationLabels": labels})
    assert Router([rule]).decide_table(frame)["review"].tolist() == [True, False]
