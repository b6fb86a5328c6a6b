"""A call to the service comes in; its answer goes out, after as many tries as good sense allows and no more.

botocore's own retries are off for these calls (`Connection.a2i_once`): it would hide the throttling that the rate is
found by, and repeat in each of many threads what one of them has learnt.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import Any

from a2i_al.errors import (
    QuotaExceeded,
    ServiceError,
    ServiceFault,
    Throttled,
    Unreachable,
    service_errors,
)
from a2i_al.loops.calling.rate import RateController, Turn
from a2i_al.loops.calling.room import Room

TRIES = 5  # of one call that the service fails to answer
_PATIENCE = 120.0  # seconds in which every call is throttled, and then it is enough
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0  # seconds


class Halted(Exception):  # named for what happened, as all of ours
    """The submission ends: this call was not made."""


class Caller:
    """Makes calls from many threads, at the rate and in the number that the service bears.

    A call may reach the service twice, if the answer to the first one was lost: only calls that change nothing the
    second time may be made with it.

    Parameters
    ----------
    rate : RateController
        Paces the calls; its clock is theirs.
    room : Room
        Waits for room.
    halt : Event
        Ends all waiting; no call starts after it is set.
    """

    def __init__(self, rate: RateController, room: Room, halt: threading.Event) -> None:
        self._rate, self._room, self._halt = rate, room, halt
        self._clock = rate.clock
        self._jitter = random.Random()  # noqa: S311  # spreads tries, decides nothing
        self._answered = self._clock.now()

    def __call__(self, doing: str, call: Callable[[], Any]) -> Any:
        """Make a call and return what it returns.

        Raises
        ------
        Halted
            If it may not be made any more.
        ServiceError
            What the service says, once trying again makes no sense.
        """
        failures = 0
        while True:
            try:
                return self._try(doing, call)
            except Throttled:
                if self._clock.now() - self._answered > _PATIENCE:
                    raise
            except (ServiceFault, Unreachable):
                failures += 1
                if failures == TRIES:
                    raise
                self._pause(failures)
            except _NoRoom:
                continue

    def _try(self, doing: str, call: Callable[[], Any]) -> Any:
        with self._room.place() as alone:
            turn = self._rate.turn()
            while True:
                self._clock.wait(turn.at - self._clock.now(), self._halt)
                if self._halt.is_set():
                    raise Halted
                if not self._rate.outdated(turn):
                    break
                turn = self._rate.turn()
            try:
                with service_errors(doing):
                    answer = call()
            except Throttled:
                self._rate.throttled(turn)
                raise
            except QuotaExceeded as error:
                self._answered = self._clock.now()
                self._rate.accepted(turn)
                self._room.refused(alone, error)
                raise _NoRoom from error
            except (ServiceFault, Unreachable):
                raise
            except ServiceError:
                self._let_through(turn, alone=alone)
                raise
            self._let_through(turn, alone=alone)
            return answer

    def _let_through(self, turn: Turn, *, alone: bool) -> None:
        self._answered = self._clock.now()
        self._rate.accepted(turn)
        self._room.found(alone)

    def _pause(self, failures: int) -> None:
        longest = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**failures)
        self._clock.wait(self._jitter.uniform(longest / 4, longest), self._halt)


class _NoRoom(Exception):
    """Room is waited for."""
