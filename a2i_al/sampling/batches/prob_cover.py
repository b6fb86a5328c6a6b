"""ProbCover: features in, the items out whose balls of one radius cover most of the pool."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from a2i_al import arguments
from a2i_al.compute.threads import in_threads, row_blocks
from a2i_al.sampling.batches.clustering import kmeans
from a2i_al.sampling.batches.coverage import cover
from a2i_al.sampling.batches.distances import FloatArray, block_rows, shuffled, squared_distances

# The radius is read off so many items, each compared with so many others.
_PROBES, _OTHERS = 1024, 16_384
# Balls so small that half of the items have no five neighbours in theirs (fewer in pools below 100) show no density.
_NEIGHBOURS = 5


def prob_cover(
    features: FloatArray,
    labelled_features: FloatArray | None = None,
    classes: npt.NDArray[np.generic] | None = None,
    *,
    n: int,
    rng: np.random.Generator,
    radius: float | None = None,
    purity: float = 0.95,
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    """Choose items whose neighbourhoods cover the pool: each pick has most uncovered items within a radius.

    Made for the first labels of all, on embeddings whose classes lie apart: it starts in the densest regions. Where
    classes overlap, or labels are many, it falls behind.

    Parameters
    ----------
    features : ndarray of shape (m, d), float
        Embeddings of the candidates. Columns count by their spread: standardise those of different units first.
    labelled_features : ndarray of shape (l, d), float, optional
        Embeddings of the labelled items: what is within the radius of one is covered.
    classes : ndarray of shape (k,), optional
        Only their number is used, for the radius; 10 if not given.
    n : int
        How many to choose, 1 <= n <= m.
    rng : numpy.random.Generator
        Samples large pools and breaks ties; when all is covered, the rest are chosen at random.
    radius : float, optional
        Of the balls, in the features' own units. By default `pure_radius`.
    purity : float, default 0.95
        For the default radius: the share of items that have no other cluster's item in their ball.

    Returns
    -------
    positions : ndarray of shape (n,), intp
        Distinct, in the order of choice.
    scores : ndarray of shape (n,), float64
        The share of the pool that each newly covers.

    Raises
    ------
    InvalidInput
        If the radius is below 0 or infinite, or the purity no share.

    Notes
    -----
    Exact greedy up to 4,096 items; larger pools are taken in rounds of 256 picks from 8,192 random candidates for 4,096
    random targets (see `coverage.cover`). Time O(m d) and that of 3e7 distances per round, memory O(m d) and 128 MB.

    References
    ----------
    O. Yehuda, A. Dekel, G. Hacohen and D. Weinshall, "Active learning through a covering lens", NeurIPS 2022,
    algorithm 1; the radius by its estimate from the purity of balls.

    Examples
    --------
    >>> features = np.array([[0.0], [0.1], [0.2], [5.0], [5.1], [9.0]])
    >>> positions, scores = prob_cover(features, n=3, rng=np.random.default_rng(0), radius=0.15)
    >>> int(positions[0]), scores.round(2).tolist()
    (1, [0.5, 0.33, 0.17])
    """
    purity = arguments.fraction("purity", purity)
    if radius is not None:
        radius = arguments.amount("radius", radius, "a distance, 0 or more and finite")
    pool = shuffled(features, rng, labelled_features)
    if radius is None:
        limit = pure_radius(pool.rows, 10 if classes is None else len(classes), rng=rng, purity=purity) ** 2
    else:
        # No two items are as far apart as that, and its square is a float32.
        limit = min(radius / pool.unit, 1e15) ** 2
    # Rounding must not put a neighbour at exactly the radius outside.
    limit *= 1 + 1e-5

    def within(squared: FloatArray) -> FloatArray:
        return np.less_equal(squared, limit, out=squared, casting="unsafe")

    positions, gains = cover(pool, within, n)
    return pool.order[positions], gains


def pure_radius(rows: FloatArray, n_classes: int, *, rng: np.random.Generator, purity: float = 0.95) -> float:
    """Return the largest radius at which a share of the balls is pure: all of their items are in one k-means cluster.

    A ball is pure up to the distance of the nearest item of another cluster, so the radius is a quantile of these
    distances. Where clusters touch, that is next to nothing: it is never below the median distance to the fifth
    nearest neighbour.

    Parameters
    ----------
    rows : array of shape (m, d)
        In random order: the first 1,024 are compared with the first 16,384.
    n_classes : int
        How many clusters stand for the classes.
    rng : numpy.random.Generator
        Seeds the clusters.
    purity : float, default 0.95
        The share.

    Returns
    -------
    float
        In the units of `rows`.

    Examples
    --------
    >>> rows = np.array([[0.0], [1.0], [2.0], [7.0], [8.0], [9.0]])
    >>> round(pure_radius(rows, 2, rng=np.random.default_rng(0), purity=1.0), 6)
    5.0
    """
    others = rows[:_OTHERS]
    _, cluster = kmeans(others, min(max(n_classes, 1), len(others)), rng=rng)
    probes = min(_PROBES, len(others))
    foreign, close = np.empty(probes), np.empty(probes)
    rank = min(_NEIGHBOURS, 1 + len(others) // 25, len(others) - 1)

    def fill(block: tuple[int, int]) -> None:
        here = slice(*block)
        distances = squared_distances(others[here], others)
        close[here] = np.partition(distances, rank, axis=1)[:, rank]
        distances[cluster[here, None] == cluster] = np.inf
        foreign[here] = distances.min(axis=1)

    in_threads(fill, row_blocks(probes, block_rows(len(others))))
    foreign = np.where(np.isinf(foreign), close, foreign)
    return float(np.sqrt(max(np.quantile(foreign, 1 - purity), np.median(close))))
