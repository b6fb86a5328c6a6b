"""Outputs that were read come in, one after the other; one table of all their answers and faults goes out."""

from __future__ import annotations

from collections.abc import Iterable
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


def table_of(read: Iterable[tuple[Entry, int, list[dict[str, Any]] | A2IError]]) -> pd.DataFrame:
    """Return one table of outputs, each with its rows or with the reason why it has none.

    Columns are filled from the start: the rows, dicts of a dozen entries, are let go one output after the other.

    Examples
    --------
    >>> table_of([(Entry("a/output.json", 2, "t"), 0, [])])["key"].tolist()
    ['a/output.json']
    """
    columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    for found, line, result in read:
        reason, rows = (str(result), []) if isinstance(result, A2IError) else (None, result)
        own = {"key": found.key, "line": line, "tag": found.tag, "reason": reason}
        for row in rows or [{"round": 0}]:
            for name, values in columns.items():
                values.append(own[name] if name in own else row.get(name))
    return pd.DataFrame({name: _column(values, COLUMNS[name]) for name, values in columns.items()})


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
