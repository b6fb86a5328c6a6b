"""k-center greedy: features in, the items out that are farthest from all that is known, one after another."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from a2i_al.sampling.batches.distances import FloatArray, nearest, shuffled, squared_norms


def k_center(
    features: FloatArray, labelled_features: FloatArray | None = None, *, n: int, rng: np.random.Generator
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    """Cover the pool so that no item is far from a labelled or chosen one: the core-set approach.

    Each pick is the item farthest from everything labelled and picked before; the largest distance left is at most
    twice the smallest possible. With nothing labelled the item nearest to the pool's centre comes first. Good for
    leaving no region unseen; drawn to outliers, so poor where the pool is noisy or the classes overlap.

    Parameters
    ----------
    features : ndarray of shape (m, d), float
        Embeddings of the candidates. Columns count by their spread: standardise those of different units first.
    labelled_features : ndarray of shape (l, d), float, optional
        Embeddings of the labelled items.
    n : int
        How many to choose, 1 <= n <= m.
    rng : numpy.random.Generator
        Breaks ties.

    Returns
    -------
    positions : ndarray of shape (n,), intp
        Distinct, in the order of choice.
    scores : ndarray of shape (n,), float64
        The distance to the nearest item known when chosen, in units of the pool's root mean square distance from its
        centre; zero for a first pick with nothing labelled.

    Notes
    -----
    Exact, and lazy: a distance is computed only for items that could be the farthest. Time O(m d (n + l)) at worst and
    far less on clustered data, memory O(m d).

    References
    ----------
    O. Sener and S. Savarese, "Active learning for convolutional neural networks: a core-set approach", ICLR 2018,
    algorithm 1. T. Gonzalez, "Clustering to minimize the maximum intercluster distance", Theoretical Computer Science
    38, 1985.

    Examples
    --------
    >>> features = np.array([[0.0], [1.0], [4.0], [10.0]])
    >>> k_center(features, np.array([[0.0]]), n=3, rng=np.random.default_rng(0))[0].tolist()
    [3, 2, 1]
    """
    from a2i_al.sampling.batches.farthest_first import traverse  # noqa: PLC0415 - numba takes a second to import

    pool = shuffled(features, rng, labelled_features)
    chosen = np.zeros(n, dtype=np.intp)
    if len(pool.labelled):
        start, distance = 0, nearest(pool.rows, pool.labelled)[1]
    else:
        start, distance = 1, np.full(len(pool.rows), np.inf, dtype=pool.rows.dtype)
        chosen[0] = squared_norms(pool.rows).argmin()
        distance[chosen[0]] = -1
    reached = traverse(pool.rows, distance, chosen, start)
    return pool.order[chosen], np.sqrt(reached, dtype=np.float64)
