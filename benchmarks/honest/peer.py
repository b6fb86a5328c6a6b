"""Prediction-powered inference beside ppi-python, the promise of a threshold, and the bootstrap of a million rows."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import numpy as np

from a2i_al.metrics import bootstrap_sums, certified_threshold, estimation_scores, prediction_powered_mean
from a2i_al.sampling.draws.importance import importance


def beside_ppi_python(rounds: int) -> dict[str, float]:
    """Return the largest difference between the intervals where λ is not cut, and how often ours is faster."""
    from ppi_py import ppi_mean_ci  # noqa: PLC0415 - it loads numba and statsmodels

    rng, apart = np.random.default_rng(0), 0.0
    for _ in range(rounds):
        truth, unseen = rng.random(200), rng.random(100_000)
        predicted = np.clip(truth + rng.normal(0, 0.3, 200), 0, 1)
        ours = prediction_powered_mean(truth, predicted, unseen)
        low, high = ppi_mean_ci(truth, predicted, unseen, alpha=0.05)
        if 0 <= ours.slope <= 1:
            apart = max(apart, abs(ours.low - low.item()), abs(ours.high - high.item()))
    theirs = _seconds(lambda: ppi_mean_ci(truth, predicted, unseen, alpha=0.05))
    mine = _seconds(lambda: prediction_powered_mean(truth, predicted, unseen))
    return {"ppi_difference": apart, "ppi_x": theirs / mine, "ppi_milliseconds": 1e3 * mine}


def promise(samples: int, n: int = 300, target: float = 0.05, level: float = 0.95) -> dict[str, float]:
    """Return how often a promised threshold breaks its promise, for models that know and that do not know."""
    rng, figures = np.random.default_rng(1), {}
    population = rng.beta(0.25, 2.2, 500_000)
    grid = np.linspace(0.3, 1, 400)
    for name, shown in (("informative", population), ("uninformative", rng.permutation(population))):
        order = np.argsort(shown)
        risks = np.cumsum(population[order]) / np.arange(1, len(order) + 1)
        broken = made = 0
        for _ in range(samples):
            rows = rng.integers(0, len(population), n)
            errors = rng.random(n) < population[rows]
            found = certified_threshold(1 - shown[rows], errors, target_error=target, level=level, thresholds=grid)
            if np.isfinite(found.threshold):
                made += 1
                taken = int(np.searchsorted(shown[order], 1 - found.threshold, side="right"))
                broken += bool(risks[max(taken - 1, 0)] > target)
        figures[f"threshold_broken_{name}"] = broken / samples
        figures[f"threshold_made_{name}"] = made / samples
    return figures


def weighted_promise(samples: int, n: int = 500, target: float = 0.05, items: int = 2_000) -> dict[str, float]:
    """Return how often a threshold breaks its promise that importance draws of `estimation_scores` gave."""
    rng, figures = np.random.default_rng(2), {}
    for name in ("informative", "uninformative"):
        broken = made = 0
        for _ in range(samples):
            chance = rng.beta(0.25, 2.2, items)
            shown = chance if name == "informative" else rng.permutation(chance)
            none = np.column_stack([1 - shown, shown])
            drawn = importance(none, scores=estimation_scores(shown), n=n, rng=rng)
            at, weights = drawn.positions, 1 / drawn.inclusion_probability
            errors = rng.random(n) < chance[at]
            found = certified_threshold(
                1 - shown[at], errors, target_error=target, thresholds=1 - shown, weights=weights
            )
            if np.isfinite(found.threshold):
                made += 1
                broken += bool(chance[1 - shown >= found.threshold].mean() > target)
        figures[f"threshold_weighted_broken_{name}"] = broken / samples
        figures[f"threshold_weighted_made_{name}"] = made / samples
    return figures


def million_rows(rows: int) -> dict[str, float]:
    """Return the time of 1,000 weighted replicates of a 10 × 10 confusion matrix, every row with its own weight."""
    rng = np.random.default_rng(0)
    cells, weights = rng.integers(0, 100, rows), rng.random(rows) + 0.5
    bootstrap_sums(cells[:10_000], weights[:10_000], random_state=0)  # compiles, or loads what is compiled
    wall, cpu = time.perf_counter(), time.process_time()
    bootstrap_sums(cells, weights, random_state=0)
    return {"bootstrap_seconds": time.perf_counter() - wall, "bootstrap_cpu_seconds": time.process_time() - cpu}


def _seconds(work: Callable[[], object], runs: int = 7) -> float:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return median(times)
