"""Cluster-Margin: probabilities and embeddings in, a batch out of uncertain items from many clusters in turn."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from a2i_al.sampling.batches.distances import FloatArray, IntArray, nearest, shuffled, squared_distances
from a2i_al.sampling.batches.preselection import least_margins

# Rows that are clustered hierarchically, 17 MB of distances; the others join the cluster of the nearest of them.
_LINKED = 2048
# The paper's average size of a cluster.
_CLUSTER_SIZE = 10


def cluster_margin(
    proba: FloatArray,
    features: FloatArray,
    chosen: IntArray | None = None,
    *,
    n: int,
    rng: np.random.Generator,
    beta: float = 10.0,
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    """Cluster the most uncertain candidates by average linkage and take items from the clusters in turn.

    Clusters are visited from the smallest to the largest, again and again, so that rare kinds of items are in every
    batch and none is crowded out. Good with large batches; in small ones many of the smallest clusters are outliers.

    Parameters
    ----------
    proba : ndarray of shape (m, k), float
        Class probabilities.
    features : ndarray of shape (m, d), float
        Embeddings.
    chosen : ndarray of shape (c,), intp, optional
        Positions of the batch's first items, chosen before: the first turns of their clusters were theirs. `sample`
        gives them where quotas have cut a batch.
    n : int
        How many to choose, 1 <= n <= m.
    rng : numpy.random.Generator
        Breaks ties, between clusters of a size too.
    beta : float, default 10.0
        The beta * n least margins are candidates; at least 1.

    Returns
    -------
    positions : ndarray of shape (n,), intp
        Distinct, in the order of choice.
    scores : ndarray of shape (n,), float64
        Their margin scores.

    Raises
    ------
    InvalidInput
        If beta is below 1.

    Notes
    -----
    The paper clusters the whole pool once and draws at random from each cluster; here the candidates of the round are
    clustered, into groups of ten on average, and each cluster gives its most uncertain item first. Of more than 2,048
    candidates a random 2,048 are linked. Time O(m k + min(beta n, 2048) · (2048 + beta n d)), memory O(m + beta n d).

    References
    ----------
    G. Citovsky, G. DeSalvo, C. Gentile, L. Karydas, A. Rajagopalan, A. Rostamizadeh and S. Kumar, "Batch active
    learning at scale", NeurIPS 2021, algorithm 1.

    Examples
    --------
    >>> proba = np.array([[0.5, 0.5], [0.52, 0.48], [0.54, 0.46], [0.6, 0.4]])
    >>> features = np.array([[0.0], [0.1], [0.2], [9.0]])
    >>> positions, scores = cluster_margin(proba, features, n=2, rng=np.random.default_rng(0))
    >>> positions.tolist(), scores.round(2).tolist()
    ([3, 0], [0.8, 1.0])
    """
    candidates, uncertainty = least_margins(proba, n, beta=beta, rng=rng, chosen=chosen)
    clusters = max(2, -(-len(candidates) // _CLUSTER_SIZE))
    if chosen is not None and len(chosen):
        # As many clusters as for the whole batch at once, and the first turns of some were those of the chosen.
        clusters = max(clusters, int(min(len(candidates), np.ceil(beta * (n + len(chosen)) / _CLUSTER_SIZE))))
        candidates = np.concatenate([candidates, chosen])
        uncertainty = np.concatenate([uncertainty, np.full(len(chosen), np.inf)])
    pool = shuffled(features[candidates], rng)
    scores = uncertainty[pool.order]
    in_turn = _in_turn(_linked(pool.rows, clusters), scores)
    picked = in_turn[np.isfinite(scores[in_turn])][:n]
    return candidates[pool.order[picked]], scores[picked]


def _linked(rows: FloatArray, clusters: int) -> IntArray:
    """Return each row's cluster, 0 to at most `clusters` - 1, by average linkage of the first rows."""
    from scipy.cluster.hierarchy import fcluster, linkage  # noqa: PLC0415 - a third of a second to import

    linked = rows[:_LINKED]
    if len(linked) == 1:
        return np.zeros(1, dtype=np.intp)
    distances = np.sqrt(squared_distances(linked, linked))
    upper = distances[np.triu_indices(len(linked), 1)]
    cluster = fcluster(linkage(upper, "average"), clusters, "maxclust").astype(np.intp) - 1
    if len(rows) == len(linked):
        return np.asarray(cluster)
    return np.asarray(cluster[nearest(rows, linked)[0]])


def _in_turn(cluster: IntArray, scores: npt.NDArray[np.float64]) -> IntArray:
    """Order the rows by turns: the best of every cluster, small clusters first, then the second best, and so on.

    Rows come in random order, so the stable sorts break ties at random; so do the clusters, numbered by first row.
    """
    _, first, number, sizes = np.unique(cluster, return_index=True, return_inverse=True, return_counts=True)
    within = np.lexsort((-scores, number))
    turn = np.empty(len(cluster), dtype=np.intp)
    turn[within] = np.arange(len(cluster)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.lexsort((first[number], sizes[number], turn)).astype(np.intp, copy=False)
