"""A plan comes in; each of its loops is started once, however often and from wherever this is run.

The order is what makes it safe: intent into the ledger, then the call, then the receipt. A loop whose receipt is
missing is started again under the same name with the same input, which A2I answers with the loop that is already there.
So a receipt may come late, and many of them are one transaction; an intent may not.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from tqdm.auto import tqdm

from a2i_al import arguments
from a2i_al.aws.connection import Connection
from a2i_al.errors import AlreadyExists, NotFound, RequestRefused
from a2i_al.loops.bookkeeping.caps import why_over
from a2i_al.loops.bookkeeping.ledger import DELETED, PLANNED, Ledger
from a2i_al.loops.calling.calls import Caller
from a2i_al.loops.calling.rate import RateController
from a2i_al.loops.calling.room import Room
from a2i_al.loops.calling.threads import checked_workers, do_all
from a2i_al.loops.following.track import seen_of
from a2i_al.loops.requests import attachments
from a2i_al.loops.requests.planning import OVER_BUDGET, REFUSED, Plan, Request

COLUMNS = ("item_id", "human_loop_name", "action", "reason")


@dataclass(frozen=True)
class Pace:
    """How a submission takes its time.

    Attributes
    ----------
    rate : RateController
        Knows the service's limit, and the time; given to the next submission too, the limit need not be found again.
    wait_for_room : float
        Seconds that the quota of loops in flight may be exhausted before that is an error.
    """

    rate: RateController = field(default_factory=RateController)
    wait_for_room: float = 3600.0

    def __post_init__(self) -> None:
        arguments.amount("wait_for_room", self.wait_for_room, "seconds from 0 up: waiting has an end")


def start(
    connection: Connection,
    planned: Plan,
    *,
    ledger: Ledger,
    max_workers: int = 8,
    progress: bool = True,
    pace: Pace | None = None,
) -> pd.DataFrame:
    """Start every loop of a plan that is not started yet, and return the rows that were not started after all.

    A request that A2I calls wrong is a row of the result and the others go on. Throttling slows the submission down, a
    full quota makes it wait, a failing service is tried again. What remains (no connection, no permission, Ctrl-C) ends
    the submission after the calls under way; run it again to go on.

    Parameters
    ----------
    connection : Connection
        To A2I, and to S3 for files.
    planned : Plan
        From `plan`.
    ledger : Ledger
        Takes the intents and the receipts.
    max_workers : int
        Calls at once, 1 to 64. With 1, no thread is started.
    progress : bool
        Show a progress bar.
    pace : Pace, optional
        How fast, and how patiently.

    Returns
    -------
    DataFrame
        ``item_id``, ``human_loop_name``, ``action`` (``refused``, or ``over budget`` where another submission has used
        the budget up in the meantime) and ``reason``.

    Raises
    ------
    ServiceError
        For what stops the whole submission.
    """
    max_workers = checked_workers(max_workers)
    with ledger.kept_open():
        over = set(ledger.plan([request.row for request in planned.requests], most=planned.most))
        known = ledger.look_up(request.name for request in planned.requests)
        waiting = {name for name, (_, status) in known.items() if status == PLANNED}  # started, perhaps, or not
        todo = [request for request in planned.requests if request.name in waiting]
        attachments.store((f for request in todo for f in request.files), connection, max_workers=max_workers)
        refused = _start_all(
            connection, planned, todo, ledger, pace or Pace(), max_workers=max_workers, progress=progress
        )
    rows = [_row(r, OVER_BUDGET, why_over(planned.most)) for r in planned.requests if r.name in over]
    rows += [_row(request, REFUSED, reason) for request, reason in refused]
    return pd.DataFrame(sorted(rows, key=lambda row: row["item_id"]), columns=list(COLUMNS))


@dataclass(frozen=True)
class _Started:
    """What came of a call: refused for a reason, found as it was before, or just accepted."""

    refusal: str = ""
    found: dict[str, Any] | None = None


def _start_all(
    connection: Connection,
    planned: Plan,
    todo: list[Request],
    ledger: Ledger,
    pace: Pace,
    *,
    max_workers: int,
    progress: bool,
) -> list[tuple[Request, str]]:
    refused: dict[str, tuple[Request, str]] = {}
    halt = threading.Event()
    with tqdm(total=len(todo), desc="starting human loops", unit="loop", disable=None if progress else True) as bar:
        clock, tell = pace.rate.clock, bar.set_postfix_str
        room = Room(pace.wait_for_room, clock=clock, halt=halt, crowd=max_workers, tell=tell)
        caller = Caller(pace.rate, room, halt)

        def write_down(handful: list[tuple[Request, _Started]]) -> None:
            ledger.receipt(*(request.name for request, came in handful if not (came.refusal or came.found)))
            ledger.observe(came.found for _, came in handful if came.found)
            no = {request.name: (request, came.refusal) for request, came in handful if came.refusal}
            ledger.withdraw(*no)
            refused.update(no)
            bar.update(len(handful))

        do_all(
            lambda request: _start_one(connection, request, planned.attributes, caller),
            todo,
            write_down,
            max_workers=max_workers,
            halt=halt,
        )
    return list(refused.values())


def _start_one(connection: Connection, request: Request, attributes: dict[str, Any], caller: Caller) -> _Started:
    """Start a loop, or find it started: by a call whose answer was lost, or by somebody with the same question."""
    client, arn = connection.a2i_once, request.row["flow_definition_arn"]
    try:
        caller(
            f"starting human loop {request.name!r} for item {request.row['item_id']!r}",
            lambda: client.start_human_loop(
                HumanLoopName=request.name,
                FlowDefinitionArn=arn,
                HumanLoopInput={"InputContent": request.content},
                **attributes,
            ),
        )
    except RequestRefused as error:
        return _Started(refusal=str(error))
    except AlreadyExists:
        doing = f"looking up human loop {request.name!r}"
        try:
            found = caller(doing, lambda: client.describe_human_loop(HumanLoopName=request.name))
        except NotFound:  # its name outlives it: it was asked, and deleted
            return _Started(found={"human_loop_name": request.name, "status": DELETED})
        if found["FlowDefinitionArn"] != arn:
            raise
        return _Started(found=seen_of(found))
    return _Started()


def _row(request: Request, action: str, reason: str) -> dict[str, str]:
    return {
        "item_id": request.row["item_id"],
        "human_loop_name": request.name,
        "action": action,
        "reason": reason,
    }
