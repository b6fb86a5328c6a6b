"""A fitted mean in, its interval out: by a beta distribution for shares, by Student's t for other numbers."""

from __future__ import annotations

import math

import numpy as np

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.metrics.estimates.generalised import Fitted

# Events that it takes until half of what weights add to the halves is added: before, a lower end would be no bound.
_EVENTS_TO_WEIGH = 2.0
# What the weights alone say of the spread counts as much as so many events.
_EVENTS_BEFORE = 1.0


def share_interval(
    fit: Fitted, n: float, left: float, confidence: float = 0.95, *, seen: tuple[bool, bool] = (True, True)
) -> tuple[float, float]:
    """Bound a mean of values between 0 and 1: Jeffreys' interval, for weighted draws.

    Parameters
    ----------
    fit : Fitted
        The estimate.
    n : float
        Items drawn; for a ratio, those that its denominator counts.
    left : float
        Share of the items that were not drawn, 1 − n/N.
    confidence : float, default 0.95
        Of the interval.
    seen : tuple of bool
        Whether any draw is above 0, and whether any is below 1.

    Returns
    -------
    low, high : float
        Within 0 and 1.

    Notes
    -----
    Jeffreys' interval for k of n equally likely draws is that of Beta(k + ½, n − k + ½): half an observation of either
    outcome is added. Here the two halves join the n weighted residuals with the weight that an unseen event would have,
    and the beta distribution is the one with the mean and the variance of the whole. For equal weights without a proxy
    that is Jeffreys' interval again; otherwise the residuals decide how many plain observations the sample is worth.

    Few events tell little of how far weighted residuals spread, and a light event among them makes the spread seem
    small. So the spread is shrunk to that of outcomes which have nothing to do with the weights, as if one event more
    had been seen; and the weight of the unseen event from that of any item to that of the events, as if two had. Where
    the model knows what is hard its errors have small weights, and the interval is narrow; by chance, it is not.

    An ordinary interval has no width where no error was seen; this one says how many there could be: about 3/n, the
    rule of three, in place of Jeffreys' 2.5/n, which misses in 8 % of the samples of pools just above it. The interval
    is no guarantee: benchmarks/estimates.py measures how often it covers.

    References
    ----------
    L. Brown, T. Cai and A. DasGupta, "Interval estimation for a binomial proportion", Statistical Science 16, 2001; for
    weighted samples by way of the effective sample size E. Korn and B. Graubard, Survey Methodology 24, 1998.

    Examples
    --------
    One error in twenty draws from a large pool, Beta(1.5, 19.5):

    >>> from a2i_al.metrics.estimates.generalised import Drawn, fitted
    >>> fit = fitted(Drawn(np.r_[1.0, np.zeros(19)], np.ones(20), np.ones(20)))
    >>> low, high = share_interval(fit, 20, left=1.0)
    >>> round(low, 3), round(high, 3)
    (0.005, 0.211)
    >>> fit = fitted(Drawn(np.zeros(100), np.ones(100), np.ones(100)))
    >>> round(share_interval(fit, 100, left=1.0, seen=(False, True))[1], 3)
    0.029
    """
    from scipy.special import betaincinv, chdtrc  # noqa: PLC0415 - a third of a second to import

    value = min(max(fit.mean, 0.0), 1.0)
    half = left / 2 * (1 + (fit.typical - 1) * fit.events / (fit.events + _EVENTS_TO_WEIGH))
    mean = (n * value + half) / (n + 2 * half)
    told = fit.events / (fit.events + _EVENTS_BEFORE)
    squares = told * fit.squares + (1 - told) * fit.usual * value * (1 - value)
    added = left / 2 * (mean**2 + (1 - mean) ** 2) * fit.unseen
    variance = (squares + n * (value - mean) ** 2 + added) / ((n + left) * (n + 1 + left))
    worth = max(mean * (1 - mean) / variance - 1, 1e-6)
    tail = (1 - confidence) / 2
    if not all(seen):
        # -log(2 tail)/n, as it stands in the scale of Beta(½, n + ½): half a χ² with one degree of freedom.
        tail = float(chdtrc(1, -2 * math.log(2 * tail)))
    low, high = betaincinv(worth * mean, worth * (1 - mean), [tail, 1 - tail])
    return float(low) if seen[0] else 0.0, float(high) if seen[1] else 1.0


def number_interval(fit: Fitted, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Bound a mean of numbers of any size: Student's t with n − 1 degrees of freedom.

    Parameters
    ----------
    fit : Fitted
        The estimate.
    n : int
        Items drawn.
    confidence : float, default 0.95
        Of the interval.

    Returns
    -------
    low, high : float
        Infinite for n = 1: a single draw says nothing of the spread.

    Examples
    --------
    >>> fit = Fitted(mean=10.0, squares=90.0, slope=0.0)
    >>> low, high = number_interval(fit, 10)
    >>> round(low, 2), round(high, 2)
    (7.74, 12.26)
    """
    from scipy.stats import t  # noqa: PLC0415 - half a second to import

    if n == 1:
        return -math.inf, math.inf
    half = float(t.ppf((1 + confidence) / 2, n - 1)) * math.sqrt(fit.squares / (n * (n - 1)))
    return fit.mean - half, fit.mean + half


def exact_interval(successes: int, n: int, size: int, confidence: float = 0.95) -> tuple[float, float]:
    """Bound a share of a finite pool from a uniform draw, with a guarantee: Clopper and Pearson's interval.

    Parameters
    ----------
    successes, n : int
        Of n items that were drawn.
    size : int
        Items in the pool.
    confidence : float, default 0.95
        At least so often the interval holds the share, whatever the share is; most often more.

    Returns
    -------
    low, high : float
        Whole numbers of items, as shares of `size`.

    Raises
    ------
    InvalidInput
        Unless 0 <= successes <= n <= size and n > 0.

    References
    ----------
    C. Clopper and E. Pearson, Biometrika 26, 1934; for finite populations J. Wright, "Exact confidence bounds when
    sampling from small finite universes", 1991.

    Examples
    --------
    Of 10 items, 5 were drawn and 1 of these is an error. With 6 errors or more among the 10, at most 1 in 5 draws comes
    up in C(6,1)·C(4,4)/C(10,5) = 2.4 % of the samples: 5 errors are the most that can be believed.

    >>> exact_interval(1, 5, 10)
    (0.1, 0.5)
    """
    from scipy.stats import hypergeom  # noqa: PLC0415 - half a second to import

    for name, count, least in (("successes", successes, 0), ("n", n, 1), ("size", size, 1)):
        arguments.whole(name, count, least)
    arguments.share("confidence", confidence)
    if not successes <= n <= size:
        raise InvalidInput(f"{successes} of {n} drawn from {size}", expected="0 <= successes <= n <= size, n > 0")
    tail = (1 - confidence) / 2

    possible = np.arange(successes, size - (n - successes) + 1)
    at_most = hypergeom.cdf(successes, size, possible, n)
    at_least = hypergeom.sf(successes - 1, size, possible, n)
    believed = possible[(at_most > tail) & (at_least > tail)]
    return float(believed[0] / size), float(believed[-1] / size)
