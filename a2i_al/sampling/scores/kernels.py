"""Compiled loops for pools of millions of rows: one pass that checks a block of rows, scores it and keeps the best.

Numba is imported here, so this module is only imported where the pool is large enough to repay it.
"""

# ruff: noqa: FURB136 - max() looks for NaN when it is compiled, and is no vector instruction any more

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import types

from a2i_al.compute.compiling import compiled
from a2i_al.sampling.ids import FNV_PRIME, FNV_START, Hashes

LEAST_CONFIDENCE, MARGIN, RATIO, ENTROPY = range(4)

# Rows worked on at a time, column by column: what is read and the running values stay in the first-level cache.
_BLOCK = 256
_BLOCK_CELLS = 8_192


@cache
def scan_for(dtype: np.dtype[np.floating[Any]]) -> Callable[..., tuple[int, bool]]:
    """Return the compiled scan for rows of float32 or of float64; compiled once, then kept on disk.

    The scan is called with the cells of the rows one after the other (n * k,), the number of columns k, which of the
    scores, its cut, for entropy the cut of a row's sum of squares, the tolerance of a row's sum, a mask of rows to
    skip (n,) or (0,), and two arrays (n,) for what it finds: row numbers, and how far from the best each is (lower is
    better). It returns how many rows are at or below the cut, and whether every row is surely a distribution.

    Examples
    --------
    >>> scan, rows, badness = scan_for(np.dtype(np.float64)), np.empty(2, np.int64), np.empty(2)
    >>> cells, no_row = np.array([0.9, 0.1, 0.5, 0.5]), np.empty(0, np.bool_)
    >>> scan(cells, 2, MARGIN, 0.5, 1.0, 1e-3, no_row, rows, badness), rows[:1].tolist()
    ((1, True), [1])
    """
    number = types.float32 if dtype == np.float32 else types.float64
    signature = types.Tuple((types.int64, types.boolean))(  # type: ignore[no-untyped-call]
        types.Array(number, 1, "C", readonly=True),
        types.int64,
        types.int64,
        types.float64,
        types.float64,
        types.float64,
        types.Array(types.boolean, 1, "C", readonly=True),
        types.int64[::1],
        types.float64[::1],
    )
    return compiled(_scan, signature)


@cache
def hash_numbers() -> Callable[[npt.NDArray[np.int64], Hashes], None]:
    """Return the compiled hash of whole numbers' decimal digits: `sampling.ids.hash_ids`, a hundred million a second.

    Examples
    --------
    >>> from a2i_al.sampling.ids import hash_ids
    >>> numbers, hashes = np.array([0, 1207, -35]), np.empty(3, np.uint64)
    >>> hash_numbers()(numbers, hashes)
    >>> hashes.tolist() == hash_ids(["0", "1207", "-35"]).tolist()
    True
    """
    signature = types.void(types.Array(types.int64, 1, "C", readonly=True), types.uint64[::1])
    return compiled(_hash_numbers, signature)


def _scan(  # noqa: C901, PLR0912, PLR0915, PLR0917 - the loops are the algorithm; compiled calls are positional
    cells: Any,
    k: int,
    kind: int,
    cut: float,
    square_cut: float,
    tolerance: float,
    skip: Any,
    rows: Any,
    badness: Any,
) -> tuple[int, bool]:
    size = max(16, min(_BLOCK, _BLOCK_CELLS // k))
    first, second = np.empty(size, cells.dtype), np.empty(size, cells.dtype)
    total, far = np.empty(size, cells.dtype), np.empty(size, cells.dtype)
    low, high = cells.dtype.type(1.0 - tolerance), cells.dtype.type(1.0 + tolerance)
    zero = cells.dtype.type(0)
    found, sound = 0, True
    for start in range(0, cells.size // k, size):
        b = min(size, cells.size // k - start)
        flat = cells[start * k : (start + b) * k]
        block = flat.reshape(b, k)
        negative = 0
        for i in range(flat.size):
            negative += flat[i] < zero
        for r in range(b):
            x = block[r, 0] if k % 2 else zero
            total[r], second[r] = x, zero
            first[r] = x * x if kind == ENTROPY else x
        # Two columns at a time, each loop across the rows: the compiler turns it into vector instructions.
        if kind == LEAST_CONFIDENCE:
            for j in range(k % 2, k, 2):
                for r in range(b):
                    x, y, best = block[r, j], block[r, j + 1], first[r]
                    larger = x if x > y else y
                    first[r] = larger if larger > best else best
                    total[r] += x + y
        elif kind == ENTROPY:
            for j in range(k % 2, k, 2):
                for r in range(b):
                    x, y = block[r, j], block[r, j + 1]
                    first[r] += x * x + y * y
                    total[r] += x + y
        else:
            for j in range(k % 2, k, 2):
                for r in range(b):
                    x, y, best, next_best = block[r, j], block[r, j + 1], first[r], second[r]
                    larger, smaller = (x if x > y else y), (x if x < y else y)
                    middle = larger if larger < best else best
                    middle = middle if middle > smaller else smaller
                    second[r] = middle if middle > next_best else next_best
                    first[r] = larger if larger > best else best
                    total[r] += x + y
        right = 0
        for r in range(b):
            right += (total[r] >= low) & (total[r] <= high)
        # A NaN makes the sum NaN, which is in no interval.
        sound = sound and negative == 0 and right == b
        if kind == RATIO:
            for r in range(b):
                far[r] = -second[r] / first[r] if first[r] > zero else zero
        else:
            for r in range(b):
                far[r] = first[r] - second[r]
        bound = cells.dtype.type(square_cut if kind == ENTROPY else cut)
        candidates = 0
        for r in range(b):
            candidates += far[r] <= bound
        if candidates == 0:
            continue
        for r in range(b):
            if far[r] <= bound and (skip.size == 0 or not skip[start + r]):
                value = float(far[r])
                if kind == ENTROPY:
                    value = 0.0
                    for j in range(k):
                        if block[r, j] > zero:
                            p = float(block[r, j])
                            value += p * math.log(p)
                if value <= cut:
                    rows[found], badness[found] = start + r, value
                    found += 1
    return found, sound


def _hash_numbers(numbers: Any, hashes: Any) -> None:
    digits = np.empty(20, np.uint8)
    for at in range(numbers.size):
        left, value = abs(numbers[at]), FNV_START
        used = 0
        while left > 0 or used == 0:
            digits[used] = 48 + left % 10
            left //= 10
            used += 1
        if numbers[at] < 0:
            value = (value ^ np.uint64(45)) * FNV_PRIME
        for i in range(used - 1, -1, -1):
            value = (value ^ np.uint64(digits[i])) * FNV_PRIME
        hashes[at] = value
