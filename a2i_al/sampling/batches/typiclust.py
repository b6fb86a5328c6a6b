"""TypiClust: features in, the most typical item out of every cluster that has no label yet."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from a2i_al.compute.threads import in_threads
from a2i_al.sampling.batches.clustering import kmeans
from a2i_al.sampling.batches.distances import FloatArray, IntArray, shuffled

Typicality = npt.NDArray[np.float64]

# The paper's limits: clusters at most, items that make a cluster worth asking, neighbours to average over.
_CLUSTERS, _SMALL, _NEIGHBOURS = 500, 5, 20
# Typicality in a large cluster is judged among so many of its items, at random.
_MEMBERS = 1024
# Lloyd's iterations: typical items hardly depend on the last of them, and the paper's code clusters by small batches.
_ITERATIONS = 2
# Distances held at a time: 1 MB of float32.
_DISTANCES = 2**18


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
    rows, candidates = np.concatenate([pool.rows, pool.labelled]), len(pool.rows)
    n_clusters = min(n + len(pool.labelled), _CLUSTERS, len(rows))
    centres, cluster = kmeans(rows, n_clusters, rng=rng, iterations=_ITERATIONS)
    sizes = np.bincount(cluster, minlength=n_clusters)
    labels = np.bincount(cluster[candidates:], minlength=n_clusters)
    # numpy sorts numbers of 16 bits by their digits.
    members = np.split(np.argsort(cluster.astype(np.int16), kind="stable"), np.cumsum(sizes)[:-1])
    in_turn = [c for c in np.lexsort([-sizes, labels]) if labels[c] < sizes[c]]
    small = min(_SMALL, len(rows) / (2 * n_clusters))
    positions, scores = np.empty(0, dtype=np.intp), np.empty(0)
    for group in ([c for c in in_turn if sizes[c] >= small], [c for c in in_turn if sizes[c] < small]):
        left = n - len(positions)
        # Clusters beyond the n-th have no turn, nor has more than that of any one.
        asked = [members[c][: _MEMBERS + left] for c in group[:left]]
        if asked:
            items, typicality = _in_turn(asked, typicalities(asked, rows, centres[group[:left]]), candidates)
            positions, scores = np.append(positions, items[:left]), np.append(scores, typicality[:left])
    return pool.order[positions], scores


def _in_turn(clusters: list[IntArray], typicality: Typicality, candidates: int) -> tuple[IntArray, Typicality]:
    """Return the most typical candidate of each cluster, then the next of each, and so on."""
    items = np.concatenate(clusters)
    cluster = np.repeat(np.arange(len(clusters)), [len(members) for members in clusters])
    order = np.lexsort((-typicality, cluster))
    order = order[items[order] < candidates]
    turn = np.arange(len(order)) - np.searchsorted(cluster[order], cluster[order])
    order = order[np.argsort(turn, kind="stable")]
    return items[order], typicality[order]


def typicalities(clusters: list[IntArray], rows: FloatArray, centres: FloatArray) -> Typicality:
    """Return how typical each item is of its cluster: one over the mean distance to its nearest fellows.

    Parameters
    ----------
    clusters : list of array of intp
        The rows of each, at least one; of the first 1,024 the 20 nearest count, or half of them if they are fewer.
    rows : array of shape (m, d)
        The items.
    centres : array of shape (c, d)
        Of the clusters; about there is enough.

    Returns
    -------
    array of float64
        One cluster after the other; 0 for the only item of a cluster, and for those behind the first 1,024.

    Examples
    --------
    >>> rows = np.array([[0.0], [1.0], [3.0], [7.0]])
    >>> typicalities([np.array([0, 1, 2]), np.array([3])], rows, rows[[1, 3]]).tolist()
    [1.0, 1.0, 0.5, 0.0]
    """
    items, lengths = np.concatenate(clusters), np.array([len(members) for members in clusters])
    starts, sizes = np.cumsum(lengths) - lengths, np.minimum(lengths, _MEMBERS)
    near = np.clip(sizes // 2, 1, _NEIGHBOURS)
    typicality = np.zeros(len(items))

    def fill(batch: IntArray) -> None:
        slots = np.arange(sizes[batch].max())
        # A cluster with fewer items than the largest of the batch has its first one again, infinitely far away.
        missing = slots >= sizes[batch, None]
        at = starts[batch, None] + np.where(missing, 0, slots)
        points = rows[items[at]] - centres[batch, None]
        norms = np.einsum("bsd,bsd->bs", points, points)
        # |b|² − 2ab tells who is near; |a|² is added to those who are.
        distances = (-2 * points) @ points.swapaxes(1, 2)
        distances += np.where(missing, np.inf, norms)[:, None]
        distances[:, slots, slots] = np.inf
        counted = int(near[batch[0]])
        nearest = np.partition(distances, counted - 1, axis=2)[:, :, :counted] + norms[:, :, None]
        mean = np.sqrt(np.maximum(nearest, 0)).mean(axis=2, dtype=np.float64)
        typicality[at[~missing]] = 1 / np.maximum(mean[~missing], 1e-7)

    in_threads(fill, _batches(sizes, near))
    return typicality


def _batches(sizes: IntArray, near: IntArray) -> list[IntArray]:
    """Put clusters together whose sizes are alike and that count as many neighbours: few calls, and little in vain."""
    order = np.argsort(sizes, kind="stable")
    batches, start = [], 0
    for at, cluster in enumerate(order):
        largest = int(sizes[cluster])
        if near[cluster] != near[order[start]] or (at + 1 - start) * largest**2 > _DISTANCES:
            batches.append(order[start:at])
            start = at
    batches.append(order[start:])
    return [batch for batch in batches if len(batch)]
