"""Compiled bootstrap: a million rows with weights of their own, a thousand replicates, in a second.

Numba is imported here, so this module is only imported where there are rows enough to repay it.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import types

from a2i_al.compute.compiling import compiled
from a2i_al.compute.threads import in_threads, row_blocks

Floats = npt.NDArray[np.float64]

# Each block has sums of its own: as many as that, or blocks so large that these stay below the size of the rows.
_BLOCKS = 16
_LEAST_ROWS = 1024
# G. Steele, D. Lea and C. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
_STEP, _MIX, _MIX_AGAIN = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_LOW, _SIXTEEN = np.uint64(0xFFFF), np.uint64(16)


def resampled(cells: npt.NDArray[np.int64], weights: Floats, n_cells: int, n_resamples: int, seed: int) -> Floats:
    """Return each cell's sum of weights in every Poisson bootstrap replicate.

    Parameters
    ----------
    cells : ndarray of shape (n,), int64
        From 0 to n_cells - 1.
    weights : ndarray of shape (n,), float64
    n_cells, n_resamples : int
        Shape of the result.
    seed : int
        Row and replicate have a random count that depends on these and the seed alone.

    Returns
    -------
    ndarray of shape (n_resamples, n_cells), float64

    Examples
    --------
    >>> sums = resampled(np.zeros(500, np.int64), np.full(500, 0.2), 1, 1_000, seed=0)
    >>> float(sums.mean().round()), float(sums.var().round())
    (100.0, 20.0)
    """
    kernel, counts = _kernel(), _poisson_table()
    columns = -(-n_resamples // 4) * 4

    def work(block: tuple[int, int]) -> Floats:
        sums = np.zeros((n_cells, columns))
        kernel(cells[block[0] : block[1]], weights[block[0] : block[1]], block[0], seed, counts, sums)
        return sums

    size = max(-(-len(cells) // _BLOCKS), _LEAST_ROWS, n_cells * columns // 8)
    # Added in the order of the blocks, so that the number of processors makes no difference in the last digit.
    total = sum(in_threads(work, row_blocks(len(cells), size)), np.zeros((n_cells, columns)))
    return np.ascontiguousarray(total[:, :n_resamples].T)


@cache
def _poisson_table() -> npt.NDArray[np.uint8]:
    """Return the Poisson(1) count for each of 65,536 equally likely random numbers: mean 1, variance 0.99997."""
    chances = math.exp(-1) / np.array([math.factorial(count) for count in range(12)])
    return np.searchsorted(np.cumsum(chances), (np.arange(2**16) + 0.5) / 2**16).astype(np.uint8)


@cache
def _kernel() -> Any:
    signature = types.void(
        types.Array(types.int64, 1, "C", readonly=True),
        types.Array(types.float64, 1, "C", readonly=True),
        types.int64,
        types.uint64,
        types.uint8[::1],
        types.float64[:, ::1],
    )
    return compiled(_add_counts, signature)


def _mixed(x: Any) -> Any:
    x = (x ^ (x >> np.uint64(30))) * _MIX
    x = (x ^ (x >> np.uint64(27))) * _MIX_AGAIN
    return x ^ (x >> np.uint64(31))


def _add_counts(  # noqa: PLR0917 - compiled calls are positional
    cells: Any, weights: Any, first: int, seed: Any, counts: Any, sums: Any
) -> None:
    for row in range(cells.size):
        # Twice mixed: the streams of neighbouring rows start far apart.
        start = _MIXED(seed + _MIXED(np.uint64(first + row) * _STEP))
        into, weight = sums[cells[row]], weights[row]
        for four in range(into.size // 4):
            bits = _MIXED(start + np.uint64(four) * _STEP)
            for one in range(4):
                into[4 * four + one] += weight * counts[(bits >> (_SIXTEEN * np.uint64(one))) & _LOW]


# What a compiled loop calls is compiled, too.
_MIXED = compiled(_mixed)
