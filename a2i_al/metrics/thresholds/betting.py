"""Weighted answers, from the surest on, and a target in; evidence that the risk is below it, and a bound, out."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# Parts of the capital that are bet at once, and their mean is the evidence: the first is best where nothing is wrong,
# the others where the risk is 40 and 70 % of the target.
_BETS = np.array([0.9, 0.6, 0.3])
_HALVINGS = 40


def evidence(weights: Floats, errors: Floats, target: float, largest: float) -> Floats:
    """Return the logarithm of the evidence that the risk is below a target, over the first k answers for every k.

    Parameters
    ----------
    weights, errors : ndarray of shape (n,), float64
        Of answers drawn with unequal chances: 1/π, in any scale, and 0 or 1.
    target : float
        Between 0 and 1.
    largest : float
        The largest weight that any answer of the pool could have.

    Returns
    -------
    ndarray of shape (n,), float64
        If the risk of what the first k stand for is the target or more, the mean of the exponential is at most 1, and
        it exceeds 1/δ with a chance of δ at most (Markov), whatever the weights, the errors and n.

    Notes
    -----
    Whoever bets that the target is kept wins w (target − error) λ per unit of capital at each draw: on average nothing,
    or less, if the risk is the target, as the weights undo the unequal chances. With λ = f/(largest (1 − target)) the
    capital stays positive, and what it has grown to is the evidence. Counts of unequal draws have no distribution that
    is known, bounded numbers have this.

    References
    ----------
    I. Waudby-Smith and A. Ramdas, "Estimating means of bounded random variables by betting", Journal of the Royal
    Statistical Society B 86, 2024.

    Examples
    --------
    Sixty equally likely draws without an error, and a target of 5 %:

    >>> round(float(np.exp(evidence(np.ones(60), np.zeros(60), 0.05, 1.0)[-1])), 1)
    8.4
    """
    stakes = _BETS / (largest * (1 - target))
    grown = np.cumsum(np.log1p(np.outer(weights * (target - errors), stakes)), axis=0)
    return np.asarray(np.logaddexp.reduce(grown, axis=1) - math.log(len(_BETS)))


def bound(weights: Floats, errors: Floats, level: float, largest: float, most: float) -> float:
    """Return the least target, up to `most`, for which the evidence of all answers is enough at a level.

    Examples
    --------
    >>> found = bound(np.ones(200), np.zeros(200), 0.95, 1.0, 0.05)
    >>> round(found, 3)
    0.021
    """
    low, high = 0.0, most
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        enough = evidence(weights, errors, middle, largest)[-1] >= -math.log1p(-level)
        low, high = (low, middle) if enough else (middle, high)
    return high
