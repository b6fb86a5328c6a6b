"""Rounds of reviews with a strategy that learns in; how often all rounds' draws together hold the truth out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from a2i_al.metrics.estimates.designs import all_rounds, designs
from a2i_al.metrics.estimates.plan import mean_of
from a2i_al.tables import PICKS
from honest.draws import AUDIT
from honest.pools import CLASSES, Pools, simulated

ITEMS = 2_000


@dataclass(frozen=True)
class Cycle:
    """Rounds of n reviews each, half of them an audit slice, of pools of a kind."""

    model: str
    rate: float
    rounds: int
    n: int


CYCLES = tuple(
    Cycle(model, *size)
    for size in ((0.1, 5, 20), (0.1, 4, 100), (0.02, 4, 100), (0.02, 10, 20))
    for model in ("good", "uninformative")
)


def of_rounds(cycle: Cycle, pools: int, seed: int = 0) -> tuple[float, float, float]:
    """Return the coverage of all rounds together, their width by that of the last round, and the latter's coverage."""
    rng = np.random.default_rng([seed, CYCLES.index(cycle)])
    here, rows = simulated(cycle.model, cycle.rate, pools, ITEMS, rng), []
    ids = pd.Index([str(number) for number in range(ITEMS)], name="item_id")
    everything = np.ones(ITEMS, dtype=bool)
    for number in range(pools):
        picks = _bought(here, number, cycle, rng)
        pool, labelled = pd.DataFrame({"predicted_label": "a"}, index=ids), np.zeros(ITEMS, dtype=bool)
        labelled[picks["item_id"].astype(int)] = True
        for ways in (all_rounds(pool, labelled, picks), designs(pool, labelled, picks)):
            plan = ways.plan_for(everything) or ways.plans[-1]
            found = mean_of(plan, everything, here.errors[number], here.expected[number], confidence=0.95)
            rows.append((found.low, found.high, here.errors[number].mean()))
    low, high, truth = np.array(rows).T.reshape(3, pools, 2)
    held, width = ((low <= truth) & (truth <= high)).mean(axis=0), (high - low).mean(axis=0)
    return float(held[0]), float(width[0] / width[1]), float(held[1])


def _bought(pools: Pools, number: int, cycle: Cycle, rng: np.random.Generator) -> pd.DataFrame:
    """Return the picks of all rounds: a slice at random, and what has most errors by model and labels so far."""
    errors, predicted = pools.errors[number], pools.predicted[number]
    left, tables = np.ones(ITEMS, dtype=bool), []
    for turn in range(cycle.rounds):
        candidates = np.flatnonzero(left)
        audit = rng.choice(candidates, round(AUDIT * cycle.n), replace=False)
        chance = len(audit) / len(candidates)
        learnt = np.bincount(predicted[~left], errors[~left] - cycle.rate, minlength=CLASSES)
        rest = np.setdiff1d(candidates, audit)
        score = pools.expected[number][rest] + 0.1 * np.tanh(learnt)[predicted[rest]]
        top = rest[np.argsort(-score, kind="stable")[: cycle.n - len(audit)]]
        left[audit] = left[top] = False
        tables.append(
            pd.DataFrame(
                {
                    "item_id": np.concatenate([audit, top]).astype(str),
                    "strategy": ["audit"] * len(audit) + ["learns"] * len(top),
                    "inclusion_probability": [chance] * len(audit) + [np.nan] * len(top),
                    "round": turn,
                }
            )
        )
    return PICKS.check(pd.concat(tables, ignore_index=True))
