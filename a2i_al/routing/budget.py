"""A day's reviews, spent on the most uncertain: arrivals one after the other in, whether each is affordable out.

How many are still to come is forecast (`arrivals`); how uncertain they will be is what was seen lately (`seen`). So the
share of them that the rest of the budget can pay for is known, and the threshold is the score which that share lies
above. It is worked out anew some 500 times a day, from what is left. That is the budget-ratio policy for choosing the
best B of N as they arrive, whose loss against knowing all beforehand does not grow with N: A. Arlotto and I. Gurvich,
"Uniformly bounded regret in the multisecretary problem", Stochastic Systems 9, 2019. The threshold is the dual price
of a review, as in adaptive pacing: S. Balseiro and Y. Gur, "Learning in repeated auctions with budgets: regret
minimization and equilibrium", Management Science 65, 2019.

Three guards make it hold where forecasts do not: spending never runs far ahead of the day (`_SLACK`); what was seen is
forgotten when the threshold lets through more or less than it should (`_drifted`); and what the sampling rules will
need is kept back for them, so that their inclusion probabilities stay what they say.

The day is that of the arrivals' own times, not of this machine's clock. One that is up to a day behind the last counts
for the present; one that is further behind brings its own day back, with what that had spent (`past`). So neither late
arrivals nor a wrong year in one of them give a day a second budget, or take the next day's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any

from a2i_al.routing.arguments import no_state
from a2i_al.routing.arrivals import Arrivals
from a2i_al.routing.days import Day, day_of
from a2i_al.routing.past import Past
from a2i_al.routing.seen import Seen, class_of

# Chances are added up in millionths, so that a table gives the very sums that its rows one by one do.
MILLION = 1_000_000
# A threshold holds for ten minutes at most, and for a 500th of a day's arrivals.
TICK = 600_000_000
_BLOCKS, _LARGEST_BLOCK = 512, 8192
# An arrival that is further behind the last one comes after a clock that ran ahead.
_BEHIND = 24 * 3_600_000_000
# What little was seen holds for half as many more, and not for longer.
_KNOWN = 2
# As many arrivals are remembered as bring thirty reviews, or so many if that is more.
_REVIEWS_REMEMBERED, _LEAST_REMEMBERED = 30, 1000
# Ahead of the day by this share of the budget and a standard deviation of a day's reviews at most.
_SLACK = 0.05
_SIGMAS = 3


@dataclass
class Block:
    """Arrivals under one threshold.

    Parameters
    ----------
    tick : int
        Which ten minutes of the day it is in.
    left : int
        How many arrivals it still has room for.
    threshold : float
        Candidates with a score from here up are reviewed,
    allowance : int
        up to so many.
    share : float
        The share of candidates that should have such a score.
    above : int
        How many had.
    new : Seen
        What came along.

    Examples
    --------
    >>> Block().left
    0
    """

    tick: int = -1
    left: int = 0
    threshold: float = 0.0
    allowance: int = 0
    share: float = 0.0
    above: int = 0
    new: Seen = field(default_factory=Seen)


class Budget:
    """What is left of a day's reviews, and who gets them.

    Parameters
    ----------
    per_day : int
        Reviews a day.
    zone : tzinfo
        Whose days.
    state : dict, optional
        From `state`.

    Examples
    --------
    >>> from datetime import UTC
    >>> budget = Budget(1, UTC)
    >>> budget.arrive(0, still_to_come=0).name, budget.take(0.9, drawn=False, always=False, chance=0)
    ('1970-01-01', (True, False))
    >>> budget.arrive(1).name, budget.take(0.9, drawn=False, always=False, chance=0)
    ('1970-01-01', (False, True))
    """

    def __init__(self, per_day: int, zone: tzinfo, state: dict[str, Any] | None = None) -> None:
        self.per_day, self.zone = per_day, zone
        self.last = self.spent = 0
        self.arrivals, self.seen, self.block, self.past = Arrivals(), Seen(), Block(), Past()
        # How many reviews the thresholds should have let through lately, and how many they would have.
        self.meant = self.came = 0.0
        self.day: Day | None = None
        if state is not None:
            try:
                self._restore(state)
            except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
                raise no_state(state) from error

    def arrive(self, at: int, still_to_come: int | None = None) -> Day:
        """Take note of the time of an arrival: the day may be another, the threshold due.

        Parameters
        ----------
        at : int
            Microseconds since 1970.
        still_to_come : int, optional
            How many more the day brings; a forecast if left out.

        Returns
        -------
        Day
            The day it is.
        """
        self.last = self.clock(at)
        day = self.day
        if day is None or not day.start <= self.last < day.end:
            day = self._begin_day()
        tick = (self.last - day.start) // TICK
        if self.block.left == 0 or self.block.tick != tick:
            self._begin_block(day, tick, still_to_come)
        return day

    def clock(self, at: int) -> int:
        """Return the moment that an arrival counts for.

        Clocks of several machines differ, and what is a little late belongs to the present. But one that is more than a
        day behind says that the clock was ahead: it is believed, or a single wrong year would stop the budget for good.
        """
        return at if self.last - at > _BEHIND else max(at, self.last)

    @property
    def left(self) -> int:
        """How many reviews the day still has."""
        return max(self.per_day - self.spent, 0)

    def take(self, score: float | None, *, drawn: bool, always: bool, chance: int) -> tuple[bool, bool]:
        """Decide about the arrival that was noted, and count it.

        Parameters
        ----------
        score : float or None
            Its score, if it is a candidate.
        drawn, always : bool
            Whether a sampling rule or an always list wants a review of it, in any case.
        chance : int
            The chance that one of these does, in millionths.

        Returns
        -------
        tuple of bool
            Whether it is reviewed for its score, and whether nothing was left for it.
        """
        block, spent = self.block, self.left == 0
        above = score is not None and score >= block.threshold
        reached = above and block.allowance > 0 and not spent
        block.allowance -= reached
        self.spent += always or (not spent and (reached or drawn))
        block.left -= 1
        block.above += above
        block.new.count += 1
        block.new.drawn += chance
        if score is not None:
            at = class_of(score)
            block.new.scores[at] = block.new.scores.get(at, 0) + 1
        if self.day:
            self.arrivals.hours[self.day.hour(self.last)] += 1
        return reached, spent

    def absorb(self, new: Seen, day: Day) -> None:
        """Take note of many arrivals of this moment, which somebody else decided about."""
        self._close_block()
        self.seen.fade(math.exp(-new.count / _LEAST_REMEMBERED), new)
        self.arrivals.hours[day.hour(self.last)] += int(new.count)

    def state(self) -> dict[str, Any]:
        """Return the state as plain JSON values."""
        return {
            "last": self.last,
            "begun": self.day is not None,
            "spent": self.spent,
            "arrivals": self.arrivals.to_dict(),
            "past": self.past.to_dict(),
            "seen": self.seen.to_dict(),
            "meant": self.meant,
            "came": self.came,
            "block": {**vars(self.block), "new": self.block.new.to_dict()},
        }

    def _restore(self, state: dict[str, Any]) -> None:
        self.last, self.spent = int(state["last"]), int(state["spent"])
        self.arrivals = Arrivals.from_dict(state["arrivals"])
        # States that were saved before days were kept have none.
        self.past = Past.from_dict(state["past"]) if "past" in state else Past()
        self.seen = Seen.from_dict(state["seen"])
        self.meant, self.came = float(state["meant"]), float(state["came"])
        self.block = Block(**{**state["block"], "new": Seen.from_dict(state["block"]["new"])})
        self.day = day_of(self.last, self.zone) if state["begun"] else None

    def _begin_day(self) -> Day:
        self._close_block()
        if self.day:
            self.past.leave(self.day.name, self.spent, self.arrivals)
        self.day = day_of(self.last, self.zone)
        self.spent, self.arrivals = self.past.enter(self.day.name, self.last)
        return self.day

    def _close_block(self) -> None:
        new, share, above = self.block.new, min(self.block.share, 1.0), self.block.above
        self.block = Block()
        if new.count == 0:
            return
        remembered = max(_LEAST_REMEMBERED, _REVIEWS_REMEMBERED / share if share else 0)
        fading = math.exp(-new.count / remembered)
        self.meant = self.meant * fading + share * new.candidates
        self.came = self.came * fading + above
        if self._drifted():
            self.meant = self.came = fading = 0.0
        self.seen.fade(fading, new)

    def _drifted(self) -> bool:
        return abs(self.came - self.meant) > _SIGMAS * (math.sqrt(self.meant) + 1)

    def _begin_block(self, day: Day, tick: int, still_to_come: int | None) -> None:
        self._close_block()
        passed, seen = self.arrivals.count, self.seen
        to_come = 1 + (self.arrivals.to_come(self.last, day) if still_to_come is None else still_to_come)
        draws = to_come * seen.drawn / MILLION / seen.count if seen.count else 0.0
        room = max(self.left - draws - _SIGMAS * math.sqrt(draws), 0.0)
        candidates = to_come * seen.candidates / seen.count if seen.count else to_come
        share = room / candidates if candidates else 1.0
        ahead = self.per_day * (passed / (passed + to_come) + _SLACK) + math.sqrt(self.per_day) - self.spent
        self.block = Block(
            tick=tick,
            left=max(int(min((passed + to_come) / _BLOCKS, seen.count / _KNOWN, _LARGEST_BLOCK)), 1),
            threshold=seen.threshold(share),
            allowance=max(int(min(room + 0.5, ahead)), 0),
            share=share,
        )
