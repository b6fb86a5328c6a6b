"""What no interval can do: how narrow the best draw would be, and where counts are too coarse for 93 to 97 %."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.stats import binom, hypergeom, poisson

from a2i_al.metrics.estimates.plan import Plan, mean_of
from honest.coverage import ITEMS, Kind
from honest.pools import simulated

# The band that is asked for.
LEAST, MOST = 0.93, 0.97
# Counts up to here have all of the probability.
_COUNTS = 80
# Two shares of the same whole number of items.
_SAME = 1e-12


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
    shares = _runs(poisson.pmf(np.arange(_COUNTS), expected))
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


@dataclass(frozen=True)
class Exact:
    """Coverage from uniform draws, summed over all counts and the numbers of errors that pools of a kind have.

    Attributes
    ----------
    ours, mid_p, clopper_pearson : float
        Of our interval, and of Clopper and Pearson's with half and with all of the observed count's probability.
    least : float
        The least that an interval can have which covers 93 % or more of the draws from each of these pools.
    """

    ours: float
    mid_p: float
    clopper_pearson: float
    least: float


def exactly(rate: float, n: int) -> Exact:
    """Return the coverages for pools in which each item is an error with the same chance."""
    errors = np.arange(1, 3 * round(ITEMS * rate) + 10)
    frequency = binom.pmf(errors, ITEMS, rate)
    counts = np.arange(min(n, 4 * round(n * rate) + _COUNTS // 4) + 1)
    chance = hypergeom.pmf(counts[:, None], ITEMS, errors, n)
    covers = []
    for interval in (_ours, partial(_tails, part=0.5), partial(_tails, part=1.0)):
        ends = np.array([interval(int(count), n) for count in counts])
        held = (ends[:, :1] <= errors / ITEMS + _SAME) & (errors / ITEMS <= ends[:, 1:] + _SAME)
        covers.append((chance * held).sum(axis=0))
    covers.append(np.array([_runs(each)[_runs(each) >= LEAST].min() for each in chance.T]))
    return Exact(*(float(frequency @ each / frequency.sum()) for each in covers))


def _ours(count: int, n: int) -> tuple[float, float]:
    used, everything = np.arange(ITEMS) < n, np.ones(ITEMS, dtype=bool)
    plan = Plan(np.zeros(ITEMS, dtype=np.intp), used, None, "")
    found = mean_of(plan, everything, (np.arange(ITEMS) < count).astype(np.float64), None, confidence=0.95)
    return found.low, found.high


def _tails(count: int, n: int, part: float) -> tuple[float, float]:
    errors = np.arange(count, ITEMS - (n - count) + 1)
    less = (1 - part) * hypergeom.pmf(count, ITEMS, errors, n)
    at_most = hypergeom.cdf(count, ITEMS, errors, n) - less
    at_least = hypergeom.sf(count - 1, ITEMS, errors, n) - less
    believed = errors[(at_most > 0.025) & (at_least > 0.025)]  # noqa: PLR2004 - the tails of 95 %
    return believed[0] / ITEMS, believed[-1] / ITEMS


def _runs(chances: np.ndarray) -> np.ndarray:
    """Return the probabilities of all sets of consecutive counts."""
    cumulated = np.concatenate([[0.0], np.cumsum(chances)])
    return (cumulated[None, 1:] - cumulated[:-1, None])[np.triu_indices(len(chances))]
