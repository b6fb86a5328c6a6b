"""A way to look at loops comes in; it is looked again, ever less often, until all are final or the time is over."""

from __future__ import annotations

import random
from collections.abc import Callable

import pandas as pd
from tqdm.auto import tqdm

from a2i_al.errors import A2IError
from a2i_al.loops.clock import Clock, SystemClock
from a2i_al.loops.ledger import FINAL

LONGEST = 60.0  # seconds between two looks
_GROWTH = 1.5  # of the gap, after each look that found nothing new


def wait_for(
    look: Callable[[], pd.DataFrame],
    *,
    timeout: float,
    poll: float = 5.0,
    progress: bool = True,
    clock: Clock | None = None,
    pause: Callable[[float], object] | None = None,
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
    pause : callable, optional
        Waits for some seconds, or for news if those come before; by default the clock does.

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
    pause = pause or clock.wait
    jitter = random.Random()  # noqa: S311  # spreads the looks of many notebooks, decides nothing
    deadline, gap = clock.now() + timeout, poll
    loops = look()
    with tqdm(total=len(loops), desc="reviewed", unit="loop", disable=None if progress else True) as bar:
        while True:
            finished = int(loops["status"].isin(FINAL).sum())
            gap = poll if finished > bar.n else gap
            bar.update(finished - bar.n)
            left = deadline - clock.now()
            if finished == len(loops):
                return loops
            if left <= 0:
                break
            pause(min(left, gap * jitter.uniform(0.8, 1.2)))
            gap = max(poll, min(LONGEST, _GROWTH * gap))
            loops = look()
    raise A2IError(
        f"{len(loops) - finished} of {len(loops)} human loops are still open after {timeout:g} s",
        fix="wait again, or harvest() what has been answered",
    )
