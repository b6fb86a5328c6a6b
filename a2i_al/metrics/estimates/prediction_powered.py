"""Labels of a few, a model's predictions of these and of many more in; a mean with its interval out (PPI++)."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.metrics.weights import checked_weights, finite

Floats = npt.NDArray[np.float64]


class PredictionPowered(NamedTuple):
    """A mean, the ends of its interval, and λ, the part of the predictions that was used."""

    value: float
    low: float
    high: float
    slope: float


def prediction_powered_mean(
    values: npt.ArrayLike,
    predicted: npt.ArrayLike,
    predicted_unlabelled: npt.ArrayLike,
    *,
    slope: float | None = None,
    weights: npt.ArrayLike | None = None,
    unlabelled_weights: npt.ArrayLike | None = None,
    confidence: float = 0.95,
) -> PredictionPowered:
    """Estimate a mean from a few labels and many predictions: prediction-powered inference with power tuning.

    The method as published, for items that are independent of each other: labels of one sample, predictions of another.
    For picks of a finite pool, small samples and rare errors `a2i_al.estimate` uses the same idea and better intervals.

    Parameters
    ----------
    values : array-like of shape (n,)
        What people say, as numbers.
    predicted : array-like of shape (n,)
        What the model says of the same items.
    predicted_unlabelled : array-like of shape (N,)
        What it says of items that nobody has labelled.
    slope : float, optional
        λ; 1 is prediction-powered inference without tuning, 0 the plain mean. By default the one that makes the
        interval narrowest. It is not cut off at 1: predictions that are too timid are worth more than they claim.
    weights, unlabelled_weights : array-like, optional
        What each item counts; only their proportions matter.
    confidence : float, default 0.95
        Of the interval, which is a normal approximation.

    Returns
    -------
    PredictionPowered
        `value`, `low`, `high` and `slope`.

    Raises
    ------
    InvalidInput
        If there is no item, lengths differ, or a number is missing.

    References
    ----------
    A. Angelopoulos, J. Duchi and T. Zrnic, "PPI++: efficient prediction-powered inference", arXiv 2311.01453, 2023.

    Examples
    --------
    The predictions are right but for one item, so their mean of 0.5 is corrected by the mean miss of a quarter:

    >>> prediction_powered_mean([0, 1, 1, 1], [0, 0, 1, 1], [0, 1, 0, 1], slope=1).value
    0.75
    """
    y, seen, unseen = (
        finite(given, name)
        for given, name in (
            (values, "values"),
            (predicted, "predicted"),
            (predicted_unlabelled, "predicted_unlabelled"),
        )
    )
    if len(y) != len(seen):
        raise InvalidInput(f"there are {len(y)} values and {len(seen)} predictions of them", expected="one each")
    arguments.share("confidence", confidence)
    if slope is not None:
        slope = arguments.number("slope", slope, math.isfinite, "a number, such as 1, or None for the best one")
    w, w_unseen = _shares(weights, len(y)), _shares(unlabelled_weights, len(unseen), "unlabelled_weights")
    if slope is None:
        slope = _tuned(y, seen, unseen, w, w_unseen)
    rectifier, imputed = w * (y - slope * seen), w_unseen * slope * unseen
    value = float(rectifier.mean() + imputed.mean())
    error = float(np.sqrt(rectifier.var() / len(y) + imputed.var() / len(unseen)))
    half = NormalDist().inv_cdf((1 + confidence) / 2) * error
    return PredictionPowered(value, value - half, value + half, slope)


def _tuned(y: Floats, seen: Floats, unseen: Floats, w: Floats, w_unseen: Floats) -> float:
    """Return Cov(y, f) / ((1 + n/N) Var(f)), of what is weighted and taken about the untuned estimate."""
    untuned = (w * (y - seen)).mean() + (w_unseen * unseen).mean()
    ours, theirs = w * (y - untuned), w * (seen - untuned)
    together = np.concatenate([theirs, w_unseen * (unseen - untuned)])
    spread = (1 + len(y) / len(unseen)) * together.var(ddof=1) if len(together) > 1 else 0.0
    return float((ours - ours.mean()) @ (theirs - theirs.mean()) / len(y) / spread) if spread > 0 else 0.0


def _shares(weights: npt.ArrayLike | None, n: int, name: str = "weights") -> Floats:
    checked = checked_weights(weights, n, name)
    return np.asarray(checked / checked.mean())
