"""Agreement between two raters: Cohen's own example, scikit-learn's answer, and answers of every kind."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from sklearn.metrics import cohen_kappa_score

from a2i_al.errors import InvalidInput
from a2i_al.metrics import cohen_kappa, mean_pairwise_agreement, reviewer_agreement
from a2i_al.tables import ANSWERS

LABELS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=30)


def answers(*rows, field="label"):
    """Return an answers table from (loop, item, worker, value)."""
    names = ["human_loop_name", "item_id", "worker_id", "value"]
    return ANSWERS.check(pd.DataFrame(rows, columns=names).assign(field=field))


def test_hand_worked_kappa():
    """35 of 50 alike; by chance 0.5 * 0.6 + 0.5 * 0.4 = 0.5: kappa (0.7 - 0.5) / 0.5."""
    a = ["yes"] * 20 + ["yes"] * 5 + ["no"] * 10 + ["no"] * 15
    b = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    assert cohen_kappa(a, b) == pytest.approx(0.4)


@given(pairs=LABELS.filter(lambda pairs: len({label for pair in pairs for label in pair}) > 1))
def test_kappa_is_scikit_learns(pairs):
    a, b = zip(*pairs, strict=True)
    assert cohen_kappa(a, b) == pytest.approx(cohen_kappa_score(a, b))


def test_kappa_at_its_ends():
    assert cohen_kappa("ab", "ab") == 1.0
    assert cohen_kappa("ab", "ba") == -1.0
    assert cohen_kappa("aa", "bb") == 0.0
    assert math.isnan(cohen_kappa("aaa", "aaa"))
    assert math.isnan(cohen_kappa([], []))


def test_kappa_compares_as_text():
    assert cohen_kappa([1, True, "x"], ["1", "True", "y"]) == cohen_kappa(["p", "q", "r"], ["p", "q", "s"])


@pytest.mark.parametrize(
    ("a", "b", "found"), [("ab", "a", "a has 2 labels and b has 1"), (["x", None], "xy", "pair 1")]
)
def test_kappa_refuses_what_is_not_paired(a, b, found):
    with pytest.raises(InvalidInput, match=found):
        cohen_kappa(a, b)


def test_pairs_of_workers_on_their_common_items():
    """u and v share i and j and agree on i; v and w share k; u and w share nothing."""
    table = answers(
        ("l1", "i", "u", "a"), ("l1", "i", "v", "a"), ("l2", "j", "u", "a"), ("l2", "j", "v", "b"),
        ("l3", "k", "v", "b"), ("l3", "k", "w", "b"),
    )  # fmt: skip
    result = reviewer_agreement(table, "label")
    assert result[["worker_a", "worker_b", "n", "agreement"]].to_numpy().tolist() == [
        ["u", "v", 2, 0.5],
        ["v", "w", 1, 1.0],
    ]
    assert result["kappa"].tolist() == [0.0, pytest.approx(math.nan, nan_ok=True)]
    assert mean_pairwise_agreement(table, "label") == pytest.approx(2 / 3)


def test_mean_agreement_is_the_mean_over_pairs_of_answers():
    """i: one of three pairs agrees; j: the one pair agrees. 2 of 4, and not the mean of the workers' own rates."""
    table = answers(
        ("l1", "i", "u", "a"), ("l1", "i", "v", "a"), ("l1", "i", "w", "b"),
        ("l2", "j", "u", "c"), ("l2", "j", "w", "c"),
    )  # fmt: skip
    assert mean_pairwise_agreement(table, "label") == 0.5


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        ({"a": 1, "b": [2]}, {"b": [2], "a": 1}, 1.0),
        (["x", "y"], np.array(["x", "y"]), 1.0),
        (["x", "y"], ["y", "x"], 0.0),
        (True, "True", 1.0),
        (True, False, 0.0),
        ([], [], 1.0),
    ],
)
def test_answers_of_any_kind_are_compared(first, second, alike):
    assert mean_pairwise_agreement(answers(("l", "i", "u", first), ("l", "i", "v", second)), "label") == alike


@pytest.mark.parametrize("empty", [None, "", "  ", math.nan])
def test_empty_answers_do_not_count(empty):
    table = answers(("l", "i", "u", "a"), ("l", "i", "v", empty))
    assert reviewer_agreement(table, "label").empty
    assert math.isnan(mean_pairwise_agreement(table, "label"))


def test_the_latest_answer_of_a_worker_counts():
    table = answers(("l1", "i", "u", "a"), ("l2", "i", "u", "b"), ("l1", "i", "v", "b"))
    times = pd.to_datetime(["2026-11-01", "2026-11-02", "2026-11-01"], utc=True)
    for order in ([0, 1, 2], [2, 1, 0]):
        dated = table.assign(submitted_at=times).iloc[order]
        assert reviewer_agreement(dated, "label")[["n", "agreement"]].to_numpy().tolist() == [[1, 1.0]]


def test_an_unknown_field_is_answered_with_the_fields_there_are():
    with pytest.raises(InvalidInput, match=r"no answer has the field 'lable'\. Expected: one of 'label'"):
        reviewer_agreement(answers(("l", "i", "u", "a")), "lable")


def test_an_empty_harvest_gives_an_empty_table_with_its_columns():
    result = reviewer_agreement(ANSWERS.empty(), "label")
    assert list(result.columns) == ["worker_a", "worker_b", "n", "agreement", "kappa"]
    assert result.empty
    assert result["n"].dtype == "int64"
