"""Names of columns in, arrays out: where a chunk's probabilities and features are, and their values as floats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from a2i_al.errors import InvalidTable

# What pandas calls an index without a name where it writes a table.
_INDEX = "__index_level_0__"
# The predictions table's own: how sure the model is, and no class of its own.
_CONFIDENCE = "confidence"

Floats = npt.NDArray[np.floating[Any]]


def resolve_item_id(schema: pa.Schema, name: str | None, where: str) -> str | None:
    """Return the column of the item ids: the one that was named, ``item_id``, what pandas writes its index to, or None.

    None is for pools whose rows are counted.

    Raises
    ------
    InvalidTable
        If the named column is not there, or more than one has the name.

    Examples
    --------
    >>> resolve_item_id(pa.schema({"item_id": pa.int64()}), None, "pool.parquet")
    'item_id'
    """
    if name is not None:
        require(schema, (name,), where)
        return name
    return next((each for each in ("item_id", _INDEX) if each in schema.names), None)


def resolve_floats(
    schema: pa.Schema, given: str | Sequence[str] | None, what: str, where: str, taken: Sequence[str | None] = ()
) -> tuple[str, ...]:
    """Return the columns that hold the probabilities or features, one list column or one column per number.

    Parameters
    ----------
    schema : pyarrow.Schema
        Of the first chunk.
    given : str, sequence of str, or None
        What the caller named.
    what : str
        ``"proba"`` or ``"features"``: without names, the list column of this name is taken, else the columns that
        begin with it and an underscore, else the only list column of floats, else every float column; of none of
        these what is plainly something else: ``confidence``, an index, ``proba...`` for features and ``features...``
        for probabilities.
    where : str
        The source, for the message.
    taken : sequence of str
        Columns that are something else.

    Raises
    ------
    InvalidTable
        If a named column is not there, or none was named and none is found, or only some of those that begin with
        `what` and an underscore hold numbers.

    Examples
    --------
    >>> resolve_floats(pa.schema({"proba_no": pa.float32(), "proba_yes": pa.float32()}), None, "proba", "pool.parquet")
    ('proba_no', 'proba_yes')
    """
    if given is not None:
        names = (given,) if isinstance(given, str) else tuple(given)
        require(schema, names, where)
        return names
    other = "features" if what == "proba" else "proba"
    fields = [
        field
        for field in schema
        if field.name not in {*taken, other, _CONFIDENCE, _INDEX} and not field.name.startswith(f"{other}_")
    ]
    lists = [field.name for field in fields if is_list(field.type) and _is_number(field.type.value_type)]
    floats = [field.name for field in fields if pa.types.is_floating(field.type)]
    prefixed = [field for field in fields if field.name.startswith(f"{what}_")]
    named = [field.name for field in prefixed if _is_number(field.type)]
    if named:
        _require_numbers(prefixed, what, where)
    for found in ([name for name in lists if name == what], named, lists if len(lists) == 1 else [], floats):
        if found:
            return tuple(found)
    raise InvalidTable(
        f"{where} has no columns of {what}; it has {', '.join(map(repr, schema.names)) or 'no columns'}",
        expected=f"columns {what}_..., one list column {what!r}, or columns of floats",
        fix=f"name the columns: {what}= of a2i_al.sampling.streams.sample_stream"
        + (", or of sample where there is no estimator" if what == "features" else ""),
    )


def _require_numbers(fields: Sequence[pa.Field], what: str, where: str) -> None:
    for field in fields:
        if not (_is_number(field.type) or is_list(field.type)):
            raise InvalidTable(
                f"column {field.name!r} of {where} is {field.type}",
                expected=f"numbers in every column that begins with {what}_",
                fix=f"cast it, or name the columns: {what}= of a2i_al.sampling.streams.sample_stream",
            )


def require(schema: pa.Schema, names: Sequence[str], where: str) -> None:
    """Refuse a chunk that lacks one of these columns.

    Raises
    ------
    InvalidTable
        Naming what is absent, what is there and where.

    Examples
    --------
    >>> require(pa.schema({"item_id": pa.int64()}), ("item_id",), "pool.parquet")
    """
    absent = [name for name in names if name not in schema.names]
    if absent:
        raise InvalidTable(
            f"{where} lacks the columns {', '.join(map(repr, absent))}; it has {', '.join(map(repr, schema.names))}",
            expected="the same columns in every chunk",
        )


def is_list(kind: pa.DataType) -> bool:
    """Say whether an Arrow type is one of the lists that hold a row's numbers.

    Examples
    --------
    >>> is_list(pa.list_(pa.float32(), 3))
    True
    """
    return bool(pa.types.is_fixed_size_list(kind) or pa.types.is_list(kind) or pa.types.is_large_list(kind))


def as_rows(table: pa.Table, names: Sequence[str], where: str) -> Floats:
    """Return the columns as one array with a row per item, C-ordered.

    Parameters
    ----------
    table : pyarrow.Table
        Has the columns.
    names : sequence of str
        One list column, or columns of numbers.
    where : str
        The source, for the message.

    Returns
    -------
    ndarray of shape (m, k)
        float32 where all of it is float32, else float64; missing values are NaN. A list column without missing
        values is not copied.

    Raises
    ------
    InvalidTable
        If a column holds no numbers, or its lists differ in length.

    Examples
    --------
    >>> as_rows(pa.table({"a": [1, 2], "b": [0.5, 0.25]}), ["a", "b"], "pool").tolist()
    [[1.0, 0.5], [2.0, 0.25]]
    """
    if len(names) == 1 and is_list(table.schema.field(names[0]).type):
        return _list_rows(table[names[0]], names[0], where)
    columns = as_columns(table, names, where)
    rows = np.empty((len(table), len(columns)), dtype=np.result_type(*columns))
    for at, column in enumerate(columns):
        rows[:, at] = column
    return rows


def as_columns(table: pa.Table, names: Sequence[str], where: str) -> list[Floats]:
    """Return the columns as arrays of floats, without a copy where they have no missing values.

    Raises
    ------
    InvalidTable
        If a column holds no numbers.

    Examples
    --------
    >>> [column.dtype.name for column in as_columns(pa.table({"a": [1, None]}), ["a"], "pool")]
    ['float64']
    """
    return [floats(table[name], name, where) for name in names]


def floats(column: pa.ChunkedArray, name: str, where: str) -> Floats:
    """Return a column as an array of float32 or float64, without a copy where it is one and nothing is missing.

    Raises
    ------
    InvalidTable
        If it holds no numbers.

    Examples
    --------
    >>> floats(pa.chunked_array([[1, None]]), "a", "pool").tolist()
    [1.0, nan]
    """
    if not _is_number(column.type):
        raise InvalidTable(f"column {name!r} of {where} is {column.type}", expected="numbers, or lists of numbers")
    array = one_array(column)
    # One by one, as Python's own, decimals take fifty times as long.
    array = array.cast(pa.float64()) if pa.types.is_decimal(array.type) else array
    values: Floats = array.to_numpy(zero_copy_only=False)
    return values if values.dtype in (np.float32, np.float64) else values.astype(np.float64)


def _list_rows(column: pa.ChunkedArray, name: str, where: str) -> Floats:
    array = one_array(column)
    lengths = pc.min_max(pc.list_value_length(array))
    low, high = lengths["min"].as_py(), lengths["max"].as_py()
    if array.null_count or low != high:
        raise InvalidTable(
            f"the lists in column {name!r} of {where} "
            + (f"are missing in {array.null_count} rows" if array.null_count else f"have {low} to {high} values"),
            expected="as many values in every row",
        )
    if len(array) == 0:
        return np.empty((0, array.type.list_size if pa.types.is_fixed_size_list(array.type) else 0))
    return floats(pa.chunked_array([array.flatten()]), name, where).reshape(len(array), high)


def one_array(column: pa.ChunkedArray) -> pa.Array:
    """Return a column in one piece; one that is already is not copied.

    Examples
    --------
    >>> len(one_array(pa.chunked_array([[1], [2, 3]])))
    3
    """
    if column.num_chunks == 1:
        return column.chunk(0)
    combined = column.combine_chunks()
    # Newer releases of pyarrow give a chunked array back where there was no chunk at all.
    return combined if isinstance(combined, pa.Array) else pa.concat_arrays(combined.chunks)


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind))
