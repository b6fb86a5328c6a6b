"""Weights in, a random sample of n with chances in proportion to them out: exactly n, and exactly these chances."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from a2i_al.sampling.ids import keys
from a2i_al.sampling.streams.top_n import Positions, Scores


def thin(weights: Scores, order: npt.NDArray[np.uint64], n: int, seed: int) -> tuple[Positions, float]:
    """Keep n rows, each with the chance min(1, weight/τ), by systematic sampling along a random order.

    Parameters
    ----------
    weights : ndarray of shape (m,)
        Above 0.
    order : ndarray of shape (m,), uint64
        A random key for each row.
    n : int
        How many to keep.
    seed : int
        Of the draw.

    Returns
    -------
    kept : ndarray of shape (min(m, n),), intp
        Positions, those of the smaller keys first.
    threshold : float
        τ, with Σ min(1, weight/τ) = n; 0 where m <= n.

    Examples
    --------
    >>> kept, threshold = thin(np.array([10.0, 1.0, 1.0]), np.array([5, 3, 4], dtype=np.uint64), 2, seed=0)
    >>> 0 in kept, threshold
    (True, 2.0)
    """
    by_key = np.argsort(order, kind="stable")
    if len(weights) <= n:
        return by_key, 0.0
    parted = np.partition(weights, len(weights) - n)
    descending = np.sort(parted[-n:])[::-1]
    # What is left of the weights when the largest 0, 1, ... n-1 are certain; summed from the smallest.
    rest = parted[:-n].sum() + np.cumsum(descending[::-1])[::-1]
    certain = int(np.argmax(descending * (n - np.arange(n)) <= rest * (1 + 1e-12)))  # 1e-12: rounding of the sums
    threshold = float(rest[certain] / (n - certain))
    surely = weights > threshold
    drawn = by_key[~surely[by_key]]
    places = n - int(surely.sum())
    chances = np.cumsum(weights[drawn])
    chances *= places / chances[-1]
    mixed = np.bitwise_xor.reduce(order) ^ np.uint64(len(order))
    start = float(keys(np.array([mixed]), seed ^ n)[0] >> np.uint64(11)) / 2**53
    hit = np.minimum(np.searchsorted(chances, start + np.arange(places), side="right"), len(drawn) - 1)
    chosen = np.zeros(len(weights), dtype=np.bool_)
    chosen[drawn[hit]] = True
    # Rounding can put two of the equidistant points into a row whose chance is 1: the next heaviest takes the place.
    spare = drawn[~chosen[drawn]]
    chosen[spare[np.argsort(-weights[spare], kind="stable")][: places - int(chosen.sum())]] = True
    chosen |= surely
    return by_key[chosen[by_key]], threshold
