"""Confidences and whether people confirmed them in, a reliability table and what it comes to out."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.metrics.calibration_intervals import calibration_intervals
from a2i_al.metrics.intervals import wilson_weighted
from a2i_al.metrics.weights import checked_weights

Floats = npt.NDArray[np.float64]


def reliability(
    confidence: pd.Series,
    confirmed: pd.Series,
    bins: int = 10,
    *,
    weights: npt.ArrayLike | None = None,
    strategy: Literal["uniform", "quantile"] = "uniform",
) -> pd.DataFrame:
    """Return how often people confirm the model, by the confidence that it had.

    Parameters
    ----------
    confidence : Series of float
        The model's probability for its answer, 0 to 1; missing ones do not count.
    confirmed : Series of bool
        Whether people gave the same answer, in the same order.
    bins : int, default 10
        Each with its upper end and without its lower one; the first has both.
    weights : array-like of float, optional
        What each item counts, such as 1 / inclusion_probability; 1 by default.
    strategy : {"uniform", "quantile"}
        Bins of equal width from 0 to 1, or of about equally many items; equal confidences are never parted, so there
        may be fewer of the latter.

    Returns
    -------
    DataFrame
        One row per bin, empty ones too: its `low` and `high` end, `n` items, their mean `confidence`, `accuracy` (the
        share that was confirmed), its 95 % interval `accuracy_low`, `accuracy_high` (Wilson's), NaN in empty bins;
        the bin's `share` of all items, and `n_effective`, Kish's number of items, which is n without weights.

    Raises
    ------
    InvalidInput
        If bins is below 1, no confidence is known, one is outside 0 to 1, or a weight is negative or missing.

    Examples
    --------
    >>> reliability(pd.Series([0.9, 0.8, 0.4]), pd.Series([True, False, True]), bins=2)[["n", "accuracy"]]
       n  accuracy
    0  1       1.0
    1  2       0.5
    """
    arguments.whole("bins", bins, least=1)
    arguments.one_of("strategy", strategy, ("uniform", "quantile"))
    known = confidence.notna().to_numpy()
    values = confidence.to_numpy(dtype=float)[known]
    right = confirmed.to_numpy(dtype=bool)[known]
    check_confidences(values)
    heavy = checked_weights(weights, len(known))[known]
    edges = _edges(values, bins, strategy)
    place = np.clip(np.searchsorted(edges, values, side="left") - 1, 0, len(edges) - 2)
    order = np.argsort(place, kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(place, minlength=len(edges) - 1))[:-1])
    rows = [
        (low, high, *_bin(values[part], right[part], heavy[part], heavy.sum()))
        for low, high, part in zip(edges[:-1], edges[1:], parts, strict=True)
    ]
    names = ["low", "high", "n", "confidence", "accuracy", "accuracy_low", "accuracy_high", "share", "n_effective"]
    return pd.DataFrame(rows, columns=names)


def summary(table: pd.DataFrame) -> pd.Series:
    """Summarise a reliability table: how far the confidences are from what people confirm.

    Parameters
    ----------
    table : DataFrame
        As `reliability` gives it.

    Returns
    -------
    Series of float
        `n` items, mean `confidence`, `accuracy`;

        - `ece`, the expected calibration error: the bins' distances between confidence and accuracy, weighted by
          their share; `mce`, the largest of these;
        - `ece_debiased`: `ece` less what chance adds to distances as large as the observed ones. That is about half of
          the bias for a model without error, for which chance is all there is to see; it may be negative;
        - `rmsce_debiased`: the root of the mean squared distance, less its whole bias; 0 where no error is left;
        - `ece_low`, `ece_high`, `rmsce_low`, `rmsce_high`: 95 % intervals of the two errors, which know that chance
          adds to distances (`a2i_al.metrics.calibration_intervals`); 0 is in them if the model may be calibrated;
        - `calibration_loss`, `resolution` and `uncertainty`: Murphy's parts of the Brier score.

    References
    ----------
    M. Pakdaman Naeini, G. Cooper and M. Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning",
    AAAI 2015. A. Kumar, P. Liang and T. Ma, "Verified uncertainty calibration", NeurIPS 2019: the debiased squared
    error; `ece_debiased` takes its bias from the normal approximation, here in closed form. A. Murphy, "A new vector
    partition of the probability score", Journal of Applied Meteorology 12, 1973.

    Examples
    --------
    >>> table = reliability(pd.Series([0.9, 0.9, 0.6]), pd.Series([True, False, True]))
    >>> summary(table)[["n", "confidence", "accuracy", "ece", "mce"]].round(3).to_dict()
    {'n': 3.0, 'confidence': 0.8, 'accuracy': 0.667, 'ece': 0.4, 'mce': 0.4}
    """
    filled = table[table["n_effective"] > 0]
    share, accuracy = filled["share"].to_numpy(), filled["accuracy"].to_numpy()
    gap = filled["confidence"].to_numpy() - accuracy
    n = filled["n_effective"].to_numpy()
    spread = accuracy * (1 - accuracy)
    overall = float(share @ accuracy)
    ece = float(share @ np.abs(gap))
    of_mean, of_root = calibration_intervals(share, gap, accuracy, n)
    squared = float(share @ (gap**2 - spread / np.maximum(n - 1, 1)))
    return pd.Series(
        {
            "n": float(table["n"].sum()),
            "confidence": float(share @ filled["confidence"]),
            "accuracy": overall,
            "ece": ece,
            "mce": float(np.abs(gap).max()) if len(filled) else math.nan,
            "ece_debiased": 2 * ece - float(share @ _mean_distance(gap, np.sqrt(spread / n))),
            "rmsce_debiased": math.sqrt(max(squared, 0.0)),
            "ece_low": of_mean[0],
            "ece_high": of_mean[1],
            "rmsce_low": of_root[0],
            "rmsce_high": of_root[1],
            "calibration_loss": float(share @ gap**2),
            "resolution": float(share @ (accuracy - overall) ** 2),
            "uncertainty": overall * (1 - overall),
        }
    )


def check_confidences(values: Floats) -> None:
    """Refuse confidences that are none.

    Raises
    ------
    InvalidInput
        If there is none, or one is outside 0 to 1.
    """
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


def _edges(values: Floats, bins: int, strategy: str) -> Floats:
    if strategy == "uniform":
        return np.arange(bins + 1) / bins
    edges = np.unique(np.quantile(values, np.arange(bins + 1) / bins, method="inverted_cdf"))
    return edges if len(edges) > 1 else np.repeat(edges, 2)


def _bin(values: Floats, right: npt.NDArray[np.bool_], weights: Floats, total: float) -> tuple[float, ...]:
    counted = weights.sum()
    if counted == 0:
        return len(values), math.nan, math.nan, math.nan, math.nan, 0.0, 0.0
    kish = counted**2 / (weights**2).sum()
    return len(values), weights @ values / counted, *wilson_weighted(right, weights), counted / total, kish


def _mean_distance(gap: Floats, sigma: Floats) -> Floats:
    """Return the mean distance from 0 of a normal variable: how far a bin would seem off with another draw like it."""
    normal = NormalDist()
    at = np.divide(gap, sigma, out=np.full(len(gap), np.inf), where=sigma > 0)
    below = np.array([normal.cdf(z) for z in at])
    density = np.array([normal.pdf(z) if math.isfinite(z) else 0.0 for z in at])
    return np.where(sigma > 0, gap * (2 * below - 1) + 2 * sigma * density, np.abs(gap))
