"""Confidences and whether people confirmed them in, proper scores of them out: Brier's and the logarithmic one."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.metrics.calibration import check_confidences
from a2i_al.metrics.cautions import PROBA
from a2i_al.metrics.outcomes import checked_outcomes
from a2i_al.metrics.weights import checked_weights, numbers


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


def class_scores(
    proba: npt.ArrayLike,
    right: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    *,
    interval: float = 0.95,
) -> dict[str, tuple[float, float, float]]:
    """Return Brier score and log-loss of the probabilities of all classes.

    Parameters
    ----------
    proba : array-like of float, shape (n, k)
        The model's probability of each class.
    right : array-like of int, shape (n,)
        Which class people gave; -1 for one that is not among them, which has probability 0.
    weights : array-like of float, optional
        What each item counts; 1 by default.
    interval : float, default 0.95
        The normal interval's confidence.

    Returns
    -------
    dict of str to (score, low, high)
        ``class_brier_score``, the mean over items of the sum over classes of squared distances, 0 to 2;
        ``class_log_loss``, the mean negative logarithm of the probability of the right class, kept from 0 by a float's
        precision.

    Raises
    ------
    InvalidInput
        If a probability is missing or outside 0 to 1, or a weight is negative or missing.

    References
    ----------
    As `brier_score` and `log_loss`.

    Examples
    --------
    >>> scores = class_scores([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1]], [0, 1])
    >>> {name: round(value[0], 3) for name, value in scores.items()}
    {'class_brier_score': 0.1, 'class_log_loss': 0.29}
    """
    given, place = arguments.floats("proba", proba), np.asarray(right, dtype=np.int64)
    if np.isnan(given).any():
        raise InvalidInput(f"{int(np.isnan(given).sum())} probabilities are missing", expected="one for each class")
    check_confidences(given.ravel())
    heavy = checked_weights(weights, len(given))
    of_right = np.where(place >= 0, given[np.arange(len(given)), place], 0.0)
    brier = (given**2).sum(axis=1) - 2 * of_right + 1
    loss = -np.log(np.clip(of_right, np.finfo(np.float64).eps, 1))
    return {"class_brier_score": _mean(brier, heavy, interval), "class_log_loss": _mean(loss, heavy, interval)}


def class_scores_of(
    table: pd.DataFrame, weights: npt.NDArray[np.float64], interval: float
) -> list[tuple[str, tuple[float, float, float], int]]:
    """Return the `class_scores` of a comparison table and how many items they rest on; none without such columns."""
    columns = [name for name in table.columns if name.startswith(PROBA)]
    known = table[columns].notna().all(axis=1).to_numpy()
    if not columns or not known.any():
        return []
    offered = pd.Index([name.removeprefix(PROBA) for name in columns])
    right = offered.get_indexer(pd.Index(table["label"][known].astype(object)))
    found = class_scores(table.loc[known, columns], right, weights[known], interval=interval)
    return [(name, ends, int(known.sum())) for name, ends in found.items()]


def _checked(
    confidence: npt.ArrayLike, confirmed: npt.ArrayLike, weights: npt.ArrayLike | None
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_], npt.NDArray[np.float64]]:
    said, right = numbers(confidence, "confidence"), checked_outcomes(confirmed)
    if said.shape != right.shape:
        raise InvalidInput(f"there are {said.size} confidences and {right.size} outcomes", expected="one of each")
    if np.isnan(said).any():
        raise InvalidInput(f"{int(np.isnan(said).sum())} confidences are missing", expected="one for each outcome")
    check_confidences(said)
    return said, right, checked_weights(weights, len(said))


def _mean(
    values: npt.NDArray[np.float64], weights: npt.NDArray[np.float64], interval: float
) -> tuple[float, float, float]:
    arguments.share("interval", interval)
    total = weights.sum()
    mean = float(weights @ values / total)
    half = (
        NormalDist().inv_cdf((1 + interval) / 2) * math.sqrt(float((weights**2 * (values - mean) ** 2).sum())) / total
    )
    return mean, max(mean - float(half), 0.0), mean + float(half)
