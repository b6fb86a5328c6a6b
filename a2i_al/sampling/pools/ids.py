"""The ids of a pool's items: row numbers or what was given, compared as text, written out for the picks only.

Ten million row numbers are never made into ten million strings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set as AbstractSet
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al import arguments
from a2i_al.compute.threads import in_threads, row_blocks
from a2i_al.errors import InvalidInput
from a2i_al.sampling.ids import Hashes, hash_ids
from a2i_al.tables import TEXT

Mask = npt.NDArray[np.bool_]

# In a pool from this size on, the compiled hash of whole numbers repays the loading of numba.
_LARGE = 200_000
_BLOCK = 131_072

_PLAIN = frozenset({str, int, np.int64})
_NO_IDS = (list, np.ndarray, pd.Series, pd.Index, Mapping, AbstractSet, bytes, bytearray)


class PoolIds:
    """Distinct ids, one per row of the pool.

    Parameters
    ----------
    item_ids : iterable, or None
        Taken as text; None stands for the row numbers.
    rows : int
        How many rows the pool has.

    Raises
    ------
    InvalidInput
        If there are more or fewer ids than rows, or one is missing or repeated.

    Attributes
    ----------
    are_given : bool
        Whether rows can be told apart by their ids. If not, the order of the rows is all there is to go by.

    Examples
    --------
    >>> ids = PoolIds(["a", 7], 2)
    >>> ids.text(np.array([1, 0])).tolist(), ids.among({"7"}).tolist()
    (['7', 'a'], [False, True])
    """

    def __init__(self, item_ids: Iterable[Any] | None, rows: int) -> None:
        self.rows = rows
        self.are_given = item_ids is not None
        # None: row numbers. Otherwise int64 or text.
        counted = isinstance(item_ids, (range, pd.RangeIndex)) and range(rows) == range(
            item_ids.start, item_ids.stop, item_ids.step
        )
        self._given = None if item_ids is None or counted else _distinct(_read(item_ids), rows)

    def __len__(self) -> int:
        return self.rows

    def text(self, at: npt.NDArray[np.intp]) -> npt.NDArray[np.object_]:
        """Return the ids of these rows as text."""
        chosen = at if self._given is None else self._given[at]
        return np.array([str(item) for item in chosen.tolist()], dtype=object)

    def column(self, at: npt.NDArray[np.intp]) -> Any:
        """Return the ids of these rows as a column of texts for a table."""
        chosen = at if self._given is None else self._given[at]
        if chosen.dtype == object or TEXT is object:
            return pd.array(self.text(at), dtype=TEXT)
        import pyarrow as pa  # noqa: PLC0415 - only where texts are Arrow's own anyway

        return pd.array(pa.array(chosen).cast(pa.large_string()), dtype=TEXT)

    def hashes(self, at: npt.NDArray[np.intp] | None = None) -> Hashes:
        """Return the hashes of these rows' ids, or of all; equal for a number and its text."""
        if self._given is None:
            chosen: npt.NDArray[Any] = np.arange(self.rows) if at is None else at
        else:
            chosen = self._given if at is None else self._given[at]
        if self.rows < _LARGE or chosen.dtype == object:
            return hash_ids(chosen)
        from a2i_al.sampling.scores.kernels import hash_numbers  # noqa: PLC0415 - numba loads here

        kernel, hashes = hash_numbers(), np.empty(len(chosen), dtype=np.uint64)
        in_threads(
            lambda block: kernel(chosen[block[0] : block[1]], hashes[block[0] : block[1]]),
            row_blocks(len(chosen), _BLOCK),
        )
        return hashes

    def among(self, wanted: set[str]) -> Mask:
        """Return for each row whether its id is one of these."""
        found = np.zeros(self.rows, dtype=np.bool_)
        if not wanted:
            return found
        if self._given is not None and self._given.dtype == object:
            return np.asarray(pd.Series(self._given).isin(wanted), dtype=np.bool_)
        # " 7" and "07" are other ids than "7".
        numbers = [int(each) for each in wanted if each.lstrip("-").isdecimal() and str(int(each)) == each]
        if self._given is None:
            found[[number for number in numbers if 0 <= number < self.rows]] = True
            return found
        fitting = [number for number in numbers if -(2**63) <= number < 2**63]
        return np.isin(self._given, np.array(fitting, dtype=np.int64))


def excluded_ids(exclude: Iterable[Any] | pd.DataFrame) -> set[str]:
    """Return the ids to leave out, from a list of ids or a table with `item_id`.

    Whole numbers that were made floats, as pandas does where another of the column is missing, stand for both their
    texts, ``"7"`` and ``"7.0"``. What is missing stands for no item.

    Raises
    ------
    InvalidInput
        If it is no list, a table without `item_id`, or one of its ids is a list, an array, a mapping or bytes.

    Examples
    --------
    >>> sorted(excluded_ids([3, "b"])), sorted(excluded_ids(pd.Series([7, None])))
    (['3', 'b'], ['7', '7.0'])
    """
    expected = "item ids, or a table with item_id"
    if isinstance(exclude, pd.DataFrame):
        if "item_id" not in exclude.columns:
            raise InvalidInput("exclude is a table without 'item_id'", expected=f"a list of {expected}")
        exclude = exclude["item_id"]
    if isinstance(exclude, Mapping):
        raise InvalidInput(f"exclude is {arguments.told(exclude)}", expected=f"a list of {expected}")
    texts: set[str] = set()
    for item_id in arguments.several("exclude", exclude, expected):
        if type(item_id) in _PLAIN:  # of millions, nearly all are
            texts.add(str(item_id))
        elif isinstance(item_id, (str, tuple, *_NO_IDS)) or not pd.isna(item_id):
            texts.add(_text("an id in exclude", item_id))
            if isinstance(item_id, (float, np.floating)) and item_id.is_integer():
                texts.add(str(int(item_id)))
    return texts


def _text(what: str, item_id: Any) -> str:
    if isinstance(item_id, str):
        return str(item_id)
    if isinstance(item_id, _NO_IDS):
        raise InvalidInput(f"{what} is {arguments.told(item_id)}", expected="an id: a text or a number")
    return str(item_id)


def _read(item_ids: Iterable[Any]) -> npt.NDArray[Any]:
    numbers = getattr(item_ids, "dtype", None)
    if isinstance(numbers, np.dtype) and numbers.kind in "iu" and numbers != np.uint64:
        return np.asarray(item_ids, dtype=np.int64)
    return np.array([*item_ids, None], dtype=object)[:-1]  # the None keeps tuples from becoming columns


def _distinct(given: npt.NDArray[Any], rows: int) -> npt.NDArray[Any]:
    if len(given) != rows:
        raise InvalidInput(f"item_ids has {len(given)} ids for {rows} rows of the pool", expected="one id per row")
    if given.dtype == object:
        absent = np.asarray(pd.isna(given))
        given = np.array(
            [str(each) if type(each) in _PLAIN else _text("an item id", each) for each in given], dtype=object
        )
        missing = absent | (given == "")
        if missing.any():
            raise InvalidInput(
                f"{int(missing.sum())} of {rows} item ids are missing, first in row {int(missing.argmax())}",
                expected="an id in every row",
            )
    index = pd.Index(given)
    if not index.is_unique:
        twice = np.asarray(index.duplicated())
        raise InvalidInput(
            f"item id {str(given[twice.argmax()])!r} occurs more than once ({int(twice.sum())} repeated in all)",
            expected="distinct ids",
            fix="drop the repeated rows of the pool; where the ids are a DataFrame's index, reset_index(drop=True)",
        )
    return given
