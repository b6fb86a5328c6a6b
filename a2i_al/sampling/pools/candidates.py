"""The plain arguments of a selection, checked: whole numbers, the seed, and which rows of the pool are candidates."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
import numpy.typing as npt

from a2i_al.errors import InvalidInput
from a2i_al.sampling.pools.ids import PoolIds

Positions = npt.NDArray[np.intp]


def not_excluded(ids: PoolIds, excluded: set[str]) -> Positions | None:
    """Return the rows that are candidates; None where all are, so that nothing needs copying.

    Examples
    --------
    >>> not_excluded(PoolIds(["a", "b"], 2), {"a"}).tolist()
    [1]
    """
    among = ids.among(excluded) if excluded else None
    return None if among is None or not among.any() else np.flatnonzero(~among)


def without(candidates: Positions | None, rows: Positions, pool: int) -> Positions:
    """Return the candidates (None: all rows of the pool) that are not among these rows.

    Examples
    --------
    >>> without(None, np.array([1]), 3).tolist()
    [0, 2]
    """
    left = np.zeros(pool, dtype=np.bool_)
    left[slice(None) if candidates is None else candidates] = True
    left[rows] = False
    return np.flatnonzero(left)


def checked_n(asked: Any, pool: int, candidates: Positions | None) -> int:
    """Return how many to choose, if the candidates can give so many.

    Raises
    ------
    InvalidInput
        If they cannot.

    Examples
    --------
    >>> checked_n(2, 3, None)
    2
    """
    left = pool if candidates is None else len(candidates)
    n = whole(asked, "n")
    if not 1 <= n <= left:
        raise InvalidInput(
            f"n is {n}, and {left} of the pool's {pool} items are left after exclude",
            expected=f"from 1 to {left}" if left else "a pool with items that are not excluded",
            fix="ask for fewer items" if left and n > left else "",
        )
    return n


def whole(value: Any, what: str) -> int:
    """Return a whole number.

    Raises
    ------
    InvalidInput
        If it is none.

    Examples
    --------
    >>> whole(np.int64(3), "n")
    3
    """
    try:
        return int(operator.index(value))
    except TypeError as error:
        raise InvalidInput(f"{what} is {value!r}", expected="a whole number") from error
