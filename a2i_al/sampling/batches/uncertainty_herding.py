"""Uncertainty herding: probabilities and embeddings in; a batch out that covers what the model is unsure about."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from a2i_al.errors import InvalidInput
from a2i_al.sampling.batches.distances import FloatArray, shuffled, squared_distances
from a2i_al.sampling.batches.preselection import least_margins

# Candidates × targets whose similarity is kept: 64 MB of float32.
_KEPT = 2**24
# Distances between so many items tell how wide the kernel must be.
_PROBED = 512


def uncertainty_herding(
    proba: FloatArray,
    features: FloatArray,
    labelled_features: FloatArray | None = None,
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
    n : int
        How many to choose, 1 <= n <= m.
    rng : numpy.random.Generator
        Breaks ties, and draws which items stand for the others in large pools.
    beta : float, default 10.0
        The beta * n least margins are the candidates, and what is to be covered; at least 1.
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
        If beta is below 1 or power below 0.

    Notes
    -----
    With c = beta n candidates and t <= c of them as targets, c t <= 2^24: time O(m k + c t (d + n)), memory O(m + c t).
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
    if not power >= 0:
        raise InvalidInput(f"power is {power}", expected="0 or more")
    candidates, margins = least_margins(proba, n, beta=beta, rng=rng)
    pool = shuffled(features[candidates], rng, labelled_features)
    uncertainty = margins[pool.order] ** power
    # In random order, the first ones are a random sample of the candidates.
    targets = slice(0, max(min(len(candidates), _KEPT // len(candidates)), min(len(candidates), 256)))
    width = _width(pool.rows, len(pool.labelled) + n)
    similarity = np.exp(squared_distances(pool.rows, pool.rows[targets]) / -width)
    covered = _covered(pool.rows[targets], pool.labelled, width)
    chosen, gains = _herd(similarity, covered, uncertainty[targets], uncertainty, n)
    return candidates[pool.order[chosen]], gains


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


def _covered(targets: FloatArray, labelled: FloatArray, width: float) -> FloatArray:
    """Return how far each target resembles its most similar labelled item."""
    nearest = np.full(len(targets), np.inf, dtype=targets.dtype)
    for start in range(0, len(labelled), 1024):
        np.minimum(nearest, squared_distances(targets, labelled[start : start + 1024]).min(axis=1), out=nearest)
    covered: FloatArray = np.exp(nearest / -width)
    return covered


def _herd(
    similarity: FloatArray, covered: FloatArray, weights: FloatArray, uncertainty: FloatArray, n: int
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    """Choose greedily; the first of equals, which is a random one. Once all is covered, the most uncertain is next."""
    whole = float(weights.sum()) or 1.0
    weights = (weights / whole).astype(similarity.dtype)
    chosen, gains = np.empty(n, dtype=np.intp), np.empty(n)
    taken = np.zeros(len(similarity), dtype=bool)
    # A gain can only shrink as more is covered: one computed earlier is an upper bound, and most need no second look.
    bounds = np.maximum(similarity - covered, 0) @ weights
    for place in range(n):
        bounds[taken] = -1.0
        best = _best(bounds, similarity, covered, weights)
        if bounds[best] <= 0:
            best = int(np.where(taken, -1.0, uncertainty).argmax())
        chosen[place], gains[place] = best, max(float(bounds[best]), 0.0)
        taken[best] = True
        np.maximum(covered, similarity[best], out=covered)
    return chosen, gains


def _best(bounds: FloatArray, similarity: FloatArray, covered: FloatArray, weights: FloatArray) -> int:
    """Return the row of the greatest gain, bringing the bounds up to date from the highest down until one holds."""
    current = -np.inf
    best = -1
    order = np.argsort(-bounds, kind="stable")
    for start in range(0, len(order), 32):
        rows = order[start : start + 32]
        if bounds[rows[0]] < current:
            break
        bounds[rows] = np.where(bounds[rows] < 0, -1.0, np.maximum(similarity[rows] - covered, 0) @ weights)
        top = rows[bounds[rows].argmax()]
        if bounds[top] > current or (bounds[top] == current and top < best):
            current, best = bounds[top], int(top)
    return best
