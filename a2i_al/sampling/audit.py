"""The audit slice: the part of every selection that is drawn uniformly, so that what it shows holds for the pool."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import numpy.typing as npt

from a2i_al.compute.threads import row_blocks
from a2i_al.sampling.choosing import NOTHING, Choice
from a2i_al.sampling.draws.uniform import smallest
from a2i_al.sampling.ids import keys
from a2i_al.sampling.pools.ids import PoolIds

Positions = npt.NDArray[np.intp]

# Hashes of so many ids at a time: 8 MB.
_BLOCK_ROWS = 2**20


def audit_size(fraction: float, n: int) -> int:
    """Return how many of n the audit slice is, rounded half up.

    Examples
    --------
    >>> audit_size(0.29, 50)
    15
    """
    # In decimal, as it is written: 0.29 of 50 is 14.5 and rounds to 15; in binary floats it is a little less.
    return int((Decimal(str(fraction)) * n).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def audit_slice(ids: PoolIds, candidates: Positions | None, n: int, seed: int) -> Choice:
    """Draw n of the candidates uniformly, in the order of the draw; None stands for all rows.

    Examples
    --------
    >>> audit_slice(PoolIds(["a", "b", "c", "d"], 4), None, 1, seed=0).chances.tolist()
    [0.25]
    """
    if n == 0:
        return NOTHING
    count = len(ids) if candidates is None else len(candidates)
    rows, lowest = np.empty(0, dtype=np.intp), np.empty(0, dtype=np.uint64)
    for start, stop in row_blocks(count, _BLOCK_ROWS):
        block = np.arange(start, stop) if candidates is None else candidates[start:stop]
        rows, lowest = np.concatenate([rows, block]), np.concatenate([lowest, keys(ids.hashes(block), seed)])
        kept = smallest(lowest, min(n, len(lowest)))
        rows, lowest = rows[kept], lowest[kept]
    return Choice(rows, np.full(n, np.nan), np.full(n, n / count))
