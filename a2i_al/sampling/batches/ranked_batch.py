"""Ranked batch mode: probabilities, embeddings and what is labelled in, a ranking out of the new and the uncertain."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from a2i_al.sampling.batches.blas import multiplied
from a2i_al.sampling.batches.distances import FloatArray, nearest, shuffled, squared_norms
from a2i_al.sampling.scores.uncertainty import least_confidence


def ranked_batch(
    proba: FloatArray,
    features: FloatArray,
    labelled_features: FloatArray | None = None,
    *,
    n: int,
    rng: np.random.Generator,
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    """Rank items by how unlike they are to all that is labelled or ranked already, and by their uncertainty.

    The score is alpha (1 - similarity) + (1 - alpha) uncertainty, with alpha the share of the pool that is unlabelled:
    it explores while little is labelled and turns to the doubtful later. While alpha is near 1 it is drawn to
    outliers. With nothing labelled the most uncertain item comes first.

    Parameters
    ----------
    proba : ndarray of shape (m, k), float
        Class probabilities.
    features : ndarray of shape (m, d), float
        Embeddings.
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
        The score when chosen, from 0 to 1.

    Notes
    -----
    Similarity is 1 / (1 + distance) to the most similar item, uncertainty is one minus the highest probability. The
    unit of distance is the root mean square distance of the pool from its centre, so that the balance of the two parts
    does not depend on the features' unit. Time O(m d (n + l)), memory O(m d).

    References
    ----------
    T. Cardoso, R. Silva, S. Canuto, M. Moro and M. Gonçalves, "Ranked batch-mode active learning", Information
    Sciences 379, 2017, algorithm 1.

    Examples
    --------
    >>> proba = np.array([[0.9, 0.1], [0.5, 0.5], [0.6, 0.4]])
    >>> features = np.array([[0.0], [0.1], [2.0]])
    >>> positions, scores = ranked_batch(proba, features, np.array([[0.0]]), n=2, rng=np.random.default_rng(0))
    >>> positions.tolist(), scores.round(2).tolist()
    ([2, 1], [0.61, 0.3])
    """
    pool = shuffled(features, rng, labelled_features)
    uncertainty = least_confidence(proba)[pool.order]
    lengths = squared_norms(pool.rows)
    known = len(pool.labelled)
    squared = nearest(pool.rows, pool.labelled)[1] if known else np.full_like(lengths, np.inf)
    taken = np.zeros(len(lengths), dtype=bool)
    items, scores = np.empty(n, dtype=np.intp), np.empty(n)
    for rank in range(n):
        alpha = (len(lengths) - rank) / (len(lengths) + known)
        score = alpha * (1 - 1 / (1 + np.sqrt(squared))) + (1 - alpha) * uncertainty
        score[taken] = -np.inf
        # Before anything is known all items are equally new.
        item = int((score if known or rank else uncertainty).argmax())
        items[rank], scores[rank], taken[item] = item, score[item], True
        to_item = lengths + lengths[item] - 2 * multiplied(pool.rows, pool.rows[item])
        np.minimum(squared, np.maximum(to_item, 0), out=squared)
    return pool.order[items], scores
