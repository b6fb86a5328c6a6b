"""A column in, whole numbers and the texts they stand for out, in the order of the texts: what every count starts from.

Text of a million rows is never a million Python objects here: Arrow holds it, and short texts are sorted as numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from a2i_al.labels.counting.ordering import COMPILED_FROM, in_order
from a2i_al.tables import TEXT

Codes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_WORD = 63
_ONE_KIND = {"integer", "boolean", "floating", "integer-na"}


@dataclass(frozen=True)
class Encoded:
    """A column as codes: `texts` are distinct and sorted by code point, `codes` point into them, -1 where missing."""

    codes: Codes
    texts: pa.Array

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(frozen=True)
class Keyed:
    """A column of many different texts as numbers that are yet to be sorted.

    Attributes
    ----------
    keys : ndarray of int64
        One per row, none negative, in the order of the texts.
    rows : pyarrow.Array
        The text of each row.
    """

    keys: Codes
    rows: pa.Array


def encoded(values: pd.Series, text: Callable[[Any], str | None] = str) -> Encoded:
    """Encode a column of ids, labels or anything else that has a text.

    Parameters
    ----------
    values : Series
        Of any dtype. Missing values stay missing.
    text : callable, default str
        Gives the text of a value that is no str, or is; None makes it missing.

    Returns
    -------
    Encoded
        Of length n, and the texts that occur.

    Examples
    --------
    >>> column = encoded(pd.Series(["b", None, "a", "b"]))
    >>> column.codes.tolist(), column.texts.to_pylist()
    ([1, -1, 0, 1], ['a', 'b'])
    """
    found = keyed(values, text)
    if isinstance(found, Encoded):
        return found
    order = in_order(found.keys, np.zeros_like(found.keys))
    return _retold(Encoded(order.ranks(), found.rows.take(pa.array(order.firsts))), text)


def keyed(values: pd.Series, text: Callable[[Any], str | None] = str) -> Encoded | Keyed:
    """Encode a column but for a sort of many texts: whoever sorts by another column too can do both at once."""
    found = _arrow(values, objects=text is str)
    if found is not None and len(found) >= COMPILED_FROM and not found.null_count:
        short = _by_keys(found)
        if short is not None:
            return _retold(short, text) if isinstance(short, Encoded) else short
    if found is not None:
        indexed = found.dictionary_encode()
        return _retold(_sorted(_numbers(indexed.indices), indexed.dictionary), text)
    codes, given = _distinct(values, text)
    return _merged(np.asarray(codes, dtype=np.int64), given)


def _distinct(values: pd.Series, text: Callable[[Any], str | None]) -> tuple[Any, list[str | None]]:
    """Return codes and the text of each, which may repeat; the values are any Python objects."""
    try:
        codes, distinct = pd.factorize(values)
        # Only texts are equal to a text; but True, 1 and 1.0 are equal, and have three texts.
        alone = all(type(value) is str for value in distinct)
        if alone or pd.api.types.infer_dtype(values, skipna=True) in _ONE_KIND:
            return codes, [text(value) for value in distinct]
    except (TypeError, NotImplementedError):  # lists and dicts, of Python and of Arrow
        pass
    return np.arange(len(values)), [None if _missing(value) else text(value) for value in values]


def text_column(texts: pa.Array, codes: Codes | None = None) -> pd.Series:
    """Return texts, or those that the codes point to, as a column of the tables; -1 is missing.

    Examples
    --------
    >>> text_column(pa.array(["a", "b"], pa.large_string()), np.array([1, -1])).isna().tolist()
    [False, True]
    """
    if codes is None:
        column = texts.to_pandas(deduplicate_objects=False)
        return column if column.dtype == TEXT else column.astype(TEXT)
    if TEXT is object:  # one Python object for each text, not for each row
        return pd.Series(np.array([*texts.to_pylist(), None], dtype=object)[codes])
    return text_column(texts.take(pa.array(codes, mask=codes < 0 if codes.min(initial=0) < 0 else None)))


def is_text(values: pd.Series, text: str) -> Mask:
    """Return which values are a text, or have it: (n,).

    Examples
    --------
    >>> is_text(pd.Series(["a", None, "b"]), "a").tolist(), is_text(pd.Series([7, 8]), "7").tolist()
    ([True, False, False], [True, False])
    """
    texts = _arrow(values)
    if texts is None:
        told = values if _all_texts(values) else values.map(str)
        return np.asarray(told.to_numpy() == text, dtype=np.bool_)
    same = pc.equal(texts, text)
    if not same.null_count and pc.all(same).as_py():
        return np.ones(len(texts), dtype=np.bool_)
    return np.asarray(pc.fill_null(same, fill_value=False).to_numpy(zero_copy_only=False))


def any_blank(values: pd.Series) -> bool:
    """Say whether a value is missing or an empty text.

    Examples
    --------
    >>> any_blank(pd.Series(["a", ""])), any_blank(pd.Series([7, 8]))
    (True, False)
    """
    texts = _arrow(values)
    if texts is not None:
        return bool(texts.null_count or (len(texts) and np.diff(_offsets(texts)).min() == 0))
    if _all_texts(values):
        return bool((values.to_numpy() == "").any())
    return bool(values.isna().any() or (values == "").any())


def as_texts(values: list[str]) -> pa.Array:
    """Return an Arrow array of texts; what is no Unicode (half a surrogate pair) is escaped.

    Examples
    --------
    >>> as_texts(["a", chr(0xD800)])[1].as_py() == repr(chr(0xD800))[1:-1]
    True
    """
    try:
        return pa.array(values, pa.large_string())
    except UnicodeEncodeError:
        escaped = [v if v is None else v.encode("utf-8", "backslashreplace").decode() for v in values]
        return pa.array(escaped, pa.large_string())


def _arrow(values: pd.Series, *, objects: bool = False) -> pa.Array | None:
    """Return a text column as Arrow holds it; None if it is another, or of objects and these are not asked for."""
    if isinstance(values.dtype, pd.StringDtype):
        array = pa.array(values, from_pandas=True)
        array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
        return array.cast(pa.large_string())
    # Before pandas 3 texts are objects; many different ones are found sooner in Arrow.
    if not (objects and _all_texts(values, but_missing=True)):
        return None
    try:
        return pa.array(values.to_numpy(), pa.large_string(), from_pandas=True)
    except UnicodeEncodeError:
        return as_texts(values.where(values.notna(), None).tolist())


def _all_texts(values: pd.Series, *, but_missing: bool = False) -> bool:
    """Say whether objects are texts: pandas tells in a fraction of the time that a look at each takes."""
    return bool(values.dtype == object) and pd.api.types.infer_dtype(values, skipna=but_missing) == "string"


def _by_keys(texts: pa.Array) -> Encoded | Keyed | None:
    """Encode texts that differ in at most eight bytes behind what all begin with; None if they differ in more."""
    from a2i_al.labels.counting.string_keys import few_ranks, squeeze, string_keys  # noqa: PLC0415 - loads the compiler

    data = np.frombuffer(texts.buffers()[2] or b"\0", np.uint8)
    keys, prefix, differing = string_keys(_offsets(texts), data)
    if prefix < 0:
        return None
    codes, rows = few_ranks(keys)
    if len(rows):
        return Encoded(codes, texts.take(pa.array(rows)))
    # With the row behind it, a key is still a number.
    if int(differing).bit_count() + len(keys).bit_length() > _WORD:
        return None
    squeeze(keys, np.uint64(differing))
    return Keyed(keys.view(np.int64), texts)


def _offsets(texts: pa.Array) -> Codes:
    """Return where each text begins in the bytes of all, and the last one ends."""
    return np.frombuffer(texts.buffers()[1], np.int64)[texts.offset : texts.offset + len(texts) + 1]


def _sorted(codes: Codes, texts: pa.Array) -> Encoded:
    """Return the encoding with its texts in order: Arrow compares UTF-8 bytes, which is the order of code points."""
    order = _numbers(pc.sort_indices(texts))
    # One place more, for the missing: -1 points to it.
    rank = np.full(len(order) + 1, -1, dtype=np.int64)
    rank[order] = np.arange(len(order))
    return Encoded(rank[codes], texts.take(pa.array(order)))


def _retold(column: Encoded, text: Callable[[Any], str | None]) -> Encoded:
    """Return the encoding after `text` has had a look at its texts."""
    if text is str:
        return column
    given = column.texts.to_pylist()
    told = [text(value) for value in given]
    return column if told == given else _merged(column.codes, told)


def _merged(codes: Codes, given: list[str | None]) -> Encoded:
    """Return an encoding whose texts may repeat, and be missing, as one whose texts do not."""
    indexed = as_texts(given).dictionary_encode()  # type: ignore[arg-type]
    back = np.append(_numbers(indexed.indices), -1)
    return _sorted(back[codes], indexed.dictionary)


def _numbers(indices: pa.Array) -> Codes:
    wide = indices.cast(pa.int64())
    return np.asarray(wide.fill_null(-1) if wide.null_count else wide)


def _missing(value: Any) -> bool:
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))
