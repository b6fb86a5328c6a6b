"""How much a day still brings: arrivals in, a forecast of those to come out."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any

from a2i_al.routing.days import HOURS, Day

# What a first arrival says of the rate: as if the day had been watched for ten minutes already.
_WATCHED = 600_000_000
# How much of a usual day the forecast counts for, against the day's own arrivals: this, or its busiest hour if that is
# more, since what comes all at once may come in the hour before or after.
_PRIOR = 0.1
# In standard deviations of a number of arrivals.
_CAUTION = 1.0


@dataclass
class Arrivals:
    """Counts a day's arrivals and forecasts how many are still to come.

    The days before give the day's shape by the hour, the later ones weighing more; the day's own count so far scales
    it. How arrivals are spread within an hour is not known: a count that leads the hour's clock may be a burst, such as
    a job of every night, or a busy day. It is taken for a burst as long as a usual day explains it, or the hour is not
    over. On the first day the rate since the first arrival stands for the rest of it.

    Measured over a week, with 80 arrivals in ten minutes of every night and reviews for 100: all are reviewed from the
    second day on, and 93 % where they wander by ten minutes about the full hour. Of 1,000, the reviews go to what has
    98 % of the doubt that the best choice has; in the last ten minutes of an hour, 57 %, as the hour seems over. A day
    with a fifth of the usual burst spends a fifth to a half of what it could in ten minutes, two thirds in an hour.

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

    def next_day(self, at: int) -> Arrivals:
        """Return the day after this one, which begins with an arrival and has learnt from this one."""
        if not self.count:
            return Arrivals(at, profile=self.profile)
        today = self.hours if self.profile else self._completed()
        return Arrivals(at, profile=[(old + new) / 2 for old, new in zip(self.profile or today, today, strict=True)])

    def to_come(self, at: int, day: Day) -> float:
        """Return how many arrivals are expected from this moment to the day's end, the present one aside."""
        count = self.count + 1
        if self.profile is None or sum(self.profile) == 0:
            # A day that came back may have begun later than this.
            watched = 0 if self.first is None else max(at - self.first, 0)
            return count * (day.end - at) / (watched + _WATCHED)
        hour = day.hour(at)
        into = (at - day.start) * HOURS / (day.end - day.start) - hour
        usual, here = sum(self.profile), self.profile[hour]
        before, after = sum(self.profile[:hour]), sum(self.profile[hour + 1 :])
        prior = max(_PRIOR * usual, *self.profile) + 1

        def factor(came: float, due: float) -> float:
            return (came + prior) / (due + prior)

        until_now = sum(self.hours[:hour])
        expected = (here * (1 - into) + after) * factor(count, before + into * here)
        # All of an hour may come in one burst: until it is over, only more than it ever has says that a day is busy.
        busy = max(1.0, factor(until_now, before), factor(count, before + here))
        expected = min(expected, max(busy * (here + after) - (count - until_now), busy * after))
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

    @classmethod
    def from_dict(cls, document: dict[str, Any]) -> Arrivals:
        """Return what `to_dict` wrote."""
        hours, profile = document["hours"], document["profile"]
        if len(hours) != HOURS or len(profile or hours) != HOURS:
            raise ValueError(f"{len(hours)} hours")
        return cls(document["first"], list(map(int, hours)), profile and list(map(float, profile)))
