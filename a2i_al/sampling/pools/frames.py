"""A DataFrame in, its items' probabilities and their ids out: a matrix with a column per class, or a table."""

from __future__ import annotations

from typing import Any

import pandas as pd

from a2i_al.errors import InvalidTable

_PROBA = "proba_"


def proba_and_ids(frame: pd.DataFrame) -> tuple[pd.DataFrame, Any]:
    """Return the probabilities, a column named for each class, and the ids: the column ``item_id``, or the index.

    Parameters
    ----------
    frame : DataFrame of N rows
        A predictions table, of which the columns ``proba_<label>`` count and all others do not; or nothing but a column
        of numbers per class, and ``item_id`` if it likes.

    Returns
    -------
    tuple of DataFrame of shape (N, k), and Series or Index of N ids

    Raises
    ------
    InvalidTable
        If it is neither: a column is text and none is called ``proba_<label>``.

    Examples
    --------
    >>> table = pd.DataFrame({"item_id": ["a"], "confidence": [0.9], "proba_no": [0.9], "proba_yes": [0.1]})
    >>> proba, ids = proba_and_ids(table)
    >>> list(proba), list(ids)
    (['no', 'yes'], ['a'])
    """
    has_ids = "item_id" in frame.columns
    ids = frame["item_id"] if has_ids else frame.index
    named = [name for name in frame.columns if isinstance(name, str) and name.startswith(_PROBA)]
    if named:
        # A shallow copy: what is large is not written twice.
        proba = frame.copy(deep=False) if len(named) == frame.shape[1] else frame[named]
        proba.columns = pd.Index([name.removeprefix(_PROBA) for name in named])
        return proba, ids
    if has_ids:
        _require_numbers(frame := frame.drop(columns="item_id"))
    return frame, ids


def _require_numbers(frame: pd.DataFrame) -> None:
    if all(pd.api.types.is_numeric_dtype(kind) for kind in frame.dtypes):
        return
    raise InvalidTable(
        f"the table has no columns proba_<label>; beside item_id it has {', '.join(map(repr, frame.columns))}",
        expected="item_id and columns proba_<label>, or item_id and a column of numbers per class",
        fix="add the model's probabilities, as in the predictions table of a2i_al.tables",
    )
