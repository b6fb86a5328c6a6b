"""Items acquired one after the other in, their weights out: what undoes the bias of an active learner's choices."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.metrics.weights import checked_chances, numbers

Floats = npt.NDArray[np.float64]


def lure_weights(acquisition_probability: npt.ArrayLike, pool_size: int) -> Floats:
    """Return the weights with which a mean over actively acquired items estimates the pool's without bias.

    For items that were drawn one at a time, each from those that were left, with chances that may depend on all that
    was learnt before. A table of picks needs none of this: its inclusion probabilities are of the whole draw.

    Parameters
    ----------
    acquisition_probability : array-like of shape (M,)
        Of the m-th acquired item, the chance with which it was chosen at its turn, among what was left then.
    pool_size : int
        Items in the pool before the first, at least M.

    Returns
    -------
    ndarray of shape (M,), float64
        v_m = 1 + (N − M)/(N − m) · (1/((N − m + 1) q_m) − 1): above or at 0, and 1 where the draw was uniform. The
        estimate is the mean of the weighted values, ``(weights * values).mean()``.

    Raises
    ------
    InvalidInput
        If a chance is not above 0 and at most 1, or there are more items than the pool has.

    References
    ----------
    S. Farquhar, Y. Gal and T. Rainforth, "On statistical bias in active learning: how and when to fix it", ICLR 2021,
    equation 7 (levelled unbiased risk estimator).

    Examples
    --------
    Two of three items: the first came up with a chance of a half, the second with one of a quarter among two.

    >>> lure_weights([1 / 2, 1 / 4], 3).round(3).tolist()
    [0.833, 2.0]
    """
    q = numbers(acquisition_probability, "acquisition probabilities")
    q = checked_chances(q, len(q))
    acquired = len(q)
    if acquired > arguments.whole("pool_size", pool_size, 1):
        raise InvalidInput(
            f"{acquired} items were acquired from a pool of {pool_size}", expected="a pool that has them"
        )
    if acquired == pool_size:
        return np.ones(acquired)
    turn = np.arange(1, acquired + 1)
    share = (pool_size - acquired) / (pool_size - turn)
    return np.asarray(1 + share * (1 / ((pool_size - turn + 1) * q) - 1))
