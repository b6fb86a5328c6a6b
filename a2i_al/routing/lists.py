"""Rules by item: those that a person always sees, and those that nobody does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from a2i_al import arguments
from a2i_al.routing.rule import Rule
from a2i_al.routing.values import Prediction
from a2i_al.routing.verdict import Verdict

if TYPE_CHECKING:
    from a2i_al.routing.table import PredictionTable, Verdicts


@dataclass(frozen=True, init=False, repr=False)
class _Listed(Rule):
    ids: frozenset[str]
    alone: ClassVar[bool] = True

    def __init__(self, ids: Iterable[str]) -> None:
        object.__setattr__(self, "ids", frozenset(map(str, arguments.several("ids", ids, "item ids"))))

    def __repr__(self) -> str:
        shown = sorted(self.ids)
        return f"{type(self).__name__}({shown if len(shown) <= 5 else f'{len(shown)} ids'})"  # noqa: PLR2004 - a line

    def judge(self, prediction: Prediction, item_id: str) -> Verdict:  # noqa: ARG002 - other rules go by it
        """Say whether the item is on the list."""
        listed = item_id in self.ids
        return Verdict(listed, float(listed))

    def judge_table(self, table: PredictionTable) -> Verdicts:
        """Judge every row of a table."""
        return table.certain(table.listed(self.ids))


@dataclass(frozen=True, init=False, repr=False)
class Always(_Listed):
    """Items that a person sees whatever else is said, on a day without any budget left too; `Never` alone beats it.

    Parameters
    ----------
    ids : iterable of str
        The items' ids. Their reviews count towards the daily budget.

    Examples
    --------
    >>> Always(["vip-1"]).judge({}, "vip-1").fired
    True
    """

    @property
    def reason(self) -> str:
        """Which list it is."""
        return "on the always list"


@dataclass(frozen=True, init=False, repr=False)
class Never(_Listed):
    """Items that nobody sees whatever else is said; their inclusion probability is 0.

    Parameters
    ----------
    ids : iterable of str
        The items' ids.

    Examples
    --------
    >>> Never(["test-1"]).judge({}, "test-1").fired
    True
    """

    @property
    def reason(self) -> str:
        """Which list it is."""
        return "on the never list"
