"""Two columns of whole numbers in, the order of their rows out: what is told of each item, worker by worker."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]

# From so many rows on, compiled loops repay loading the compiler.
COMPILED_FROM = 50_000
# Bits of a number that is not negative.
_WORD = 63


@dataclass(frozen=True)
class Order:
    """Rows sorted by a key, then by a code; equal ones as they come.

    Attributes
    ----------
    rows, rank, code : ndarray of shape (n,), int64
        The rows in order; the rank of each one's key among the different keys; its code.
    firsts : ndarray of int64
        A row of each different key.
    """

    rows: Numbers
    rank: Numbers
    code: Numbers
    firsts: Numbers

    def ranks(self) -> Numbers:
        """Return the rank of each row's key, row by row: (n,)."""
        out = np.empty_like(self.rank)
        out[self.rows] = self.rank
        return out


def in_order(key: Numbers, code: Numbers) -> Order:
    """Sort by two columns of numbers, none negative.

    Examples
    --------
    >>> found = in_order(np.array([7, 5, 7]), np.array([1, 0, 0]))
    >>> found.rows.tolist(), found.rank.tolist(), found.code.tolist(), found.firsts.tolist()
    ([1, 2, 0], [0, 1, 1], [0, 0, 1], [1, 2])
    """
    code_bits, row_bits = _bits(code), len(key).bit_length()
    if code_bits and _bits(key) + code_bits + row_bits > _WORD:
        # The ranks of the keys are smaller than the keys.
        key = in_order(key, np.zeros_like(code)).ranks()
    if len(key) < COMPILED_FROM or _bits(key) + code_bits + row_bits > _WORD:
        rows = np.lexsort((code, key))
        by_key = key[rows]
        new = np.diff(by_key, prepend=-1) != 0
        return Order(rows, np.cumsum(new) - 1, code[rows], rows[new])
    from a2i_al.labels.counting.kernels import packed, unpacked  # noqa: PLC0415 - loads the compiler

    # One sort of numbers is several times faster than a sort by several columns.
    numbers = packed(key, code, code_bits, row_bits)
    numbers.sort()
    return Order(numbers, *unpacked(numbers, code_bits, row_bits))


def _bits(numbers: Numbers) -> int:
    """Return how many bits hold each of the numbers."""
    return int(numbers.max(initial=0)).bit_length()
