"""How much a day still brings: arrivals in, a forecast of those to come out."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any

from a2i_al.routing.days import HOURS, Day

# What a first arrival says of the rate: as if the day had been watched for ten minutes already.
_WATCHED = 600_000_000
# How much of a usual day the forecast counts for, against the day's own arrivals.
_PRIOR = 0.1
# In standard deviations of a number of arrivals.
_CAUTION = 1.0


@dataclass
class Arrivals:
    """Counts a day's arrivals and forecasts how many are still to come.

    The days before give the day's shape by the hour, the later ones weighing more; the day's own count so far scales
    it. On the first day the rate since the first arrival stands for the rest of it.

    Parameters
    ----------
    first : int, optional
        When the first one of today came, microseconds since 1970.
    hours : list of int
        Today's arrivals by the hour.
    profile : list of float, optional
        A usual day's.

    Examples
    --------
    >>> from datetime import UTC
    >>> from a2i_al.routing.days import day_of
    >>> day = day_of(0, UTC)
    >>> arrivals = Arrivals(first=0, hours=[100] * 12 + [0] * 12)
    >>> round(arrivals.to_come(day.end // 2, day))
    1185
    """

    first: int | None = None
    hours: list[int] = field(default_factory=lambda: [0] * HOURS)
    profile: list[float] | None = None

    @property
    def count(self) -> int:
        """Arrivals of today so far."""
        return sum(self.hours)

    def begin(self, at: int) -> None:
        """Begin a day with its first arrival, learning from the day that ends."""
        if self.count:
            today = self.hours if self.profile else self._completed()
            self.profile = [(old + new) / 2 for old, new in zip(self.profile or today, today, strict=True)]
        self.first, self.hours = at, [0] * HOURS

    def to_come(self, at: int, day: Day) -> float:
        """Return how many arrivals are expected from this moment to the day's end, the present one aside."""
        count = self.count + 1
        if self.profile is None or sum(self.profile) == 0:
            return count * (day.end - at) / (at - (at if self.first is None else self.first) + _WATCHED)
        hour = day.hour(at)
        into = (at - day.start) * HOURS / (day.end - day.start) - hour
        usual = sum(self.profile)
        before = sum(self.profile[:hour]) + into * self.profile[hour]
        prior = _PRIOR * usual + 1
        expected = (usual - before) * (count + prior) / (before + prior)
        # A little less than expected: a day that ends early leaves reviews unspent, a longer one costs less.
        return max(expected - _CAUTION * math.sqrt(expected), 0.0)

    def _completed(self) -> list[float]:
        # A router that is switched on at noon has not seen what a morning brings: as much as the rest of the day.
        first = next(hour for hour, n in enumerate(self.hours) if n)
        watched = self.hours[first + 1 :]
        if first == 0 or not sum(watched):
            return [float(n) for n in self.hours]
        return [sum(watched) / len(watched)] * (first + 1) + [float(n) for n in watched]

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as plain JSON values."""
        return asdict(self)
