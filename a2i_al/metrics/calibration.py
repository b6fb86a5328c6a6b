"""Confidences and whether people confirmed them in, a reliability table and its summary out."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from a2i_al.errors import InvalidInput
from a2i_al.metrics.intervals import wilson

_COLUMNS = ["low", "high", "n", "confidence", "accuracy", "accuracy_low", "accuracy_high"]


def reliability(confidence: pd.Series, confirmed: pd.Series, bins: int = 10) -> pd.DataFrame:
    """Return how often people confirm the model, by the confidence that it had.

    Parameters
    ----------
    confidence : Series of float
        The model's probability for its answer, 0 to 1; missing ones do not count.
    confirmed : Series of bool
        Whether people gave the same answer, in the same order.
    bins : int, default 10
        Bins of equal width from 0 to 1, each with its upper end and without its lower one; the first has both.

    Returns
    -------
    DataFrame
        One row per bin, empty ones too: its `low` and `high` end, `n` items, their mean `confidence`, `accuracy` (the
        share that was confirmed) and Wilson's 95 % interval `accuracy_low`, `accuracy_high`; NaN in empty bins.

    Raises
    ------
    InvalidInput
        If bins is below 1, no confidence is known, or one is outside 0 to 1.

    Examples
    --------
    >>> reliability(pd.Series([0.9, 0.8, 0.4]), pd.Series([True, False, True]), bins=2)[["n", "accuracy"]]
       n  accuracy
    0  1       1.0
    1  2       0.5
    """
    if bins < 1:
        raise InvalidInput(f"bins is {bins}", expected="at least 1")
    known = confidence.notna().to_numpy()
    values = confidence.to_numpy(dtype=float)[known]
    right = confirmed.to_numpy(dtype=bool)[known]
    _check_confidences(values)
    edges = np.arange(bins + 1) / bins
    place = np.maximum(np.searchsorted(edges, values, side="left") - 1, 0)
    n = np.bincount(place, minlength=bins)
    k = np.bincount(place, weights=right, minlength=bins)
    mean = np.bincount(place, weights=values, minlength=bins) / np.where(n > 0, n, np.nan)
    ends = [wilson(float(k[b]), int(n[b])) for b in range(bins)]
    columns = (edges[:-1], edges[1:], n, mean, k / np.where(n > 0, n, np.nan), *zip(*ends, strict=True))
    return pd.DataFrame(dict(zip(_COLUMNS, columns, strict=True)))


def summary(table: pd.DataFrame) -> pd.Series:
    """Summarise a reliability table: how far the confidences are from what people confirm.

    Parameters
    ----------
    table : DataFrame
        As `reliability` gives it.

    Returns
    -------
    Series of float
        `n` items, mean `confidence`, `accuracy`, `ece` (expected calibration error: the bins' distances between
        confidence and accuracy, weighted by n) and `mce` (the largest of these distances).

    References
    ----------
    M. Pakdaman Naeini, G. Cooper and M. Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning",
    AAAI 2015.

    Examples
    --------
    >>> summary(reliability(pd.Series([0.9, 0.9, 0.6]), pd.Series([True, False, True]))).round(3).to_dict()
    {'n': 3.0, 'confidence': 0.8, 'accuracy': 0.667, 'ece': 0.4, 'mce': 0.4}
    """
    filled = table[table["n"] > 0]
    share = filled["n"] / filled["n"].sum()
    distance = (filled["confidence"] - filled["accuracy"]).abs()
    return pd.Series(
        {
            "n": float(filled["n"].sum()),
            "confidence": float((share * filled["confidence"]).sum()),
            "accuracy": float((share * filled["accuracy"]).sum()),
            "ece": float((share * distance).sum()),
            "mce": float(distance.max()) if len(filled) else math.nan,
        }
    )


def _check_confidences(values: np.ndarray) -> None:
    if not len(values):
        raise InvalidInput(
            "no confidence is known",
            expected="predictions with the column 'confidence', 0 to 1",
            fix="predictions.assign(confidence=proba.max(axis=1))",
        )
    outside = (values < 0) | (values > 1)
    if outside.any():
        raise InvalidInput(
            f"{int(outside.sum())} confidences are outside 0 to 1, such as {values[outside.argmax()]:g}",
            expected="probabilities",
        )
