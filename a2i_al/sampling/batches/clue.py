"""CLUE: probabilities and embeddings in, a batch out that stands for the dense regions of the model's uncertainty."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from a2i_al.sampling.batches.clustering import kmeans
from a2i_al.sampling.batches.distances import FloatArray, IntArray, shuffled
from a2i_al.sampling.batches.distinct import nearest_distinct
from a2i_al.sampling.batches.preselection import is_open
from a2i_al.sampling.scores.uncertainty import entropy


def clue(
    proba: FloatArray, features: FloatArray, chosen: IntArray | None = None, *, n: int, rng: np.random.Generator
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    """Cluster all candidates, each weighing as much as its entropy, and take the one nearest to each centre.

    Uncertain regions attract the centres, so the batch is varied and, where the model is unsure, denser. Made for a
    model that meets a new domain; it needs embeddings whose distances mean something, and it also chooses items that
    the model is sure of when they lie near the centre of a doubtful cluster.

    Parameters
    ----------
    proba : ndarray of shape (m, k), float
        Class probabilities.
    features : ndarray of shape (m, d), float
        Embeddings.
    chosen : ndarray of shape (c,), intp, optional
        Positions of the batch's first items, chosen before: the others keep away from them, too. `sample` gives them
        where quotas have cut a batch.
    n : int
        How many to choose, 1 <= n <= m.
    rng : numpy.random.Generator
        Seeds the clusters and breaks ties.

    Returns
    -------
    positions : ndarray of shape (n,), intp
        Distinct; those that stand for most uncertainty first.
    scores : ndarray of shape (n,), float64
        The summed entropy of the cluster that the item stands for, in nats.

    Notes
    -----
    Time O(m n d) per iteration on at most 128 n (or 16,384) sampled rows, and once on all; memory O(m d).

    References
    ----------
    V. Prabhu, A. Chandrasekaran, K. Saenko and J. Hoffman, "Active domain adaptation via clustering
    uncertainty-weighted embeddings", ICCV 2021, equation 4; temperature 1.

    Examples
    --------
    >>> proba = np.array([[0.5, 0.5], [0.6, 0.4], [0.9, 0.1], [0.8, 0.2]])
    >>> features = np.array([[0.0], [0.2], [5.0], [5.2]])
    >>> positions, scores = clue(proba, features, n=2, rng=np.random.default_rng(0))
    >>> positions.tolist(), scores.round(2).tolist()
    ([0, 3], [1.37, 0.83])
    """
    uncertainty = entropy(proba)
    if chosen is not None and len(chosen):
        left = np.flatnonzero(is_open(chosen, len(features)))
        positions, scores = _apart(features[left], uncertainty[left], features[chosen], n, rng)
        return left[positions], scores
    return _apart(features, uncertainty, features[:0], n, rng)


def _apart(
    features: FloatArray, uncertainty: FloatArray, chosen: FloatArray, n: int, rng: np.random.Generator
) -> tuple[IntArray, npt.NDArray[np.float64]]:
    """Choose from some items those nearest to n centres, which settle between the items chosen before."""
    pool = shuffled(features, rng, chosen)
    weights = uncertainty[pool.order]
    centres, cluster = kmeans(pool.rows, n, weights=weights, fixed_centres=pool.labelled, rng=rng)
    items = nearest_distinct(pool.rows, centres[len(chosen) :])
    scores = np.bincount(cluster, weights, minlength=len(centres))[len(chosen) :].astype(np.float64)
    by_score = np.argsort(-scores, kind="stable")
    return pool.order[items[by_score]], scores[by_score]
