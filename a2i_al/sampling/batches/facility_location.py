"""Facility location: features in, the items out that leave every item of the pool a near representative."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from a2i_al.sampling.batches.coverage import cover
from a2i_al.sampling.batches.distances import FloatArray, shuffled


def facility_location(
    features: FloatArray, labelled_features: FloatArray | None = None, *, n: int, rng: np.random.Generator
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    """Choose representatives: each pick shortens the way from the pool's items to their nearest known item the most.

    A greedy k-median: robust against outliers, which are far from few. It sees no uncertainty, so it keeps asking in
    regions that the model has long understood.

    Parameters
    ----------
    features : ndarray of shape (m, d), float
        Embeddings of the candidates. Columns count by their spread: standardise those of different units first.
    labelled_features : ndarray of shape (l, d), float, optional
        Embeddings of the labelled items: representatives already.
    n : int
        How many to choose, 1 <= n <= m.
    rng : numpy.random.Generator
        Samples large pools and breaks ties.

    Returns
    -------
    positions : ndarray of shape (n,), intp
        Distinct, in the order of choice.
    scores : ndarray of shape (n,), float64
        By how much each shortened the mean distance to the nearest known item, in units of the pool's root mean square
        distance from its centre; the first of a pool with nothing labelled is compared with the remotest candidates.

    Notes
    -----
    The similarity of two items is a constant less their distance; the constant changes no choice. Exact greedy up to
    4,096 items; larger pools are taken in rounds of 256 picks from 8,192 random candidates for 4,096 random targets
    (see `coverage.cover`). Time O(m d) and that of 3e7 distances per round, memory O(m d) and 128 MB.

    References
    ----------
    K. Wei, R. Iyer and J. Bilmes, "Submodularity in data subset selection and active learning", ICML 2015.

    Examples
    --------
    >>> features = np.array([[0.0], [1.0], [2.0], [9.0], [10.0]])
    >>> facility_location(features, np.array([[9.5]]), n=1, rng=np.random.default_rng(0))[0].tolist()
    [1]
    """
    pool = shuffled(features, rng, labelled_features)
    positions, gains = cover(pool, _nearness, n)
    return pool.order[positions], gains


def _nearness(squared: FloatArray) -> FloatArray:
    np.sqrt(squared, out=squared)
    return np.negative(squared, out=squared)
