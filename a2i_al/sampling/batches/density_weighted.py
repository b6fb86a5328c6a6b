"""Information density: probabilities and features in, uncertainty times how typical each item is of the pool out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from a2i_al import arguments
from a2i_al.compute.threads import row_blocks
from a2i_al.sampling.batches.distances import FloatArray, floating, squared_norms
from a2i_al.sampling.scores.uncertainty import entropy

_ROWS = 2**16


def density_weighted(
    proba: FloatArray,
    features: FloatArray,
    *,
    beta: float = 1.0,
    uncertainty: Callable[[npt.ArrayLike], npt.NDArray[np.float64]] = entropy,
) -> npt.NDArray[np.float64]:
    """Score the uncertain items that many others are like, so that outliers are left alone.

    A score: picks are not kept apart from one another, so a dense uncertain region can fill a batch with near
    duplicates.

    Parameters
    ----------
    proba : ndarray of shape (m, k), float
        Class probabilities.
    features : ndarray of shape (m, d), float
        Embeddings, or counts of words: compared by the angle between them, whatever their length.
    beta : float, default 1.0
        How much density counts; 0 leaves the uncertainty alone.
    uncertainty : callable, default entropy
        From probabilities to scores of 0 or more.

    Returns
    -------
    ndarray of shape (m,), float64
        The uncertainty times the mean similarity to all items of the pool to the power of beta.

    Raises
    ------
    InvalidInput
        If beta is below 0 or infinite.

    Notes
    -----
    The similarity is (1 + cosine) / 2, from 0 to 1, since embeddings, unlike counts, have negative cosines too; a row
    of zeros has the cosine 0 with all. The mean over all pairs is a product with the mean direction: exact in O(m d)
    time and O(m) memory.

    References
    ----------
    B. Settles and M. Craven, "An analysis of active learning strategies for sequence labeling tasks", EMNLP 2008,
    section 3.4.

    Examples
    --------
    >>> proba = np.array([[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]])
    >>> features = np.array([[1.0, 0.0], [2.0, 0.0], [0.0, 1.0]])
    >>> (density_weighted(proba, features) / np.log(2)).round(3).tolist()
    [0.833, 0.833, 0.667]
    """
    beta = arguments.amount("beta", beta)
    features = floating(features)
    blocks = row_blocks(len(features), _ROWS)
    total = np.sum([_directions(features[start:stop]).sum(axis=0, dtype=np.float64) for start, stop in blocks], axis=0)
    centre = (total / len(features)).astype(features.dtype)
    cosine = np.concatenate([_directions(features[start:stop]) @ centre for start, stop in blocks])
    # Rounding alone can take it a hair beyond its bounds, where a power is not defined.
    similarity = np.clip((1 + cosine.astype(np.float64)) / 2, 0, 1)
    return uncertainty(proba) * similarity**beta


def _directions(rows: FloatArray) -> FloatArray:
    """Return rows of length 1, or 0; by the largest entry first, so that no square overflows."""
    largest = np.abs(rows).max(axis=1, keepdims=True)
    rows = rows / np.where(largest > 0, largest, 1)
    length = np.sqrt(squared_norms(rows))[:, None]
    directions: FloatArray = rows / np.where(length > 0, length, 1)
    return directions
