"""What StartHumanLoop checks before a loop may start, and the row that it becomes."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from a2i_al.local.loops.outputs import output_uri
from a2i_al.local.loops.transitions import FAILED, FINAL, IN_PROGRESS, VALIDATION_ERROR
from a2i_al.local.wire.call import Refusal, invalid

_LIFETIME = 30 * 24 * 3600  # seconds; Ground Truth's default for private work teams, A2I's own is not published
_LONGEST_REASON = 1024


def parse_input(input_content: str) -> dict[str, Any]:
    """Return the task input; raises ``ValidationException`` for anything but a JSON object."""
    try:
        task_input = json.loads(input_content)
        json.dumps(task_input, allow_nan=False)  # 1e400 is read as infinity, which no JSON can say again
    except (ValueError, RecursionError) as error:
        raise invalid(f"InputContent is not valid JSON: {error}") from None
    if not isinstance(task_input, dict):
        raise invalid(f"InputContent is a JSON {type(task_input).__name__}: it must be an object.")
    return task_input


def find_flow(tx: sqlite3.Connection, arn: str) -> sqlite3.Row:
    """Return id, request and template of a flow definition; raises ``ValidationException`` if there is none."""
    row: sqlite3.Row | None = tx.execute(
        "SELECT flow_definition.id, request, content FROM flow_definition"
        " JOIN human_task_ui ON human_task_ui.id = human_task_ui WHERE arn = ? AND flow_definition.name IS NOT NULL",
        (arn,),
    ).fetchone()
    if row is None:
        raise invalid(f"Flow definition {arn} does not exist.")
    return row


def check_same(taken: sqlite3.Row, flow: int, input_content: str, classifiers: str) -> None:
    """Raise ``ConflictException`` unless the loop that has the name is active and the very same."""
    name = taken["name"]
    if taken["status"] in FINAL:
        raise Refusal(
            "ConflictException",
            f"HumanLoop '{name}' already exists and is finished. To start a new HumanLoop, you can try your request"
            " again with a different HumanLoopName.",
            409,
        )
    if (taken["flow"], taken["input"], taken["classifiers"]) != (flow, input_content, classifiers):
        raise Refusal(
            "ConflictException",
            f"HumanLoop '{name}' already exists. Your request has the same name as another active human loop but has"
            " different input data. You cannot start two human loops with the same name and different input data.",
            409,
        )


def check_quota(tx: sqlite3.Connection, flow: int, flow_arn: str, quota: int) -> None:
    """Raise ``ServiceQuotaExceededException`` if a flow definition has as many loops in flight as it may; 0 is any."""
    if not quota:
        return
    query = "SELECT count(*) FROM loop WHERE flow = ? AND status IN ('InProgress', 'Stopping')"
    (count,) = tx.execute(query, (flow,)).fetchone()
    if count >= quota:
        raise Refusal(
            "ServiceQuotaExceededException",
            f"{flow_arn} has {count} human loops in flight, and its quota is {quota}.",
            402,
        )


def insert(
    tx: sqlite3.Connection,
    *,
    name: str,
    flow: int,
    settings: dict[str, Any],
    input_content: str,
    classifiers: str,
    now: int,
    problem: str | None,
) -> int:
    """Add a loop and return its id: in progress, or failed at once if there is a problem with its page."""
    human = settings["HumanLoopConfig"]
    uri = output_uri(settings["OutputConfig"]["S3OutputPath"], settings["FlowDefinitionName"], name, now)
    row = {
        "name": name,
        "flow": flow,
        "status": FAILED if problem else IN_PROGRESS,
        "places": 0 if problem else human["TaskCount"],
        "input": input_content,
        "classifiers": classifiers,
        "output_uri": None if problem else uri,
        "failure_code": VALIDATION_ERROR if problem else None,
        "failure_reason": problem and problem[:_LONGEST_REASON],
        "created": now,
        "expires": now + 1000 * human.get("TaskAvailabilityLifetimeInSeconds", _LIFETIME),
    }
    names = ", ".join(row)
    statement = f"INSERT INTO loop ({names}) VALUES ({', '.join('?' * len(row))})"  # noqa: S608  # our names
    return int(tx.execute(statement, tuple(row.values())).lastrowid or 0)
