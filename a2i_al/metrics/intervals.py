"""Counts, or weighted outcomes, in; the rate behind them and an interval for it out."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from a2i_al import arguments
from a2i_al.metrics.outcomes import checked_outcomes
from a2i_al.metrics.weights import checked_weights


def wilson(successes: float, n: float, confidence: float = 0.95) -> tuple[float, float]:
    """Bound the rate behind `successes` of `n` independent draws: Wilson's score interval.

    Unlike the textbook interval it stays within 0 and 1 and has a width where 0 or all of n succeed, which is what
    small review batches often look like.

    Parameters
    ----------
    successes : float
        From 0 to n.
    n : float
        Number of draws.
    confidence : float, default 0.95
        Between 0 and 1, both excluded.

    Returns
    -------
    low, high : float
        NaN and NaN for n = 0.

    Raises
    ------
    InvalidInput
        If the counts or the confidence are out of range.

    References
    ----------
    E. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American
    Statistical Association 22, 1927.

    Examples
    --------
    >>> low, high = wilson(1, 29)
    >>> round(low, 4), round(high, 4)
    (0.0061, 0.1718)
    """
    arguments.number("n", n, lambda n: 0 <= n < math.inf, "how often it was tried, 0 or more")
    arguments.number("successes", successes, lambda successes: 0 <= successes <= n, f"from 0 to n, which is {n}")
    arguments.share("confidence", confidence)
    if n == 0:
        return math.nan, math.nan
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    rate = successes / n
    centre = (rate + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
    # The ends are exact there; the formula misses them by a rounding error.
    low = 0.0 if successes == 0 else centre - half
    high = 1.0 if successes == n else centre + half
    return low, high


def wilson_weighted(
    outcomes: npt.ArrayLike, weights: npt.ArrayLike | None = None, confidence: float = 0.95
) -> tuple[float, float, float]:
    """Estimate the rate behind weighted outcomes, and bound it: Wilson's interval with the effective sample size.

    Parameters
    ----------
    outcomes : array-like of bool, shape (n,)
        Whether each draw succeeded.
    weights : array-like of float, shape (n,), optional
        At least 0, such as 1 / inclusion_probability; 1 by default, which gives `wilson`.
    confidence : float, default 0.95
        Of the interval.

    Returns
    -------
    rate, low, high : float
        The weighted share of successes (Hajek's estimator) and its bounds; NaN without draws.

    Raises
    ------
    InvalidInput
        If a weight is negative or missing, all are 0, or the confidence is out of range.

    Notes
    -----
    The effective sample size is that of a simple random sample whose rate varies as much as this one's does, after
    linearisation, and at most n. Where nothing or everything succeeds no variation is seen, and it is Kish's.

    References
    ----------
    C. Franco, R. Little, T. Louis and E. Slud, "Comparative study of confidence intervals for proportions in complex
    sample surveys", Journal of Survey Statistics and Methodology 7, 2019.

    Examples
    --------
    Of three draws the one that stands for two items failed:

    >>> [round(end, 3) for end in wilson_weighted([True, True, False], [1, 1, 2])]
    [0.5, 0.116, 0.884]
    """
    hit = checked_outcomes(outcomes)
    heavy = checked_weights(weights, len(hit))
    if not len(hit):
        return math.nan, math.nan, math.nan
    total, squares = float(heavy.sum()), float((heavy**2).sum())
    rate = float(heavy[hit].sum()) / total
    variance = float((heavy**2 * (hit - rate) ** 2).sum()) / total**2
    n = effective_n(rate, variance, total**2 / squares, most=float(np.count_nonzero(heavy)))
    return rate, *wilson(min(rate * n, n), n, confidence)


def effective_n(share: float, variance: float, otherwise: float, *, most: float = math.inf) -> float:
    """Return the size of a simple random sample in which a share varies by this variance.

    Parameters
    ----------
    share : float
        From 0 to 1.
    variance : float
        Of its estimate.
    otherwise : float
        The size where no variation is seen: at 0 and 1.
    most : float, default inf
        No larger than this.

    Examples
    --------
    >>> round(effective_n(0.5, 0.0025, 50), 6), effective_n(1.0, 0.0, 50)
    (100.0, 50)
    """
    # Below this a share of 0 or 1 differs from it by rounding only.
    seen = variance > 1e-15  # noqa: PLR2004
    return min(share * (1 - share) / variance, most) if seen and 0 < share < 1 else otherwise
