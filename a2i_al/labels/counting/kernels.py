"""Compiled passes over many answers: take sorted numbers apart, and count each item's votes.

Numba is imported here, so this module is only imported where there are answers enough to repay it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from a2i_al.compute.compiling import compiled


def _packed(key: Any, code: Any, code_bits: int, row_bits: int) -> Any:
    """Return (key, code, row) as one number per row."""
    numbers = np.empty(len(key), np.int64)
    for row in range(len(key)):
        numbers[row] = (((key[row] << code_bits) | code[row]) << row_bits) | row
    return numbers


def _unpacked(numbers: Any, code_bits: int, row_bits: int) -> tuple[Any, Any, Any]:
    """Take sorted (key, code, row) numbers apart: each key's rank, the codes, and a row of each key.

    In the numbers' place, their rows are left.
    """
    rank, code, firsts = np.empty_like(numbers), np.empty_like(numbers), np.empty_like(numbers)
    low_row, low_code = (np.int64(1) << row_bits) - 1, (np.int64(1) << code_bits) - 1
    found, last = -1, np.int64(-1)
    for at in range(len(numbers)):
        both = numbers[at] >> row_bits
        numbers[at] &= low_row
        code[at] = both & low_code
        key = both >> code_bits
        if key != last:
            found += 1
            firsts[found], last = numbers[at], key
        rank[at] = found
    return rank, code, firsts[: found + 1]


def _counted(vote: Any, starts: Any, k: int) -> tuple[Any, Any, Any]:
    """Return the votes for each item's leading label, that label, -1 for a tie or none, and the sum of squares."""
    n = len(starts) - 1
    most, leader, squares = np.zeros(n, np.int64), np.full(n, -1, np.int64), np.zeros(n, np.int64)
    votes = np.zeros(k, np.int64)
    for item in range(n):
        high, lead, spread = 0, -1, 0
        for at in range(starts[item], starts[item + 1]):
            label = vote[at]
            votes[label] += 1
            count = votes[label]
            spread += 2 * count - 1
            # A label that draws level ties with the leader, one that was level comes to lead.
            lead = label if count > high else -1 if count == high else lead
            high = max(high, count)
        for at in range(starts[item], starts[item + 1]):
            votes[vote[at]] = 0
        most[item], leader[item], squares[item] = high, lead, spread
    return most, leader, squares


packed = compiled(_packed)
unpacked = compiled(_unpacked)
counted = compiled(_counted)
