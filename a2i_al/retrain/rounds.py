"""What a round of a cycle comes to: labels for every item that was asked about, and the row of the rounds table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.labels import consolidate
from a2i_al.metrics import compare, wilson
from a2i_al.retrain.trainer import Model
from a2i_al.tables import LABELS


def round_labels(answers: pd.DataFrame, picks: pd.DataFrame, field: str, reviewers: int) -> pd.DataFrame:
    """Consolidate a round's answers; an item that nobody answered is a row with the status ``incomplete``.

    Parameters
    ----------
    answers, picks : DataFrame
        An answers table, possibly empty, and the round's picks.
    field : str
        The form field that holds the label.
    reviewers : int
        Answers that were asked for per item.

    Returns
    -------
    DataFrame
        A labels table with a row per pick.
    """
    answered = bool((answers["field"] == field).any())
    labels = consolidate(answers, field, reviewers=reviewers) if answered else LABELS.empty()
    silent = picks.loc[~picks["item_id"].isin(labels["item_id"]), "item_id"]
    nobody = [{"item_id": i, "label": None, "status": "incomplete", "method": "majority"} for i in silent]
    tables = [table for table in (labels, LABELS.from_rows(nobody)) if len(table)]
    return LABELS.check(pd.concat(tables)).sort_values("item_id", ignore_index=True)


def round_row(
    number: int,
    picks: pd.DataFrame,
    predictions: pd.DataFrame,
    labels: pd.DataFrame,
    *,
    model: Model,
    test: tuple[Any, Any] | None,
) -> dict[str, Any]:
    """Return the round's row: what was bought, how good the retrained model is, and how far model and people differed.

    Parameters
    ----------
    picks, predictions : DataFrame
        Of this round.
    labels : DataFrame
        Of all rounds so far, this one included.
    model : Model
        Trained on those labels.
    test : tuple of (features, labels), optional
        Held-out set.
    """
    mine = labels[labels["item_id"].isin(picks["item_id"])]
    agreed = mine["status"] == "agreed"
    row = {
        "round": number,
        "labels_bought": len(labels),
        "not_agreed": int((~agreed).sum()),
        "agreement": float(mine["agreement"].mean()),
        "model_version": model.version,
    }
    if agreed.any():
        all_reviewed = compare(predictions, mine, picks).disagreement().iloc[0]
        row |= {
            "disagreement": all_reviewed["rate"],
            "disagreement_low": all_reviewed["low"],
            "disagreement_high": all_reviewed["high"],
        }
    return row | accuracy_of(model, test)


def held_out(test: tuple[Any, Any] | None) -> tuple[np.ndarray, np.ndarray] | None:
    """Return a held-out set, checked.

    Raises
    ------
    InvalidInput
        If it is not features and labels, as many of each.

    Examples
    --------
    >>> held_out(([[0.1], [0.9]], ["no", "yes"]))[1].tolist()
    ['no', 'yes']
    """
    if test is None:
        return None
    if not isinstance(test, (tuple, list)) or len(test) != 2:  # noqa: PLR2004 - features and labels
        raise InvalidInput(f"test is {arguments.told(test)}", expected="(features, labels) of held-out items, or None")
    features, labels = np.asarray(test[0]), np.asarray(test[1], dtype=str)
    if not (features.ndim and labels.ndim == 1 and len(features) == len(labels) > 0):
        raise InvalidInput(
            f"test has features of shape {features.shape} and labels of shape {labels.shape}",
            expected="as many of each, and one at least",
        )
    return features, labels


def accuracy_of(model: Model, test: tuple[Any, Any] | None) -> dict[str, float]:
    """Return ``accuracy`` on a held-out set with its 95 % Wilson interval, ``accuracy_low`` and ``accuracy_high``."""
    if test is None:
        return {"accuracy": float("nan"), "accuracy_low": float("nan"), "accuracy_high": float("nan")}
    features, truth = test[0], np.asarray(test[1], dtype=str)
    predicted = np.asarray(model.classes)[model.predict_proba(features).argmax(axis=1)]
    right = int((predicted == truth).sum())
    low, high = wilson(right, len(truth))
    return {"accuracy": right / len(truth), "accuracy_low": low, "accuracy_high": high}
