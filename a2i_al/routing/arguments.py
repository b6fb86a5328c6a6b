"""What a router is given, checked: settings, a saved state, an item's id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from a2i_al.arguments import told
from a2i_al.errors import InvalidInput
from a2i_al.routing.values import Prediction, is_missing

VERSION = 1


def check_settings(budget_per_day: Any, score: Any, random_state: Any) -> None:
    """Refuse settings that are not of their kind.

    Raises
    ------
    InvalidInput
        Naming the one.

    Examples
    --------
    >>> check_settings(None, "least_confidence", 0)
    """
    if budget_per_day is not None and not (_is_whole(budget_per_day) and budget_per_day >= 0):
        raise InvalidInput(f"budget_per_day is {budget_per_day!r}", expected="a whole number from 0, or None")
    if not isinstance(score, str):
        raise InvalidInput(f"score is {score!r}", expected="'least_confidence', 'margin' or the name of a column")
    if not _is_whole(random_state):
        raise InvalidInput(f"random_state is {random_state!r}", expected="a whole number")


def budget_of(state: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return the budget's part of a router's state.

    Raises
    ------
    InvalidInput
        If it is no state, or that of another version.

    Examples
    --------
    >>> budget_of({"version": 1, "budget": None})
    """
    if state is None:
        return None
    if not isinstance(state, Mapping) or state.get("version") != VERSION:
        raise InvalidInput(f"the state is {str(state)[:200]!r}", expected="what Router.state() gave")
    return state.get("budget")


def item_id_of(prediction: Prediction, item_id: str | int | None) -> str:
    """Return the item's id as text: the one given, or the prediction's own.

    Raises
    ------
    InvalidInput
        If there is neither, or the prediction is no mapping.

    Examples
    --------
    >>> item_id_of({"item_id": 7}, None), item_id_of({}, "a")
    ('7', 'a')
    """
    if not isinstance(prediction, Mapping):
        raise InvalidInput(f"a prediction is a {type(prediction).__name__}", expected="a mapping of names to values")
    found = prediction.get("item_id") if item_id is None else item_id
    if is_missing(found) or (isinstance(found, str) and not found):
        raise InvalidInput(
            "a prediction has no item_id", expected="an id: sampling and the human loop's name go by it", fix="item_id="
        )
    # Numbers of any kind, and UUIDs; what stands for several items, or for no value, is none.
    if not isinstance(found, str) and (hasattr(found, "__len__") or not hasattr(found, "__int__")):
        raise InvalidInput(f"item_id is {told(found)}", expected="a text or a number")
    return str(found)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
