"""Outputs that were read come in, one after the other; one table of all their answers and faults goes out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from operator import itemgetter
from typing import Any, Final

import pandas as pd

from a2i_al.errors import A2IError
from a2i_al.storage import Entry
from a2i_al.tables import TIME

# One row an answer; an output without answers, or that cannot be read, is one row without a field. Of a report, every
# line is an output; else the line is 0.
COLUMNS: Final = {
    "key": "text",
    "line": "int",
    "tag": "text",
    "reason": "text",
    "human_loop_name": "text",
    "item_id": "text",
    "worker_id": "text",
    "field": "text",
    "value": "any",
    "accepted_at": "time",
    "submitted_at": "time",
    "seconds": "float",
    "kind": "text",
    "model_version": "text",
    "round": "int",
}
_OF_OUTPUT: Final = 4  # columns that are the output's own, the others are the answer's
_values: Final = itemgetter(*list(COLUMNS)[_OF_OUTPUT:])
_NOTHING: Final = (*[None] * (len(COLUMNS) - _OF_OUTPUT - 1), 0)  # of an answer, but for the round
_SOME: Final = 512


def table_of(read: Iterable[tuple[Entry, int, list[dict[str, Any]] | A2IError]]) -> pd.DataFrame:
    """Return one table of outputs, each with its rows or with the reason why it has none.

    Columns are filled from the start: the rows, dicts of a dozen entries, are let go a few hundred at a time.

    Examples
    --------
    >>> table_of([(Entry("a/output.json", 2, "t"), 0, [])])["key"].tolist()
    ['a/output.json']
    """
    columns: list[list[Any]] = [[] for _ in COLUMNS]
    lines = _lines(read)
    while some := list(islice(lines, _SOME)):
        for values, more in zip(columns, zip(*some, strict=True), strict=True):
            values.extend(more)
    return pd.DataFrame({name: _column(values, COLUMNS[name]) for name, values in zip(COLUMNS, columns, strict=True)})


def _lines(read: Iterable[tuple[Entry, int, list[dict[str, Any]] | A2IError]]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows as tuples, in the order of the columns."""
    for found, line, result in read:
        if isinstance(result, A2IError):
            yield found.key, line, found.tag, str(result), *_NOTHING
        elif not result:
            yield found.key, line, found.tag, None, *_NOTHING
        else:
            for row in result:
                yield found.key, line, found.tag, None, *_values(row)


def joined(tables: Iterable[pd.DataFrame], order: Iterable[str]) -> pd.DataFrame:
    """Return several tables of `table_of` as one, in the order of the keys; other keys are left out.

    Examples
    --------
    >>> one, two = (table_of([(Entry(key, 2, "t"), 0, [])]) for key in "ab")
    >>> joined([one, two], ["b", "a"])["key"].tolist()
    ['b', 'a']
    """
    position = {key: number for number, key in enumerate(order)}
    table = pd.concat(list(tables), ignore_index=True)
    numbers = table["key"].map(position).dropna()
    return table.loc[numbers.sort_values(kind="stable").index].reset_index(drop=True)


def _column(values: list[Any], kind: str) -> pd.Series:
    match kind:
        case "time":
            return pd.Series(pd.to_datetime(values, utc=True)).astype(TIME)
        case "float":
            return pd.Series(values, dtype="float64")
        case "int":
            return pd.Series(values, dtype="int64")
        case _:  # as objects: whole numbers beside a missing answer would become floats
            return pd.Series(values, dtype=object)
