"""One vote per worker and item, whatever the worker sent and in whatever order it came."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from a2i_al.errors import InvalidInput
from a2i_al.labels.counting.votes import as_text, votes
from a2i_al.tables import ANSWERS


def answers(*rows):
    """Return an answers table from (loop, worker, value, submitted_at) for one item and field."""
    names = ["human_loop_name", "worker_id", "value", "submitted_at"]
    return ANSWERS.check(pd.DataFrame(rows, columns=names).assign(item_id="i", field="label"))


@pytest.mark.parametrize(
    ("rows", "vote"),
    [
        ([("a", "w", "new", "2026-11-02T10:00Z"), ("b", "w", "old", "2026-11-01T10:00Z")], "new"),
        ([("a", "w", "dated", "2026-11-01T10:00Z"), ("b", "w", "undated", None)], "dated"),
        ([("b", "w", "later loop", None), ("a", "w", "earlier loop", None)], "later loop"),
        ([("a", "w", "taken back", "2026-11-01T10:00Z"), ("b", "w", "", "2026-11-02T10:00Z")], None),
    ],
)
def test_the_latest_answer_of_a_worker_counts_in_either_order_of_rows(rows, vote):
    for ordered in (rows, rows[::-1]):
        cast = votes(answers(*ordered), "label")
        assert len(cast) == 1
        assert (None if pd.isna(cast.loc[0, "vote"]) else cast.loc[0, "vote"]) == vote


def test_an_unknown_field_is_answered_with_the_fields_there_are():
    with pytest.raises(InvalidInput, match=r"no answer has the field 'lable'. Expected: one of 'label'"):
        votes(answers(("a", "w", "x", None)), "lable")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("cat", "cat"),
        (3, "3"),
        (np.float64(0.5), "0.5"),
        (False, "False"),
        (np.True_, "True"),
        ([], "[]"),
        (["b", "a"], '["b", "a"]'),
        (("b", "a"), '["b", "a"]'),
        (np.array(["b", "a"]), '["b", "a"]'),
        ({"b": {"y": 1, "x": None}, "a": "ü"}, '{"a": "ü", "b": {"x": null, "y": 1}}'),
        ({"day": dt.date(2026, 11, 1)}, '{"day": "2026-11-01"}'),
        (None, None),
        (float("nan"), None),
        (pd.NaT, None),
        ("", None),
        (" \n", None),
    ],
)
def test_equal_answers_have_equal_text_and_empty_ones_none(value, text):
    assert as_text(value) == text
