"""A setting in; how often the interval holds the truth, how wide it is, and how far off the naive number is, out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from a2i_al.metrics import wilson
from a2i_al.metrics.estimates.plan import Plan, mean_of
from honest.draws import DESIGNS, planned
from honest.pools import MODELS, Pools, simulated

ITEMS = 2_000
# Rates of error, and sizes of the sample.
FULL = ((0.3, 20), (0.3, 50), (0.1, 20), (0.1, 50), (0.1, 100), (0.1, 200), (0.02, 50), (0.02, 200), (0.02, 400))
FULL = (*FULL, (0.01, 200), (0.005, 50), (0.005, 400))
QUICK = ((0.1, 50), (0.1, 200), (0.02, 200))
# So many errors in a plain sample of the size, and the discreteness of counts no longer decides the coverage.
MANY = 10


@dataclass(frozen=True)
class Setting:
    """A way to draw from pools of a kind."""

    design: str
    model: str
    rate: float
    n: int


@dataclass(frozen=True)
class Found:
    """What came of a setting, over its pools.

    Attributes
    ----------
    coverage : float
        Share of the 95 % intervals that hold the pool's error rate.
    below, above : float
        Shares of the intervals that lie wholly below and above it.
    width_ratio : float
        Mean width by that of the interval from a uniform sample of as many items, without the model.
    error, naive_error : float
        Mean absolute error of the estimate and of the plain share of errors among all reviewed, by the truth.
    naive_coverage : float
        Of Wilson's interval for the plain share.
    """

    coverage: float
    below: float
    above: float
    width_ratio: float
    error: float
    naive_error: float
    naive_coverage: float


def settings(quick: bool) -> list[Setting]:  # noqa: FBT001 - as it comes from the command line
    """Return all combinations; pools of the same kind come one after the other."""
    sizes = QUICK if quick else FULL
    models = ("good", "uninformative") if quick else MODELS
    return [Setting(design, model, *size) for size, model, design in product(sizes, models, DESIGNS)]


def measured(setting: Setting, pools: int, seed: int = 0) -> Found:
    """Draw from every pool once, by the setting's design and uniformly, and compare with the truth."""
    rng = np.random.default_rng([seed, round(1e6 * setting.rate), setting.n, MODELS.index(setting.model)])
    simulated_pools = simulated(setting.model, setting.rate, pools, ITEMS, rng)
    rows = np.array([_one(setting, simulated_pools, number, rng) for number in range(pools)])
    value, low, high, width, naive, naive_low, naive_high, truth = rows.T
    scale = truth.mean()
    return Found(
        coverage=float(((low <= truth) & (truth <= high)).mean()),
        below=float((high < truth).mean()),
        above=float((truth < low).mean()),
        width_ratio=float((high - low).mean() / width.mean()),
        error=float(np.abs(value - truth).mean() / scale),
        naive_error=float(np.abs(naive - truth).mean() / scale),
        naive_coverage=float(((naive_low <= truth) & (truth <= naive_high)).mean()),
    )


def _one(setting: Setting, pools: Pools, number: int, rng: np.random.Generator) -> tuple[float, ...]:
    errors, expected = pools.errors[number], pools.expected[number]
    everything = np.ones(ITEMS, dtype=bool)
    plan, reviewed = planned(setting.design, expected, pools.predicted[number], setting.n, rng)
    found = mean_of(plan, everything, errors, expected, confidence=0.95)
    used = np.zeros(ITEMS, dtype=bool)
    used[rng.choice(ITEMS, setting.n, replace=False)] = True
    plain = mean_of(Plan(np.zeros(ITEMS, dtype=np.intp), used, None, ""), everything, errors, None, confidence=0.95)
    seen = errors[reviewed]
    naive = wilson(float(seen.sum()), len(seen))
    width = plain.high - plain.low
    return (found.value, found.low, found.high, width, float(seen.mean()), *naive, float(errors.mean()))
