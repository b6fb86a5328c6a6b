"""A pool in, a sample of it out, as `al.sample` draws it: with the plan by which it is estimated."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from a2i_al.metrics import estimation_scores
from a2i_al.metrics.estimates.designs import certain_part
from a2i_al.metrics.estimates.plan import Plan
from a2i_al.sampling.draws.importance import importance
from a2i_al.sampling.draws.stratified import stratified

DESIGNS = ("uniform", "importance", "audit and top n", "stratified")
# Of the audit slice, where there is one.
AUDIT = 0.5


def planned(
    design: str, expected: npt.NDArray[np.float64], predicted: npt.NDArray[np.intp], n: int, rng: np.random.Generator
) -> tuple[Plan, npt.NDArray[np.intp]]:
    """Return the plan, and all reviewed items."""
    size = len(expected)
    used, everywhere = np.zeros(size, dtype=bool), np.zeros(size, dtype=np.intp)
    if design == "importance":
        drawn = importance(np.column_stack([1 - expected, expected]), scores=estimation_scores(expected), n=n, rng=rng)
        chances = np.full(size, np.nan)
        chances[drawn.positions] = drawn.inclusion_probability
        used[drawn.positions] = True
        return Plan(everywhere, used, chances, design), drawn.positions
    if design == "stratified":
        hashes = rng.integers(0, 2**64, size, dtype=np.uint64)
        drawn = stratified(groups=predicted, hashes=hashes, n=n, rng=rng, allocation="equal")
        used[drawn.positions] = True
        return Plan(predicted, used, None, design), drawn.positions
    audit = rng.choice(size, n if design == "uniform" else round(AUDIT * n), replace=False)
    used[audit] = True
    if design == "uniform":
        return Plan(everywhere, used, None, design), audit
    rest = np.flatnonzero(~used)
    top = rest[np.argsort(-expected[rest], kind="stable")[: n - len(audit)]]
    picked = used.copy()
    picked[top] = True
    plan = certain_part(expected, top, np.ones(size, dtype=bool), picked, np.ones(size, dtype=bool))
    everything = np.ones(size, dtype=bool)
    return (
        plan if plan is not None and plan.serves(everything) else Plan(everywhere, used, None, design)
    ), np.flatnonzero(picked)
