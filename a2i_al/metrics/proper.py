"""Confidences and whether people confirmed them in, proper scores of them out: Brier's and the logarithmic one."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from a2i_al.errors import InvalidInput
from a2i_al.metrics.calibration import check_confidences
from a2i_al.metrics.outcomes import checked_outcomes
from a2i_al.metrics.weights import checked_weights


def brier_score(
    confidence: npt.ArrayLike,
    confirmed: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    *,
    interval: float = 0.95,
) -> tuple[float, float, float]:
    """Return the mean squared distance between confidence and what people said: 0 is best, 0.25 a coin's.

    Parameters
    ----------
    confidence : array-like of float, shape (n,)
        The model's probability for its answer, 0 to 1.
    confirmed : array-like of bool, shape (n,)
        Whether people gave the same answer.
    weights : array-like of float, optional
        What each item counts; 1 by default.
    interval : float, default 0.95
        The normal interval's confidence.

    Returns
    -------
    score, low, high : float

    Raises
    ------
    InvalidInput
        If there is no confidence, one is outside 0 to 1, or a weight is negative or missing.

    References
    ----------
    G. Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78, 1950.

    Examples
    --------
    >>> round(brier_score([0.9, 0.6], [True, False])[0], 3)
    0.185
    """
    said, right, heavy = _checked(confidence, confirmed, weights)
    return _mean((said - right) ** 2, heavy, interval)


def log_loss(
    confidence: npt.ArrayLike,
    confirmed: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    *,
    interval: float = 0.95,
) -> tuple[float, float, float]:
    """Return the mean negative logarithm of the probability that the model gave to what people said: 0 is best.

    Parameters, result and errors are those of `brier_score`. A probability of 0 for what happened would cost without
    bound: probabilities are kept from 0 and 1 by a float's precision, as in scikit-learn.

    References
    ----------
    I. Good, "Rational decisions", Journal of the Royal Statistical Society B 14, 1952.

    Examples
    --------
    >>> round(log_loss([0.9, 0.6], [True, False])[0], 3)
    0.511
    """
    said, right, heavy = _checked(confidence, confirmed, weights)
    tiny = np.finfo(np.float64).eps
    given = np.clip(np.where(right, said, 1 - said), tiny, 1 - tiny)
    return _mean(-np.log(given), heavy, interval)


def _checked(
    confidence: npt.ArrayLike, confirmed: npt.ArrayLike, weights: npt.ArrayLike | None
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_], npt.NDArray[np.float64]]:
    said, right = np.asarray(confidence, dtype=np.float64), checked_outcomes(confirmed)
    if said.shape != right.shape:
        raise InvalidInput(f"there are {said.size} confidences and {right.size} outcomes", expected="one of each")
    if np.isnan(said).any():
        raise InvalidInput(f"{int(np.isnan(said).sum())} confidences are missing", expected="one for each outcome")
    check_confidences(said)
    return said, right, checked_weights(weights, len(said))


def _mean(
    values: npt.NDArray[np.float64], weights: npt.NDArray[np.float64], interval: float
) -> tuple[float, float, float]:
    total = weights.sum()
    mean = float(weights @ values / total)
    half = (
        NormalDist().inv_cdf((1 + interval) / 2) * math.sqrt(float((weights**2 * (values - mean) ** 2).sum())) / total
    )
    return mean, max(mean - float(half), 0.0), mean + float(half)
