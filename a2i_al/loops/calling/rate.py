"""Replies of a service come in, accepted or throttled; when the next call may go comes out.

A2I publishes no limit of requests per second, so the limit is looked for: additive increase, multiplicative decrease
(https://en.wikipedia.org/wiki/Additive_increase/multiplicative_decrease), with the limit itself as the measure of the
decrease. A service that throttles has used up its allowance; between two throttled calls it has therefore let through
just what its limit allows, and that rate is known.

Calls are evenly spaced, but the network brings some closer together than they were sent. A service that allows no burst
at all refuses the second of such two: of a limit of r calls a second, 1 / (1 + r × jitter) can pass unrefused, which is
69 % of 50 a second where some calls take 9 ms longer to arrive than others. With room for a few calls it is all.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass

from a2i_al.loops.calling.clock import Clock, SystemClock

FIRST = 100.0  # calls a second, before anything is known
_FLOOR = 0.2  # calls a second
_DOUBLING = 8  # accepted calls after which the rate has doubled, while no limit is known
_GENTLE, _HARD = 0.95, 0.5  # of the rate, what is left of it after a throttled call: at most, at least
_NEAR = 0.95  # of the rate at the last throttled call: up to there it grows fast, from there on slowly
_FAST = 20  # accepted calls in which the distance to there shrinks to a third
_STEP = 0.0002  # of the rate at the last throttled call, per accepted call: the additive increase
_STALE = 300  # accepted calls after which the increase has doubled, for a limit that was raised
_SPARE = 0.25  # seconds of turns that may be taken later
_IDLE = 2.0  # seconds without a call after which what was counted says nothing of the present


@dataclass(frozen=True)
class Turn:
    """When a call may go.

    Attributes
    ----------
    at : float
        Seconds of the controller's clock.
    era, number : int
        How often the rate had been cut by then, and which call since then it is.
    waits : bool
        Whether the call could have gone sooner, but for the rate.
    """

    at: float
    era: int
    number: int
    waits: bool


class RateController:
    """Paces calls at the limit of a service that says only when it has been exceeded.

    Any number of threads may use it: each takes a `turn`, waits until then, calls, and tells what came of it.

    Parameters
    ----------
    clock : Clock, optional
        Tells the time.

    Attributes
    ----------
    clock : Clock
        As given, or the machine's.
    rate : float
        Calls a second.

    Examples
    --------
    >>> pace = RateController()
    >>> first = pace.turn()
    >>> pace.throttled(first)
    >>> pace.rate < FIRST, pace.outdated(first)
    (True, True)
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or SystemClock()
        self._lock = threading.Lock()
        self._era = 0
        self._ceiling = math.inf  # the rate at the last throttled call
        self.rate = FIRST
        self._free = self.clock.now()
        self._begin(self._free)

    def _begin(self, now: float) -> None:
        self._since, self._taken, self._accepted = now, 0, 0

    def turn(self) -> Turn:
        """Return the next turn to call."""
        with self._lock:
            now = self.clock.now()
            if now - self._free > _IDLE:
                self._begin(now)
            # While no limit is known, turns that were not taken are not lost: threads answer in bunches.
            spare = _SPARE if math.isinf(self._ceiling) else 0.0
            at = max(now, self._free)
            self._free = max(now - spare, self._free) + 1 / self.rate
            self._taken += 1
            return Turn(at, self._era, self._taken - 1, waits=at > now)

    def outdated(self, turn: Turn) -> bool:
        """Say whether the rate has been cut since the turn was given: take a new one."""
        return turn.era != self._era

    def accepted(self, turn: Turn) -> None:
        """Tell that a call was let through, whatever it was answered."""
        with self._lock:
            if turn.era == self._era:
                self._accepted += 1
                # Whoever had not to wait for the turn is slower than the rate, and learns nothing of the limit.
                if turn.waits:
                    self._increase()

    def _increase(self) -> None:
        if math.isinf(self._ceiling):
            # What is under way may be throttled yet: the more of it, the slower.
            self.rate *= 2 ** (1 / max(_DOUBLING, 2 * (self._taken - self._accepted)))
        else:
            self.rate += max(_NEAR * self._ceiling - self.rate, 0.0) / _FAST
            self.rate += _STEP * self._ceiling * (1 + (self._accepted / _STALE) ** 2)

    def throttled(self, turn: Turn) -> None:
        """Tell that a call was throttled; calls that were under way when the rate was cut do not cut it again."""
        with self._lock:
            if turn.era != self._era:
                return
            # Half a call more than were let through: after none, the limit is somewhere below the rate.
            passed = (turn.number + 0.5) / max(turn.at - self._since, 1e-9)
            self._ceiling = self.rate
            self.rate = max(_FLOOR, min(max(passed, _HARD * self.rate), _GENTLE * self.rate))
            now = self.clock.now()
            self._era += 1
            self._begin(now)
            self._free = now + 1 / self.rate
