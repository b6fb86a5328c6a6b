"""Refusals for want of room come in; who may try again, and when, comes out.

A flow definition has a quota of loops in flight (5,000, or 1,000 with Mechanical Turk). It is not exceeded by being too
fast but by people being slower than the submission, so what helps is to wait until some of them have answered.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from a2i_al.errors import QuotaExceeded
from a2i_al.loops.calling.clock import Clock

_SHORTEST, _LONGEST = 5.0, 60.0  # seconds between two tries


class Room:
    """Lets calls through: all of them while there is room; one at a time, now and then, while there is none.

    Parameters
    ----------
    patience : float
        Seconds without room after which the refusal is final.
    crowd : int
        Calls in a row that must find room before all may go at once again.
    tell : callable, optional
        Takes a sentence on what is waited for, an empty one when it is over.
    clock : Clock
        Tells and passes the time.
    halt : Event
        Ends all waiting.

    Examples
    --------
    >>> from a2i_al.loops.calling.clock import SystemClock
    >>> room = Room(patience=0, clock=SystemClock(), halt=threading.Event())
    >>> with room.place() as alone:
    ...     alone
    False
    """

    def __init__(
        self,
        patience: float,
        *,
        clock: Clock,
        halt: threading.Event,
        crowd: int = 8,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._patience, self._crowd, self._tell = patience, crowd, tell
        self._clock, self._halt = clock, halt
        self._alone = threading.Lock()
        self._state = threading.Lock()
        self._jitter = random.Random()  # noqa: S311  # spreads tries, decides nothing
        self._full = False
        self._found = 0
        self._gap = _SHORTEST
        self._since = self._again = 0.0

    @contextmanager
    def place(self) -> Iterator[bool]:
        """Hold a place for one call, as soon as it may be made; gives whether it is the only one."""
        if not self._full:
            yield False
            return
        with self._alone:
            if self._full:
                self._clock.wait(self._again - self._clock.now(), self._halt)
            yield self._full

    def found(self, alone: bool) -> None:  # noqa: FBT001  # what `place` gave
        """Tell that a call found room."""
        if not alone:
            return
        with self._state:
            self._found += 1
            self._gap, self._since, self._again = _SHORTEST, self._clock.now(), 0.0
            self._full = self._full and self._found < self._crowd
        if self._found == 1:
            self._tell("")

    def refused(self, alone: bool, error: QuotaExceeded) -> None:  # noqa: FBT001  # what `place` gave
        """Tell that a call found none; raises the refusal once that has lasted too long."""
        with self._state:
            now = self._clock.now()
            if not self._full:
                self._full, self._since, self._gap = True, now, _SHORTEST
            elif alone:
                self._gap = min(_LONGEST, 2 * self._gap)
            else:
                return  # was under way when another one was refused
            left = self._patience - (now - self._since)
            if left <= 0:
                raise error
            self._found = 0
            gap = min(self._gap * self._jitter.uniform(0.75, 1.25), left)
            self._again = now + gap
        self._tell(f"the quota of loops in flight is reached: waiting for answers, up to {_minutes(left)}")


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"  # noqa: PLR2004  # up to a minute and a half
