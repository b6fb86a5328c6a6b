"""Contrastive active learning: the model's say on the pool and on what is labelled in, one score per candidate out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from a2i_al import arguments
from a2i_al.compute.threads import in_threads, row_blocks
from a2i_al.sampling.batches.distances import FloatArray, block_rows, floating, squared_distances
from a2i_al.sampling.batches.magnitude import tame

# Probabilities below this count as this, lest a zero make a divergence infinite.
_SMALLEST = 1e-7


def contrastive(
    proba: FloatArray,
    features: FloatArray,
    labelled_features: FloatArray,
    labelled_proba: FloatArray,
    *,
    neighbours: int = 10,
) -> npt.NDArray[np.float64]:
    """Score how differently the model speaks of an item and of the labelled items nearest to it.

    Items that are alike but predicted unlike lie where the model's border is. Made for fine-tuned language models;
    on other embeddings it has been worse than random, as it takes many look-alikes of one contradiction.

    Parameters
    ----------
    proba : ndarray of shape (m, k), float
        Class probabilities.
    features : ndarray of shape (m, d), float
        Embeddings.
    labelled_features : ndarray of shape (l, d), float
        Embeddings of the labelled items; with l = 0 all scores are 0.
    labelled_proba : ndarray of shape (l, k), float
        The model's probabilities for them.
    neighbours : int, default 10
        How many of the nearest labelled items to compare with, the paper's number; all of them if there are fewer, and
        more where several are equally far.

    Returns
    -------
    ndarray of shape (m,), float64
        The mean Kullback-Leibler divergence from the neighbours' probabilities to the item's, in nats, from 0 on.

    Raises
    ------
    InvalidInput
        If `neighbours` is no whole number from 1 on.

    Notes
    -----
    Time O(m l d), memory O(m) and blocks of distances.

    References
    ----------
    K. Margatina, G. Vernikos, L. Barrault and N. Aletras, "Active learning by acquiring contrastive examples", EMNLP
    2021, algorithm 1.

    Examples
    --------
    >>> proba = np.array([[0.9, 0.1], [0.2, 0.8]])
    >>> features = np.array([[0.0], [0.1]])
    >>> labelled = np.array([[0.05], [9.0]]), np.array([[0.9, 0.1], [0.5, 0.5]])
    >>> contrastive(proba, features, *labelled, neighbours=1).round(3).tolist()
    [0.0, 1.146]
    """
    neighbours = arguments.whole("neighbours", neighbours, 1)
    scores = np.zeros(len(proba))
    if not len(labelled_features):
        return scores
    features = floating(features)
    features, known = tame(features, labelled_features.astype(features.dtype, copy=False))
    said = _clipped(labelled_proba)
    # Beside each distribution p its sum of p ln p: the divergence from q is that less the sum of p ln q.
    said = np.column_stack([said, (said * np.log(said)).sum(axis=1)])
    last = min(neighbours, len(known)) - 1

    def fill(block: tuple[int, int]) -> None:
        rows = slice(*block)
        distances = squared_distances(features[rows], known)
        near = (distances <= np.partition(distances, last, axis=1)[:, last, None]).astype(np.float64)
        mean = near @ said / near.sum(axis=1, keepdims=True)
        scores[rows] = np.maximum(mean[:, -1] - (mean[:, :-1] * np.log(_clipped(proba[rows]))).sum(axis=1), 0)

    in_threads(fill, row_blocks(len(proba), block_rows(max(len(known), proba.shape[1]))))
    return scores


def _clipped(proba: FloatArray) -> npt.NDArray[np.float64]:
    clipped = np.maximum(proba, _SMALLEST, dtype=np.float64)
    return np.asarray(clipped / clipped.sum(axis=1, keepdims=True), dtype=np.float64)
