"""Columns of probabilities in, each row's two highest and its sum out, and the rows that may be chosen by these.

Numba is imported here, so this module is only imported where a chunk is large enough to repay it.
"""

# ruff: noqa: FBT001, FURB136, PLR0917 - max() looks for NaN when it is compiled, and is no vector instruction any more;
# compiled calls are positional

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import types

from a2i_al.compute.compiling import compiled

# Rows that are looked at one by one only where one of them is within the bound.
_ROWS = 512


@cache
def fold_for(dtype: np.dtype[np.floating[Any]]) -> Callable[..., bool]:
    """Return the compiled fold for columns of float32 or of float64; compiled once, then kept on disk.

    The fold is called with two columns (m,), three arrays (m,) that it updates: the highest value of each row, its
    second highest, and its sum; and whether it begins, with nothing in these. It returns whether no value is negative;
    a NaN goes into the sum.

    Examples
    --------
    >>> fold, (first, second, total) = fold_for(np.dtype(np.float64)), np.empty((3, 2))
    >>> fold(np.array([0.5, 0.9]), np.array([0.2, 0.1]), first, second, total, True)
    True
    >>> first.tolist(), second.tolist()
    ([0.5, 0.9], [0.2, 0.1])
    """
    number = types.float32 if dtype == np.float32 else types.float64
    column, running = types.Array(number, 1, "C", readonly=True), number[::1]
    return compiled(_fold, types.boolean(column, column, running, running, running, types.boolean))


@cache
def within_for(dtype: np.dtype[np.floating[Any]]) -> Callable[..., npt.NDArray[np.intp]]:
    """Return the compiled search for the rows with ``a * first - b * second <= c``.

    Examples
    --------
    >>> within_for(np.dtype(np.float64))(np.array([0.5, 0.9]), np.array([0.45, 0.1]), 1.0, 1.0, 0.1).tolist()
    [0]
    """
    number = types.float32 if dtype == np.float32 else types.float64
    column = number[::1]
    return compiled(_within, types.intp[::1](column, column, types.float64, types.float64, types.float64))


def _fold(x: Any, y: Any, first: Any, second: Any, total: Any, begins: bool) -> bool:
    zero, negative = x.dtype.type(0), 0
    if begins:
        for r in range(x.size):
            a, b = x[r], y[r]
            negative += (a < zero) | (b < zero)
            first[r], second[r], total[r] = (a if a > b else b), (a if a < b else b), a + b
        return negative == 0
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


def _within(first: Any, second: Any, a: float, b: float, c: float) -> Any:
    number, rows, found = first.dtype.type, np.empty(first.size, np.intp), 0
    for start in range(0, first.size, _ROWS):
        one, two, near = first[start : start + _ROWS], second[start : start + _ROWS], 0
        for r in range(one.size):
            near += number(a) * one[r] - number(b) * two[r] <= number(c)
        if near:
            for r in range(one.size):
                if number(a) * one[r] - number(b) * two[r] <= number(c):
                    rows[found] = start + r
                    found += 1
    return rows[:found].copy()
