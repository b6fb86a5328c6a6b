"""k-means: features in, one item out for each of n clusters, the one nearest to its centre."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from a2i_al import arguments
from a2i_al.sampling.batches.clustering import kmeans
from a2i_al.sampling.batches.distances import FloatArray, shuffled
from a2i_al.sampling.batches.distinct import nearest_distinct


def k_means(
    features: FloatArray,
    labelled_features: FloatArray | None = None,
    *,
    n: int,
    rng: np.random.Generator,
    iterations: int = 30,
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    """Cluster the pool into n and choose the item nearest to each centre: a batch that represents the pool.

    Good for the first labels and for pools with clusters; it sees no uncertainty. The labelled items are further
    centres that stay where they are, so that the new ones settle between them.

    Parameters
    ----------
    features : ndarray of shape (m, d), float
        Embeddings of the candidates. Columns count by their spread: standardise those of different units first.
    labelled_features : ndarray of shape (l, d), float, optional
        Embeddings of the labelled items.
    n : int
        How many to choose, 1 <= n <= m.
    rng : numpy.random.Generator
        Seeds the clusters and breaks ties.
    iterations : int, default 30
        At most so many of Lloyd's iterations.

    Returns
    -------
    positions : ndarray of shape (n,), intp
        Distinct, those of the largest clusters first.
    scores : ndarray of shape (n,), float64
        The share of the pool that is in each one's cluster.

    Raises
    ------
    InvalidInput
        If `iterations` is no whole number or below 0.

    Notes
    -----
    Time O(m d (n + l)) once and O(n (n + l) d) per iteration (see `clustering.kmeans`), memory O(m d).

    References
    ----------
    Z. Xu, K. Yu, V. Tresp, X. Xu and J. Wang, "Representative sampling for text classification using support vector
    machines", ECIR 2003. Z. Bodó, Z. Minier and L. Csató, "Active learning with clustering", AISTATS workshop on
    active learning 2011.

    Examples
    --------
    >>> features = np.array([[0.0], [1.0], [2.0], [9.0], [10.0]])
    >>> positions, scores = k_means(features, n=2, rng=np.random.default_rng(0))
    >>> int(positions[0]), scores.tolist()
    (1, [0.6, 0.4])
    """
    iterations = arguments.whole("iterations", iterations, 0)
    pool = shuffled(features, rng, labelled_features)
    known = len(pool.labelled)
    centres, assignment = kmeans(pool.rows, n, rng=rng, fixed_centres=pool.labelled, iterations=iterations)
    sizes = np.bincount(assignment, minlength=len(centres))[known:]
    largest = np.argsort(-sizes, kind="stable")
    positions = nearest_distinct(pool.rows, centres[known:][largest])
    return pool.order[positions], sizes[largest] / len(pool.rows)
