"""Agreement of every two workers, on answers of every kind."""

import math

import numpy as np
import pandas as pd
import pytest

from a2i_al.errors import InvalidInput
from a2i_al.metrics import cohen_kappa, mean_pairwise_agreement, reviewer_agreement
from a2i_al.tables import ANSWERS


def answers(*rows, field="label"):
    """Return an answers table from (loop, item, worker, value)."""
    names = ["human_loop_name", "item_id", "worker_id", "value"]
    return ANSWERS.check(pd.DataFrame(rows, columns=names).assign(field=field))


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


def test_kappa_between_workers_can_be_weighted():
    """By size for numbers, in the given order for words."""
    rows = [("l1", "i", "u", "1"), ("l1", "i", "v", "2"), ("l2", "j", "u", "10"), ("l2", "j", "v", "10")]
    found = reviewer_agreement(answers(*rows), "label", weights="linear")["kappa"].tolist()
    assert found == [pytest.approx(cohen_kappa([1, 10], [2, 10], weights="linear"))]
    ordered = reviewer_agreement(answers(*rows), "label", weights="linear", categories=["1", "10", "2"])["kappa"]
    assert ordered.tolist() == [0]
    with pytest.raises(InvalidInput, match="weights is 'cubic'"):
        reviewer_agreement(answers(*rows), "label", weights="cubic")
