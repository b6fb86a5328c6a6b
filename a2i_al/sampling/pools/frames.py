"""DataFrames in, what they say of their items and the items' ids out: of probabilities, and of features."""

from __future__ import annotations

from typing import Any

import pandas as pd

from a2i_al.errors import InvalidInput, InvalidTable

_PROBA = "proba_"
_ID = "item_id"


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
    has_ids = _ID in frame.columns
    ids = frame[_ID] if has_ids else frame.index
    named = [name for name in frame.columns if isinstance(name, str) and name.startswith(_PROBA)]
    if named:
        # A shallow copy: what is large is not written twice.
        proba = frame.copy(deep=False) if len(named) == frame.shape[1] else frame[named]
        proba.columns = pd.Index([name.removeprefix(_PROBA) for name in named])
        return proba, ids
    if has_ids:
        _require_numbers(frame := frame.drop(columns=_ID))
    return frame, ids


def features_and_ids(features: Any, known_to_model: Any = ()) -> tuple[Any, Any]:
    """Return features without their ids, and the ids: the column ``item_id`` of a frame, or the index; None of others.

    Parameters
    ----------
    features : DataFrame, Series or anything else
        One row per item.
    known_to_model : collection of str
        What an estimator was fitted with: if ``item_id`` is one of them, it stays.

    Examples
    --------
    >>> vectors, ids = features_and_ids(pd.DataFrame({"item_id": ["a", "b"], "x": [0.5, 0.1]}))
    >>> list(vectors), list(ids)
    (['x'], ['a', 'b'])
    """
    of_pandas = isinstance(features, (pd.DataFrame, pd.Series))
    if _ID in getattr(features, "columns", ()) and hasattr(features, "drop"):
        ids = pd.Series(list(features[_ID]), dtype=object) if not of_pandas else features[_ID]
        # polars has no keyword for it.
        rest = features.drop(columns=_ID) if of_pandas else features.drop(_ID)
        return features if _ID in known_to_model else rest, ids
    return features, features.index if of_pandas else None


def check_same_items(ids: Any, of_features: Any) -> None:
    """Refuse features whose items are others, or in another order, than those of the probabilities.

    Parameters
    ----------
    ids, of_features : sequence
        The columns ``item_id`` of both. Of another length is another matter.

    Raises
    ------
    InvalidInput
        If a row of one is about another item than the same row of the other.

    Examples
    --------
    >>> check_same_items(["a", 1], ["a", "1"])
    """
    for row, (one, other) in enumerate(zip(ids, of_features, strict=False)):
        if one != other and str(one) != str(other):
            raise InvalidInput(
                f"row {row} of the pool is item {str(one)!r}, row {row} of features item {str(other)!r}",
                expected="the same items in the same order",
                fix="features.set_index('item_id').loc[predictions['item_id']]",
            )


def in_order_of(features: Any, labelled: Any) -> Any:
    """Return the labelled items' features with the columns of the pool's, in their order, where both have names.

    Raises
    ------
    InvalidInput
        If one of them is absent, or there twice.

    Examples
    --------
    >>> pool = pd.DataFrame({"x": [1], "y": [2]})
    >>> in_order_of(pool, pd.DataFrame({"y": [4], "x": [3]})).to_numpy().tolist()
    [[3, 4]]
    """
    if not (isinstance(features, pd.DataFrame) and isinstance(labelled, pd.DataFrame)):
        return labelled
    # Columns that are but counted have no names.
    counted = any(isinstance(each.columns, pd.RangeIndex) for each in (features, labelled))
    if counted or list(features.columns) == list(labelled.columns):
        return labelled
    if set(features.columns) - set(labelled.columns) or not labelled.columns.is_unique:
        raise InvalidInput(
            f"labelled_features has the columns {_some(labelled.columns)}, features has {_some(features.columns)}",
            expected="the columns of features in both, in any order",
        )
    return labelled[features.columns]


def _some(names: pd.Index) -> str:
    return f"{', '.join(map(repr, names[:5]))}{', ...' if len(names) > 5 else ''}"  # noqa: PLR2004 - as many as are shown


def _require_numbers(frame: pd.DataFrame) -> None:
    if all(pd.api.types.is_numeric_dtype(kind) for kind in frame.dtypes):
        return
    raise InvalidTable(
        f"the table has no columns proba_<label>; beside item_id it has {', '.join(map(repr, frame.columns))}",
        expected="item_id and columns proba_<label>, or item_id and a column of numbers per class",
        fix="add the model's probabilities, as in the predictions table of a2i_al.tables",
    )
