"""Arrow's bytes of short texts in, numbers in the same order out: to sort numbers is ten times faster.

Numba is imported here, so this module is only imported where there are rows enough to repay it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from a2i_al.compute.compiling import compiled

_BITS = 64


def _common_prefix(offsets: Any, data: Any) -> tuple[int, int, bool]:
    rows, start = len(offsets) - 1, offsets[0]
    longest, prefix, zeros = 0, offsets[1] - start, False
    for row in range(rows):
        at, length = offsets[row], offsets[row + 1] - offsets[row]
        longest = max(longest, length)
        prefix = min(prefix, length)
        for byte in range(prefix):
            if data[at + byte] != data[start + byte]:
                prefix = byte
                break
    for at in range(offsets[0], offsets[rows]):
        zeros |= data[at] == 0
    return longest, prefix, zeros


def _string_keys(offsets: Any, data: Any, prefix: int) -> Any:
    rows = len(offsets) - 1
    keys = np.empty(rows, np.uint64)
    for row in range(rows):
        key, shift = np.uint64(0), _BITS
        for at in range(offsets[row] + prefix, offsets[row + 1]):
            shift -= 8
            key |= np.uint64(data[at]) << np.uint64(shift)
        keys[row] = key
    return keys


def _squeeze(keys: Any, varying: int, row_bits: int) -> None:
    """Squeeze out of the keys the bits that all have alike, and put the row behind, unless it gets no bits."""
    froms, masks, tos = np.empty(_BITS, np.uint64), np.empty(_BITS, np.uint64), np.empty(_BITS, np.uint64)
    runs, kept, bit, one = 0, 0, 0, np.uint64(1)
    while bit < _BITS:
        if (varying >> np.uint64(bit)) & one:
            length = 0
            while bit + length < _BITS and (varying >> np.uint64(bit + length)) & one:
                length += 1
            froms[runs], tos[runs] = bit, kept + row_bits
            masks[runs] = ~np.uint64(0) if length == _BITS else (one << np.uint64(length)) - one
            runs, kept, bit = runs + 1, kept + length, bit + length
        else:
            bit += 1
    for row in range(len(keys)):
        value = np.uint64(row) if row_bits else np.uint64(0)
        for run in range(runs):
            value |= ((keys[row] >> froms[run]) & masks[run]) << tos[run]
        keys[row] = value


def _table_ranks(keys: Any, bits: int) -> tuple[Any, Any]:
    """Do as `ranks` for short keys, by a table of all that there could be."""
    row_of, place = np.full(1 << bits, -1, np.int64), np.empty(1 << bits, np.int64)
    for row in range(len(keys)):
        row_of[keys[row]] = row
    found = 0
    for key in range(1 << bits):
        if row_of[key] >= 0:
            place[key], row_of[found] = found, row_of[key]
            found += 1
    codes = np.empty(len(keys), np.int64)
    for row in range(len(keys)):
        codes[row] = place[keys[row]]
    return codes, row_of[:found].copy()


def _ranks(ordered: Any, row_bits: int) -> tuple[Any, Any]:
    """Return the number of each row's key among the different keys of sorted (key, row) pairs, and a row of each."""
    codes, rows, found = np.empty(len(ordered), np.int64), np.empty(len(ordered), np.int64), -1
    low, last = (np.uint64(1) << np.uint64(row_bits)) - np.uint64(1), np.uint64(0)
    for at in range(len(ordered)):
        key, row = ordered[at] >> np.uint64(row_bits), ordered[at] & low
        if at == 0 or key != last:
            found += 1
            rows[found], last = row, key
        codes[row] = found
    return codes, rows[: found + 1].copy()


common_prefix = compiled(_common_prefix)
string_keys = compiled(_string_keys)
squeeze = compiled(_squeeze)
ranks = compiled(_ranks)
table_ranks = compiled(_table_ranks)
