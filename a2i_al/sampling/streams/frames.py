"""pandas frames that come one after the other in, Arrow tables out: an index of ids becomes a column of them.

That is what it is for a pool in memory. A default index is none: rows are counted then.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from a2i_al.errors import InvalidTable


class Frames:
    """Frames of one source.

    Parameters
    ----------
    id_column : str
        The name of the column of ids: where a frame has none, its index becomes one.

    Examples
    --------
    >>> frames = Frames("item_id")
    >>> frames.table(pd.DataFrame({"x": [1]}, index=["a"]), 0, "chunk 0").column_names
    ['x', 'item_id']
    """

    def __init__(self, id_column: str) -> None:
        self._id_column = id_column
        self._by_index = False

    def table(self, frame: pd.DataFrame, first_row: int, where: str) -> pa.Table:
        """Return a frame as a table.

        Parameters
        ----------
        frame : DataFrame
        first_row : int
            How many rows came before it.
        where : str
            What a message calls it.

        Raises
        ------
        InvalidTable
            If a column holds values of several kinds.
        """
        try:
            # Columns may be named by labels that are no text: a classifier's classes.
            table = pa.Table.from_pandas(frame.rename(columns=str), preserve_index=False)
            if self._id_column in table.column_names or not len(frame):
                return table
            # Once one frame has ids there, the others have them there too, also those whose index looks like a count.
            self._by_index = self._by_index or not _is_count(frame.index, first_row)
            return table.append_column(self._id_column, _ids(frame.index)) if self._by_index else table
        except (pa.ArrowException, TypeError, ValueError) as error:
            raise InvalidTable(f"{where}: {error}", expected="columns of one kind each") from error


def _is_count(index: pd.Index, first_row: int) -> bool:
    """Whether it says no more than the number of the row, in the frame or in the source."""
    return isinstance(index, pd.RangeIndex) and index.step == 1 and index.start in (0, first_row)


def _ids(index: pd.Index) -> pa.Array:
    if isinstance(index.dtype, np.dtype) and index.dtype.kind in "iu":
        return pa.array(index.to_numpy())
    missing = [False] * len(index) if isinstance(index, pd.MultiIndex) else index.isna().tolist()
    return pa.array([None if gone else str(each) for each, gone in zip(index, missing, strict=True)], pa.large_string())
