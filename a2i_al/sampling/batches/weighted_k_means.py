"""Weighted k-means: probabilities and embeddings in, a varied batch out of the candidates with the least margins."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from a2i_al import arguments
from a2i_al.sampling.batches.clustering import kmeans
from a2i_al.sampling.batches.distances import FloatArray, IntArray, shuffled
from a2i_al.sampling.batches.distinct import nearest_distinct
from a2i_al.sampling.batches.preselection import least_margins


def weighted_k_means(
    proba: FloatArray,
    features: FloatArray,
    chosen: IntArray | None = None,
    *,
    n: int,
    rng: np.random.Generator,
    beta: float = 10.0,
    restarts: int = 2,
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    """Cluster the most uncertain candidates, weighted by their uncertainty, and take the one nearest to each centre.

    The uncertainty filter keeps every item of the batch useful, the clusters keep the items from repeating each other.
    Of the published strategies the most reliable one over many data sets; weak only while the model's margins mean
    little, in the first rounds. Its cost hardly depends on the size of the pool.

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
    beta : float, default 10.0
        The beta * n least margins are clustered; at least 1. The paper's values are 10 to 50.
    restarts : int, default 2
        Seedings of the clusters, of which the best clustering is kept; more are a little better and as much slower.

    Returns
    -------
    positions : ndarray of shape (n,), intp
        Distinct; the most uncertain first.
    scores : ndarray of shape (n,), float64
        Their margin scores.

    Raises
    ------
    InvalidInput
        If beta is below 1, or `restarts` no whole number from 1 on.

    Notes
    -----
    Time O(m k) for the filter and O(restarts · beta n · n d) per iteration; memory O(m + beta n d).

    References
    ----------
    F. Zhdanov, "Diverse mini-batch active learning", arXiv:1901.05954, 2019, algorithm 2.

    Examples
    --------
    >>> proba = np.array([[0.5, 0.5], [0.51, 0.49], [0.6, 0.4], [0.99, 0.01]])
    >>> features = np.array([[0.0], [0.1], [5.0], [9.0]])
    >>> positions, scores = weighted_k_means(proba, features, n=2, rng=np.random.default_rng(0), beta=1.5)
    >>> positions.tolist(), scores.round(2).tolist()
    ([0, 2], [1.0, 0.8])
    """
    restarts = arguments.whole("restarts", restarts, 1)
    candidates, uncertainty = least_margins(proba, n, beta=beta, rng=rng, chosen=chosen)
    pool = shuffled(features[candidates], rng, None if chosen is None else features[chosen])
    weights = uncertainty[pool.order]
    centres, _ = kmeans(pool.rows, n, weights=weights, fixed_centres=pool.labelled, rng=rng, restarts=restarts)
    items = nearest_distinct(pool.rows, centres[len(pool.labelled) :])
    by_uncertainty = items[np.argsort(-weights[items], kind="stable")]
    return candidates[pool.order[by_uncertainty]], weights[by_uncertainty]
