"""A predictions table comes in; what the model said of the items that are asked about goes out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from a2i_al.errors import InvalidTable, UnknownLabel
from a2i_al.tables import PREDICTIONS


def said_of(
    predictions: pd.DataFrame | None, labels: Sequence[str] | None, wanted: set[str]
) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return what the model said of the wanted items: item_id to its version and its prediction.

    Raises
    ------
    InvalidTable
        If the predictions are of several versions.
    UnknownLabel
        If one of them is none of ``labels``.

    Examples
    --------
    >>> table = pd.DataFrame({"item_id": ["1"], "predicted_label": ["spam"], "model_version": ["m"]})
    >>> said_of(table, ["spam", "ham"], {"1"})
    {'1': ('m', {'label': 'spam', 'confidence': nan})}
    """
    if predictions is None:
        return {}
    table = PREDICTIONS.check(predictions)
    table = table[table["item_id"].isin(wanted)]
    versions = sorted(set(table["model_version"]))
    if len(versions) > 1:
        raise InvalidTable(
            f"predictions are of several model versions: {', '.join(versions[:5])}",
            expected="one, whose uncertainty chose the picks",
            fix="filter predictions by model_version",
        )
    if labels is not None:
        odd = table.loc[~table["predicted_label"].isin(list(labels))]
        if len(odd):
            first = odd.iloc[0]
            raise UnknownLabel(
                f"item {first['item_id']!r} is predicted as {first['predicted_label']!r}",
                expected="one of " + ", ".join(map(repr, labels)),
                fix="map the model's classes to the labels of the task page",
            )
    return {
        row.item_id: (row.model_version, {"label": row.predicted_label, "confidence": row.confidence})
        for row in table.itertuples()
    }
