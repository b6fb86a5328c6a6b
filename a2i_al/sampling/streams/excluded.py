"""Ids that are no candidates in, a set out that is made once and asked for every chunk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from a2i_al.sampling.ids import Hashes

_INT64 = range(-(2**63), 2**63)
# A column of whole numbers could hold it: "7" is one, "07" is another text.
_WHOLE = r"^(0|-?[1-9][0-9]*)$"


class Excluded:
    """Ids by the hashes of their texts, and those that are whole numbers once more as numbers.

    Parameters
    ----------
    texts : pyarrow.Array of shape (m,), large_string
        Distinct.
    hashes : ndarray of shape (m,), uint64
        Their hashes.
    """

    def __init__(self, texts: pa.Array, hashes: Hashes) -> None:
        self._given = texts, hashes
        # Of two texts of one hash, as good as never, the first is found by it.
        distinct, first = np.unique(hashes, return_index=True)
        self._texts = texts.take(pa.array(first))
        whole = texts.filter(pc.match_substring_regex(texts, _WHOLE)).to_pylist()
        numbers = np.array([number for number in map(int, whole) if number in _INT64], dtype=np.int64)
        self._hashes, self._numbers = _table(distinct), _table(numbers)

    def __reduce__(self) -> tuple[type[Excluded], tuple[pa.Array, Hashes]]:
        return Excluded, self._given

    def __len__(self) -> int:
        return len(self._given[0])

    def numbers(self, column: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Return for each of a column of whole numbers whether it is excluded."""
        return np.asarray(self._numbers.get_indexer(column) >= 0)

    def texts(self, column: pa.Array, hashes: Hashes) -> npt.NDArray[np.bool_]:
        """Return for each of a column of texts, with its hash, whether it is excluded."""
        there = self._hashes.get_indexer(hashes)
        at = np.flatnonzero(there >= 0)
        asked = column.take(pa.array(at))
        same = pc.equal(asked, self._texts.take(pa.array(there[at]))).to_numpy(zero_copy_only=False)
        if not same.all():
            same |= pc.is_in(asked, value_set=self._given[0]).to_numpy(zero_copy_only=False)
        found = np.zeros(len(column), dtype=np.bool_)
        found[at[same.astype(np.bool_)]] = True
        return found


def _table(keys: npt.NDArray[Any]) -> pd.Index[Any]:
    index = pd.Index(keys)
    index.get_indexer(keys[:1])  # makes its table of hashes, which several threads must not do at once
    return index


def all_texts(ids: Iterable[str]) -> pa.Array:
    """Return the distinct ids as a column; no item has an empty one.

    Examples
    --------
    >>> all_texts(["a", "", "a"]).to_pylist()
    ['a']
    """
    return pa.array([text for text in dict.fromkeys(ids) if text], type=pa.large_string())
