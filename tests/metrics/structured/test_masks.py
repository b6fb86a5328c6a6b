"""Segmentations: overlap by hand, and sizes that differ."""

import math

import pytest

from a2i_al.errors import InvalidInput
from a2i_al.metrics import (
    mask_scores,
)


def marked(*spans):
    return {"entities": [{"label": n, "startOffset": a, "endOffset": b} for n, a, b in spans]}


def test_masks_by_hand():
    """Label 1: one of three pixels that either marked; label 2: the model has none; sums over items."""
    predicted, actual = {"i": [[1, 1, 0, 0]], "j": [[0]]}, {"i": [[0, 1, 1, 2]], "j": [[0]]}
    table = mask_scores(predicted, actual).set_index("label")
    assert table.loc["1", ["iou", "dice"]].tolist() == [1 / 3, 0.5]
    assert table.loc["2", ["iou", "dice", "n_actual"]].tolist() == [0, 0, 1]
    assert table.loc["all", ["iou", "dice"]].tolist() == [1 / 6, 0.25]
    assert table.loc["all", ["matched", "n_predicted", "n_actual"]].tolist() == [1, 2, 3]
    nothing = mask_scores({"i": [[0]]}, {"i": [[0]]})
    assert nothing["label"].tolist() == ["all"]
    assert math.isnan(nothing.loc[0, "iou"])


def test_masks_of_different_sizes_are_refused():
    """By name of the item, with both sizes."""
    with pytest.raises(InvalidInput, match=r"item 'i': the prediction has 2 × 1 pixels, the label 1 × 1"):
        mask_scores({"i": [[1, 1]]}, {"i": [[1]]})
