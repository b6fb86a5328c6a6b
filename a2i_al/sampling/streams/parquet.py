"""A path in, chunks out: Parquet files, a few row groups at a time, only the columns that are asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.fs

from a2i_al.errors import InvalidInput
from a2i_al.sampling.streams.chunks import ROWS, Chunk
from a2i_al.sampling.streams.parquet_file import ParquetFile, readable

# A row group above this is read in batches of about so many bytes, every column that may be needed at once.
_LARGE = 128 * 2**20
_BATCH = 16 * 2**20
# Row groups that are read together come to no more than `ROWS` rows and so many bytes.
_TOGETHER = 32 * 2**20
_GLOB = ("*", "?", "[")


def is_path(source: Any) -> bool:
    """Say whether the source names files: one path, or a list of paths.

    Examples
    --------
    >>> is_path("pool.parquet"), is_path(["a.parquet", "b.parquet"]), is_path([])
    (True, True, False)
    """
    if isinstance(source, (list, tuple)):
        return bool(source) and all(isinstance(one, (str, os.PathLike)) for one in source)
    return isinstance(source, (str, os.PathLike))


def parquet_chunks(
    source: Any, names: Callable[[pa.Schema, str], Sequence[str]], filesystem: Any = None
) -> Iterator[Chunk]:
    """Give the row groups of Parquet files as chunks, small ones together, in the order of the files' names.

    Parameters
    ----------
    source : path, URI such as ``s3://bucket/pool/``, folder, pattern such as ``pool/*.parquet``, or a list of paths
        A folder is searched in all its folders for ``*.parquet``.
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
    found, files = find_files(source, filesystem)
    for path in files:
        file = ParquetFile(path, found)
        metadata = file.metadata
        schema, there = metadata.schema.to_arrow_schema(), 0
        for groups in _together(metadata):
            details = [metadata.row_group(group) for group in groups]
            rows = sum(each.num_rows for each in details)
            if details[0].total_byte_size <= _LARGE:
                read = partial(file.table, groups)
                stream = partial(file.columns, groups) if file.local else None
                yield Chunk(rows, first_row + there, schema, path, there, read, stream)
            else:
                size = max(1, _BATCH * rows // details[0].total_byte_size)
                begins = there
                for batch in file.batches(groups, names(schema, path), size):
                    yield Chunk.of_table(pa.Table.from_batches([batch]), first_row + begins, path, begins)
                    begins += len(batch)
            there += rows
        first_row += there


def find_files(source: Any, filesystem: Any = None) -> tuple[Any, list[str]]:
    """Return the file system and the paths in it, sorted.

    Raises
    ------
    InvalidInput
        If nothing is there.
    """
    sources = list(source) if isinstance(source, (list, tuple)) else [source]
    files: list[str] = []
    for one in sources:
        text = os.fspath(one)
        with readable(text):
            base, path = _located(text, filesystem)
            filesystem = filesystem or base
            files += _listed(base, path)
    if not files:
        raise InvalidInput(f"there is no Parquet file at {source!r}", expected="a file, a folder or a pattern")
    return filesystem, sorted(set(files)) if len(sources) == 1 else files


def _located(text: str, filesystem: Any) -> tuple[Any, str]:
    if filesystem is not None:
        return filesystem, text
    if "://" in text:
        base, path = pyarrow.fs.FileSystem.from_uri(text)
        return base, path
    return pyarrow.fs.LocalFileSystem(), str(Path(text).expanduser())


def _listed(base: Any, path: str) -> list[str]:
    if any(mark in path for mark in _GLOB):
        # Everything below the last folder that is spelt out.
        spelt = path[: min(path.index(mark) for mark in _GLOB if mark in path)].rpartition("/")[0]
        infos = base.get_file_info(pyarrow.fs.FileSelector(spelt or ".", recursive=True, allow_not_found=True))
        # `*` stays within a folder, `**` does not.
        deep = "**" in path
        return [
            info.path
            for info in infos
            if info.is_file
            and fnmatch(info.path.removeprefix("./"), path)
            and (deep or info.path.removeprefix("./").count("/") == path.count("/"))
        ]
    info = base.get_file_info(path)
    if info.type == pyarrow.fs.FileType.Directory:
        infos = base.get_file_info(pyarrow.fs.FileSelector(path, recursive=True))
        return [each.path for each in infos if each.is_file and _is_data(each.path, path)]
    return [path] if info.type == pyarrow.fs.FileType.File else []


def _is_data(path: str, folder: str) -> bool:
    """Whether it is a Parquet file that no writer keeps for itself (``_temporary/``, ``.crc``)."""
    below = path.removeprefix(folder).strip("/").split("/")
    return below[-1].endswith((".parquet", ".pq")) and not any(part.startswith(("_", ".")) for part in below)


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
