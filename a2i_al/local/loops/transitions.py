"""The transitions of a human loop, as statements inside a transaction: what time, an answer or a stop makes of it.

    InProgress ─ all answers in ────────────────────→ Completed
        │ ├─ its page cannot be rendered ───────────→ Failed (ValidationError), at the start
        │ ├─ lifetime over, nobody has it open ─────→ Failed (Expired)
        │ └─ stopped, nobody has it open ───────────→ Stopped
        └─ stopped while somebody has it open → Stopping → Stopped

A final state is first an `outcome`, and becomes the `status` when output.json is in place (machine.py).
Source: https://docs.aws.amazon.com/sagemaker/latest/dg/a2i-delete-human-loop.html
"""

from __future__ import annotations

import sqlite3

IN_PROGRESS, STOPPING = "InProgress", "Stopping"
COMPLETED, STOPPED, FAILED = "Completed", "Stopped", "Failed"
FINAL = frozenset({COMPLETED, STOPPED, FAILED})
EXPIRED, VALIDATION_ERROR = "Expired", "ValidationError"

_EXPIRY = "The task availability lifetime ended before all workers had answered."


def return_overdue(tx: sqlite3.Connection, now: int) -> list[int]:
    """Take back the tasks whose time limit is over and return their loops."""
    overdue = tx.execute("SELECT loop, worker FROM assignment WHERE due <= ?", (now,)).fetchall()
    for loop, worker in overdue:
        take_back(tx, loop, worker)
    return [loop for loop, _ in overdue]


def overripe(tx: sqlite3.Connection, now: int) -> list[int]:
    """Return the loops whose lifetime is over."""
    rows = tx.execute(
        "SELECT id FROM loop WHERE status IN ('InProgress', 'Stopping') AND expires <= ? AND outcome IS NULL", (now,)
    )
    return [row["id"] for row in rows]


def take_back(tx: sqlite3.Connection, loop: int, worker: str) -> None:
    """End an assignment without an answer; its place is free again."""
    tx.execute("DELETE FROM assignment WHERE loop = ? AND worker = ?", (loop, worker))
    tx.execute("UPDATE loop SET places = places + 1 WHERE id = ?", (loop,))


def conclude(tx: sqlite3.Connection, loop: int, now: int) -> bool:
    """Give a loop its outcome if nothing more can change it; return whether it has one now.

    Whoever has opened the task may still finish it, whatever has happened since: no minute of a person is wasted.
    """
    row = tx.execute(
        "SELECT status, places, expires, (SELECT count(*) FROM assignment WHERE loop = loop.id) AS opened"
        " FROM loop WHERE id = ? AND outcome IS NULL AND status IN ('InProgress', 'Stopping')",
        (loop,),
    ).fetchone()
    if row is None or row["opened"]:
        return False
    code = reason = None
    if row["status"] == STOPPING:
        outcome = STOPPED
    elif row["places"] == 0:
        outcome = COMPLETED
    elif row["expires"] <= now:
        outcome, code, reason = FAILED, EXPIRED, _EXPIRY
    else:
        return False
    tx.execute(
        "UPDATE loop SET outcome = ?, failure_code = ?, failure_reason = ?, places = 0 WHERE id = ?",
        (outcome, code, reason, loop),
    )
    return True
