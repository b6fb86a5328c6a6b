"""One thread for BLAS while a strategy runs: its products are many and small, and the large ones are cut into threads.

BLAS waits for its own threads after every product, and gives them out to one caller at a time. On a machine with other
work to do a hundred small products took fifty times as long in two threads as in one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from a2i_al.compute.threads import in_threads, row_blocks

FloatArray = npt.NDArray[np.floating[Any]]

# Values of a block: 4 MB of float32. To hand over a smaller one takes as long as to multiply it by a vector.
_BLOCK_VALUES = 2**20

_taken = Lock()


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Let BLAS compute in the caller's thread, and afterwards in as many as before.

    The limit is one of the process: what other threads compute meanwhile is limited, too. Whoever comes while another
    has it leaves it alone, so that nobody takes the limit for the number to go back to.

    Examples
    --------
    >>> with one_blas_thread():
    ...     threads = blas_threads()
    >>> set(threads) <= {1}
    True
    """
    if not _taken.acquire(blocking=False):
        yield
        return
    try:
        with _controller().limit(limits=1, user_api="blas"):
            yield
    finally:
        _taken.release()


def multiplied(rows: FloatArray, by: FloatArray) -> FloatArray:
    """Return the product of many rows with a vector or a matrix, in threads of ours where it is large.

    Examples
    --------
    >>> multiplied(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, 1.0])).tolist()
    [3.0, 7.0]
    """
    product = np.empty((len(rows), *by.shape[1:]), np.result_type(rows, by))

    def fill(block: tuple[int, int]) -> None:
        here = slice(*block)
        np.matmul(rows[here], by, out=product[here])

    in_threads(fill, row_blocks(len(rows), max(_BLOCK_VALUES // max(rows.shape[1], 1), 256)))
    return product


def blas_threads() -> list[int]:
    """Return how many threads each of the BLAS libraries that numpy and scipy brought may use now.

    Examples
    --------
    >>> min(blas_threads(), default=1) >= 1
    True
    """
    return [library["num_threads"] for library in _controller().info() if library["user_api"] == "blas"]


@cache
def _controller() -> Any:
    """Return what controls the libraries that are loaded at the first call; numpy's is one of them."""
    from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]  # noqa: PLC0415 - for batches only

    return ThreadpoolController()
