"""A predictions table in, the model's probability of every label of every item out, in the order of the ballots."""

from __future__ import annotations

import numpy as np
import pandas as pd

from a2i_al.errors import InvalidTable, UnknownLabel
from a2i_al.labels.counting.ballots import Ballots
from a2i_al.labels.counting.votes import as_text
from a2i_al.labels.models.beliefs import Shares
from a2i_al.sampling.probabilities import check_proba

_PROBA = "proba_"


def predicted_classes(predictions: pd.DataFrame) -> list[str]:
    """Return the labels that a predictions table speaks of.

    Raises
    ------
    InvalidTable
        If it is no predictions table, or of several model versions.

    Examples
    --------
    >>> predicted_classes(pd.DataFrame({"item_id": ["i"], "proba_no": [0.2], "proba_yes": [0.8]}))
    ['no', 'yes']
    """
    if not isinstance(predictions, pd.DataFrame) or "item_id" not in predictions.columns:
        raise InvalidTable(
            f"predictions is a {type(predictions).__name__} without 'item_id'",
            expected="the predictions table: item_id, and proba_<label> columns or predicted_label and confidence",
        )
    columns = [name for name in map(str, predictions.columns) if name.startswith(_PROBA)]
    if columns:
        return [name.removeprefix(_PROBA) for name in columns]
    if not {"predicted_label", "confidence"} <= set(predictions.columns):
        raise InvalidTable(
            "predictions have neither proba_<label> columns nor predicted_label and confidence",
            expected="one or the other",
            fix="use a2i_al.predictions_of(model, item_ids, model.predict_proba(features))",
        )
    return sorted({str(as_text(label)) for label in predictions["predicted_label"].unique()})


def predicted_shares(predictions: pd.DataFrame, items: list[str], classes: list[str]) -> Shares:
    """Return the probabilities of items and classes, each row summing to 1: (n, k).

    Without ``proba_<label>`` columns, what the confidence leaves is spread evenly over the other labels.

    Raises
    ------
    InvalidTable
        If an item is not in the table, or more than once.
    InvalidProbabilities
        If a row is no distribution.

    Examples
    --------
    >>> table = pd.DataFrame({"item_id": ["i", "j"], "predicted_label": ["no", "yes"], "confidence": [0.8, 0.6]})
    >>> predicted_shares(table, ["j"], ["no", "yes"]).round(2).tolist()
    [[0.4, 0.6]]
    """
    ids = pd.Index(predictions["item_id"].map(str))
    if not ids.is_unique:
        raise InvalidTable(
            f"predictions have item {ids[ids.duplicated()][0]!r} more than once",
            expected="one row per item",
            fix="keep one model_version",
        )
    at = ids.get_indexer(items)
    if (at < 0).any():
        absent = items[int((at < 0).argmax())]
        raise InvalidTable(
            f"{int((at < 0).sum())} of {len(items)} items have no prediction, first {absent!r}",
            expected="a prediction for every item that has answers",
        )
    rows = predictions.iloc[at]
    if any(str(name).startswith(_PROBA) for name in predictions.columns):
        given = np.zeros((len(rows), len(classes)))
        for place, name in enumerate(classes):
            if f"{_PROBA}{name}" in rows.columns:
                given[:, place] = rows[f"{_PROBA}{name}"]
        return np.asarray(check_proba(given), dtype=np.float64)
    sure = rows["confidence"].to_numpy(dtype=np.float64)
    best = pd.Index(classes).get_indexer(rows["predicted_label"].map(as_text))
    shares = np.repeat(((1 - sure) / max(len(classes) - 1, 1))[:, None], len(classes), axis=1)
    shares[np.arange(len(rows)), best] = sure
    return np.asarray(check_proba(shares), dtype=np.float64)


def check_columns(predictions: pd.DataFrame, cast: Ballots) -> None:
    """Refuse votes for labels that a model with a column per label does not know.

    Raises
    ------
    UnknownLabel
        Naming the first.
    """
    known = predicted_classes(predictions)
    strange = [name for name in cast.class_names if name not in known]
    if strange and any(str(name).startswith(_PROBA) for name in predictions.columns):
        raise UnknownLabel(
            f"an answer is {strange[0]!r}, and the predictions have no column {_PROBA + strange[0]!r}",
            expected=f"one of {', '.join(map(repr, known))}",
            fix="add the column, with zeros if the model does not know the label",
        )
