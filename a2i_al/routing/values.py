"""One value of a prediction, as rules read it: missing or not, as a number, as text."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from a2i_al.errors import InvalidInput

Prediction = Mapping[str, Any]

# By name: pandas is not loaded for the sake of one prediction.
_MISSING_TYPES = {"NAType", "NaTType"}
PROBA = "proba_"


def is_missing(value: Any) -> bool:
    """Say whether a value stands for none: None, NaN, or what pandas has for them.

    Examples
    --------
    >>> is_missing(None), is_missing(float("nan")), is_missing(0), is_missing("")
    (True, True, False, False)
    """
    return value is None or type(value).__name__ in _MISSING_TYPES or (isinstance(value, float) and math.isnan(value))


def value_of(prediction: Prediction, name: str) -> Any:
    """Return a value of a prediction.

    Raises
    ------
    InvalidInput
        If the prediction does not have it; a rule on a misspelt name would otherwise never fire.
    """
    if name not in prediction:
        raise absent(name, prediction)
    return prediction[name]


def absent(name: str, names: Any) -> InvalidInput:
    """Return the error for predictions that lack a value which a rule is about."""
    return InvalidInput(
        f"the predictions have no {name!r}; they have {', '.join(map(repr, list(names)[:20])) or 'nothing'}",
        expected="what the router's rules are about",
        fix="add it, as None where it is not known, or change the rule",
    )


def number_of(prediction: Prediction, name: str) -> float:
    """Return a value of a prediction as a number; NaN where it is missing.

    Raises
    ------
    InvalidInput
        If it is absent or no number.

    Examples
    --------
    >>> number_of({"amount": 12}, "amount"), number_of({"amount": None}, "amount")
    (12.0, nan)
    """
    return as_number(value_of(prediction, name), name)


def as_number(value: Any, name: str) -> float:
    """Return a value as a float, NaN where it is missing; an error that names it where it is no number."""
    if is_missing(value):
        return math.nan
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"{name!r} is {value!r}", expected="a number, or None") from error


def margin_of(prediction: Prediction) -> float:
    """Return the distance between the two highest class probabilities; NaN without two of them.

    Examples
    --------
    >>> margin_of({"proba_yes": 0.75, "proba_no": 0.25})
    0.5
    """
    chances = [number_of(prediction, name) for name in prediction if str(name).startswith(PROBA)]
    if len(chances) < 2 or any(map(math.isnan, chances)):  # noqa: PLR2004 - a margin is between two
        return math.nan
    second, first = sorted(chances)[-2:]
    return first - second
