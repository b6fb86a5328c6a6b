"""What no interval can do: how narrow the best draw would be, and where counts are too coarse for 93 to 97 %."""

from __future__ import annotations

import numpy as np
from scipy.stats import poisson

from honest.coverage import ITEMS, Kind
from honest.pools import simulated

# The band that is asked for.
LEAST, MOST = 0.93, 0.97
# Counts up to here have all of the probability.
_COUNTS = 80


def narrowest(kind: Kind, caution: float, pools: int = 50) -> float:
    """Return the width ratio of an oracle: a model that is right, and known to be; a variance that is known, too.

    It draws in proportion to √(p(1 − p)) (Neyman), mixed with a uniform draw as far as `caution` says, and takes the
    model's own expectation off every value (λ = 1): then the variance is Σ p(1 − p)(1 − π)/π.
    """
    ratios, rng = [], np.random.default_rng(0)
    for p in simulated("good", kind.rate, pools, ITEMS, rng).expected:
        spread = np.sqrt(p * (1 - p))
        scores = (1 - caution) * spread / spread.mean() + caution
        chances = np.minimum(kind.n * scores / scores.sum(), 1)
        oracle = (spread**2 * (1 - chances) / np.maximum(chances, 1e-12)).sum() / ITEMS**2
        plain = (1 - kind.n / ITEMS) * p.mean() * (1 - p.mean()) / kind.n
        ratios.append(np.sqrt(oracle / plain))
    return float(np.mean(ratios))


def possible(expected: float) -> tuple[float, float]:
    """Return the coverages nearest to 95 % from below and above that sets of consecutive counts have.

    An interval that is no lottery holds a rate for some counts of errors and not for others; counts are about Poisson.

    Examples
    --------
    With one error expected, an interval that covers it for 0 to 2 errors is right in 92 %, and for 0 to 3 in 98.1 %:

    >>> [round(share, 3) for share in possible(1.0)]
    [0.92, 0.981]
    """
    cumulated = np.concatenate([[0.0], np.cumsum(poisson.pmf(np.arange(_COUNTS), expected))])
    shares = (cumulated[None, 1:] - cumulated[:-1, None])[np.triu_indices(_COUNTS)]
    return float(shares[shares <= 0.95].max()), float(shares[shares >= 0.95].min())  # noqa: PLR2004


def coarse(most: float = 10.0, step: float = 0.01) -> list[tuple[float, float]]:
    """Return the ranges of expected errors for which no interval covers from 93 to 97 %."""
    found: list[tuple[float, float]] = []
    for expected in np.arange(step, most, step):
        below, above = possible(float(expected))
        if below < LEAST and above > MOST:
            joined = bool(found) and expected - found[-1][1] < 1.5 * step
            found[-1:] = [(found[-1][0], float(expected))] if joined else [*found[-1:], (float(expected),) * 2]
    return found


def one_sided(expected: float) -> tuple[float, float]:
    """Return the probability of no error at all, and the least coverage of an interval that covers 93 % or more.

    Where no error is likelier than 7 %, the interval of that outcome must hold the rate, and all misses are on one
    side: the coverage is that of 0 to b errors, of which the first that is enough is given.
    """
    counts = np.cumsum(poisson.pmf(np.arange(_COUNTS), expected))
    return float(counts[0]), float(counts[counts >= LEAST].min())
