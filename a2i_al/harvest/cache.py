"""Parsed outputs come in and are kept on disk; the ones that have not changed since come out, without being fetched.

One Parquet file a place. It is replaced as a whole, so that a reader finds the old one or the new one, never a part;
of two notebooks that write at once the later one wins, and what the other had read is fetched once more.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from a2i_al.harvest.frames import COLUMNS, joined, table_of
from a2i_al.tables import TIME

_PARTIAL: Final = ".partial"
_AT_WORK: Final = 3600  # seconds
_VERSION: Final = 2  # of the parser and of the file: another one when either gives other rows


class Cache:
    """The parsed outputs of one place.

    Parameters
    ----------
    folder : path-like
        Holds the files of any number of places; made when there is something to keep.
    place : str
        URI of the prefix.

    Examples
    --------
    >>> Cache("nothing/here", "s3://bucket/flow").load().empty
    True
    """

    def __init__(self, folder: str | os.PathLike[str], place: str) -> None:
        name = hashlib.sha256(place.encode()).hexdigest()[:32]
        self.path = Path(folder).expanduser() / f"answers-v{_VERSION}-{name}.parquet"

    def load(self) -> pd.DataFrame:
        """Return what is kept, as `frames.table_of` makes it; nothing if there is no file or it cannot be read."""
        from pyarrow import ArrowException, parquet  # noqa: PLC0415

        try:
            data = parquet.ParquetFile(self.path).read().to_pandas()
            return pd.DataFrame({name: _decoded(data[name], kind) for name, kind in COLUMNS.items()})
        except (
            OSError,
            ArrowException,
            KeyError,
            TypeError,
            ValueError,
        ):  # none yet, damaged, or not ours
            return table_of([])

    def save(self, kept: pd.DataFrame, fresh: pd.DataFrame) -> None:
        """Replace the file by what is still good of it and what was read since.

        Raises
        ------
        OSError
            If the folder cannot be written.
        """
        from pyarrow import Table, parquet  # noqa: PLC0415

        table = joined([kept, fresh], [*dict.fromkeys([*kept["key"], *fresh["key"]])])
        columns = {name: _encoded(table[name], kind) for name, kind in COLUMNS.items()}
        data = Table.from_pandas(pd.DataFrame(columns), schema=_schema(), preserve_index=False)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        _remove_left_over(self.path.parent)
        handle, temporary = tempfile.mkstemp(dir=self.path.parent, suffix=_PARTIAL)  # for the owner's eyes only
        try:
            with os.fdopen(handle, "wb") as file:
                parquet.write_table(data, file, compression="zstd")
            Path(temporary).replace(self.path)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                Path(temporary).unlink()
            raise


def _remove_left_over(folder: Path) -> None:
    """Remove what writers have left that were killed; one that is still at work takes seconds."""
    for path in folder.glob(f"*{_PARTIAL}"):
        with contextlib.suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > _AT_WORK:
                path.unlink()


def unchanged(table: pd.DataFrame, tags: Mapping[str, str]) -> pd.DataFrame:
    """Return the rows whose object still is the one that was read.

    Examples
    --------
    >>> unchanged(pd.DataFrame({"key": ["a", "b"], "tag": ["1", "1"]}), {"a": "1", "b": "2"})["key"].tolist()
    ['a']
    """
    return table[table["key"].map(tags) == table["tag"]]


def without(table: pd.DataFrame, keys: Collection[str]) -> pd.DataFrame:
    """Return the rows of other keys.

    Examples
    --------
    >>> without(pd.DataFrame({"key": ["a", "b"]}), {"a"})["key"].tolist()
    ['b']
    """
    return table[~table["key"].isin(list(keys))]


def _schema() -> Any:
    import pyarrow as pa  # noqa: PLC0415

    types = {"time": pa.timestamp("us", "UTC"), "float": pa.float64(), "int": pa.int64()}
    return pa.schema([(name, types.get(kind, pa.string())) for name, kind in COLUMNS.items()])


def _encoded(values: pd.Series, kind: str) -> pd.Series:
    # As JSON, which every answer came from: Parquet has no column for text, lists and objects side by side.
    return values.map(json.dumps).astype(object) if kind == "any" else values


def _decoded(values: pd.Series, kind: str) -> pd.Series:
    match kind:
        case "any":
            return pd.Series([json.loads(text) for text in values], dtype=object)
        case "text":
            return values.astype(object).where(values.notna(), None)
        case "time":
            return values.astype(TIME)
        case _:
            return values
