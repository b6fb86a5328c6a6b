"""A chunk's item ids, as numbers or texts: their hashes, their text, and which of them are excluded.

Ids are compared and hashed as text, as everywhere in this package; a column of whole numbers is never turned into text
for that, and a column of texts never into Python objects, because a pool has many.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from a2i_al.compute.threads import row_blocks
from a2i_al.errors import InvalidInput
from a2i_al.sampling.ids import Hashes, hash_ids
from a2i_al.sampling.streams.columns import one_array
from a2i_al.sampling.streams.excluded import Excluded, all_texts

_BLOCK = 65_536
# From here on the compiled hash of whole numbers repays the loading of numba.
_LARGE = 100_000
# As `hash_ids`: longer texts are hashed there, one by one.
_WIDEST = 64
_FNV_START, _FNV_PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)


class ItemIds:
    """The ids of a chunk's rows.

    Parameters
    ----------
    column : pyarrow.Array or ChunkedArray of shape (m,)
        Whole numbers, texts, or anything whose ``str`` is the id.
    where : str
        The source, for the message.

    Examples
    --------
    >>> ItemIds(pa.array([7, 8]), "pool").texts(np.array([1])).to_pylist()
    ['8']
    """

    def __init__(self, column: pa.Array | pa.ChunkedArray, where: str) -> None:
        array = one_array(column) if isinstance(column, pa.ChunkedArray) else column
        if pa.types.is_dictionary(array.type):
            # polars' categories are views, which Arrow cannot take from.
            texts = array.dictionary.cast(pa.large_string()) if _is_view(array.type.value_type) else array.dictionary
            array = pa.DictionaryArray.from_arrays(array.indices, texts).dictionary_decode()
        signed = pa.types.is_integer(array.type) and array.type != pa.uint64()
        self.array, self.where = array.cast(pa.int64()) if signed else _as_texts(array, where), where

    def __len__(self) -> int:
        return len(self.array)

    def take(self, positions: npt.NDArray[np.intp]) -> ItemIds:
        """Return the ids at these positions."""
        return ItemIds(self.array.take(pa.array(positions)), self.where)

    def texts(self, positions: npt.NDArray[np.intp]) -> pa.Array:
        """Return the ids at these positions as large_string."""
        return self.array.take(pa.array(positions)).cast(pa.large_string())

    def excluded(self, excluded: Excluded) -> npt.NDArray[np.bool_]:
        """Return for every row whether it is excluded."""
        if self.array.type == pa.int64():
            return excluded.numbers(self.require().array.to_numpy())
        return excluded.texts(self.array, self.hashes())

    def require(self) -> ItemIds:
        """Return itself, if no id is missing.

        Raises
        ------
        InvalidInput
            If one is null or an empty text.
        """
        if self.array.type == pa.int64() and self.array.null_count == 0:
            return self
        missing = pc.is_null(self.array)
        if pa.types.is_large_string(self.array.type):
            missing = pc.or_(missing, pc.fill_null(pc.equal(self.array, ""), fill_value=True))
        count = pc.sum(missing).as_py() or 0
        if count:
            raise InvalidInput(f"{count} item ids of {self.where} are missing", expected="an id in every row")
        return self

    def hashes(self) -> Hashes:
        """Return the 64-bit hash of each id's text, the same as `a2i_al.sampling.ids.hash_ids` gives."""
        return self._hashes

    @cached_property
    def _hashes(self) -> Hashes:
        self.require()
        if self.array.type == pa.int64():
            return _hash_numbers(self.array.to_numpy())
        hashes = [_hash_texts(self.array.slice(start, stop - start)) for start, stop in row_blocks(len(self), _BLOCK)]
        return np.concatenate([np.empty(0, dtype=np.uint64), *hashes])


def excluding(ids: Iterable[str]) -> Excluded:
    """Make a set of ids that are no candidates of their texts.

    Examples
    --------
    >>> ItemIds(pa.array([7, 8]), "pool").excluded(excluding(["a", "7"])).tolist()
    [True, False]
    """
    texts = all_texts(ids)
    return Excluded(texts, ItemIds(texts, "exclude").hashes() if len(texts) else np.empty(0, dtype=np.uint64))


def _as_texts(array: pa.Array, where: str) -> pa.Array:
    kind = array.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or _is_view(kind) or kind == pa.uint64():
        return array.cast(pa.large_string())
    if pa.types.is_nested(kind) or "binary" in str(kind):
        raise InvalidInput(f"the item ids of {where} are {kind}", expected="texts or numbers")
    # What is unequal to itself is NaN, which pandas takes for missing.
    return pa.array(
        [None if value is None or value != value else str(value) for value in array.to_pylist()],  # noqa: PLR0124
        type=pa.large_string(),
    )


def _is_view(kind: pa.DataType) -> bool:
    return str(kind) == "string_view"


def _hash_numbers(numbers: npt.NDArray[np.int64]) -> Hashes:
    if len(numbers) < _LARGE:
        return hash_ids(numbers)
    from a2i_al.sampling.scores.kernels import hash_numbers  # noqa: PLC0415 - numba loads here

    hashes = np.empty(len(numbers), dtype=np.uint64)
    hash_numbers()(np.ascontiguousarray(numbers), hashes)
    return hashes


def _hash_texts(array: pa.Array) -> Hashes:
    """FNV-1a over the UTF-8 bytes, a byte of all texts at a time, straight from Arrow's buffers."""
    _, offsets, data = array.buffers()
    starts = np.frombuffer(offsets, dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    lengths = np.diff(starts)
    octets = np.frombuffer(data, dtype=np.uint8) if data is not None else np.empty(0, dtype=np.uint8)
    hashes = np.full(len(array), _FNV_START, dtype=np.uint64)
    # As far as the shortest text goes, every text takes part: no look-up of those that do.
    shortest = min(int(lengths.min(initial=_WIDEST)), _WIDEST)
    for at in range(shortest):
        hashes ^= octets[starts[:-1] + at]
        hashes *= _FNV_PRIME
    live = np.flatnonzero((lengths > shortest) & (lengths <= _WIDEST))
    for at in range(shortest, int(lengths[live].max(initial=0))):
        live = live[lengths[live] > at]
        hashes[live] = (hashes[live] ^ octets[starts[live] + at].astype(np.uint64)) * _FNV_PRIME
    long = np.flatnonzero(lengths > _WIDEST)
    if len(long):
        hashes[long] = hash_ids(array.take(pa.array(long)).to_pylist())
    return hashes
