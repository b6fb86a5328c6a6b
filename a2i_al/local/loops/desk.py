"""The human loops of the embedded A2I, as a worker sees them: what waits, the next task, an answer, a return."""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from dataclasses import dataclass
from typing import Any

from a2i_al.local.loops.machine import Machine
from a2i_al.local.loops.offers import Flows, Offers
from a2i_al.local.loops.outputs import worker_identity
from a2i_al.local.loops.transitions import conclude, take_back
from a2i_al.local.wire.call import Refusal, invalid

_TIME_LIMIT = 3600  # seconds; A2I's default
_LONGEST_NAME = 64

_TASK = (
    "SELECT loop.id, loop.name, loop.input, accepted, due, flow_definition.arn, request, content,"
    # A tag of the human task UI: origins that its owner lets the pages load from, "+" for "*", which no tag can hold.
    " (SELECT value FROM tag WHERE key = 'a2i-al:allow-hosts'"
    " AND tag.arn LIKE '%:human-task-ui/' || human_task_ui.name) AS hosts FROM assignment"
    " JOIN loop ON loop.id = loop JOIN flow_definition ON flow_definition.id = flow"
    " JOIN human_task_ui ON human_task_ui.id = human_task_ui WHERE worker = ?"
)


@dataclass(frozen=True)
class Worker:
    """Somebody who signed in."""

    id: str
    name: str


@dataclass(frozen=True)
class Task:
    """A task that a worker has open; times in milliseconds."""

    human_loop_name: str
    flow_definition_arn: str
    title: str
    description: str
    template: str
    input: dict[str, Any]
    accepted: int
    due: int
    allow_hosts: tuple[str, ...] = ()

    @property
    def flow_name(self) -> str:
        """The flow definition's name."""
        return _name_of(self.flow_definition_arn)


@dataclass(frozen=True)
class Job:
    """A flow definition with the number of its tasks that wait for a worker, the one already open included."""

    flow_name: str
    title: str
    description: str
    waiting: int


@dataclass(frozen=True)
class Waiting:
    """How many tasks are on offer to a worker, and whether some are of a certain flow definition."""

    count: int
    flow_name: str
    of_flow: bool


class Desk:
    """The workers' side of the loops.

    Parameters
    ----------
    machine : Machine
        The loops.
    """

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._offers = Offers()

    def sign_in(self, name: str) -> Worker:
        """Return the worker of this name, who is the same person whatever the case and spacing of the letters.

        Raises
        ------
        Refusal
            If the name is empty, longer than 64 characters or cannot be printed.
        """
        shown = " ".join(unicodedata.normalize("NFKC", name).split())
        if not 1 <= len(shown) <= _LONGEST_NAME or not shown.isprintable():
            raise invalid(f"A name has 1 to {_LONGEST_NAME} printable characters.")
        worker, sub = worker_identity(shown.casefold())
        with self._machine.turn() as (tx, now):
            tx.execute("INSERT OR IGNORE INTO worker VALUES (?, ?, ?, ?)", (worker, shown, sub, now))
            return Worker(*tx.execute("SELECT id, name FROM worker WHERE id = ?", (worker,)).fetchone())

    def worker(self, worker: str) -> Worker | None:
        """Return a worker by id; None if nobody signed in with it."""
        with self._machine.store.transaction() as tx:
            row = tx.execute("SELECT id, name FROM worker WHERE id = ?", (worker,)).fetchone()
        return Worker(*row) if row else None

    def jobs(self, worker: Worker) -> list[Job]:
        """Return the flow definitions that have something for a worker, oldest first."""
        with self._machine.turn() as (tx, now):
            counts = self._offers.count_by_flow(tx, worker.id, now)
            opened = tx.execute(
                "SELECT flow FROM assignment JOIN loop ON loop.id = loop WHERE worker = ?", (worker.id,)
            )
            for (flow,) in opened.fetchall():
                counts[flow] = counts.get(flow, 0) + 1
            flows = tx.execute("SELECT id, arn, request FROM flow_definition ORDER BY id").fetchall()
        return [Job(_name_of(arn), *_titles(request), counts[flow]) for flow, arn, request in flows if flow in counts]

    def next(self, worker: Worker, flow_name: str | None = None) -> Task | None:
        """Open the next task for a worker: the one still open, else the oldest on offer; None if nothing is."""
        with self._machine.turn() as (tx, now):
            flows = self._flows(tx, flow_name)
            row = _opened(tx, worker, flows)
            if row is None:
                loop = self._offers.oldest(tx, worker.id, flows, now, self._machine.returns)
                if loop is None:
                    return None
                _assign(tx, loop, worker, now)
                row = tx.execute(f"{_TASK} AND loop.id = ?", (worker.id, loop)).fetchone()
        return _as_task(row)

    def task(self, worker: Worker, human_loop_name: str) -> Task:
        """Return a task that a worker has open; raises a Refusal if that is over."""
        with self._machine.turn() as (tx, _):
            return _as_task(_held(tx, worker, human_loop_name))

    def waiting(self, worker: Worker, flow_name: str) -> Waiting:
        """Return how many tasks are on offer to a worker."""
        with self._machine.turn() as (tx, now):
            return self._waiting(tx, worker, flow_name, now)

    def submit(self, worker: Worker, human_loop_name: str, answer_content: dict[str, Any]) -> Waiting:
        """Keep an answer and return what waits now; sending the same answer again changes nothing.

        Raises
        ------
        Refusal
            If the worker does not have the task open (any more).
        """
        content = json.dumps(answer_content, allow_nan=False)
        ended = False
        with self._machine.turn() as (tx, now):
            row = _repeated(tx, worker, human_loop_name, content)
            if row is None:
                row = _held(tx, worker, human_loop_name)
                values = (row["id"], worker.id, row["accepted"], now, content)
                tx.execute("INSERT INTO answer VALUES (?, ?, ?, ?, ?)", values)
                tx.execute("DELETE FROM assignment WHERE loop = ? AND worker = ?", (row["id"], worker.id))
                ended = conclude(tx, row["id"], now)
            waiting = self._waiting(tx, worker, _name_of(row["arn"]), now)
        if ended:
            self._machine.finish([row["id"]])
        return waiting

    def release(self, worker: Worker, human_loop_name: str) -> Waiting:
        """Give a task back unanswered and return what waits now; the task itself comes last from now on.

        Raises
        ------
        Refusal
            If the worker does not have the task open (any more).
        """
        with self._machine.turn() as (tx, now):
            row = _held(tx, worker, human_loop_name)
            take_back(tx, row["id"], worker.id)
            self._machine.returns += 1
            tx.execute("INSERT OR IGNORE INTO returned VALUES (?, ?)", (worker.id, row["id"]))
            ended = conclude(tx, row["id"], now)
            waiting = self._waiting(tx, worker, _name_of(row["arn"]), now)
        if ended:
            self._machine.finish([row["id"]])
        return waiting

    def _waiting(self, tx: sqlite3.Connection, worker: Worker, flow_name: str, now: int) -> Waiting:
        returns = self._machine.returns
        count = self._offers.count(tx, worker.id, now, returns)
        return Waiting(count, flow_name, self._offers.any(tx, worker.id, self._flows(tx, flow_name), now, returns))

    def _flows(self, tx: sqlite3.Connection, name: str | None) -> Flows:
        """Return the ids behind a flow definition's name, deleted ones of that name included; None stands for any."""
        if name is None:
            return (None,)
        arn = self._machine.config.arn("flow-definition", name)
        return [row["id"] for row in tx.execute("SELECT id FROM flow_definition WHERE arn = ? ORDER BY id", (arn,))]


def _opened(tx: sqlite3.Connection, worker: Worker, flows: Flows) -> sqlite3.Row | None:
    """Return what a worker has open already, the oldest first."""
    for flow in flows:
        where, values = ("", ()) if flow is None else (" AND flow = ?", (flow,))
        row: sqlite3.Row | None = tx.execute(
            f"{_TASK}{where} ORDER BY accepted, loop.id LIMIT 1", (worker.id, *values)
        ).fetchone()
        if row is not None:
            return row
    return None


def _assign(tx: sqlite3.Connection, loop: int, worker: Worker, now: int) -> None:
    query = "SELECT request FROM flow_definition JOIN loop ON flow = flow_definition.id WHERE loop.id = ?"
    human = json.loads(tx.execute(query, (loop,)).fetchone()["request"])["HumanLoopConfig"]
    due = now + 1000 * human.get("TaskTimeLimitInSeconds", _TIME_LIMIT)
    tx.execute("INSERT INTO assignment VALUES (?, ?, ?, ?)", (loop, worker.id, now, due))
    tx.execute("UPDATE loop SET places = places - 1 WHERE id = ?", (loop,))


def _held(tx: sqlite3.Connection, worker: Worker, human_loop_name: str) -> sqlite3.Row:
    row: sqlite3.Row | None = tx.execute(f"{_TASK} AND loop.name = ?", (worker.id, human_loop_name)).fetchone()
    if row is None:
        message = "You do not have this task open: its time is over, it was answered already, or it was withdrawn."
        raise Refusal("ConflictException", message, 409)
    return row


def _repeated(tx: sqlite3.Connection, worker: Worker, human_loop_name: str, content: str) -> sqlite3.Row | None:
    """Return the loop if this very answer is kept already: the acknowledgement may have been lost on its way."""
    row: sqlite3.Row | None = tx.execute(
        "SELECT loop.id, arn FROM answer JOIN loop ON loop.id = loop JOIN flow_definition ON flow_definition.id = flow"
        " WHERE worker = ? AND loop.name = ? AND answer.content = ?",
        (worker.id, human_loop_name, content),
    ).fetchone()
    return row


def _as_task(row: sqlite3.Row) -> Task:
    title, description = _titles(row["request"])
    task_input = json.loads(row["input"])
    return Task(
        human_loop_name=row["name"],
        flow_definition_arn=row["arn"],
        title=title,
        description=description,
        template=row["content"],
        input=task_input,
        accepted=row["accepted"],
        due=row["due"],
        allow_hosts=tuple((row["hosts"] or "").replace("+", "*").split()),
    )


def _titles(request: str) -> tuple[str, str]:
    human = json.loads(request)["HumanLoopConfig"]
    return human["TaskTitle"], human["TaskDescription"]


def _name_of(arn: str) -> str:
    return arn.rsplit("/", 1)[-1]
