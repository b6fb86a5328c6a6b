"""Counts in, an interval for the rate behind them out."""

from __future__ import annotations

import math
from statistics import NormalDist

from a2i_al.errors import InvalidInput


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
    if not 0 <= successes <= n:
        raise InvalidInput(f"{successes} successes of {n}", expected="0 <= successes <= n")
    if not 0 < confidence < 1:
        raise InvalidInput(f"confidence is {confidence}", expected="a share between 0 and 1, such as 0.95")
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
