"""Feature vectors in, cluster centres and assignments out: k-means with weights and with centres that stay put."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from a2i_al.compute.threads import in_threads, row_blocks
from a2i_al.sampling.batches.distances import FloatArray, IntArray, block_rows, floating, nearest, squared_norms

# Points per cluster, and at least so many in all, beyond which centres learnt from a random sample are as good.
_PER_CLUSTER = 128
_AT_LEAST = 2**14
# The same for the seeds and for the first of Lloyd's iterations. Two of these and two over all points do about as much
# as four over all points, in four fifths of the time: the inertia is within 1.3 per cent of that after five.
_PER_SEED, _PER_CLUSTER_FIRST = 8, 32
_AT_LEAST_FIRST, _ITERATIONS_FIRST = 2**10, 5


@dataclass(frozen=True)
class _Clusters:
    """Centres, the fixed ones first, the one nearest to each row, and the weighted sum of squared distances to them."""

    centres: FloatArray
    assignment: IntArray
    inertia: float


def kmeans(
    features: FloatArray,
    n_clusters: int,
    *,
    rng: np.random.Generator,
    weights: FloatArray | None = None,
    fixed_centres: FloatArray | None = None,
    iterations: int = 30,
    restarts: int = 1,
) -> tuple[FloatArray, IntArray]:
    """Cluster rows around means: greedy k-means++ seeding, then Lloyd's iterations until hardly anything moves.

    Pools of more than 128 rows per cluster (and 16,384 in all) are learnt from a uniform sample of that size, and all
    rows assigned in the end: time O(m·k·d) once and O(k²·d) per iteration, memory O(m + k·d + a block). A part of the
    sample comes first, of 32 rows per cluster.

    Parameters
    ----------
    features : array of shape (m, d)
        float32 or float64, finite. Not copied or changed.
    n_clusters : int
        From 1 to m. Fewer distinct rows than that give centres that coincide.
    rng : numpy.random.Generator
        Seeds the centres.
    weights : array of shape (m,), optional
        Not negative. A row of weight w counts as w rows; all zero means all equal.
    fixed_centres : array of shape (f, d), optional
        Centres that attract rows like the others but do not move, such as labelled items.
    iterations : int, default 30
        At most so many of Lloyd's iterations over the sample, and as many, 5 at most, over the part of it before.
    restarts : int, default 1
        How many times to seed and iterate; the clustering of least inertia is kept.

    Returns
    -------
    centres : array of shape (f + n_clusters, d)
        The fixed ones first, of the features' dtype.
    assignment : array of shape (m,), intp
        Index into `centres` of the one nearest to each row.

    References
    ----------
    Arthur & Vassilvitskii, k-means++: the advantages of careful seeding, SODA 2007. Lloyd, Least squares quantization
    in PCM, IEEE Transactions on Information Theory, 1982.

    Examples
    --------
    >>> points = np.array([[0.0], [1.0], [9.0], [10.0]])
    >>> centres, assignment = kmeans(points, 2, rng=np.random.default_rng(0))
    >>> sorted(centres[:, 0].tolist()), centres[assignment][:, 0].tolist()
    ([0.5, 9.5], [0.5, 0.5, 9.5, 9.5])
    """
    features = floating(features)
    enough = max(_PER_CLUSTER * n_clusters, _AT_LEAST)
    rows, row_weights = _sampled(features, _checked(weights, features), enough, rng)
    origin = rows.mean(axis=0, dtype=np.float64).astype(rows.dtype)
    rows = np.subtract(rows, origin)
    fixed = np.empty((0, rows.shape[1]), rows.dtype) if fixed_centres is None else fixed_centres.astype(rows.dtype)
    fixed -= origin
    learnt = [
        _learnt(rows, row_weights, fixed, n_clusters, iterations=iterations, rng=rng) for _ in range(max(restarts, 1))
    ]
    best = min(learnt, key=lambda clusters: clusters.inertia)
    centres = best.centres + origin
    return centres, best.assignment if len(rows) == len(features) else nearest(features, centres)[0]


def _learnt(
    rows: FloatArray,
    weights: FloatArray,
    fixed: FloatArray,
    n_clusters: int,
    *,
    iterations: int,
    rng: np.random.Generator,
) -> _Clusters:
    some, some_weights = _sampled(rows, weights, max(_PER_SEED * n_clusters, _AT_LEAST_FIRST), rng)
    centres = some[_seeded(some, some_weights, fixed, n_clusters, rng)]
    some, some_weights = _sampled(rows, weights, max(_PER_CLUSTER_FIRST * n_clusters, _AT_LEAST_FIRST), rng)
    if len(some) < len(rows):
        centres = _lloyd(some, some_weights, fixed, centres, min(iterations, _ITERATIONS_FIRST)).centres[len(fixed) :]
    return _lloyd(rows, weights, fixed, centres, iterations)


def _checked(weights: FloatArray | None, features: FloatArray) -> FloatArray:
    """Return weights of mean 1, in the features' dtype; all equal if none are given or all are zero."""
    if weights is None or not weights.any():
        return np.ones(len(features), features.dtype)
    relative: FloatArray = weights / weights.mean(dtype=np.float64)
    return relative.astype(features.dtype, copy=False)


def _sampled(
    features: FloatArray, weights: FloatArray, enough: int, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    if len(features) <= enough:
        return features, weights
    positions = np.sort(rng.choice(len(features), enough, replace=False))
    rows = features[positions]
    return rows, _checked(weights[positions], rows)


def _seeded(
    rows: FloatArray, weights: FloatArray, fixed: FloatArray, n_clusters: int, rng: np.random.Generator
) -> IntArray:
    """Return positions to start from: each the best of 2 + ln k drawn by their squared distance to those before."""
    norms = squared_norms(rows)
    chosen = np.empty(n_clusters, dtype=np.intp)
    distance = nearest(rows, fixed)[1] if len(fixed) else np.ones_like(norms)
    tries = 2 + int(np.log(n_clusters))
    points = rng.random((n_clusters, tries))
    # |a|² + |b|² − 2ab as one product: (−2b, |b|², 1) by (a, 1, |a|²).
    ones = np.ones_like(norms)
    table, turned = np.column_stack([-2 * rows, norms, ones]), np.vstack([rows.T, ones, norms])
    for i in range(n_clusters):
        first = i == 0 and not len(fixed)
        candidates = _drawn(weights * distance, points[i, : 1 if first else tries], weights)
        to_candidates = table.take(candidates, axis=0) @ turned
        np.maximum(to_candidates, 0, out=to_candidates)
        if not first:
            np.minimum(to_candidates, distance, out=to_candidates)
        best = int((to_candidates @ weights).argmin())
        chosen[i] = candidates[best]
        distance = to_candidates[best]
        # The product leaves a row some rounding away from itself; it must not be drawn again for that.
        distance[chosen[i]] = 0
    return chosen


def _drawn(mass: FloatArray, points: FloatArray, otherwise: FloatArray) -> IntArray:
    """Return the positions under some points from 0 to 1 of a mass, or of another one if the first is zero everywhere.

    Methods, not functions: half of the time is that of the calls.
    """
    cumulated = mass.cumsum(dtype=np.float64)
    if cumulated[-1] <= 0:
        cumulated = otherwise.cumsum(dtype=np.float64)
    drawn: IntArray = cumulated.searchsorted(points * cumulated[-1], side="right")
    return np.minimum(drawn, len(mass) - 1)


def _lloyd(rows: FloatArray, weights: FloatArray, fixed: FloatArray, seeds: FloatArray, iterations: int) -> _Clusters:
    centres = np.concatenate([fixed, seeds])
    norms = squared_norms(rows)
    # Relative to the spread of the rows, as in scikit-learn: less movement than this changes no choice that matters.
    tolerance = 1e-4 * float(norms.mean(dtype=np.float64)) / rows.shape[1]
    assignment, distance = _assigned(rows, norms, centres)
    for _ in range(iterations):
        before, moved = assignment, _means(rows, weights, assignment, distance, centres)
        moved[: len(fixed)] = fixed
        shift = float(squared_norms(moved - centres).sum())
        centres = moved
        assignment, distance = _assigned(rows, norms, centres)
        if shift <= tolerance or np.array_equal(before, assignment):
            break
    return _Clusters(centres, assignment, float(distance @ weights))


def _assigned(rows: FloatArray, norms: FloatArray, centres: FloatArray) -> tuple[IntArray, FloatArray]:
    """Return what `nearest` does, for rows that are centred already and whose norms are known: half the work."""
    index = np.empty(len(rows), dtype=np.intp)
    distance = np.empty_like(norms)
    half, turned = squared_norms(centres), -2 * centres.T

    def fill(block: tuple[int, int]) -> None:
        here = slice(*block)
        products = rows[here] @ turned
        products += half
        index[here] = products.argmin(axis=1)
        distance[here] = np.take_along_axis(products, index[here, None], axis=1)[:, 0]

    in_threads(fill, row_blocks(len(rows), block_rows(len(centres))))
    distance += norms
    return index, np.maximum(distance, 0, out=distance)


def _means(
    rows: FloatArray, weights: FloatArray, assignment: IntArray, distance: FloatArray, centres: FloatArray
) -> FloatArray:
    """Return the clusters' weighted means; an empty cluster starts again at a row that is far from its own centre."""
    from scipy.sparse import csc_array  # noqa: PLC0415 - a third of a second to import

    members = csc_array((weights, assignment, np.arange(len(rows) + 1)), shape=(len(centres), len(rows)))
    mass = np.bincount(assignment, weights, minlength=len(centres))
    means = centres.copy()
    full = mass > 0
    means[full] = (members @ rows)[full] / mass[full, None]
    if not full.all():
        empty = np.flatnonzero(~full)
        far = np.argsort(-(distance * weights), kind="stable")[: len(empty)]
        means[empty[: len(far)]] = rows[far]
    return means
