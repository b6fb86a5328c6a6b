"""Rules made of rules: all of them must ask for a review, or any one is enough."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any, ClassVar

from a2i_al.errors import InvalidInput
from a2i_al.routing.rule import Rule, Salts
from a2i_al.routing.values import Prediction
from a2i_al.routing.verdict import Verdict

if TYPE_CHECKING:
    from a2i_al.routing.table import PredictionTable, Verdicts


@dataclass(frozen=True, init=False, repr=False)
class _Joined(Rule):
    rules: tuple[Rule, ...]
    sign: ClassVar[str] = ""
    word: ClassVar[str] = ""

    def __init__(self, *rules: Rule) -> None:
        for rule in rules:
            if not isinstance(rule, Rule):
                raise InvalidInput(f"{type(self).__name__} joins {rule!r}", expected="rules")
            # Lists of ids are above all other rules, so never a part of one.
            if rule.alone:
                raise InvalidInput(f"{rule!r} is part of an {type(self).__name__}", fix="put it into the router's list")
        if not rules:
            raise InvalidInput(f"{type(self).__name__} has no rules", expected="at least one")
        object.__setattr__(self, "rules", rules)

    def __repr__(self) -> str:
        return f"({self.sign.join(map(repr, self.rules))})"

    @property
    def reason(self) -> str:
        if len(self.rules) == 1:
            return self.rules[0].reason
        return self.word.join(map(_part, self.rules))

    def salted(self, salts: Salts) -> Rule:
        return type(self)(*(rule.salted(salts) for rule in self.rules))

    def to_dict(self) -> dict[str, Any]:
        return {"rule": type(self).__name__, "rules": [rule.to_dict() for rule in self.rules]}

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> Rule:
        """Return the rules joined again."""
        return cls(*map(Rule.from_dict, values["rules"]))


def _part(rule: Rule) -> str:
    # What joins words itself, be it a rule of rules or "or missing", would read as joined with its neighbours.
    return f"({rule.reason})" if " and " in rule.reason or " or " in rule.reason else rule.reason


@dataclass(frozen=True, init=False, repr=False)
class And(_Joined):
    """Asks for a review if all of its rules do: ``rule & other``.

    With a `Percentage` in it, it samples from what the others choose.

    Parameters
    ----------
    *rules : Rule
        Any but `Always` and `Never`.

    Examples
    --------
    >>> from a2i_al.routing import Column, Confidence
    >>> rule = Confidence(below=0.9) & Column("amount", ">", 1000)
    >>> rule.judge({"confidence": 0.8, "amount": 2000}, "1").fired, rule.reason
    (True, '(confidence below 0.9 or missing) and amount > 1000')
    """

    sign: ClassVar[str] = " & "
    word: ClassVar[str] = " and "

    @property
    def certain(self) -> bool:
        """Only if none of them draws."""
        return all(rule.certain for rule in self.rules)

    def judge(self, prediction: Prediction, item_id: str) -> Verdict:
        """Judge one prediction; the chance is the product of the rules' chances."""
        said = [rule.judge(prediction, item_id) for rule in self.rules]
        return Verdict(all(v.fired for v in said), float(prod(v.probability for v in said)))

    def judge_table(self, table: PredictionTable) -> Verdicts:
        """Judge every row of a table."""
        return table.all_of([rule.judge_table(table) for rule in self.rules])


@dataclass(frozen=True, init=False, repr=False)
class Or(_Joined):
    """Asks for a review if any of its rules does: ``rule | other``.

    Parameters
    ----------
    *rules : Rule
        Any but `Always` and `Never`.

    Examples
    --------
    >>> from a2i_al.routing import Column, Percentage
    >>> rule = Percentage(5) | Column("amount", ">", 1000)
    >>> rule.judge({"amount": 10}, "1").probability
    0.05
    """

    sign: ClassVar[str] = " | "
    word: ClassVar[str] = " or "

    @property
    def certain(self) -> bool:
        """If one of them does not draw."""
        return any(rule.certain for rule in self.rules)

    def judge(self, prediction: Prediction, item_id: str) -> Verdict:
        """Judge one prediction; the chance is that of at least one rule firing."""
        said = [rule.judge(prediction, item_id) for rule in self.rules]
        return Verdict(any(v.fired for v in said), at_least_one(v.probability for v in said))

    def judge_table(self, table: PredictionTable) -> Verdicts:
        """Judge every row of a table."""
        return table.any_of([rule.judge_table(table) for rule in self.rules])


def at_least_one(chances: Iterable[float]) -> float:
    """Return the chance that at least one of independent draws comes up.

    Examples
    --------
    >>> at_least_one([0.5, 0.5]), at_least_one([0.05]), at_least_one([])
    (0.75, 0.05, 0.0)
    """
    above = [chance for chance in chances if chance > 0]
    # A single chance stays as it was written: 1 - (1 - 0.05) is not quite 0.05.
    return float(above[0]) if len(above) == 1 else float(1 - prod(1 - chance for chance in above))
