"""One value of a prediction, as rules read it: missing or not, as a number, as a probability, as a label's text."""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

from a2i_al.errors import InvalidInput

Prediction = Mapping[str, Any]

# By name: neither pandas nor numpy is loaded for the sake of one prediction.
_MISSING_TYPES = {"NAType", "NaTType"}
_MOMENT_TYPES = {"datetime64", "timedelta64"}
_TRUTH_TYPES = {"bool", "bool_"}
PROBA = "proba_"
# A probability that was rounded to 32 bits may be this far outside.
TOLERANCE = 1e-6


def is_missing(value: Any) -> bool:
    """Say whether a value stands for none: None, NaN of any kind of number, or what pandas and numpy have for them.

    Examples
    --------
    >>> is_missing(None), is_missing(float("nan")), is_missing(0), is_missing("")
    (True, True, False, False)
    """
    if value is None or type(value).__name__ in _MISSING_TYPES:
        return True
    # Only what stands for none differs from itself; an array, which is several values, says so for each of them.
    differs = value != value  # noqa: PLR0124
    return type(differs).__name__ in _TRUTH_TYPES and bool(differs)


def native(value: Any) -> Any:
    """Return a number, such as one of numpy's, as Python's own, which JSON has; anything else as it is.

    Examples
    --------
    >>> from fractions import Fraction
    >>> native(Fraction(1, 2)), native("CH")
    (0.5, 'CH')
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        return value
    return int(value) if isinstance(value, Integral) else float(value)


def same(one: Any, other: Any) -> bool:
    """Say whether two values are equal, numbers as 64 bits tell them; several values are equal to no single one.

    Examples
    --------
    >>> same(1, 1.0), same("1", 1), same([1], 1)
    (True, False, False)
    """
    equal = native(one) == native(other)
    return type(equal).__name__ in _TRUTH_TYPES and bool(equal)


def label_text(label: Any) -> str:
    """Return a label as text: whole numbers without ``.0``, which they have only where a column of them lacks one.

    Examples
    --------
    >>> label_text("cancel"), label_text(1), label_text(1.0), label_text(1.5)
    ('cancel', '1', '1', '1.5')
    """
    label = native(label)
    return str(int(label)) if isinstance(label, float) and label.is_integer() else str(label)


def has_label(value: Any, label: str) -> bool:
    """Say whether a value is a label, given as text; a missing one is none.

    Examples
    --------
    >>> has_label(1.0, "1"), has_label(None, "None")
    (True, False)
    """
    return not is_missing(value) and label_text(value) == label


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
        if type(value).__name__ not in _MOMENT_TYPES:  # of which numpy makes numbers, in whatever unit they are
            return float(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise _no_number(value, name) from error
    raise _no_number(value, name)


def _no_number(value: Any, name: str) -> InvalidInput:
    return InvalidInput(f"{name!r} is {value!r:.100}", expected="a number, or None")


def probability_of(prediction: Prediction, name: str) -> float:
    """Return a value of a prediction as a probability; NaN where it is missing.

    Raises
    ------
    InvalidInput
        If it is absent, no number, or further outside 0 to 1 than rounding explains: a confidence in per cent would
        be above every threshold, for ever and in silence.

    Examples
    --------
    >>> probability_of({"confidence": 1.0000001}, "confidence")
    1.0
    """
    number = number_of(prediction, name)
    if number < -TOLERANCE or number > 1 + TOLERANCE:
        raise no_probability(name, number)
    return number if math.isnan(number) else min(max(number, 0.0), 1.0)


def no_probability(name: str, number: float) -> InvalidInput:
    """Return the error for a number that is no probability."""
    fix = "divide it by 100, if it is in per cent" if number > 1 else ""
    return InvalidInput(f"{name!r} is {number!r}", expected="a probability from 0 to 1, or None", fix=fix)


def margin_of(prediction: Prediction) -> float:
    """Return the distance between the two highest class probabilities; NaN without two of them.

    Examples
    --------
    >>> margin_of({"proba_yes": 0.75, "proba_no": 0.25})
    0.5
    """
    chances = [probability_of(prediction, name) for name in prediction if str(name).startswith(PROBA)]
    if len(chances) < 2 or any(map(math.isnan, chances)):  # noqa: PLR2004 - a margin is between two
        return math.nan
    second, first = sorted(chances)[-2:]
    return first - second
