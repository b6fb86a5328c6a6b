"""Names of human loops come in; they are stopped or deleted, and what came of each goes out."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Literal

from tqdm.auto import tqdm

from a2i_al.aws.connection import Connection
from a2i_al.errors import NotFound, RequestRefused
from a2i_al.loops.calling.calls import Caller
from a2i_al.loops.calling.rate import RateController
from a2i_al.loops.calling.room import Room
from a2i_al.loops.calling.threads import checked_workers, do_all

DONE, GONE, REFUSED = "done", "gone", "refused"
_WORDS = {"stop": "stopping", "delete": "deleting"}


def end(
    connection: Connection,
    human_loop_names: Sequence[str],
    how: Literal["stop", "delete"],
    *,
    max_workers: int = 8,
    progress: bool = True,
    rate: RateController | None = None,
) -> dict[str, str]:
    """Stop or delete loops, each with one call that may be repeated.

    Returns
    -------
    dict of str to str
        Name to ``done``, ``gone`` (there is no such loop) or ``refused`` (A2I stops only loops that are not finished,
        and deletes only those that are).

    Raises
    ------
    InvalidInput
        If `max_workers` is not from 1 to 64; nothing was ended then.
    ServiceError
        For what stops it half-way; run it again to go on.
    """
    max_workers, halt, came = checked_workers(max_workers), threading.Event(), dict[str, str]()
    rate = rate or RateController()
    caller = Caller(rate, Room(0, clock=rate.clock, halt=halt), halt)
    operation = getattr(connection.a2i_once, f"{how}_human_loop")
    words = f"{_WORDS[how]} human loop"

    def one(name: str) -> str:
        try:
            caller(f"{words} {name!r}", lambda: operation(HumanLoopName=name))
        except NotFound:
            return GONE
        except RequestRefused:
            return REFUSED
        return DONE

    with tqdm(total=len(human_loop_names), desc=f"{words}s", unit="loop", disable=None if progress else True) as bar:

        def note(handful: list[tuple[str, str]]) -> None:
            came.update(handful)
            bar.update(len(handful))

        do_all(one, human_loop_names, note, max_workers=max_workers, halt=halt)
    return came
