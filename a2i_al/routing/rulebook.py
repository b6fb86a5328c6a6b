"""A router's rules in the order of their power: one prediction in, what they say of it out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from a2i_al.arguments import told
from a2i_al.errors import InvalidInput
from a2i_al.routing.activation import ActivationConditions
from a2i_al.routing.joined import Or, at_least_one
from a2i_al.routing.lists import Always, Never
from a2i_al.routing.percentage import seed_of
from a2i_al.routing.rule import Rule, Salts
from a2i_al.routing.values import Prediction


@dataclass(frozen=True)
class Judged:
    """What all rules together say of one prediction.

    Parameters
    ----------
    listed : Rule or None
        The list that the item is on; no other rule counts then.
    always : bool
        Whether that is an always list.
    candidate : bool
        Whether a rule without a draw asks for a review.
    drawn : bool
        Whether a rule with a draw does.
    chance : float
        The chance that one with a draw did.
    sure, sampled : tuple of str
        The reasons of the rules without and with a draw that ask.

    Examples
    --------
    >>> Judged().candidate
    False
    """

    listed: Rule | None = None
    always: bool = False
    candidate: bool = False
    drawn: bool = False
    chance: float = 0.0
    sure: tuple[str, ...] = ()
    sampled: tuple[str, ...] = ()


class Rulebook:
    """The rules of a router, their draws made independent of each other.

    Parameters
    ----------
    rules : iterable of Rule
        Any one is enough.
    random_state : int
        Which samples the draws give.
    everything : bool, default False
        Whether every prediction is a candidate if no rule names any.

    Raises
    ------
    InvalidInput
        If one is no rule.

    Examples
    --------
    >>> Rulebook([Never(["7"])], random_state=0).judge({}, "7").listed
    Never(['7'])
    """

    def __init__(self, rules: Iterable[Rule], *, random_state: int, everything: bool = False) -> None:
        rules = list(rules)
        for rule in rules:
            if not isinstance(rule, Rule):
                raise InvalidInput(f"one of rules is {told(rule)}", expected="a Rule, such as Confidence(below=0.8)")
        salts = Salts(random_state)
        # What decides among equally uncertain items; independent of all draws.
        self.lots = seed_of(salts.next("lots"))
        bound = [rule.salted(salts) for rule in _apart(rules)]
        self.never = [rule for rule in bound if isinstance(rule, Never)]
        self.always = [rule for rule in bound if isinstance(rule, Always)]
        self.others = [rule for rule in bound if not isinstance(rule, (Never, Always))]
        self.everything = everything and not any(rule.certain for rule in self.others)

    def judge(self, prediction: Prediction, item_id: str) -> Judged:
        """Judge one prediction by all rules."""
        said = [(rule.reason, rule.judge(prediction, item_id)) for rule in self.others]
        for rule in (*self.never, *self.always):
            if rule.judge(prediction, item_id).fired:
                return Judged(listed=rule, always=isinstance(rule, Always))
        sure = tuple(reason for reason, verdict in said if verdict.probability >= 1)
        sampled = tuple(reason for reason, verdict in said if verdict.fired and verdict.probability < 1)
        return Judged(
            candidate=bool(sure) or self.everything,
            drawn=bool(sampled),
            chance=at_least_one(verdict.probability for _, verdict in said if verdict.probability < 1),
            sure=sure,
            sampled=sampled,
        )


def _apart(rules: Iterable[Rule]) -> list[Rule]:
    """Take alternatives apart, as the router's own rules are, so that each gives its own reason."""
    apart: list[Rule] = []
    for rule in rules:
        apart += _apart(rule.rules) if isinstance(rule, (Or, ActivationConditions)) else [rule]
    return apart
