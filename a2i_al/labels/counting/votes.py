"""The answers table in, one vote per worker and item out: what a worker last said, as text that can be compared."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from a2i_al.errors import InvalidInput, InvalidTable, UnknownLabel


def votes(answers: pd.DataFrame, field: str) -> pd.DataFrame:
    """Reduce checked answers to one vote per item and worker for one field of the form.

    A worker's several answers to an item count once, as the latest submitted; equal or missing times are settled by
    the loop's name, so the order of the rows never matters.

    Parameters
    ----------
    answers : DataFrame
        An answers table that `ANSWERS.check` gave.
    field : str
        Name of the form element.

    Returns
    -------
    DataFrame
        `item_id`, `worker_id`, `value` as answered and `vote`, its text; `vote` is missing where the worker left the
        field empty.

    Raises
    ------
    InvalidTable
        If an answer is about no item.
    InvalidInput
        If no answer has that field.

    Examples
    --------
    >>> from a2i_al.tables import ANSWERS
    >>> answers = ANSWERS.check(pd.DataFrame({"human_loop_name": ["l1", "l2"], "item_id": ["i", "i"],
    ...     "worker_id": ["w", "w"], "field": ["ok", "ok"], "value": [False, True],
    ...     "submitted_at": ["2026-11-01T10:00Z", "2026-11-02T10:00Z"]}))
    >>> votes(answers, "ok")["vote"].tolist()
    ['True']
    """
    if (answers["item_id"].isna() | (answers["item_id"] == "")).any():
        raise no_item()
    rows = answers[answers["field"] == field]
    if rows.empty:
        raise no_answer(answers, field)
    latest = rows.sort_values(["submitted_at", "human_loop_name"], na_position="first").drop_duplicates(
        ["item_id", "worker_id"], keep="last"
    )
    out = latest[["item_id", "worker_id", "value"]].reset_index(drop=True)
    return out.assign(vote=[as_text(value) for value in out["value"]])


def no_item() -> InvalidTable:
    """Return the error for answers that are about no item."""
    return InvalidTable("answers.item_id is missing in some rows", expected="the item that each answer is about")


def no_answer(answers: pd.DataFrame, field: str) -> InvalidInput:
    """Return the error for a field that nobody answered."""
    fields = ", ".join(map(repr, sorted(map(str, answers["field"].unique()))))
    return InvalidInput(f"no answer has the field {field!r}", expected=f"one of {fields}" if fields else "answers")


def as_text(value: Any) -> str | None:
    """Return an answer as text that equals another's when the answers are equal; None for an empty answer.

    Lists and dicts become JSON with sorted keys. An empty list is an answer: nothing on the page applies. What is no
    Unicode (half a surrogate pair) is escaped.

    Examples
    --------
    >>> as_text({"b": 1, "a": [True]}), as_text(3), as_text([]), as_text("  ")
    ('{"a": [true], "b": 1}', '3', '[]', None)
    """
    if isinstance(value, np.ndarray):  # what a list becomes on its way through Parquet
        value = value.tolist()
    if isinstance(value, (list, tuple, dict)):
        return unicode(json.dumps(value, sort_keys=True, ensure_ascii=False, default=str))
    if value is None or pd.isna(value):
        return None
    text = str(value)
    return unicode(text) if text.strip() else None


def unicode(text: str) -> str:
    r"""Return a text with halves of surrogate pairs escaped: neither Arrow nor a file can hold them.

    Examples
    --------
    >>> unicode("a" + chr(0xD800))
    'a\\ud800'
    """
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def check_offered(cast: pd.DataFrame, labels: Iterable[str]) -> None:
    """Refuse votes for labels that were not offered; of a list, as a multiple choice gives it, every element counts.

    Raises
    ------
    UnknownLabel
        Naming the first such vote in the order of items and workers.
    """
    offered = [str(label) for label in labels]
    known = set(offered)
    for row in cast.dropna(subset="vote").sort_values(["item_id", "worker_id"]).itertuples():
        chosen = (
            [as_text(element) for element in row.value]
            if isinstance(row.value, (list, tuple, np.ndarray))
            else [row.vote]
        )
        unknown = [label for label in chosen if label not in known]
        if unknown:
            raise UnknownLabel(
                f"worker {row.worker_id!r} answered {unknown[0]!r} for item {row.item_id!r}",
                expected=f"one of {', '.join(map(repr, offered))}",
                fix="add it to labels=, or leave labels= out to take every answer",
            )
