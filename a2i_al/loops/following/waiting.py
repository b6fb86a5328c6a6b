"""A way to look at loops comes in; it is looked again, ever less often, until all are final or the time is over."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Protocol

import pandas as pd
from tqdm.auto import tqdm

from a2i_al.errors import A2IError
from a2i_al.loops.bookkeeping.ledger import FINAL, PLANNED
from a2i_al.loops.calling.clock import Clock, SystemClock

LONGEST = 60.0  # seconds between two looks
_GROWTH = 1.5  # of the gap, after each look that found nothing new


class News(Protocol):
    """What an inbox has received."""

    @property
    def news(self) -> int:
        """Messages that told something new."""


class Hears(Protocol):
    """An inbox, see `a2i_al.loops.following.events`."""

    def receive(self, seconds: float) -> News:
        """Wait for news, though not longer than so many seconds."""


def wait_for(
    look: Callable[[], pd.DataFrame],
    *,
    timeout: float,
    poll: float = 5.0,
    progress: bool = True,
    clock: Clock | None = None,
    inbox: Hears | None = None,
    glance: Callable[[], pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """Look until every loop is final, and return the loops table.

    Parameters
    ----------
    look : callable
        Returns the loops table as it is now; a few requests, however many loops there are.
    timeout : float
        Seconds; 0 looks once.
    poll : float
        Seconds until the second look; the gap grows to a minute while nothing happens.
    clock : Clock, optional
        Tells and passes the time.
    inbox : Inbox, optional
        Where news come in. They end a pause, and the service is asked only once a minute, for those that do not come.
    glance : callable, optional
        Returns the loops table without asking the service, for after news.

    Raises
    ------
    A2IError
        If loops are still open after the timeout.

    Examples
    --------
    >>> wait_for(lambda: pd.DataFrame({"status": ["Completed"]}), timeout=0, progress=False)["status"].tolist()
    ['Completed']
    """
    clock = clock or SystemClock()
    jitter = random.Random()  # noqa: S311  # spreads the looks of many notebooks, decides nothing
    begun, gap = clock.now(), poll
    loops, looked = look(), begun
    with tqdm(total=len(loops), desc="reviewed", unit="loop", disable=None if progress else True) as bar:
        while True:
            finished = int(loops["status"].isin(FINAL).sum())
            gap = poll if finished > bar.n else gap
            bar.update(finished - bar.n)
            left = begun + timeout - clock.now()
            if finished == len(loops):
                return loops
            if left <= 0:
                break
            if inbox and glance and inbox.receive(min(left, LONGEST)).news and clock.now() - looked < LONGEST:
                loops = glance()
                continue
            if not inbox:
                clock.wait(min(left, gap * jitter.uniform(0.8, 1.2)))
                gap = max(poll, min(LONGEST, _GROWTH * gap))
            loops, looked = look(), clock.now()
    planned = int((loops["status"] == PLANNED).sum())
    raise A2IError(
        f"{len(loops) - finished} of {len(loops)} human loops are still open after {timeout:g} s"
        + (f", {planned} of which were never started" if planned else ""),
        fix="submit again" if planned else "wait again, or harvest() what has been answered",
    )
