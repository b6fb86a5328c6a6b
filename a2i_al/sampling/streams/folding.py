"""Two columns of probabilities in, each row's two highest and its sum so far out, in one compiled loop.

Numba is imported here, so this module is only imported where a chunk is large enough to repay it.
"""

# ruff: noqa: FURB136 - max() looks for NaN when it is compiled, and is no vector instruction any more

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numba import types

from a2i_al.compute.compiling import compiled


@cache
def fold_for(dtype: np.dtype[np.floating[Any]]) -> Callable[..., bool]:
    """Return the compiled fold for columns of float32 or of float64; compiled once, then kept on disk.

    The fold is called with two columns (m,) and three arrays (m,) that it updates, all zero before the first call: the
    highest value of each row, its second highest, and its sum. It returns whether no value is negative; a NaN goes
    into the sum.

    Examples
    --------
    >>> fold, (first, second, total) = fold_for(np.dtype(np.float64)), np.zeros((3, 2))
    >>> fold(np.array([0.5, 0.9]), np.array([0.2, 0.1]), first, second, total)
    True
    >>> first.tolist(), second.tolist()
    ([0.5, 0.9], [0.2, 0.1])
    """
    number = types.float32 if dtype == np.float32 else types.float64
    column, running = types.Array(number, 1, "C", readonly=True), number[::1]
    return compiled(_fold, types.boolean(column, column, running, running, running))


def _fold(x: Any, y: Any, first: Any, second: Any, total: Any) -> bool:
    zero, negative = x.dtype.type(0), 0
    for r in range(x.size):
        a, b, best, next_best = x[r], y[r], first[r], second[r]
        negative += (a < zero) | (b < zero)
        larger, smaller = (a if a > b else b), (a if a < b else b)
        middle = larger if larger < best else best
        middle = middle if middle > smaller else smaller
        second[r] = middle if middle > next_best else next_best
        first[r] = larger if larger > best else best
        total[r] += a + b
    return negative == 0
