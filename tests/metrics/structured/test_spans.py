"""Entities: exact and partial matches by hand."""

import math

import pytest

from a2i_al.errors import InvalidInput
from a2i_al.metrics import (
    span_scores,
)


def marked(*spans):
    return {"entities": [{"label": n, "startOffset": a, "endOffset": b} for n, a, b in spans]}


def test_spans_by_hand():
    """One of two found exactly; of the other 3 of 7 characters, and a place that is a person to the model."""
    predicted = {"i": marked(("person", 0, 3), ("person", 20, 25)), "j": marked(("org", 5, 8))}
    actual = {"i": marked(("person", 0, 7), ("place", 20, 25)), "j": marked(("org", 5, 8))}
    table = span_scores(predicted, actual).set_index(["label", "match"])
    assert table.loc[("all", "exact"), ["matched", "n_predicted", "n_actual"]].tolist() == [1, 3, 3]
    assert table.loc[("all", "partial"), ["matched", "n_predicted", "n_actual"]].tolist() == [6, 11, 15]
    assert table.loc[("person", "partial"), ["precision", "recall"]].tolist() == [3 / 8, 3 / 7]
    assert math.isnan(table.loc[("place", "exact"), "precision"])
    assert table.loc[("org", "exact"), "f1"] == 1
    assert math.isnan(span_scores({"i": marked()}, {"i": marked()}).iloc[0]["f1"])
    with pytest.raises(InvalidInput, match="actual for item 'i': a span is from 3 to 3"):
        span_scores({"i": marked()}, {"i": marked(("a", 3, 3))})
