"""Compiled loops for pools of millions of rows: one pass that checks a block of rows, scores it and keeps the best.

Numba is imported here, so this module is only imported where the pool is large enough to repay it.
"""

# ruff: noqa: FBT001, FURB136, PLR0917 - max() looks for NaN when it is compiled, and is no vector instruction any more;
# compiled calls are positional

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import types

from a2i_al.compute.compiling import compiled, inlined
from a2i_al.sampling.ids import FNV_PRIME, FNV_START, Hashes

LEAST_CONFIDENCE, MARGIN, RATIO, ENTROPY = range(4)

# Rows worked on at a time, and their bytes: these and the running values stay in the first-level cache.
_ROWS, _BYTES = 512, 20_480
# LLVM turns loops across the rows into vector instructions where a row has a constant number of values, at most so
# many: a quarter of the time for 5 pairs of float32.
_LONGEST = 7


@cache
def scan_for(dtype: np.dtype[np.floating[Any]], k: int, kind: int) -> Callable[..., tuple[int, bool]]:
    """Return the compiled scan for rows of k values of float32 or of float64; compiled once, then kept on disk.

    The scan is called with the cells of the rows one after the other (n * k,), the number of columns k, which of the
    scores, its cut, for entropy the cut of a row's sum of squares, the tolerance of a row's sum, a mask of rows to
    skip (n,) or (0,), and two arrays (n,) for what it finds: row numbers, and how far from the best each is (lower is
    better). It returns how many rows are at or below the cut, and whether every row is surely a distribution.

    Examples
    --------
    >>> scan, rows, badness = scan_for(np.dtype(np.float64), 2, MARGIN), np.empty(2, np.int64), np.empty(2)
    >>> cells, no_row = np.array([0.9, 0.1, 0.5, 0.5]), np.empty(0, np.bool_)
    >>> scan(cells, 2, MARGIN, 0.5, 1.0, 1e-3, no_row, rows, badness), rows[:1].tolist()
    ((1, True), [1])
    """
    # Two float32 are read as one number of 64 bits, long rows in equal parts that are joined afterwards.
    paired = dtype == np.float32 and k % 2 == 0
    values = k // 2 if paired else k
    width = max(length for length in range(1, _LONGEST + 1) if values % length == 0)
    if width == 1 < values:
        return _scan_for(dtype, kind == ENTROPY, paired, 0, 1)
    return _scan_for(dtype, kind == ENTROPY, paired, width, values // width if values <= _LONGEST * width else 0)


@cache
def _scan_for(
    dtype: np.dtype[np.floating[Any]],
    squares: bool,
    paired: bool,
    width: int,
    parts: int,
) -> Callable[..., tuple[int, bool]]:
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
    return compiled(_scan_of(squares, paired, width, parts), signature)


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


def _scan_of(squares: bool, paired: bool, width: int, parts: int) -> Callable[..., tuple[int, bool]]:
    """Return the scan that has these as constants; 0 stands for as many as there are."""

    def scan(
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
        values = k // 2 if paired else k
        count = parts or values // width
        size = max(16, min(_ROWS, _BYTES // (k * cells.itemsize)))
        of_parts, of_rows = np.empty((3, size * count), cells.dtype), np.empty((3, size), cells.dtype)
        found, sound = 0, True
        for start in range(0, cells.size // k, size):
            b = min(size, cells.size // k - start)
            block = cells[start * k : (start + b) * k]
            first, second, total = of_parts[0, : b * count], of_parts[1, : b * count], of_parts[2, : b * count]
            if paired:
                sound &= _pairs(block.view(np.int64), width or values, squares, first, second, total)
            else:
                sound &= _columns(block, width or values, squares, first, second, total)
            one, two, far = of_rows[0, :b], of_rows[1, :b], of_rows[2, :b]
            if parts == 1:
                one, two = first, second
            elif squares:
                _add(parts or count, first, one)
            else:
                _join(parts or count, first, second, one, two)
            sound &= _sum_to_one(parts or count, total, b, tolerance)
            if _measure(kind, one, two, square_cut if squares else cut, far):
                found = _keep(block, k, kind, one, two, far, cut, square_cut, skip, start, rows, badness, found)
        return found, sound

    return scan


@inlined
def _pairs(pairs: Any, width: int, squares: bool, first: Any, second: Any, total: Any) -> bool:
    """Take the two highest values, or the sum of squares, and the sum of every `width` pairs of float32."""
    zero: Any = np.float32(0)
    negative = 0
    for r in range(total.size):
        one, two, whole, least = zero, zero, zero, zero
        for j in range(width):
            pair = pairs[r * width + j]
            x, y = np.int32(pair).view(np.float32), np.int32(pair >> 32).view(np.float32)
            if squares:
                one += x * x + y * y
            else:
                one, two = _two_highest(one, two, x)
                one, two = _two_highest(one, two, y)
            smaller = x if x < y else y
            least = smaller if smaller < least else least
            whole += x + y
        first[r], second[r], total[r] = one, two, whole
        negative += least < zero
    return negative == 0


@inlined
def _columns(cells: Any, width: int, squares: bool, first: Any, second: Any, total: Any) -> bool:
    """Take the same of every `width` values."""
    zero, negative = cells.dtype.type(0), 0
    for r in range(total.size):
        one, two, whole, least = zero, zero, zero, zero
        for j in range(width):
            x = cells[r * width + j]
            if squares:
                one += x * x
            else:
                one, two = _two_highest(one, two, x)
            least = x if x < least else least
            whole += x
        first[r], second[r], total[r] = one, two, whole
        negative += least < zero
    return negative == 0


@inlined
def _join(parts: int, first: Any, second: Any, one: Any, two: Any) -> None:
    """Take the two highest values of every row from those of its parts."""
    for r in range(one.size):
        a, b = first[r * parts], second[r * parts]
        for i in range(r * parts + 1, (r + 1) * parts):
            a, b = _two_highest(a, b if b > second[i] else second[i], first[i])
        one[r], two[r] = a, b


@inlined
def _add(parts: int, values: Any, whole: Any) -> None:
    """Add up the parts of every row."""
    for r in range(whole.size):
        added = values[r * parts]
        for i in range(r * parts + 1, (r + 1) * parts):
            added += values[i]
        whole[r] = added


@inlined
def _two_highest(one: Any, two: Any, x: Any) -> tuple[Any, Any]:
    middle = x if x < one else one
    return (x if x > one else one), (middle if middle > two else two)


@inlined
def _sum_to_one(parts: int, total: Any, b: int, tolerance: float) -> bool:
    low, high, right = total.dtype.type(1.0 - tolerance), total.dtype.type(1.0 + tolerance), 0
    for r in range(b):
        whole = total[r * parts]
        for i in range(r * parts + 1, (r + 1) * parts):
            whole += total[i]
        # A NaN makes the sum NaN, which is in no interval.
        right += (whole >= low) & (whole <= high)
    return right == b


@inlined
def _measure(kind: int, one: Any, two: Any, cut: float, far: Any) -> bool:
    """Say how far from the best every row is, and whether any is within the cut."""
    bound, count = far.dtype.type(cut), 0
    if kind == MARGIN:
        for r in range(far.size):
            far[r] = one[r] - two[r]
            count += far[r] <= bound
    elif kind == RATIO:
        for r in range(far.size):
            far[r] = np.divide(-two[r], one[r])
            count += far[r] <= bound
    else:
        for r in range(far.size):
            far[r] = one[r]
            count += far[r] <= bound
    return count > 0


@inlined
def _keep(
    block: Any,
    k: int,
    kind: int,
    one: Any,
    two: Any,
    far: Any,
    cut: float,
    square_cut: float,
    skip: Any,
    start: int,
    rows: Any,
    badness: Any,
    found: int,
) -> int:
    """Add the rows within the cut to those found, and return how many these are now."""
    bound = far.dtype.type(square_cut if kind == ENTROPY else cut)
    for r in range(far.size):
        if far[r] <= bound and (skip.size == 0 or not skip[start + r]):
            value = _exactly(kind, np.float64(one[r]), np.float64(two[r]), block[r * k : (r + 1) * k])
            if value <= cut:
                rows[found], badness[found] = start + r, value
                found += 1
    return found


@inlined
def _exactly(kind: int, first: Any, second: Any, row: Any) -> Any:
    if kind == LEAST_CONFIDENCE:
        return first
    if kind == MARGIN:
        return first - second
    if kind == RATIO:
        return -np.divide(second, first)
    value = 0.0
    for j in range(row.size):
        if row[j] > 0:
            value += row[j] * math.log(row[j])
    return value


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
