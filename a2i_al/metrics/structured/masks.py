"""Predicted and true segmentations in; intersection over union and Dice's coefficient by label out."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al.errors import InvalidInput
from a2i_al.labels.structured.rasters import Raster, read_raster
from a2i_al.metrics.structured.pairing import paired

ALL: Final = "all"


def mask_scores(predicted: Any, actual: Any) -> pd.DataFrame:
    """Compare predicted segmentations with people's, pixel by pixel.

    Parameters
    ----------
    predicted, actual : Series or mapping of item id to segmentation
        In any form that `a2i_al.labels.structured.rasters.read_raster` reads. Items without an answer of either side
        are left out.

    Returns
    -------
    DataFrame
        A row per `label`: `iou`, `dice`, and the pixels that `matched`, were `n_predicted`, and that people marked,
        `n_actual`, summed over items; and one for ``"all"``, whose `iou` and `dice` are the means over labels.

    Raises
    ------
    InvalidInput
        If nothing can be compared, an answer is no segmentation, or two of an item differ in size.

    Examples
    --------
    >>> mask_scores({"i": [[1, 1, 0, 0]]}, {"i": [[0, 1, 1, 0]]}).round(3)
      label    iou  dice  matched  n_predicted  n_actual
    0   all  0.333   0.5        1            2         2
    1     1  0.333   0.5        1            2         2
    """
    counts: dict[str, npt.NDArray[np.int64]] = {}
    for pair in paired(predicted, actual, read_raster):
        ours, theirs = pair.predicted, pair.actual
        if ours.size != theirs.size:
            raise InvalidInput(
                f"item {pair.item_id!r}: the prediction has {ours.size[0]} × {ours.size[1]} pixels, the label "
                f"{theirs.size[0]} × {theirs.size[1]}",
                expected="segmentations of one picture",
                fix="scale the prediction to the picture's size",
            )
        for label in {*ours.labels, *theirs.labels}:
            here, there = _marked(ours, label), _marked(theirs, label)
            found = [np.count_nonzero(mask) for mask in (here & there, here, there)]
            counts[label] = counts.get(label, np.zeros(3, dtype=np.int64)) + found
    rows = [_row(label, *counts[label].tolist()) for label in sorted(counts)]
    means = {name: float(np.mean([row[name] for row in rows])) if rows else math.nan for name in ("iou", "dice")}
    totals = {name: sum(row[name] for row in rows) for name in ("matched", "n_predicted", "n_actual")}
    return pd.DataFrame([{"label": ALL, **means, **totals}, *rows])


def _marked(raster: Raster, label: str) -> npt.NDArray[np.bool_]:
    number = 1 + raster.labels.index(label) if label in raster.labels else -1
    return np.asarray(raster.pixels == number)


def _row(label: str, matched: int, predicted: int, actual: int) -> dict[str, Any]:
    total = predicted + actual
    iou, dice = (matched / (total - matched), 2 * matched / total) if total else (math.nan, math.nan)
    return {"label": label, "iou": iou, "dice": dice, "matched": matched, "n_predicted": predicted, "n_actual": actual}
