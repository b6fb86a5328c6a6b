"""A path in, chunks out: Parquet files, a few row groups at a time, only the columns that are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import pyarrow as pa

from a2i_al.sampling.streams.chunks import ROWS, Chunk
from a2i_al.sampling.streams.files import find_files
from a2i_al.sampling.streams.parquet_file import ParquetFile

# A row group above this is read in batches of about so many bytes, every column that may be needed at once; and one of
# more rows, however few bytes they are written in: repeated values take a hundredth of what they are in memory.
_LARGE, _LARGE_ROWS = 128 * 2**20, 2 * 2**20
_BATCH = 16 * 2**20
# Row groups that are read together come to no more than `ROWS` rows and so many bytes.
_TOGETHER = 32 * 2**20


def parquet_chunks(
    source: Any, names: Callable[[pa.Schema, str], Sequence[str]], filesystem: Any = None
) -> Iterator[Chunk]:
    """Give the row groups of Parquet files as chunks, small ones together, in the order of the files' names.

    Parameters
    ----------
    source : path, URI such as ``s3://bucket/pool/``, folder, pattern such as ``pool/*.parquet``, or a list of paths
        A folder is searched in all its folders for ``*.parquet``; see `find_files` for what else it may be.
    names : callable
        From a file's schema and path to the columns that may be asked for. Only a row group too large to be read at
        once is read in batches of these.
    filesystem : pyarrow.fs.FileSystem, optional
        Where the paths are. Without it a URI names its own, with the credentials of the environment.

    Yields
    ------
    Chunk

    Raises
    ------
    InvalidInput
        If there is no such file, or one is no Parquet file, or is cut short.
    """
    first_row = 0
    for base, path in find_files(source, filesystem):
        file = ParquetFile(path, base)
        metadata = file.metadata
        schema, there = metadata.schema.to_arrow_schema(), 0
        for groups in _together(metadata):
            details = [metadata.row_group(group) for group in groups]
            rows = sum(each.num_rows for each in details)
            if details[0].total_byte_size <= _LARGE and rows <= _LARGE_ROWS:
                read = partial(file.table, groups)
                stream = partial(file.columns, groups) if file.local else None
                yield Chunk(rows, first_row + there, schema, path, there, read, stream)
            else:
                size = max(1, min(ROWS, _BATCH * rows // details[0].total_byte_size))
                begins = there
                for batch in file.batches(groups, names(schema, path), size):
                    yield Chunk.of_table(pa.Table.from_batches([batch]), first_row + begins, path, begins)
                    begins += len(batch)
            there += rows
        first_row += there


def _together(metadata: Any) -> Iterator[list[int]]:
    """Give the row groups that are read together: neighbours, none empty."""
    groups: list[int] = []
    rows = size = 0
    for group in range(metadata.num_row_groups):
        details = metadata.row_group(group)
        rows, size = rows + details.num_rows, size + details.total_byte_size
        if groups and (rows > ROWS or size > _TOGETHER):
            yield groups
            groups, rows, size = [], details.num_rows, details.total_byte_size
        groups += [group] if details.num_rows else []
    if groups:
        yield groups
