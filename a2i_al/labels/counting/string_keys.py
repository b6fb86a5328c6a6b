"""Arrow's bytes of short texts in, numbers in the same order out: to sort or look up numbers is ten times faster.

Numba is imported here, so this module is only imported where there are rows enough to repay it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from a2i_al.compute.compiling import compiled

_BITS = 64
_BYTES = 8
_SAMPLE = 64
# So many different keys, and their places, stay in the first-level cache.
_FEW, _SLOTS, _SHIFT = 1_024, 4_096, 52
_GOLDEN = 0x9E3779B97F4A7C15
_ONES, _HIGHS = 0x0101010101010101, 0x8080808080808080


def _string_keys(offsets: Any, data: Any) -> tuple[Any, int, Any]:
    """Return each text's number, of the bytes behind what all begin with; that beginning; and the bits that matter.

    The numbers are of no use, and the beginning is -1, where a text goes on for more than eight bytes behind it, or
    has a zero byte there: as the end of a shorter text has.
    """
    rows = len(offsets) - 1
    # A few texts from all over tell the beginning of nearly all.
    prefix = beginning(offsets, data, max(rows // _SAMPLE, 1))
    keys, fits, varying = keys_behind(offsets, data, prefix)
    if not fits:
        prefix = beginning(offsets, data, 1)
        keys, fits, varying = keys_behind(offsets, data, prefix)
    return keys, prefix if fits else -1, varying


def _beginning(offsets: Any, data: Any, every: int) -> int:
    """Return how many bytes all texts begin with, or one of so many."""
    prefix = offsets[1] - offsets[0]
    for row in range(0, len(offsets) - 1, every):
        prefix, byte = min(prefix, offsets[row + 1] - offsets[row]), 0
        while byte < prefix and data[offsets[row] + byte] == data[offsets[0] + byte]:
            byte += 1
        prefix = byte
    return prefix  # type: ignore[no-any-return]


def _keys_behind(offsets: Any, data: Any, prefix: int) -> tuple[Any, bool, Any]:
    """Return the numbers of the bytes behind a beginning, whether they are of use, and the bits that tell them apart.

    A bit that always goes with the one above it, as two of a digit's do where shorter texts have none, tells nothing.
    """
    keys, begins = np.empty(len(offsets) - 1, np.uint64), np.empty(prefix // _BYTES + 1, np.uint64)
    behind = ~np.uint64(0) >> (np.arange(_BYTES + 1) * 8).astype(np.uint64)
    behind[_BYTES] = 0
    for place in range(0, prefix, _BYTES):
        begins[place // _BYTES] = word(data, offsets[0] + place)
    inside = ~behind[min(prefix, _BYTES)]
    strange, zeros, varying, apart = np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0)
    for row in range(len(keys)):
        start = offsets[row]
        length = offsets[row + 1] - start - prefix
        if length < 0 or length > _BYTES:
            return keys, False, varying
        strange |= (word(data, start) ^ begins[0]) & inside
        for place in range(_BYTES, prefix, _BYTES):
            strange |= (word(data, start + place) ^ begins[place // _BYTES]) & ~behind[min(prefix - place, _BYTES)]
        key = word(data, start + prefix) & ~behind[length]
        # A byte is zero where subtracting 1 borrows into a high bit that was not set.
        told = key | behind[length]
        zeros |= (told - np.uint64(_ONES)) & ~told & np.uint64(_HIGHS)
        keys[row] = key
        differing = key ^ keys[0]
        varying |= differing
        apart |= differing ^ (differing >> np.uint64(1))
    return keys, strange | zeros == 0, varying & apart


def _word(data: Any, at: int) -> Any:
    """Return the eight bytes from a place on as a number, the first one highest."""
    if at + _BYTES > len(data):
        return last_word(data, at)
    # Of a place that cannot be negative, the eight loads become one.
    first, found = np.uint64(at), np.uint64(0)
    for byte in range(_BYTES):
        found |= np.uint64(data[first + np.uint64(byte)]) << np.uint64(_BITS - 8 - 8 * byte)
    return found


def _last_word(data: Any, at: int) -> Any:
    """Do as `word` where fewer than eight bytes are left; behind the end are zeros."""
    found = np.uint64(0)
    # There are never more than eight; without being told, the compiler makes loops that take ten times as long.
    for byte in range(min(len(data) - at, _BYTES)):
        found |= np.uint64(data[at + byte]) << np.uint64(_BITS - 8 - 8 * byte)
    return found


def _few_ranks(keys: Any) -> tuple[Any, Any]:
    """Return the number of each row's key among the different keys, in the keys' place, and a row of each.

    Where too many differ to be looked up, no row comes back, and the keys are what they were.
    """
    place, known, rows = np.full(_SLOTS, -1, np.int64), np.empty(_FEW, np.uint64), np.empty(_FEW, np.int64)
    codes, found = keys.view(np.int64), 0
    for row in range(len(keys)):
        key = keys[row]
        slot = (key * np.uint64(_GOLDEN)) >> np.uint64(_SHIFT)
        while place[slot] >= 0 and known[place[slot]] != key:
            slot = (slot + np.uint64(1)) & np.uint64(_SLOTS - 1)
        if place[slot] < 0:
            if found == _FEW:
                for back in range(row):
                    keys[back] = known[codes[back]]
                return codes, rows[:0]
            place[slot], known[found], rows[found] = found, key, row
            found += 1
        codes[row] = place[slot]
    order = np.argsort(known[:found])
    rank = np.empty(found, np.int64)
    rank[order] = np.arange(found)
    for row in range(len(keys)):
        codes[row] = rank[codes[row]]
    return codes, rows[:found][order]


def _squeeze(keys: Any, varying: int) -> None:
    """Squeeze out of the keys all bits but these."""
    froms, masks, tos = np.empty(_BITS, np.uint64), np.empty(_BITS, np.uint64), np.empty(_BITS, np.uint64)
    runs, kept, bit, one = 0, 0, 0, np.uint64(1)
    while bit < _BITS:
        if (varying >> np.uint64(bit)) & one:
            length = 0
            while bit + length < _BITS and (varying >> np.uint64(bit + length)) & one:
                length += 1
            froms[runs], tos[runs] = bit, kept
            masks[runs] = ~np.uint64(0) if length == _BITS else (one << np.uint64(length)) - one
            runs, kept, bit = runs + 1, kept + length, bit + length
        else:
            bit += 1
    for row in range(len(keys)):
        value = np.uint64(0)
        for run in range(runs):
            value |= ((keys[row] >> froms[run]) & masks[run]) << tos[run]
        keys[row] = value


last_word = compiled(_last_word)
word = compiled(_word)
beginning = compiled(_beginning)
keys_behind = compiled(_keys_behind)
string_keys = compiled(_string_keys)
few_ranks = compiled(_few_ranks)
squeeze = compiled(_squeeze)
