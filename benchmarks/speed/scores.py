"""The top 1,000 of a large array of probabilities, by ours and by the peers' public functions, and one read of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle, repeat
from typing import Any

import numpy as np

import a2i_al as al
from speed.clock import Taken, forget_peak, held_mb, peak_mb, raced

CLASSES, TOP = 10, 1_000
STRATEGIES = ("least_confidence", "margin", "entropy")
READ = "one read"
_READS = 15  # rounds beside reads, which take milliseconds
# Beside reads, copies of the array take turns: so many bytes do not stay in a cache between two rounds.
_UNCACHED = 400 * 2**20
# small-text scores margin and entropy row by row in Python: 5 s and over 7 minutes for a million rows.
_SLOW = {("small-text", "margin"), ("small-text", "entropy")}


def probabilities(rows: int, seed: int = 0) -> np.ndarray:
    """Return float32 probabilities of ten classes, drawn from a flat Dirichlet, (rows, 10)."""
    rng = np.random.default_rng(seed)
    proba = rng.standard_exponential((rows, CLASSES), dtype=np.float32)
    proba /= proba.sum(axis=1, keepdims=True)
    return proba


def score_race(
    rows: int, strategies: tuple[str, ...] = STRATEGIES, *, peers: bool = True
) -> dict[str, dict[str, Taken]]:
    """Return, for each strategy, what ours, the peers and one read of the array took."""
    proba = probabilities(rows)
    copies = 1 if peers else -(-_UNCACHED // proba.nbytes)
    pools = cycle([proba, *(proba.copy() for _ in range(copies - 1))])
    result = {}
    for strategy in strategies:
        contenders: dict[str, Callable[[], object]] = {"ours": _ours(pools, strategy), **_reads(pools)}
        if peers:
            contenders |= _peers(proba, strategy)
        taken = raced(contenders, rounds=5 if peers else _READS)
        reads = [taken.pop(name) for name in _reads(pools)]
        result[strategy] = taken | {READ: min(reads, key=lambda read: read.seconds)}
    return result


def extra_mb(rows: int) -> float:
    """Return the memory that choosing by margin takes beside the array, in MB; numba's own is loaded before."""
    proba = probabilities(rows)
    _ours(repeat(proba[:200_000]), "margin")()
    forget_peak()
    before = held_mb()
    _ours(repeat(proba), "margin")()
    return peak_mb() - before


def fastest(taken: dict[str, Taken]) -> str:
    """Return the name of the fastest peer."""
    return min((name for name in taken if name not in {"ours", READ}), key=lambda name: taken[name].seconds)


def _ours(pools: Iterator[np.ndarray], strategy: str) -> Callable[[], object]:
    return lambda: al.sample(next(pools), TOP, strategy=strategy, random_state=0)


def _reads(pools: Iterator[np.ndarray]) -> dict[str, Callable[[], object]]:
    """Return the ways to sum the array: numpy's, and compiled sums in as many threads as ours takes."""
    import numba  # noqa: PLC0415

    from a2i_al.compute.threads import in_threads, row_blocks  # noqa: PLC0415

    @numba.njit(nogil=True, fastmath=True, cache=True)
    def total(values: np.ndarray) -> float:
        result = np.float32(0)
        for at in range(values.size):
            result += values[at]
        return result

    def in_blocks() -> float:
        flat = next(pools).reshape(-1)
        return sum(in_threads(lambda at: total(flat[at[0] : at[1]]), row_blocks(flat.size, 10 * 65_536)))

    return {"numpy's sum": lambda: next(pools).sum(), "numba's sums": in_blocks}


def _peers(proba: np.ndarray, strategy: str) -> dict[str, Callable[[], object]]:
    """Return the peers' calls that end in positions; their checks, if any, included."""
    from cardinal import uncertainty as cardinal  # noqa: PLC0415
    from modAL import uncertainty as modal  # noqa: PLC0415
    from skactiveml.pool import uncertainty_scores  # noqa: PLC0415
    from small_text.query_strategies import strategies as small_text  # noqa: PLC0415

    one = {"least_confidence": 0, "margin": 1, "entropy": 2}[strategy]
    query = (modal.uncertainty_sampling, modal.margin_sampling, modal.entropy_sampling)[one]
    sampler = (cardinal.ConfidenceSampler, cardinal.MarginSampler, cardinal.EntropySampler)[one]
    asked = (small_text.LeastConfidence, small_text.BreakingTies, small_text.PredictionEntropy)[one]
    method = ("least_confident", "margin_sampling", "entropy")[one]
    model, rows = _Known(), np.arange(len(proba))
    calls: dict[str, Callable[[], object]] = {
        "modAL": lambda: query(model, proba, n_instances=TOP),
        "cardinal": lambda: sampler("precomputed", TOP).select_samples(proba),
        "scikit-activeml": lambda: np.argpartition(uncertainty_scores(proba, method=method), -TOP)[-TOP:],
        "small-text": lambda: asked().query(model, proba, rows, rows[:0], rows[:0], n=TOP),
    }
    return {name: call for name, call in calls.items() if (name, strategy) not in _SLOW}


class _Known:
    """A model whose predictions are there already."""

    def predict_proba(self, proba: Any) -> Any:
        return proba
