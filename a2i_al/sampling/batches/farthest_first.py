"""Rows in, a farthest-first traversal of them out: the compiled loop behind `k_center`."""

from __future__ import annotations

from functools import partial

import numpy as np

from a2i_al.compute.compiling import compiled
from a2i_al.sampling.batches.distances import FloatArray, IntArray


# Sums may be reordered, so that several columns of a distance are computed at once. No other licence is taken.
@partial(compiled, fastmath={"reassoc", "contract"})
def traverse(rows: FloatArray, distance: FloatArray, chosen: IntArray, start: int) -> FloatArray:
    """Choose, again and again, the row that is farthest from all chosen before it.

    A distance only ever shrinks, so one that is out of date is an upper bound: a row is brought up to date only when
    its bound beats the farthest row found so far, and only until it no longer does. The traversal is the exact one.

    Parameters
    ----------
    rows : array of shape (m, d), C-contiguous
        The rows.
    distance : array of shape (m,)
        Squared distance to what was there before; changed here. Below zero for what cannot be chosen.
    chosen : array of shape (n,), intp
        Filled in from position `start` on; those before it are given.
    start : int
        How many are given.

    Returns
    -------
    array of shape (n,), of the rows' dtype
        The squared distance of each to its nearest predecessor, zero for the given ones.

    Examples
    --------
    >>> rows, chosen = np.array([[0.0], [1.0], [4.0], [10.0]]), np.zeros(3, dtype=np.intp)
    >>> traverse(rows, np.array([-1.0, np.inf, np.inf, np.inf]), chosen, 1).tolist(), chosen.tolist()
    ([0.0, 100.0, 16.0], [0, 3, 2])
    """
    m, d = rows.shape
    n = len(chosen)
    seen = np.zeros(m, np.int32)
    zero = rows[0, 0] * 0
    reached = np.zeros(n, rows.dtype)
    for step in range(start, n):
        farthest, best = -1, zero - 1
        # The row of the highest bound first: most of the others then cannot beat it.
        first = int(distance.argmax())
        for turn in range(m + 1):
            i = first if turn == 0 else turn - 1
            if distance[i] <= best:
                continue
            while seen[i] < step and distance[i] > best and distance[i] > 0:
                centre = chosen[seen[i]]
                total = zero
                for j in range(d):
                    difference = rows[i, j] - rows[centre, j]
                    total += difference * difference
                distance[i] = min(distance[i], total)
                seen[i] += 1
            if distance[i] > best:
                farthest, best = i, distance[i]
        chosen[step], reached[step] = farthest, best
        distance[farthest] = -1
    return reached
