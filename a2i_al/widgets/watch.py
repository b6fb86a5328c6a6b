"""Ways to look at a batch come in; it is looked at again and again, and the last thing seen goes out."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any, Protocol

import pandas as pd

from a2i_al import arguments
from a2i_al.errors import A2IError, Unreachable
from a2i_al.widgets.progress import Progress, Screen, current_cell

LONGEST = 24 * 3600.0  # seconds; what timeout=None means
_PATIENCE = 5  # looks without an answer
_WINDOW = 600.0  # seconds over which the rate is taken


class Clock(Protocol):
    """Tells and passes the time, as the module `time` does."""

    def monotonic(self) -> float:
        """Return seconds from some start."""

    def sleep(self, seconds: float, /) -> None:
        """Wait."""


def watch(
    loops: Callable[[], pd.DataFrame],
    answers_of: Callable[[Collection[str]], pd.DataFrame],
    *,
    timeout: float | None = None,
    poll: float = 2.0,
    show: Callable[[Progress], None] | None = None,
    clock: Clock = time,
) -> Progress:
    """Show a batch's progress until every loop is final, the time is over, or the reader interrupts.

    Parameters
    ----------
    loops : callable
        Returns the batch's loops table as it is now.
    answers_of : callable
        Returns the answers table of these finished loops; it is asked about each loop once.
    timeout, poll : float
        Seconds to watch, and between looks.
    show : callable, optional
        Takes each `Progress`.

    Raises
    ------
    A2IError
        If the service refuses, or does not answer several times in a row.
    """
    timeout = arguments.seconds("timeout", LONGEST if timeout is None else timeout)
    poll = arguments.seconds("poll", poll)
    view = _View(loops, answers_of, clock)
    show = show or Screen().show
    deadline = clock.monotonic() + timeout
    failures = 0
    progress = Progress({})
    try:
        while True:
            try:
                progress, failures = view.look(), 0
            except Unreachable:
                failures += 1
                if failures == _PATIENCE:
                    raise
                progress = replace(progress, note="the service does not answer; trying again")
            if not failures and not progress.open:
                progress = replace(progress, note="all finished")
                break
            remaining = deadline - clock.monotonic()
            if remaining <= 0:
                progress = replace(progress, note=f"stopped watching after {timeout:g} s" if timeout else "one look")
                break
            show(progress)
            clock.sleep(min(poll, remaining))
    except KeyboardInterrupt:
        # To stop watching is no error: the loops go on, and the cells below should run.
        progress = replace(progress, note="stopped watching")
    except A2IError:
        show(replace(progress, note="stopped watching: the service failed"))
        raise
    show(progress)
    return replace(progress, shown_in=current_cell())


class _View:
    """What has been seen of a batch so far."""

    def __init__(self, loops: Any, answers_of: Any, clock: Clock) -> None:
        self._loops, self._answers_of, self._clock = loops, answers_of, clock
        self._read: set[str] = set()
        self._workers: Counter[str] = Counter()
        self._finished: list[tuple[float, int]] = []

    def look(self) -> Progress:
        loops = self._loops()
        states = {str(state): int(number) for state, number in loops["status"].value_counts().items()}
        completed = set(loops.loc[loops["status"] == "Completed", "human_loop_name"]) - self._read
        if completed:
            answers = self._answers_of(completed)
            given = answers.drop_duplicates(["human_loop_name", "worker_id"])
            self._workers.update(given["worker_id"])
            self._read |= completed
        seen = Progress(states, dict(self._workers))
        return replace(seen, rate=self._rate(seen.total - seen.open))

    def _rate(self, finished: int) -> float | None:
        now = self._clock.monotonic()
        self._finished = [(at, n) for at, n in self._finished if now - at <= _WINDOW] + [(now, finished)]
        since, before = self._finished[0]
        return 60 * (finished - before) / (now - since) if finished > before and now > since else None
