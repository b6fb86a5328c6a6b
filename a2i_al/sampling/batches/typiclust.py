"""TypiClust: features in, the most typical item out of every cluster that has no label yet."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from a2i_al.sampling.batches.clustering import kmeans
from a2i_al.sampling.batches.distances import FloatArray, IntArray, shuffled, squared_distances

# The paper's limits: clusters at most, items that make a cluster worth asking, neighbours to average over.
_CLUSTERS, _SMALL, _NEIGHBOURS = 500, 5, 20
# Typicality in a large cluster is judged among so many of its items, at random.
_MEMBERS = 1024


def typiclust(
    features: FloatArray,
    labelled_features: FloatArray | None = None,
    *,
    n: int,
    rng: np.random.Generator,
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    """Choose typical items: cluster the pool, and from each cluster without a label take the one in its densest part.

    Made for the first labels of all, when a model's doubts mean nothing yet. It sees no uncertainty, and falls behind
    the strategies that do when labels are many.

    Parameters
    ----------
    features : ndarray of shape (m, d), float
        Embeddings of the candidates. Columns count by their spread: standardise those of different units first.
    labelled_features : ndarray of shape (l, d), float, optional
        Embeddings of the labelled items: clustered with the others, they tell which clusters are covered.
    n : int
        How many to choose, 1 <= n <= m.
    rng : numpy.random.Generator
        Seeds the clusters and breaks ties.

    Returns
    -------
    positions : ndarray of shape (n,), intp
        Distinct, in the order of choice: clusters with the fewest labels first, among them the largest.
    scores : ndarray of shape (n,), float64
        Typicality: one over the mean distance to the 20 nearest items of the cluster, the unit being the pool's root
        mean square distance from its centre.

    Notes
    -----
    There are as many clusters as labelled and wanted items together, 500 at most. When every cluster has been asked
    once, each is asked again; those of fewer than five items, or half of the mean, come last. Time O(m d min(n + l,
    500)) and at most 1,024² d for each cluster asked, memory O(m d).

    References
    ----------
    G. Hacohen, A. Dekel and D. Weinshall, "Active learning on a budget: opposite strategies suit high and low budgets",
    ICML 2022, algorithm 1.

    Examples
    --------
    >>> features = np.array([[0.0], [1.0], [1.1], [2.0], [9.0], [10.0], [10.1], [11.0]])
    >>> typiclust(features, np.array([[1.0]]), n=1, rng=np.random.default_rng(0))[0][0] in (5, 6)
    True
    """
    pool = shuffled(features, rng, labelled_features)
    rows = np.concatenate([pool.rows, pool.labelled])
    n_clusters = min(n + len(pool.labelled), _CLUSTERS, len(rows))
    _, cluster = kmeans(rows, n_clusters, rng=rng, iterations=5)
    sizes = np.bincount(cluster, minlength=n_clusters)
    labels = np.bincount(cluster[len(pool.rows) :], minlength=n_clusters)
    members = np.split(np.argsort(cluster, kind="stable"), np.cumsum(sizes)[:-1])
    in_turn = [members[c] for c in np.lexsort([-sizes, labels]) if (members[c] < len(pool.rows)).any()]
    small = min(_SMALL, len(rows) / (2 * n_clusters))
    groups = [[c for c in in_turn if len(c) >= small], [c for c in in_turn if len(c) < small]]
    positions, scores = _asked_in_turn(groups, rows, len(pool.rows), n)
    return pool.order[positions], scores


def _asked_in_turn(
    groups: list[list[IntArray]], rows: FloatArray, candidates: int, n: int
) -> tuple[IntArray, npt.NDArray[np.float64]]:
    """Take the most typical candidate of each cluster, then the next of each; a group of clusters after the other."""
    positions, scores = np.empty(0, dtype=np.intp), np.empty(0)
    for group in groups:
        # Clusters beyond the n-th have no turn.
        asked = group[: n - len(positions)]
        if not asked:
            continue
        ranked = [_by_typicality(members, rows, candidates) for members in asked]
        turn = np.concatenate([np.arange(len(items)) for items, _ in ranked])
        order = np.argsort(turn, kind="stable")
        positions = np.concatenate([positions, np.concatenate([items for items, _ in ranked])[order]])
        scores = np.concatenate([scores, np.concatenate([typicality for _, typicality in ranked])[order]])
    return positions[:n], scores[:n]


def _by_typicality(members: IntArray, rows: FloatArray, candidates: int) -> tuple[IntArray, npt.NDArray[np.float64]]:
    """Return a cluster's candidates, the most typical first, with their typicality; those not looked at come last."""
    looked_at = members[:_MEMBERS]
    typicality = np.zeros(len(members))
    if len(looked_at) > 1:
        near = min(_NEIGHBOURS, max(len(looked_at) // 2, 1))
        distances = squared_distances(rows[looked_at], rows[looked_at])
        np.fill_diagonal(distances, np.inf)
        nearest = np.sqrt(np.partition(distances, near - 1, axis=1)[:, :near])
        typicality[: len(looked_at)] = 1 / np.maximum(nearest.mean(axis=1, dtype=np.float64), 1e-7)
    order = np.argsort(-typicality, kind="stable")
    order = order[members[order] < candidates]
    return members[order], typicality[order]
