"""Predicted and true boxes in; precision, recall, F1 and average precision by label and overlap out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.labels.structured.boxes import check_overlap
from a2i_al.labels.structured.deciding import Unreadable
from a2i_al.labels.structured.marks import marks_in, read_boxes
from a2i_al.labels.structured.matching import assign
from a2i_al.labels.structured.overlap import box_iou
from a2i_al.metrics.structured.pairing import Pair, paired, rates

Floats = npt.NDArray[np.float64]

COCO: Final = tuple(round(0.5 + 0.05 * step, 2) for step in range(10))
_RECALLS: Final = np.linspace(0, 1, 101)
ALL: Final = "all"


@dataclass(frozen=True, eq=False)
class Detections:
    """The boxes of one item: labels, corners of shape (n, 4), and scores, NaN where there is none."""

    labels: npt.NDArray[np.object_]
    corners: Floats
    scores: Floats


def box_scores(predicted: Any, actual: Any, *, iou: float | Iterable[float] = 0.5) -> pd.DataFrame:
    """Compare predicted boxes with people's.

    Parameters
    ----------
    predicted, actual : Series or mapping of item id to boxes
        As crowd-bounding-box answers or as a list of its boxes, such as the `value` of consolidated labels. A box of
        the model's may have a `confidence` (or `score`), which average precision needs. An item without boxes has an
        empty list; items without a label or a prediction are left out.
    iou : float or iterable of float, default 0.5
        Intersection over union from which a box is found; `COCO` has those of the COCO challenge, 0.5 to 0.95.

    Returns
    -------
    DataFrame
        A row per `label` and `iou`, and first, for ``"all"`` labels, `precision`, `recall`, `f1`, `ap`, `matched`,
        `n_predicted`, `n_actual`. Boxes are matched within a label, so that as many as possible are found. For "all"
        the counts are summed, and `ap` is the mean over the labels that people used. A rate of nothing is NaN; so is
        `ap` where a prediction has no score.

    Raises
    ------
    InvalidInput
        If nothing can be compared, an answer is no set of boxes, or an overlap is out of range.

    References
    ----------
    T.-Y. Lin et al., "Microsoft COCO: common objects in context", ECCV 2014, and the challenge's evaluation: at each
    of 101 recalls the best precision from there on; predictions take the best free box in the order of their scores.

    Examples
    --------
    >>> box = {"label": "dog", "left": 0, "top": 0, "width": 10, "height": 10}
    >>> found = {"i": [{**box, "confidence": 0.9}, {**box, "left": 50, "confidence": 0.8}]}
    >>> box_scores(found, {"i": [box]}).iloc[0].to_dict()
    {'label': 'all', 'iou': 0.5, 'precision': 0.5, 'recall': 1.0, 'f1': 0.6666666666666666, 'ap': 1.0, 'matched': 1,
     'n_predicted': 2, 'n_actual': 1}
    """
    return _scores(paired(predicted, actual, read_detections), _overlaps(iou))


def mean_average_precision(predicted: Any, actual: Any, *, iou: Iterable[float] = COCO) -> float:
    """Return the mean over labels and overlaps of the average precision: mAP@[.5:.95] by default.

    Parameters and errors are those of `box_scores`.

    Examples
    --------
    >>> box = {"label": "dog", "left": 0, "top": 0, "width": 10, "height": 10}
    >>> mean_average_precision({"i": [{**box, "width": 8, "confidence": 0.9}]}, {"i": [box]})
    0.7
    """
    table = _scores(paired(predicted, actual, read_detections), _overlaps(iou))
    return round(float(table.loc[table["label"] == ALL, "ap"].mean()), 12)


def _overlaps(iou: float | Iterable[float]) -> list[float]:
    """Return the overlaps to score at, one or several."""
    given = iou if isinstance(iou, Real) else list(arguments.several("iou", iou, "overlaps, such as (0.5, 0.75)"))
    overlaps: list[float] = np.atleast_1d(arguments.floats("iou", given)).tolist()
    if not overlaps:
        raise InvalidInput("iou is empty", expected="one overlap, or several")
    for overlap in overlaps:
        check_overlap(overlap)
    return overlaps


def read_detections(value: Any) -> Detections:
    """Return an item's boxes with their scores.

    Examples
    --------
    >>> read_detections([{"label": "dog", "left": 0, "top": 1, "width": 2, "height": 3, "score": 0.5}]).scores
    array([0.5])
    """
    marks = [*marks_in(value, "boundingBoxes")]
    boxes = [read_boxes([mark]) for mark in marks]
    labels = np.array([box.labels[0] for box in boxes], dtype=object)
    corners = np.array([box.places[0] for box in boxes], dtype=np.float64).reshape(-1, 4)
    return Detections(labels, corners, np.array([_score(mark) for mark in marks], dtype=np.float64))


def _score(mark: Any) -> float:
    found = mark.get("confidence", mark.get("score")) if isinstance(mark, dict) else getattr(mark, "confidence", None)
    if found is None:
        return math.nan
    if isinstance(found, bool) or not isinstance(found, int | float | np.number):
        raise Unreadable(f"a box's confidence is {found!r:.40}")
    return float(found)


def _scores(pairs: Sequence[Pair[Detections]], overlaps: Sequence[float]) -> pd.DataFrame:
    own: dict[str, list[_Item]] = {}
    for pair in pairs:
        for label in {*pair.predicted.labels, *pair.actual.labels}:
            own.setdefault(label, []).append(_Item.of(pair, label))
    rows: list[dict[str, Any]] = []
    for overlap in overlaps:
        by_label = [_row(label, overlap, own[label]) for label in sorted(own)]
        totals = {name: sum(row[name] for row in by_label) for name in ("matched", "n_predicted", "n_actual")}
        precise = [row["ap"] for row in by_label if row["n_actual"]]
        mean = float(np.mean(precise)) if precise else math.nan
        rows += [{"label": ALL, "iou": overlap, **rates(*totals.values()), "ap": mean, **totals}, *by_label]
    return pd.DataFrame(rows).sort_values("iou", kind="stable", ignore_index=True)


@dataclass(frozen=True, eq=False)
class _Item:
    """One item's boxes of one label: how well each predicted one covers each true one, and its score."""

    iou: Floats
    scores: Floats

    @classmethod
    def of(cls, pair: Pair[Detections], label: str) -> _Item:
        ours, theirs = pair.predicted.labels == label, pair.actual.labels == label
        return cls(box_iou(pair.predicted.corners[ours], pair.actual.corners[theirs]), pair.predicted.scores[ours])


def _row(label: str, overlap: float, items: Sequence[_Item]) -> dict[str, Any]:
    matched = sum(len(assign(np.where(item.iou >= overlap, 1 + item.iou, 0))) for item in items)
    predicted, actual = (sum(item.iou.shape[side] for item in items) for side in (0, 1))
    counts = {"matched": matched, "n_predicted": predicted, "n_actual": actual}
    average = _average_precision(items, overlap, actual)
    return {"label": label, "iou": overlap, **rates(matched, predicted, actual), "ap": average, **counts}


def _average_precision(items: Sequence[_Item], overlap: float, actual: int) -> float:
    scores = np.concatenate([item.scores for item in items])
    if not actual or np.isnan(scores).any():
        return math.nan
    right = np.concatenate([_found(item, overlap) for item in items])[np.argsort(-scores, kind="stable")]
    hits = np.cumsum(right)
    precision = hits / np.arange(1, len(hits) + 1)
    best = np.maximum.accumulate(precision[::-1])[::-1]
    place = np.searchsorted(hits / actual, _RECALLS - 1e-12)
    return float(np.where(place < len(best), np.append(best, 0)[np.minimum(place, len(best))], 0).mean())


def _found(item: _Item, overlap: float) -> npt.NDArray[np.bool_]:
    """Return which predictions find a box: in the order of their scores, each takes the best one that is free."""
    free = np.ones(item.iou.shape[1], dtype=bool)
    found = np.zeros(len(item.scores), dtype=bool)
    for i in np.argsort(-item.scores, kind="stable"):
        left = np.where(free, item.iou[i], -1)
        if left.size and left.max() >= overlap:
            found[i] = True
            free[int(left.argmax())] = False
    return found
