"""Ids that are no candidates in, a set out that is made once and asked for every chunk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from a2i_al.sampling.ids import Hashes

# So many places for each key: one key in four that is none of these has to be looked up.
_ROOM = 4
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_INT64 = range(-(2**63), 2**63)
# A column of whole numbers could hold it: "7" is one, "07" is another text.
_WHOLE = r"^(0|-?[1-9][0-9]*)$"


class Keys:
    """A set of 64-bit keys that many others are held against.

    Parameters
    ----------
    keys : ndarray of shape (m,), uint64

    Examples
    --------
    >>> among = Keys(np.array([7, 12], dtype=np.uint64))
    >>> [each.tolist() for each in among.find(np.array([5, 12, 7], dtype=np.uint64))]
    [[1, 2], [1, 0]]
    """

    def __init__(self, keys: Hashes) -> None:
        self.order = np.argsort(keys, kind="stable")
        self._keys = keys[self.order]
        self._shift = np.uint64(64 - max(10, (_ROOM * len(keys)).bit_length()))
        self._open = np.zeros(1 << (64 - int(self._shift)), dtype=np.bool_)
        self._open[self._place(keys)] = True

    def find(self, keys: Hashes) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """Return the positions of those that are in the set, and where in its order each is."""
        if not len(self._keys):
            return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp)
        at = np.flatnonzero(self._open[self._place(keys)])
        found = np.minimum(np.searchsorted(self._keys, keys[at]), len(self._keys) - 1)
        same = self._keys[found] == keys[at]
        return at[same], found[same]

    def _place(self, keys: Hashes) -> Any:
        return (keys * _GOLDEN) >> self._shift


class Excluded:
    """Ids by their texts, and those that are whole numbers once more as numbers.

    Parameters
    ----------
    texts : pyarrow.Array of shape (m,), large_string
        Distinct.
    hashes : ndarray of shape (m,), uint64
        Their hashes.
    """

    def __init__(self, texts: pa.Array, hashes: Hashes) -> None:
        self._by_hash = Keys(hashes)
        self._texts = texts.take(pa.array(self._by_hash.order))
        whole = texts.filter(pc.match_substring_regex(texts, _WHOLE)).to_pylist()
        numbers = np.array([number for number in map(int, whole) if number in _INT64], dtype=np.int64)
        self._by_number = Keys(numbers.view(np.uint64))

    def __len__(self) -> int:
        return len(self._texts)

    def numbers(self, column: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Return for each of a column of whole numbers whether it is excluded."""
        found = np.zeros(len(column), dtype=np.bool_)
        found[self._by_number.find(column.view(np.uint64))[0]] = True
        return found

    def texts(self, column: pa.Array, hashes: Hashes) -> npt.NDArray[np.bool_]:
        """Return for each of a column of texts, with its hash, whether it is excluded."""
        found = np.zeros(len(column), dtype=np.bool_)
        at, there = self._by_hash.find(hashes)
        asked = column.take(pa.array(at))
        same = pc.equal(asked, self._texts.take(pa.array(there))).to_numpy(zero_copy_only=False)
        if not same.all():  # two texts of one hash, as good as never
            same |= pc.is_in(asked, value_set=self._texts).to_numpy(zero_copy_only=False)
        found[at[same.astype(np.bool_)]] = True
        return found


def all_texts(ids: Iterable[str]) -> pa.Array:
    """Return the distinct ids as a column; no item has an empty one.

    Examples
    --------
    >>> all_texts(["a", "", "a"]).to_pylist()
    ['a']
    """
    return pa.array([text for text in dict.fromkeys(ids) if text], type=pa.large_string())
