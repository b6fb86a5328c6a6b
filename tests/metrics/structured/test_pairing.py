"""Predictions and labels by item: what is compared, what is left out, and what is refused."""

import math

import numpy as np
import pandas as pd
import pytest

from a2i_al.errors import ComparisonWarning, InvalidInput
from a2i_al.labels import consolidate
from a2i_al.metrics import box_scores, mask_scores, number_errors
from a2i_al.metrics.structured.pairing import paired, rates


@pytest.mark.parametrize("make", [dict, pd.Series, lambda d: pd.Series(d, dtype=object)])
def test_items_meet_by_their_ids(make):
    """In whatever order; what has a prediction but no label is no part of it."""
    pairs = paired(make({"j": "2", "i": "1", "x": "9"}), make({"i": "1", "j": "3"}), str)
    assert [(pair.item_id, pair.predicted, pair.actual) for pair in pairs] == [("i", "1", "1"), ("j", "2", "3")]


@pytest.mark.parametrize("missing", [None, math.nan, pd.NA, pd.NaT])
def test_an_item_without_label_is_left_out(missing):
    """As ties and abstentions are; an empty list is a label."""
    pairs = paired({"i": [1], "j": [2], "k": [3]}, {"i": missing, "j": [], "k": [3]}, list)
    assert [pair.item_id for pair in pairs] == ["j", "k"]


def test_a_labelled_item_without_prediction_is_told():
    """And the warning points at who asked."""
    with pytest.warns(ComparisonWarning, match="2 of 3 labelled items have no prediction") as caught:
        number_errors({"i": 1, "j": None}, {"i": 1, "j": 2, "k": 3})
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    ("predicted", "actual", "found"),
    [
        ([1, 2], [1], "2 predictions and 1 labels"),
        ({"i": 1}, {"j": 1}, "none of 1 labelled items"),
        ({}, {}, "none of 0 labelled items"),
        (pd.Series([1, 2], index=["i", "i"]), {"i": 1}, "predicted has 'i' twice"),
        ({"i": 1}, "1", "actual is a str"),
        (1, {"i": 1}, "predicted is a int"),
        ({"i": "one"}, {"i": 1}, "predicted for item 'i': 'one' is no number"),
        ({"i": 1}, {"i": []}, "actual for item 'i'"),
    ],
)
def test_what_cannot_be_compared_is_refused(predicted, actual, found):
    with pytest.raises(InvalidInput, match=found):
        number_errors(predicted, actual)


def test_rates_of_nothing_are_not_defined():
    """Nothing predicted has no precision, nothing there no recall."""
    assert rates(0, 0, 2) == {"precision": pytest.approx(math.nan, nan_ok=True), "recall": 0, "f1": 0}
    assert all(math.isnan(value) for value in rates(0, 0, 0).values())


def test_consolidated_labels_are_compared_as_they_come():
    """The `value` of a labels table by its item ids; its tied items are left out."""
    mark = {"label": "dog", "left": 0, "top": 0, "width": 10, "height": 10}
    rows = [("i", "u", [mark]), ("i", "v", [mark]), ("j", "u", [mark]), ("j", "v", [])]
    answers = pd.DataFrame(rows, columns=["item_id", "worker_id", "value"]).assign(field="f", kind="boxes")
    labels = consolidate(answers.assign(human_loop_name=answers["item_id"]), "f").set_index("item_id")["value"]
    table = box_scores({"i": [{**mark, "confidence": 1}], "j": []}, labels)
    assert table.iloc[0][["f1", "ap", "n_actual"]].tolist() == [1, 1, 1]
    pixels = consolidate(
        pd.DataFrame({"item_id": ["i"], "worker_id": ["u"], "value": [np.array([[1, 0]])], "field": ["f"],
                      "human_loop_name": ["i"]}), "f", method="masks",
    ).set_index("item_id")["value"]  # fmt: skip
    assert mask_scores({"i": [[1, 1]]}, pixels)["iou"].tolist() == [0.5, 0.5]
