"""Anything that holds or yields rows in, chunks out: pieces of a pool that fit in memory and say where they lie."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from a2i_al.compute.threads import row_blocks
from a2i_al.errors import InvalidInput
from a2i_al.sampling.streams.frames import Frames

# Rows of a table that are worked on at once: what is computed on the way stays small beside them.
ROWS = 262_144


@dataclass(frozen=True)
class Chunk:
    """A piece of a pool: how many rows, where they are, and how to read some of its columns.

    Parameters
    ----------
    rows : int
        How many rows it has.
    first_row : int
        The number of its first row in the whole source, from 0: the id of that row where there is no column of ids.
    schema : pyarrow.Schema
        Its columns.
    where : str
        What a message calls the source: a file's path, or ``"chunk 3"``.
    first_row_there : int
        The number of its first row in that file or chunk, from 0.
    read : callable
        From names of columns to a table of them. May be called again, for other columns.
    stream : callable, optional
        From names of columns to these columns one by one, each read when it is asked for: where that costs no more
        than to read them at once.

    Examples
    --------
    >>> chunk = Chunk.of_table(pa.table({"item_id": ["a", "b"], "proba": [0.2, 0.3]}))
    >>> chunk.read(["item_id"]).column_names
    ['item_id']
    """

    rows: int
    first_row: int
    schema: pa.Schema
    where: str
    first_row_there: int
    read: Callable[[Sequence[str]], pa.Table]
    stream: Callable[[Sequence[str]], Iterator[pa.ChunkedArray]] | None = None

    def each(self, names: Sequence[str]) -> Iterator[pa.ChunkedArray]:
        """Give the columns one by one, each read when it is asked for where that costs no more."""
        return iter(self.read(names).columns) if self.stream is None else self.stream(names)

    @classmethod
    def of_table(cls, table: pa.Table, first_row: int = 0, where: str = "the table", first_row_there: int = 0) -> Chunk:
        """Make it from a table in memory."""
        return cls(len(table), first_row, table.schema, where, first_row_there, lambda names: table.select(list(names)))


def chunks_of(source: Any, array_column: str, id_column: str = "item_id") -> Iterator[Chunk]:
    """Cut what is in memory, or what an iterator gives piece by piece, into chunks.

    Parameters
    ----------
    source : ndarray, DataFrame, pyarrow Table, RecordBatch or Dataset, any object with ``__arrow_c_stream__``, or an \
iterable of these
        The pool.
    array_column : str
        What the rows of a plain array are: ``"proba"`` or ``"features"``.
    id_column : str, default "item_id"
        The column of ids; a DataFrame without it has its ids in its index, if that is no default index.

    Yields
    ------
    Chunk
        In the order of the rows, none empty.

    Raises
    ------
    InvalidInput
        If the source or one of its pieces is something else.

    Examples
    --------
    >>> [(chunk.rows, chunk.first_row) for chunk in chunks_of([np.eye(2), np.eye(3)], "features")]
    [(2, 0), (3, 2)]
    """
    first_row = there = 0
    before = ""
    frames = Frames(id_column)
    for where, piece in _pieces(source):
        table = frames.table(piece, first_row, where) if isinstance(piece, pd.DataFrame) else None
        table = _as_table(piece, array_column, where) if table is None else table
        # Batches of one file follow each other: their rows are counted on.
        there = there if where == before else 0
        for start, stop in row_blocks(len(table), ROWS):
            yield Chunk.of_table(table.slice(start, stop - start), first_row + start, where, there + start)
        first_row, there, before = first_row + len(table), there + len(table), where


def _pieces(source: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(source, (np.ndarray, pd.DataFrame, pa.Table, pa.RecordBatch)):
        yield "the pool", source
    elif hasattr(source, "scan_batches") or hasattr(source, "scanner"):
        yield from _scanned(source)
    elif hasattr(source, "__arrow_c_stream__") and not isinstance(source, pd.Series):
        with _of_columns("the source", source):
            batches = pa.RecordBatchReader.from_stream(source)
        yield from (("the stream", batch) for batch in batches)
    elif isinstance(source, Iterable) and not isinstance(source, (pd.Series, Mapping)):
        yield from ((f"chunk {at}", piece) for at, piece in enumerate(source))
    else:
        raise InvalidInput(
            f"the source is a {type(source).__name__}",
            expected="a path of Parquet files, a pyarrow Dataset, a DataFrame, an array, or an iterable of such chunks",
        )


def _scanned(source: Any) -> Iterator[tuple[str, pa.RecordBatch]]:
    """Give the batches of a pyarrow Dataset, with a small read-ahead, because they may be large; or of a Scanner."""
    scanner = (
        source
        if hasattr(source, "scan_batches")
        else source.scanner(batch_size=ROWS // 4, batch_readahead=2, fragment_readahead=1, use_threads=True)
    )
    for tagged in scanner.scan_batches():
        yield getattr(tagged.fragment, "path", "") or "the dataset", tagged.record_batch


def _as_table(piece: Any, array_column: str, where: str) -> pa.Table:
    if isinstance(piece, pa.Table):
        return piece
    if isinstance(piece, pa.RecordBatch):
        return pa.Table.from_batches([piece])
    if isinstance(piece, np.ndarray):
        return pa.table({array_column: rows_column(piece, where)})
    if hasattr(piece, "__arrow_c_stream__") and not isinstance(piece, pd.Series):
        with _of_columns(where, piece):
            return pa.table(piece)
    raise InvalidInput(
        f"{where} is a {type(piece).__name__}",
        expected="an array, a DataFrame, or a pyarrow Table or RecordBatch",
        fix=next((f"call {way}() on it" for way in ("to_frame", "collect") if hasattr(piece, way)), ""),
    )


@contextmanager
def _of_columns(where: str, value: Any) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise InvalidInput(
            f"{where} is a {type(value).__name__}, which has no columns",
            expected="a table: its columns have names",
            fix="call to_frame() on it",
        ) from error


def rows_column(values: Any, where: str) -> pa.FixedSizeListArray:
    """Return a two-dimensional array as a column of lists, one per row; C-ordered floats are not copied.

    Raises
    ------
    InvalidInput
        If it has another number of dimensions, or no numbers.

    Examples
    --------
    >>> rows_column(np.eye(2), "chunk 0").to_pylist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    array = np.asarray(values)
    if array.ndim != 2 or array.dtype.kind not in "fiub" or array.shape[1] == 0:  # noqa: PLR2004 - rows and columns
        raise InvalidInput(
            f"{where} is an array of {array.dtype} with shape {array.shape}", expected="numbers, a row per item"
        )
    floats = array if array.dtype in (np.float32, np.float64) else array.astype(np.float64)
    return pa.FixedSizeListArray.from_arrays(pa.array(np.ascontiguousarray(floats).reshape(-1)), array.shape[1])
