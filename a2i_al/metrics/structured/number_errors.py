"""Predicted and true numbers in; how far off the model is out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from a2i_al.labels.structured.numeric import read_number
from a2i_al.metrics.structured.pairing import paired


def number_errors(predicted: Any, actual: Any) -> pd.Series:
    """Compare predicted numbers with people's.

    Parameters
    ----------
    predicted, actual : Series or mapping of item id to number
        Texts that are numbers count as such; items without an answer of either side are left out.

    Returns
    -------
    Series
        `n` items; `mae`, `rmse`, `bias` (mean of prediction less label) and `max_error`, in the unit of the answers;
        `r2`, the share of the labels' variance that the predictions explain, NaN where the labels do not vary.

    Raises
    ------
    InvalidInput
        If nothing can be compared, or an answer is no number.

    Examples
    --------
    >>> number_errors([1, 2, 6], [1, 2, 3]).round(3).to_dict()
    {'n': 3.0, 'mae': 1.0, 'rmse': 1.732, 'bias': 1.0, 'max_error': 3.0, 'r2': -3.5}
    """
    pairs = paired(predicted, actual, read_number)
    ours = np.array([pair.predicted for pair in pairs], dtype=np.float64)
    theirs = np.array([pair.actual for pair in pairs], dtype=np.float64)
    off = ours - theirs
    spread = float(((theirs - theirs.mean()) ** 2).sum())
    return pd.Series(
        {
            "n": len(pairs),
            "mae": np.abs(off).mean(),
            "rmse": np.sqrt((off**2).mean()),
            "bias": off.mean(),
            "max_error": np.abs(off).max(),
            "r2": 1 - float((off**2).sum()) / spread if spread else math.nan,
        },
        dtype="float64",
    )
