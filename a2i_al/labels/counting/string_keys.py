"""Arrow's bytes of short texts in, numbers in the same order out: to sort numbers is ten times faster.

Numba is imported here, so this module is only imported where there are rows enough to repay it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from a2i_al.compute.compiling import compiled

_BITS = 64
_SAMPLE = 64


def _string_keys(offsets: Any, data: Any, most: int) -> tuple[Any, int, Any]:
    """Return each text's number, of the bytes behind what all begin with; the bits that differ; and that beginning.

    The numbers are of no use, and the beginning is -1, where a text goes on for more than `most` bytes behind it, or
    has a zero byte there: as the end of a shorter text has.
    """
    rows, prefix, row, varying = len(offsets) - 1, offsets[1] - offsets[0], 0, np.uint64(0)
    keys = np.empty(rows, np.uint64)
    # A few texts from all over tell the beginning of nearly all.
    for some in range(0, rows, max(rows // _SAMPLE, 1)):
        prefix = _alike(offsets, data, some, prefix)
    while row < rows:
        at, end = offsets[row] + prefix, offsets[row + 1]
        same = _alike(offsets, data, row, prefix)
        if same < prefix:
            prefix, row, varying = same, 0, np.uint64(0)
            continue
        if end - at > most:
            return keys, -1, 0
        key, shift = np.uint64(0), _BITS
        for place in range(at, end):
            if data[place] == 0:
                return keys, -1, 0
            shift -= 8
            key |= np.uint64(data[place]) << np.uint64(shift)
        keys[row] = key
        varying |= key ^ keys[0]
        row += 1
    return keys, prefix, varying


def _alike_bytes(offsets: Any, data: Any, row: int, prefix: int) -> int:
    """Return how many of the first `prefix` bytes a text has in common with the first text."""
    length = offsets[row + 1] - offsets[row]
    prefix = min(prefix, length)
    for byte in range(prefix):
        if data[offsets[row] + byte] != data[offsets[0] + byte]:
            return byte
    return prefix


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


_alike = compiled(_alike_bytes)
string_keys = compiled(_string_keys)
squeeze = compiled(_squeeze)
ranks = compiled(_ranks)
table_ranks = compiled(_table_ranks)
