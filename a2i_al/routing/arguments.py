"""What a router is given, checked: settings, a saved state, an item's id."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral
from typing import Any

from a2i_al.arguments import told
from a2i_al.errors import InvalidInput
from a2i_al.routing.values import Prediction, is_missing

VERSION = 1


def settings_of(budget_per_day: Any, score: Any, random_state: Any) -> tuple[int | None, str, int]:
    """Return settings as Python's own values, which JSON has.

    Raises
    ------
    InvalidInput
        Naming the one that is not of its kind.

    Examples
    --------
    >>> settings_of(5, "least_confidence", 0)
    (5, 'least_confidence', 0)
    """
    budget = None if budget_per_day is None else _whole(budget_per_day)
    if budget_per_day is not None and (budget is None or budget < 0):
        raise InvalidInput(f"budget_per_day is {told(budget_per_day)}", expected="a whole number from 0, or None")
    if not isinstance(score, str):
        raise InvalidInput(f"score is {score!r}", expected="'least_confidence', 'margin' or the name of a column")
    seed = _whole(random_state)
    if seed is None:
        raise InvalidInput(f"random_state is {told(random_state)}", expected="a whole number")
    return budget, score, seed


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
        raise no_state(state)
    budget = state.get("budget")
    if budget is not None and not isinstance(budget, Mapping):
        raise no_state(state)
    return None if budget is None else dict(budget)


def no_state(state: Any) -> InvalidInput:
    """Return the error for what is no router's state."""
    return InvalidInput(f"the state is {str(state)[:200]!r}", expected="what Router.state() gave")


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


def _whole(value: Any) -> int | None:
    return None if isinstance(value, bool) or not isinstance(value, Integral) else int(value)
