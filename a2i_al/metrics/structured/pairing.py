"""A model's answers and people's in, by item; those that can be compared, read and side by side, out."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import pandas as pd

from a2i_al.errors import ComparisonWarning, InvalidInput
from a2i_al.labels.structured.deciding import Unreadable

Content = TypeVar("Content")


@dataclass(frozen=True)
class Pair(Generic[Content]):
    """One item as the model and as people see it."""

    item_id: str
    predicted: Content
    actual: Content


def paired(predicted: Any, actual: Any, read: Callable[[Any], Content]) -> list[Pair[Content]]:
    """Bring predictions and labels together.

    Parameters
    ----------
    predicted, actual : Series, mapping, or sequence
        Item id → answer, as a Series by its index; two sequences go by position. The labels are for instance
        ``labels.set_index("item_id")["value"]``. Missing ones (None, NaN) are no answers: such items are left out.
    read : callable
        An answer → its content; raises `Unreadable`.

    Returns
    -------
    list of Pair
        In the order of the labels.

    Raises
    ------
    InvalidInput
        If ids repeat, sequences differ in length, nothing can be compared, or an answer cannot be read.

    Warns
    -----
    ComparisonWarning
        If labelled items have no prediction.

    Examples
    --------
    >>> paired({"i": "a", "j": "b"}, {"i": "A", "j": None}, str)
    [Pair(item_id='i', predicted='a', actual='A')]
    """
    ours, theirs = _by_item(predicted, "predicted"), _by_item(actual, "actual")
    if isinstance(predicted, Sequence) and isinstance(actual, Sequence) and len(predicted) != len(actual):
        raise InvalidInput(f"there are {len(predicted)} predictions and {len(actual)} labels", expected="as many")
    labelled = [item for item, value in theirs.items() if not _missing(value)]
    common = [item for item in labelled if not _missing(ours.get(item))]
    if not common:
        raise InvalidInput(
            f"none of {len(labelled)} labelled items has a prediction; predictions are for {[*ours][:3]}",
            expected="the same item ids in both",
        )
    if len(common) < len(labelled):
        warnings.warn(
            f"{len(labelled) - len(common)} of {len(labelled)} labelled items have no prediction and are not compared",
            ComparisonWarning,
            stacklevel=3,  # who called the metric
        )
    return [Pair(str(item), _content(item, ours, "predicted", read), _content(item, theirs, "actual", read))
            for item in common]  # fmt: skip


def rates(matched: float, predicted: float, actual: float) -> dict[str, float]:
    """Return precision, recall and F1 from what matched, what was predicted and what there is; NaN of nothing.

    Examples
    --------
    >>> rates(2, 4, 2)
    {'precision': 0.5, 'recall': 1.0, 'f1': 0.6666666666666666}
    """
    total = predicted + actual
    return {
        "precision": matched / predicted if predicted else math.nan,
        "recall": matched / actual if actual else math.nan,
        "f1": 2 * matched / total if total else math.nan,
    }


def _by_item(values: Any, name: str) -> dict[Any, Any]:
    if isinstance(values, pd.Series):
        if not values.index.is_unique:
            raise InvalidInput(
                f"{name} has {values.index[values.index.duplicated()][0]!r} twice", expected="an answer per item"
            )
        return dict(zip(values.index, values.astype(object), strict=True))
    if isinstance(values, Mapping):
        return dict(values)
    if isinstance(values, str) or not hasattr(values, "__len__"):
        raise InvalidInput(
            f"{name} is a {type(values).__name__}", expected="a Series or a mapping of item id to answer"
        )
    return dict(enumerate(values))


def _missing(value: Any) -> bool:
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def _content(item: Any, values: Mapping[Any, Any], name: str, read: Callable[[Any], Content]) -> Content:
    try:
        return read(values[item])
    except Unreadable as reason:
        raise InvalidInput(f"{name} for item {item!r}: {reason}", expected="an answer as the page sends it") from None
