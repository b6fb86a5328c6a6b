"""Intervals cover: a small share of benchmarks/estimates.py, of draws whose intervals are easily too narrow."""

import numpy as np
import pytest

from a2i_al.metrics import estimate_mean, estimation_scores
from a2i_al.metrics.estimates.designs import certain_part
from a2i_al.metrics.estimates.plan import Plan, mean_of
from a2i_al.sampling.draws.importance import proportional_chances

POOLS, SIZE = 400, 600
# Five standard errors of a share of 95 % in so many pools, and what coarse counts add on the safe side.
LEAST, MOST = 0.95 - 5 * 0.0109, 0.999


def pools(rate, seed):
    """Give pools whose model knows its chances of error."""
    rng = np.random.default_rng(seed)
    for _ in range(POOLS):
        chance = rng.beta(0.25, 0.25 * (1 - rate) / rate, SIZE)
        yield rng, chance, (rng.random(SIZE) < chance).astype(float)


@pytest.mark.parametrize(("rate", "n"), [(0.02, 50), (0.1, 20), (0.1, 60)])
def test_importance_draws_cover_and_the_normal_approximation_covers_less(rate, n):
    covered = textbook = 0
    for rng, chance, errors in pools(rate, seed=n):
        chances = proportional_chances(estimation_scores(chance), n)
        at = np.searchsorted(np.cumsum(chances), np.arange(n) + rng.random())
        at = np.minimum(at, SIZE - 1)
        found = estimate_mean(errors[at], chances[at], proxy=chance[at], pool_proxy=chance)
        covered += found.low <= errors.mean() <= found.high
        each = errors[at] / chances[at] * n / SIZE
        textbook += abs(each.mean() - errors.mean()) <= 1.96 * each.std(ddof=1) / np.sqrt(n)
    assert LEAST <= covered / POOLS <= MOST
    assert textbook < covered


@pytest.mark.parametrize(("rate", "n"), [(0.02, 60), (0.1, 40)])
def test_an_audit_slice_with_a_certain_part_covers(rate, n):
    covered = 0
    for rng, chance, errors in pools(rate, seed=n):
        everything, picked = np.ones(SIZE, dtype=bool), np.zeros(SIZE, dtype=bool)
        picked[rng.choice(SIZE, n // 2, replace=False)] = True
        audit = Plan(np.zeros(SIZE, dtype=np.intp), picked.copy(), None, "")
        rest = np.flatnonzero(~picked)
        top = rest[np.argsort(-chance[rest])[: n // 2]]
        picked[top] = True
        plan = certain_part(chance, top, everything, picked, everything)
        plan = plan if plan.serves(everything) else audit
        found = mean_of(plan, everything, errors, chance, confidence=0.95)
        covered += found.low <= errors.mean() <= found.high
    assert LEAST <= covered / POOLS <= MOST
