"""Rules on values: large amounts, risky countries, words that must not pass unseen, values that are missing."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from a2i_al.arguments import one_of, text, told
from a2i_al.errors import InvalidInput
from a2i_al.routing.rule import Rule
from a2i_al.routing.values import Prediction, as_number, is_missing, native, same, value_of

if TYPE_CHECKING:
    from a2i_al.routing.table import PredictionTable, Verdicts

_ORDER: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_SAME = ("==", "!=")
_SETS = ("in", "not in")
_ALONE = ("missing", "present")
# Of these what is equal has one hash.
_HASHED = {str, int, float, bool}
OPERATORS = (*_ORDER, *_SAME, *_SETS, "matches", *_ALONE)


@dataclass(frozen=True)
class Column(Rule):
    r"""Asks for a review by a value of the prediction, whatever the model's confidence.

    Parameters
    ----------
    column : str
        Name of the value.
    op : str
        ``<  <=  >  >=  ==  !=``, ``in`` or ``not in`` a list, ``matches`` a regular expression anywhere in the text,
        ``missing`` or ``present``.
    value : number, str, list or tuple, optional
        What to compare with: a number, or text for text.

    Raises
    ------
    InvalidInput
        If the operator is unknown or the value does not suit it; when judging, if a prediction does not have the
        column (`missing` and `present` aside), or it cannot be compared.

    Notes
    -----
    A missing value is neither below nor above nor matching anything; it is ``!=`` everything and ``not in`` any list,
    as in Python and pandas. Numbers are compared as 64-bit ones: what has 32 bits of 0.1 is a little above 0.1. Several
    values, as an array or a list is, are equal to none.

    Examples
    --------
    >>> Column("amount", ">", 1000).holds({"amount": 1200})
    True
    >>> Column("country", "not in", ["CH", "DE"]).holds({"country": None})
    True
    >>> Column("text", "matches", r"(?i)\blawyer\b").holds({"text": "My Lawyer will call"})
    True
    """

    column: str
    op: str
    value: Any = None

    def __post_init__(self) -> None:
        text("column", self.column)
        one_of("op", self.op, OPERATORS)
        if self.op in _SETS:
            if not isinstance(self.value, (list, tuple, set, frozenset)):
                raise InvalidInput(f"value is {told(self.value)}, for {self.op!r}", expected="a list of values")
            ordered = sorted(self.value, key=repr) if isinstance(self.value, (set, frozenset)) else self.value
            object.__setattr__(self, "value", tuple(map(native, ordered)))
        elif self.op in _ALONE:
            if self.value is not None:
                raise InvalidInput(f"value is {told(self.value)}, for {self.op!r}", expected="no value")
        elif self.op == "matches":
            _pattern(self.value)
        else:
            value = native(self.value)
            if not isinstance(value, (str, int, float)) or is_missing(value):
                raise InvalidInput(f"value is {told(self.value)}, for {self.op!r}", expected="a number or text")
            if _is_number(value):
                as_number(value, "value")  # a whole number without end is none
            object.__setattr__(self, "value", value)

    @property
    def reason(self) -> str:
        """The comparison in words."""
        if self.op in _ALONE:
            return f"{self.column} {self.op}"
        shown = list(self.value) if isinstance(self.value, tuple) else self.value
        return f"{self.column} {self.op} {shown!r}"

    def holds(self, prediction: Prediction) -> bool:
        """Say whether the value compares as the rule says."""
        if self.op in _ALONE:
            return is_missing(prediction.get(self.column)) == (self.op == "missing")
        return self._compares(value_of(prediction, self.column))

    def judge_table(self, table: PredictionTable) -> Verdicts:
        """Judge every row of a table: numbers all at once, anything else once per distinct value."""
        if self.op in _ALONE:
            return table.certain(table.missing(self.column) == (self.op == "missing"))
        if self.op in _ORDER and _is_number(self.value):
            return table.certain(_ORDER[self.op](table.numbers(self.column), self._limit))
        if self.op in _SAME and _is_number(self.value) and table.is_floating(self.column):
            equal = table.numbers(self.column) == self.value
            return table.certain(equal if self.op == "==" else ~equal)
        return table.certain(table.by_value(self.column, self._compares, bool))

    def _compares(self, value: Any) -> bool:
        if is_missing(value):
            return self.op in ("!=", "not in")
        if self.op in _ORDER:
            limit = self._limit if _is_number(self.value) else self.value
            return bool(_ORDER[self.op](self._like_mine(value), limit))
        if self.op in _SAME:
            return same(value, self.value) == (self.op == "==")
        if self.op in _SETS:
            return self._is_in(value) == (self.op == "in")
        return _pattern(self.value).search(str(native(value))) is not None

    def _is_in(self, value: Any) -> bool:
        value = native(value)
        if type(value) in _HASHED and self._set is not None:
            return value in self._set
        return any(same(value, each) for each in self.value)

    @cached_property
    def _set(self) -> frozenset[Any] | None:
        # None where some are of other types, such as an enumeration's: equal to a text, with another hash.
        return frozenset(self.value) if all(type(each) in _HASHED for each in self.value) else None

    @property
    def _limit(self) -> float:
        return as_number(self.value, "value")

    def _like_mine(self, value: Any) -> Any:
        if _is_number(self.value):
            return as_number(value, self.column)
        if not isinstance(value, str):
            raise InvalidInput(f"{self.column!r} is {value!r}", expected=f"text, to compare with {self.value!r}")
        return value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float))


def _pattern(text: Any) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except (re.error, TypeError) as error:
        raise InvalidInput(f"{text!r} is no regular expression: {error}") from error
