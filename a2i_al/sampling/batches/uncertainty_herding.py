"""Uncertainty herding: probabilities and embeddings in; a batch out that covers what the model is unsure about."""

from __future__ import annotations

import heapq

import numpy as np
import numpy.typing as npt

from a2i_al.compute.threads import in_threads, row_blocks
from a2i_al.errors import InvalidInput
from a2i_al.sampling.batches.distances import FloatArray, IntArray, block_rows, shuffled, squared_distances
from a2i_al.sampling.batches.preselection import least_margins

# Candidates × targets whose similarity is kept: 64 MB of float32. Fewer targets than 256 would stand for few others.
_KEPT, _TARGETS = 2**24, 256
# Distances between so many items tell how wide the kernel must be.
_PROBED = 512
# BLAS takes rows by 4 to 64: blocks of so many, or of a multiple, are rounded as the whole would be.
_ROWS = 192
# Gains are brought up to date so many at a time.
_BATCH = 32


def uncertainty_herding(
    proba: FloatArray,
    features: FloatArray,
    labelled_features: FloatArray | None = None,
    chosen: IntArray | None = None,
    *,
    n: int,
    rng: np.random.Generator,
    beta: float = 10.0,
    power: float = 2.0,
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    """Take, one by one, the item that covers most of the uncertainty nobody has looked at yet.

    An item covers others as far as they resemble it: a Gaussian kernel of the distance between embeddings, whose width
    shrinks as labels become many. What labelled items and earlier choices cover counts no more, so the batch repeats
    neither itself nor the past; what the model is sure of counts little, so the batch is not spent on it. With margins
    that are all alike this is herding, a purely representative choice.

    Parameters
    ----------
    proba : ndarray of shape (m, k), float
        Class probabilities.
    features : ndarray of shape (m, d), float
        Embeddings.
    labelled_features : ndarray of shape (l, d), float, optional
        What is covered already.
    chosen : ndarray of shape (c,), intp, optional
        Positions of the batch's first items, chosen before: what they cover is covered, too. `sample` gives them where
        quotas have cut a batch.
    n : int
        How many to choose, 1 <= n <= m.
    rng : numpy.random.Generator
        Breaks ties, and draws which items stand for the others in large pools.
    beta : float, default 10.0
        The beta * n least margins are the candidates, and what is to be covered; at least 1. Infinity takes all.
    power : float, default 2.0
        Uncertainty is the margin score to this power, not below 0; 0 leaves it out.

    Returns
    -------
    positions : ndarray of shape (n,), intp
        Distinct, in the order of choice.
    scores : ndarray of shape (n,), float64
        The share of all uncertainty that each choice newly covered.

    Raises
    ------
    InvalidInput
        If beta is below 1, or power below 0 or infinite.

    Notes
    -----
    With c = beta n candidates and t <= c of them as targets, c t <= 2^24: time O(m k + c t (d + n)), memory O(m + c d)
    and 64 MB of similarities, 128 MB if the features are float64. More than 65,536 candidates are represented by so
    many at random; beyond what these cover, the most uncertain of all are chosen.
    The kernel is as wide as l + n items spread over the candidates are apart: its squared width is twice the mean
    squared distance to the nearest of them. The paper learns it, and a temperature, from the labelled set.

    References
    ----------
    W. Bae, D. Sutherland and G. Oliveira, "Uncertainty herding: one active learning method for all label budgets",
    ICLR 2025; W. Bae, J. Noh and D. Sutherland, "Generalized coverage for more robust low-budget active learning",
    ECCV 2024.

    Examples
    --------
    >>> proba = np.array([[0.5, 0.5], [0.51, 0.49], [0.6, 0.4], [0.99, 0.01]])
    >>> features = np.array([[0.0], [0.1], [5.0], [9.0]])
    >>> positions, _ = uncertainty_herding(proba, features, n=2, rng=np.random.default_rng(0))
    >>> sorted(positions.tolist())[1]
    2
    """
    if not 0 <= power < np.inf:
        raise InvalidInput(f"power is {power}", expected="0 or more, and finite")
    candidates, margins = least_margins(proba, n, beta=beta, rng=rng, chosen=chosen)
    if chosen is not None and len(chosen):
        before = features[:0] if labelled_features is None else labelled_features
        labelled_features = np.concatenate([before, features[chosen]])
    most = _KEPT // _TARGETS
    in_turn = rng.permutation(len(candidates)) if len(candidates) > most else np.arange(len(candidates))
    pool = shuffled(features[candidates[in_turn[:most]]], rng, labelled_features)
    # Those that are looked at come first; in random order, the first of them are a random sample of the candidates.
    in_turn = np.concatenate([in_turn[pool.order], in_turn[most:]])
    uncertainty = margins[in_turn] ** power
    targets = pool.rows[: _KEPT // len(pool.rows)]
    width = _width(pool.rows, len(pool.labelled) + n)
    similarity = _similarities(pool.rows, targets, width)
    covered = _covered(targets, pool.labelled, width)
    picked, gains = _herd(similarity, covered, uncertainty[: len(targets)], n)
    if len(picked) < n:
        picked = np.concatenate([picked, _most_uncertain(uncertainty, picked, n - len(picked))])
        gains = np.concatenate([gains, np.zeros(n - len(gains))])
    return candidates[in_turn[picked]], gains


def _width(rows: FloatArray, balls: int) -> float:
    """Return twice the mean squared distance to the nearest of so many items, chosen farthest-first.

    A quantile of all distances would lie inside a clump of near-duplicates, once they are many, and see nothing else.
    """
    probed = rows[:_PROBED]
    distances = squared_distances(probed, probed)
    nearest = distances[0].copy()
    # Half of what is probed must be left to measure by.
    for _ in range(min(balls, len(probed) // 2) - 1):
        np.minimum(nearest, distances[int(nearest.argmax())], out=nearest)
    return 2.0 * float(nearest.mean(dtype=np.float64)) or 1.0


def _similarities(rows: FloatArray, targets: FloatArray, width: float) -> FloatArray:
    """Return the Gaussian kernel of every row with every target; nothing else of that size is made."""
    similarity = np.empty((len(rows), len(targets)), rows.dtype)

    def fill(block: tuple[int, int]) -> None:
        here = similarity[slice(*block)]
        np.divide(squared_distances(rows[slice(*block)], targets), -width, out=here)
        np.exp(here, out=here)

    in_threads(fill, _blocks(*similarity.shape))
    return similarity


def _blocks(rows: int, columns: int) -> list[tuple[int, int]]:
    return row_blocks(rows, block_rows(columns) // _ROWS * _ROWS)


def _covered(targets: FloatArray, labelled: FloatArray, width: float) -> FloatArray:
    """Return how far each target resembles its most similar labelled item."""
    nearest = np.full(len(targets), np.inf, dtype=targets.dtype)
    for start in range(0, len(labelled), 1024):
        np.minimum(nearest, squared_distances(targets, labelled[start : start + 1024]).min(axis=1), out=nearest)
    covered: FloatArray = np.exp(nearest / -width)
    return covered


def _herd(
    similarity: FloatArray, covered: FloatArray, weights: FloatArray, n: int
) -> tuple[IntArray, npt.NDArray[np.float64]]:
    """Choose greedily, the first of equals, which is a random one; fewer than n if nothing is left to gain."""
    whole = float(weights.sum()) or 1.0
    weights = (weights / whole).astype(similarity.dtype)
    chosen: list[int] = []
    gains: list[float] = []
    # A gain can only shrink as more is covered: one computed earlier is an upper bound, and most need no second look.
    bounds = [(-bound, row) for row, bound in enumerate(_gains(similarity, covered, weights).tolist())]
    heapq.heapify(bounds)
    while bounds and len(chosen) < n:
        gain, best = _best(bounds, similarity, covered, weights)
        if gain <= 0:
            break
        chosen.append(best)
        gains.append(gain)
        np.maximum(covered, similarity[best], out=covered)
    return np.array(chosen, dtype=np.intp), np.array(gains, dtype=np.float64)


def _gains(similarity: FloatArray, covered: FloatArray, weights: FloatArray) -> FloatArray:
    gains = np.empty(len(similarity), similarity.dtype)

    def fill(block: tuple[int, int]) -> None:
        more = similarity[slice(*block)] - covered
        np.matmul(np.maximum(more, 0, out=more), weights, out=gains[slice(*block)])

    in_threads(fill, _blocks(*similarity.shape))
    return gains


def _best(
    bounds: list[tuple[float, int]], similarity: FloatArray, covered: FloatArray, weights: FloatArray
) -> tuple[float, int]:
    """Take out the row of the greatest gain, bringing bounds up to date from the highest down until one holds.

    Parameters
    ----------
    bounds : list of (float, int)
        A heap of each row's bound, below zero so that the highest is the first, and the row.
    """
    best: tuple[float, int] = (1.0, -1)
    current: list[tuple[float, int]] = []
    while bounds and bounds[0][0] <= best[0]:
        rows = [heapq.heappop(bounds)[1] for _ in range(min(_BATCH, len(bounds)))]
        gains = np.maximum(similarity[rows] - covered, 0) @ weights
        current += zip((-gains).tolist(), rows, strict=True)
        best = min(best, current[int(gains.argmax()) - len(rows)])
    for each in current:
        if each != best:
            heapq.heappush(bounds, each)
    return -best[0], best[1]


def _most_uncertain(uncertainty: FloatArray, chosen: IntArray, n: int) -> IntArray:
    """Return the n most uncertain of those not chosen, the first of equals."""
    free = np.ones(len(uncertainty), dtype=np.bool_)
    free[chosen] = False
    left = np.flatnonzero(free)
    return left[np.argsort(-uncertainty[left], kind="stable")[:n]]
