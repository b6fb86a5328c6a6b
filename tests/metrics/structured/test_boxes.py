"""Detection: counts by hand, average precision by hand and by the definition, and what no order may change."""

import math

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from a2i_al.errors import InvalidInput
from a2i_al.metrics import box_scores, mean_average_precision
from a2i_al.metrics.structured.boxes import COCO

MARKS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(2, 15), st.integers(2, 15), st.sampled_from("ab"),
              st.integers(0, 4)), max_size=5,
)  # fmt: skip


def box(left, label="dog", confidence=None, width=10):
    mark = {"label": label, "left": left, "top": 0, "width": width, "height": 10}
    return mark if confidence is None else mark | {"confidence": confidence}


def row(table, label="all", iou=0.5):
    return table[(table["label"] == label) & (table["iou"] == iou)].iloc[0]


def test_counts_by_hand():
    """Dogs: two of three found, one made up. Cats: one there, predicted as a dog's place never counts."""
    predicted = {"i": [box(0), box(50), box(90)], "j": [box(0)]}
    actual = {"i": [box(1), box(51), box(70, "cat")], "j": [box(30)]}
    table = box_scores(predicted, actual)
    assert row(table, "dog")[["matched", "n_predicted", "n_actual"]].tolist() == [2, 4, 3]
    assert row(table, "cat")[["matched", "n_predicted", "n_actual"]].tolist() == [0, 0, 1]
    assert row(table)[["matched", "n_predicted", "n_actual"]].tolist() == [2, 4, 4]
    assert row(table)[["precision", "recall", "f1"]].tolist() == [0.5, 0.5, 0.5]
    assert math.isnan(row(table, "cat")["precision"])
    assert table["label"].tolist() == ["all", "cat", "dog"]


def test_as_many_as_possible_are_found():
    """Taking the best overlap first, 12 for 10, would leave 14 and 6 without each other."""
    table = box_scores({"i": [box(10), box(14)]}, {"i": [box(12), box(6)]}, iou=0.4)
    assert row(table, "dog", 0.4)["matched"] == 2


def test_average_precision_by_hand():
    """By score: right, wrong, right; of two there. Precision 1 up to recall 0.5, then 2/3: (51 + 50 × 2/3) / 101."""
    predicted = {"i": [box(0, confidence=0.9), box(30, confidence=0.8)], "j": [box(0, confidence=0.7)]}
    table = box_scores(predicted, {"i": [box(0)], "j": [box(0)]})
    assert row(table)["ap"] == pytest.approx((51 + 50 * 2 / 3) / 101)
    missed = box_scores({"i": [box(0, confidence=0.9)], "j": []}, {"i": [box(0)], "j": [box(0)]})
    assert row(missed)["ap"] == pytest.approx(51 / 101)


def test_a_box_is_found_once():
    """The second prediction of it is wrong, whichever overlaps more: the surer one comes first."""
    predicted = {"i": [box(1, confidence=0.9), box(0, confidence=0.8)]}
    table = box_scores(predicted, {"i": [box(0)]})
    assert row(table)[["ap", "precision", "recall"]].tolist() == [1, 0.5, 1]


def test_the_mean_over_overlaps_and_labels():
    """IoU 0.8 is enough for seven of ten thresholds; the other label is never found; one that nobody used is none."""
    predicted = {"i": [box(0, width=8, confidence=0.9), box(0, "bird", confidence=0.5)]}
    actual = {"i": [box(0), box(50, "cat")]}
    assert mean_average_precision(predicted, actual) == pytest.approx(0.35)
    table = box_scores(predicted, actual, iou=COCO)
    assert len(table) == 4 * 10
    assert table[table["label"] == "dog"]["ap"].tolist() == [1] * 7 + [0] * 3
    assert table[table["label"] == "bird"]["ap"].isna().all()


def test_without_scores_there_is_no_average_precision():
    """The rest is there; under another name a score is one."""
    table = box_scores({"i": [box(0)]}, {"i": [box(0)]})
    assert math.isnan(row(table)["ap"])
    assert row(table)["f1"] == 1
    assert row(box_scores({"i": [box(0) | {"score": 0.3}]}, {"i": [box(0)]}))["ap"] == 1


def test_nothing_there_and_nothing_predicted():
    """No rates, and no error."""
    table = box_scores({"i": []}, {"i": []})
    assert table["label"].tolist() == ["all"]
    assert table[["precision", "recall", "f1", "ap"]].isna().all().all()
    assert row(box_scores({"i": []}, {"i": [box(0)]}))[["recall", "ap"]].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("predicted", "iou", "found"),
    [
        ([box(0)], 0, "iou is 0"),
        ([box(0)], (0.5, 1.5), "iou is 1.5"),
        ([box(0, confidence="high")], 0.5, "predicted for item 'i': a box's confidence is 'high'"),
        ([box(0, width=-1)], 0.5, "predicted for item 'i': a box is -1.0 wide"),
        ("none", 0.5, "no list 'boundingBoxes'"),
    ],
)
def test_what_cannot_be_compared_is_refused(predicted, iou, found):
    with pytest.raises(InvalidInput, match=found):
        box_scores({"i": predicted}, {"i": [box(0)]}, iou=iou)


def reference(predicted, actual, label, overlap):
    """Average precision as the challenge defines it, one prediction and one recall at a time."""
    there = {item: [mark for mark in marks if mark["label"] == label] for item, marks in actual.items()}
    total = sum(map(len, there.values()))
    if not total:
        return math.nan
    said = [(mark["confidence"], item, mark) for item, marks in predicted.items() for mark in marks
            if mark["label"] == label]  # fmt: skip
    used, points, hits = set(), [], 0
    for n, (_, item, mark) in enumerate(sorted(said, key=lambda s: -s[0]), 1):
        best, at = overlap, None
        for i, other in enumerate(there[item]):
            wide = min(mark["left"] + mark["width"], other["left"] + other["width"]) - max(mark["left"], other["left"])
            high = min(mark["top"] + mark["height"], other["top"] + other["height"]) - max(mark["top"], other["top"])
            both = max(wide, 0) * max(high, 0)
            iou = both / (mark["width"] * mark["height"] + other["width"] * other["height"] - both)
            if (item, i) not in used and (iou > best or (iou == best and at is None)):
                best, at = iou, i
        if at is not None:
            used.add((item, at))
            hits += 1
        points.append((hits / total, hits / n))
    return np.mean([max((p for r, p in points if r >= t - 1e-9), default=0) for t in np.linspace(0, 1, 101)])


@settings(max_examples=40)
@given(items=st.lists(st.tuples(MARKS, MARKS), min_size=1, max_size=3), overlap=st.sampled_from([0.3, 0.5]))
def test_average_precision_is_the_challenges(items, overlap):
    """Equal scores are taken in the order in which they come."""
    names = ["left", "top", "width", "height", "label", "confidence"]
    predicted, actual = (
        {str(i): [dict(zip(names, mark, strict=True)) for mark in item[side]] for i, item in enumerate(items)}
        for side in (0, 1)
    )
    table = box_scores(predicted, actual, iou=overlap)
    for label in table["label"][1:]:
        assert row(table, label, overlap)["ap"] == pytest.approx(
            reference(predicted, actual, label, overlap), nan_ok=True
        )
    assert (table["matched"] <= table[["n_predicted", "n_actual"]].min(axis=1)).all()
