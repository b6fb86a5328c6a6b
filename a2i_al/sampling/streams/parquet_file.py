"""A Parquet file: its row groups, read by several threads, only the columns that are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
import pyarrow.fs
import pyarrow.parquet as pq

from a2i_al.errors import InvalidInput

# Bytes read to find where a page begins and ends.
_BUFFER = 2**14


class ParquetFile:
    """One file, open as many times as threads read from it at the same time: to open it takes a while.

    Parameters
    ----------
    path : str
        Where it is.
    filesystem : pyarrow.fs.FileSystem
        In which file system.

    Raises
    ------
    InvalidInput
        If it is no Parquet file, or is cut short; from each method as well.

    Attributes
    ----------
    metadata : pyarrow.parquet.FileMetaData
        What it says of itself.
    local : bool
        Whether columns that are read one by one take less time than all at once: a tenth less, of a local file.
    """

    def __init__(self, path: str, filesystem: Any) -> None:
        self.path, self.local = path, isinstance(filesystem, pyarrow.fs.LocalFileSystem)
        self._filesystem = None if self.local else filesystem
        self.metadata: Any = None
        with readable(path, local=self.local):
            first = self._opened()
        self.metadata = first.metadata
        # Threads take one and put it back; who finds none opens another.
        self._idle = [first]

    def table(self, groups: list[int], names: Sequence[str]) -> pa.Table:
        """Read columns of some row groups."""
        if self.local:
            return pa.table(list(self.columns(groups, names)), names=list(names))
        with readable(self.path, local=self.local), self._opened() as file:
            return file.read_row_groups(groups, columns=list(names), use_threads=False)

    def columns(self, groups: list[int], names: Sequence[str]) -> Iterator[pa.ChunkedArray]:
        """Read columns of some row groups, each when it is asked for."""
        with readable(self.path, local=self.local):
            try:
                file = self._idle.pop()
            except IndexError:
                file = self._opened()
            for name in names:
                yield file.read_row_groups(groups, columns=[name], use_threads=False).column(0)
            self._idle.append(file)

    def batches(self, groups: list[int], names: Sequence[str], rows: int) -> Iterator[pa.RecordBatch]:
        """Read columns of row groups too large to be read at once, so many rows at a time."""
        with readable(self.path, local=self.local), self._opened() as file:
            yield from file.iter_batches(rows, row_groups=groups, columns=list(names), use_threads=False)

    def _opened(self) -> Any:
        # Local files are not mapped: page faults take longer than copies; and read page by page, so that less of the
        # caches is written over. Elsewhere the columns are fetched together.
        how = {"pre_buffer": False, "buffer_size": _BUFFER} if self.local else {"pre_buffer": True}
        return pq.ParquetFile(self.path, filesystem=self._filesystem, metadata=self.metadata, memory_map=False, **how)


@contextmanager
def readable(path: str, *, local: bool = True) -> Iterator[None]:
    """Turn what Arrow says of a file inside the block into this package's own error, with the file's name.

    Raises
    ------
    InvalidInput
        If Arrow cannot read it.

    Examples
    --------
    >>> with readable("pool.parquet"):  # doctest: +ELLIPSIS
    ...     raise OSError("Couldn't deserialize thrift")
    Traceback (most recent call last):
    ...
    a2i_al.errors.InvalidInput: pool.parquet cannot be read: Couldn't deserialize thrift. Expected: ...
    """
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise InvalidInput(
            f"{path} cannot be read: {str(error).splitlines()[0] if str(error) else type(error).__name__}",
            expected="a complete Parquet file",
            fix=f"check the {'path' if local else 'network'}, and write the file again if it was cut short",
        ) from error
