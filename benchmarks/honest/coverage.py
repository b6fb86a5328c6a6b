"""Settings in; how often the intervals hold the truth, how wide they are, and how far off the naive number is, out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

import numpy as np

from a2i_al.metrics import wilson
from a2i_al.metrics.estimates.plan import Plan, mean_of
from honest.draws import AUDIT, DESIGNS, planned
from honest.pools import MODELS, Pools, simulated

ITEMS = 2_000
# Rates of error, and sizes of the sample.
FULL = ((0.3, 20), (0.3, 50), (0.1, 20), (0.1, 50), (0.1, 100), (0.1, 200), (0.02, 50), (0.02, 200), (0.02, 400))
FULL = (*FULL, (0.01, 200), (0.005, 50), (0.005, 400))
QUICK = ((0.1, 50), (0.1, 200), (0.02, 200))
# In memory at a time.
_POOLS = 1_000


@dataclass(frozen=True)
class Kind:
    """Pools of a kind, and how many of a pool's items are reviewed."""

    model: str
    rate: float
    n: int


@dataclass(frozen=True)
class Setting:
    """A way to draw from pools of a kind."""

    design: str
    kind: Kind

    @property
    def expected(self) -> float:
        """The errors that its draws would show if they were uniform."""
        return self.kind.rate * self.kind.n * (AUDIT if self.design == "audit and top n" else 1)


@dataclass(frozen=True)
class Found:
    """What came of a setting, over its pools.

    Attributes
    ----------
    pools : int
        How many.
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

    pools: int
    coverage: float
    below: float
    above: float
    width_ratio: float
    error: float
    naive_error: float
    naive_coverage: float


def kinds(quick: bool) -> list[Kind]:  # noqa: FBT001 - as it comes from the command line
    """Return all kinds of pools."""
    models = ("good", "uninformative") if quick else MODELS
    return [Kind(model, *size) for size, model in product(QUICK if quick else FULL, models)]


def measured(kind: Kind, designs: Iterable[str] = DESIGNS, *, pools: int, seed: int = 0) -> dict[Setting, Found]:
    """Draw from every pool once by each design and once uniformly, and compare with the truth."""
    rng = np.random.default_rng([seed, round(1e6 * kind.rate), kind.n, MODELS.index(kind.model)])
    rows: dict[str, list[tuple[float, ...]]] = {design: [] for design in designs}
    for first in range(0, pools, _POOLS):
        here = simulated(kind.model, kind.rate, min(_POOLS, pools - first), ITEMS, rng)
        for number in range(len(here.errors)):
            width = _plain_width(here.errors[number], kind.n, rng)
            for design, found in rows.items():
                found.append((*_one(design, here, number, kind.n, rng), width))
    return {Setting(design, kind): _summary(np.array(found)) for design, found in rows.items()}


def _summary(rows: np.ndarray) -> Found:
    value, low, high, naive, naive_low, naive_high, truth, width = rows.T
    scale = truth.mean()
    return Found(
        pools=len(rows),
        coverage=float(((low <= truth) & (truth <= high)).mean()),
        below=float((high < truth).mean()),
        above=float((truth < low).mean()),
        width_ratio=float((high - low).mean() / width.mean()),
        error=float(np.abs(value - truth).mean() / scale),
        naive_error=float(np.abs(naive - truth).mean() / scale),
        naive_coverage=float(((naive_low <= truth) & (truth <= naive_high)).mean()),
    )


def _one(design: str, pools: Pools, number: int, n: int, rng: np.random.Generator) -> tuple[float, ...]:
    errors, expected = pools.errors[number], pools.expected[number]
    plan, reviewed = planned(design, expected, pools.predicted[number], n, rng)
    found = mean_of(plan, np.ones(ITEMS, dtype=bool), errors, expected, confidence=0.95)
    seen = errors[reviewed]
    naive = wilson(float(seen.sum()), len(seen))
    return (found.value, found.low, found.high, float(seen.mean()), *naive, float(errors.mean()))


def _plain_width(errors: np.ndarray, n: int, rng: np.random.Generator) -> float:
    used = np.zeros(ITEMS, dtype=bool)
    used[rng.choice(ITEMS, n, replace=False)] = True
    plan = Plan(np.zeros(ITEMS, dtype=np.intp), used, None, "")
    plain = mean_of(plan, np.ones(ITEMS, dtype=bool), errors, None, confidence=0.95)
    return plain.high - plain.low
