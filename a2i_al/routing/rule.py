"""What a rule is: a prediction in, a verdict out; written as JSON and read back, joined with ``&`` and ``|``.

A verdict carries the chance that the rule had to fire. The chances are those of independent draws, because a router
gives every draw in its rules a salt of its own (`salted`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any, ClassVar

from a2i_al.arguments import told
from a2i_al.errors import InvalidInput
from a2i_al.routing.values import Prediction, native
from a2i_al.routing.verdict import Verdict

if TYPE_CHECKING:
    from a2i_al.routing.table import PredictionTable, Verdicts

_MINE = "a2i_al."


class Rule:
    """Base of all rules; one's own is a frozen dataclass that derives from it and defines `holds`.

    It takes part in JSON round trips under its class name, and is asked row by row in a table unless it defines
    `judge_table` too.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class LongText(Rule):
    ...     over: int
    ...     def holds(self, prediction):
    ...         return len(prediction["text"]) > self.over
    >>> rule = LongText(over=3)
    >>> rule.judge({"text": "hello"}, "1").fired, Rule.from_dict(rule.to_dict()) == rule
    (True, True)
    """

    _known: ClassVar[dict[str, type[Rule]]] = {}
    # Whether it can be no part of another rule.
    alone: ClassVar[bool] = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__name__.startswith("_"):
            return
        taken = cls._known.get(cls.__name__)
        # A notebook cell may be run again; but a saved router must not come back with somebody else's rule in it.
        if taken is not None and taken.__module__.startswith(_MINE) and cls.__module__ != taken.__module__:
            raise InvalidInput(f"a rule of this package is called {cls.__name__!r} already", fix="choose another name")
        cls._known[cls.__name__] = cls

    @property
    def reason(self) -> str:
        """What a decision says when this rule fired."""
        return repr(self)

    @property
    def certain(self) -> bool:
        """Whether it can ask for a review without a draw."""
        return True

    def holds(self, prediction: Prediction) -> bool:
        """Say whether a rule that does not draw asks for a review."""
        raise NotImplementedError(f"{type(self).__name__} defines neither `holds` nor `judge`")

    def judge(self, prediction: Prediction, item_id: str) -> Verdict:  # noqa: ARG002 - draws go by it
        """Judge one prediction."""
        holds = bool(self.holds(prediction))
        return Verdict(holds, float(holds))

    def judge_table(self, table: PredictionTable) -> Verdicts:
        """Judge every row of a table, as `judge` would."""
        return table.row_by_row(self.judge)

    def salted(self, salts: Salts) -> Rule:  # noqa: ARG002 - draws take one
        """Return the rule with a salt of its own in each draw; itself where nothing is drawn."""
        return self

    def __and__(self, other: Rule) -> Rule:
        from a2i_al.routing.joined import And  # noqa: PLC0415 - it derives from this

        return And(self, other)

    def __or__(self, other: Rule) -> Rule:
        from a2i_al.routing.joined import Or  # noqa: PLC0415 - it derives from this

        return Or(self, other)

    def to_dict(self) -> dict[str, Any]:
        """Return the rule as plain JSON values, with its class name under ``"rule"``."""
        mine = {field.name: _plain(getattr(self, field.name)) for field in fields(self)}  # type: ignore[arg-type]
        return {"rule": type(self).__name__, **mine}

    @staticmethod
    def from_dict(document: Mapping[str, Any]) -> Rule:
        """Return the rule that `to_dict` wrote.

        Raises
        ------
        InvalidInput
            If it is no rule, of an unknown kind, or with the wrong fields.

        Examples
        --------
        >>> Rule.from_dict({"rule": "Percentage", "percent": 5})
        Percentage(percent=5, salt='')
        """
        if not isinstance(document, Mapping) or document.get("rule") not in Rule._known:
            raise InvalidInput(
                f"document is {document!r}" if isinstance(document, Mapping) else f"document is {told(document)}",
                expected=f"a dict whose 'rule' is one of {', '.join(sorted(Rule._known))}",
                fix="import the module that defines a rule of one's own before it is read",
            )
        values = {name: value for name, value in document.items() if name != "rule"}
        kind = Rule._known[document["rule"]]
        try:
            return kind.from_values(values)
        except (TypeError, KeyError) as error:
            raise InvalidInput(f"{kind.__name__} cannot be made of {values!r}: {error}") from error

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> Rule:
        """Return the rule with these values, as `to_dict` names them."""
        return cls(**values)


def _plain(value: Any) -> Any:
    if isinstance(value, (set, frozenset)):
        return [native(each) for each in sorted(value)]
    if isinstance(value, tuple):
        return [native(each) for each in value]
    return {name: native(each) for name, each in value.items()} if isinstance(value, Mapping) else native(value)


class Salts:
    """Hands out salts, none of them twice, so that draws are independent of each other.

    Examples
    --------
    >>> salts = Salts(0)
    >>> salts.next("audit"), salts.next("audit"), salts.next("")
    ('0/audit/0', '0/audit/1', '0//0')
    """

    def __init__(self, random_state: int) -> None:
        self._random_state = random_state
        self._used: Counter[str] = Counter()

    def next(self, salt: str) -> str:
        """Return a salt that depends on the rule's own and on how often that came up before."""
        unique = f"{self._random_state}/{salt}/{self._used[salt]}"
        self._used[salt] += 1
        return unique
