"""The days that were: a day that comes again, as after a clock that ran ahead, goes on where it was left."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from a2i_al.routing.arrivals import Arrivals

# Days of which it is known what was spent, and those of which it is known what came and when.
_SPENT, _ARRIVALS = 100, 3


@dataclass
class Past:
    """What is known of days other than today.

    Parameters
    ----------
    spent : dict of str to int
        Reviews by day, the day that was left last at the end.
    arrivals : dict of str to Arrivals
        What came, of the last few.

    Examples
    --------
    >>> past = Past()
    >>> past.leave("2026-06-01", 7, Arrivals(first=0))
    >>> past.enter("2099-01-01", 5)[0], past.enter("2026-06-01", 9)[0]
    (0, 7)
    """

    spent: dict[str, int] = field(default_factory=dict)
    arrivals: dict[str, Arrivals] = field(default_factory=dict)

    def leave(self, day: str, spent: int, arrivals: Arrivals) -> None:
        """Keep what a day has spent and seen."""
        self.spent = _last({**self.spent, day: spent}, _SPENT)
        self.arrivals = _last({**self.arrivals, day: arrivals}, _ARRIVALS)

    def enter(self, day: str, at: int) -> tuple[int, Arrivals]:
        """Return what a day has spent and seen.

        A new one has learnt from the day before it, by date; one before all that is known is taken for what the first
        of these was.
        """
        spent, known = self.spent.pop(day, 0), self.arrivals.pop(day, None)
        if known is not None:
            return spent, known
        if not self.arrivals:
            return spent, Arrivals(first=at)
        before = max((each for each in self.arrivals if each < day), default=None)
        if before is not None:
            return spent, self.arrivals[before].next_day(at)
        return spent, Arrivals(first=at, profile=self.arrivals[min(self.arrivals)].profile)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values: pairs, as stores of JSON need not keep the order of names."""
        arrivals = [[day, each.to_dict()] for day, each in self.arrivals.items()]
        return {"spent": [list(each) for each in self.spent.items()], "arrivals": arrivals}

    @classmethod
    def from_dict(cls, document: dict[str, Any]) -> Past:
        """Return what `to_dict` wrote."""
        arrivals = {day: Arrivals.from_dict(each) for day, each in dict(document["arrivals"]).items()}
        return cls(dict(document["spent"]), arrivals)


def _last(days: dict[str, Any], most: int) -> dict[str, Any]:
    return dict(list(days.items())[-most:])
