"""The boxes that a detector found in, one number per image out, higher meaning more useful to review."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al import arguments
from a2i_al.errors import InvalidInput, InvalidProbabilities, InvalidTable
from a2i_al.sampling.scores import uncertainty
from a2i_al.sampling.scores.ragged import aggregated, check_aggregate

Scores = npt.NDArray[np.float64]
Floats = npt.NDArray[np.floating[Any]]
Aggregate = Literal["sum", "mean", "max", "top"]
Measure = Literal["margin", "entropy", "least_confidence", "ratio"]


def image_uncertainty(
    boxes: Sequence[npt.ArrayLike],
    *,
    measure: Measure = "margin",
    aggregate: Aggregate = "sum",
    top: int = 3,
    without_boxes: float = 0.0,
) -> Scores:
    """Score how unsure a detector is of what it found on each image: of each box, then of all together.

    Parameters
    ----------
    boxes : sequence of m array-likes, of shape (b_i,) or (b_i, k), k >= 2
        Per image the confidence of each box, from 0 to 1, or its class probabilities (a column for the background is
        a class). An image may have none: an empty list.
    measure : {"margin", "entropy", "least_confidence", "ratio"}, default "margin"
        The uncertainty of a box, from `sampling.scores`. A confidence c is taken as the two classes c and 1 - c.
    aggregate : {"sum", "mean", "max", "top"}, default "sum"
        Over the boxes of an image. ``"sum"`` prefers images with many unsure boxes, which teach more and take longer;
        ``"mean"`` does not; ``"max"`` looks at the worst box alone, and follows a single odd one; ``"top"``, the mean
        of the `top` most uncertain, lies between.
    top : int, default 3
        For ``"top"``.
    without_boxes : float, default 0.0
        The score of an image on which nothing was found. A detector that misses objects says nothing of them: raise it
        to have such images reviewed, or have some drawn at random.

    Returns
    -------
    ndarray of shape (m,), float64
        For the margin from 0 to 1, times the number of boxes for the sum.

    Raises
    ------
    InvalidProbabilities
        If a confidence is not from 0 to 1, or class probabilities are no distribution.
    InvalidInput
        If images differ in their number of classes, or there is no such measure or aggregate.

    References
    ----------
    C.-A. Brust, C. Käding and J. Denzler, "Active learning for deep object detection", VISAPP 2019, section 3 (margin;
    sum, average, maximum); E. Haussmann et al., "Scalable active learning for object detection", IV 2020 (entropy;
    maximum).

    Examples
    --------
    >>> image_uncertainty([[0.5, 0.75], [1.0], []]).tolist()
    [1.5, 0.0, 0.0]
    >>> image_uncertainty([[[0.5, 0.25, 0.25], [1.0, 0.0, 0.0]]], aggregate="mean").tolist()
    [0.375]
    """
    given = [_as_floats(each, f"image {at}") for at, each in enumerate(boxes)]
    found = [each for each in given if each.ndim == 0 or len(each)]
    kinds = {each.shape[1:] for each in found}
    if len(kinds) > 1 or any(each.ndim not in (1, 2) for each in found):
        raise InvalidInput(
            f"the images' boxes have the shapes {sorted({each.shape for each in found})[:5]}",
            expected="(b,) with a confidence per box, or (b, k) with as many classes in each image",
        )
    lengths = np.array([len(each) for each in given], dtype=np.intp)
    values = np.concatenate(found) if found else np.empty(0)
    return _by_image(values, lengths, measure=measure, aggregate=aggregate, top=top, without_boxes=without_boxes)


def table_uncertainty(
    boxes: pd.DataFrame,
    item_ids: Sequence[Any] | pd.Series,
    *,
    measure: Measure = "margin",
    aggregate: Aggregate = "sum",
    top: int = 3,
    without_boxes: float = 0.0,
) -> Scores:
    """Score images by a table with one row per box; see `image_uncertainty`.

    Parameters
    ----------
    boxes : DataFrame
        One row per box: `item_id`, the image, and `proba_<class>` for every class, or else `confidence`. Other columns
        and the order of the rows do not matter.
    item_ids : sequence of length m
        All images of the pool, distinct, those without a box too: a table of boxes cannot tell of them.
    measure, aggregate, top, without_boxes
        As for `image_uncertainty`.

    Returns
    -------
    ndarray of shape (m,), float64
        In the order of `item_ids`.

    Raises
    ------
    InvalidTable
        If it is no pandas DataFrame, a column is absent, or a box belongs to no image of the pool.
    InvalidProbabilities
        If a confidence is not from 0 to 1, or class probabilities are no distribution.
    InvalidInput
        If the ids are not distinct, or there is no such measure or aggregate.

    Examples
    --------
    >>> boxes = pd.DataFrame({"item_id": ["b", "a", "b"], "confidence": [0.5, 0.9, 0.75]})
    >>> table_uncertainty(boxes, ["a", "b", "c"]).round(2).tolist()
    [0.2, 1.5, 0.0]
    """
    if not isinstance(boxes, pd.DataFrame):
        raise InvalidTable(f"the boxes are {arguments.told(boxes)}", expected="a pandas DataFrame")
    columns = [name for name in boxes.columns if str(name).startswith("proba_")] or ["confidence"]
    absent = {"item_id", *columns} - set(boxes.columns)
    if absent:
        raise InvalidTable(
            f"the boxes lack {', '.join(map(repr, sorted(absent)))}",
            expected="item_id, and confidence or one column proba_<class> per class",
        )
    images = pd.Index([str(item_id) for item_id in item_ids])
    if not images.is_unique:
        raise InvalidInput(f"item id {images[images.duplicated()][0]!r} is given twice", expected="distinct ids")
    at = images.get_indexer(boxes["item_id"].map(str))
    if (at < 0).any():
        stranger = boxes["item_id"].iloc[int((at < 0).argmax())]
        raise InvalidTable(f"a box belongs to {stranger!r}, which is not among the item_ids", fix="give all images")
    values = _as_floats(boxes[columns], "the table")
    by_image = np.argsort(at, kind="stable")
    values = (values if len(columns) > 1 else values[:, 0])[by_image]
    lengths = np.bincount(at, minlength=len(images))
    return _by_image(values, lengths, measure=measure, aggregate=aggregate, top=top, without_boxes=without_boxes)


def _by_image(
    values: Floats, lengths: npt.NDArray[np.intp], *, measure: str, aggregate: str, top: int, without_boxes: float
) -> Scores:
    check_aggregate(aggregate, get_args(Aggregate))
    if measure not in get_args(Measure):
        raise InvalidInput(f"measure is {measure!r}", expected=f"one of {', '.join(map(repr, get_args(Measure)))}")
    without_boxes = arguments.number("without_boxes", without_boxes, math.isfinite, "a finite number")
    scores = getattr(uncertainty, measure)(_as_classes(values)) if len(values) else np.empty(0)
    # Rows may sum to a little more than 1, and then seem more certain than certain.
    return aggregated(np.maximum(scores, 0), lengths, aggregate, empty=without_boxes, top=top)


def _as_classes(values: Floats) -> Floats:
    if values.ndim > 1:
        return values
    bad = ~((values >= 0) & (values <= 1))
    if bad.any():
        raise InvalidProbabilities(
            f"a box has confidence {values[int(bad.argmax())]:.6g} ({int(bad.sum())} such boxes)",
            expected="from 0 to 1",
            fix="turn logits into probabilities with a sigmoid first",
        )
    return np.column_stack([values, 1 - values])


def _as_floats(boxes: Any, whose: str) -> Floats:
    try:
        values = np.asarray(boxes)
        return values if values.dtype in (np.float32, np.float64) else values.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidProbabilities(f"the boxes of {whose} cannot be read as numbers: {error}") from error
