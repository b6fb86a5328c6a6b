"""The human loops of the embedded A2I, as the requester sees them: start, describe, list, stop, delete; and their end.

An answer is in the store before anything else happens; output.json is in place before the loop is final. If the process
dies in between, `finish_all` at the next start finishes what was begun.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from a2i_al.local.clock import Clock, to_ms
from a2i_al.local.home import Config
from a2i_al.local.loops.outputs import Answer, output_json
from a2i_al.local.loops.starting import check_quota, check_same, find_flow, insert, parse_input
from a2i_al.local.loops.store import Store
from a2i_al.local.loops.transitions import (
    FINAL,
    STOPPING,
    conclude,
    overripe,
    return_overdue,
)
from a2i_al.local.wire.call import Refusal, invalid

_log = logging.getLogger(__name__)

# Template source and task input to why the page cannot be rendered, or None.
RenderCheck = Callable[[str, dict[str, Any]], str | None]


class Writer(Protocol):
    """Puts an output where its URI says, durably."""

    def __call__(self, uri: str, data: bytes, *, kms_key: str | None) -> None:
        """Write, or raise."""


@dataclass(frozen=True)
class Loop:
    """A human loop as DescribeHumanLoop tells it; times in milliseconds."""

    id: int
    name: str
    status: str
    created: int
    flow_arn: str
    output_uri: str | None
    failure_code: str | None
    failure_reason: str | None


_LOOP = (
    "SELECT loop.id, loop.name, loop.status, loop.created, flow_definition.arn AS flow_arn, loop.output_uri,"
    " loop.failure_code, loop.failure_reason, loop.input, loop.classifiers, loop.flow"
    " FROM loop JOIN flow_definition ON flow_definition.id = loop.flow"
)


class Machine:
    """The loops and their clock.

    Parameters
    ----------
    store : Store
        Their truth.
    config : Config
        Region and account of their ARNs.
    write : Writer
        Where outputs go.
    check : callable
        Why a template cannot be rendered with an input, or None.
    clock : callable
        Returns the time, aware.
    quota : callable
        Returns how many loops of a flow definition may be in flight; 0 is any number.
    note : callable
        Is told of each loop that may have become final, with its id and the time, inside the transaction.
    """

    def __init__(
        self,
        store: Store,
        config: Config,
        *,
        write: Writer,
        check: RenderCheck,
        clock: Clock,
        quota: Callable[[], int] = lambda: 0,
        note: Callable[[sqlite3.Connection, int, int], None] = lambda *_: None,
    ) -> None:
        self.store, self.config = store, config
        self._write, self._check, self._clock, self._quota, self._note = write, check, clock, quota, note
        # How often a place became free again: what was seen of the offers before is worth nothing then.
        self.returns = 0

    def now(self) -> int:
        """Return the time in milliseconds."""
        return to_ms(self._clock())

    @contextmanager
    def turn(self) -> Iterator[tuple[sqlite3.Connection, int]]:
        """Give a transaction, and its time, in which everything has happened that was due by then."""
        now = self.now()
        with self.store.transaction() as tx:
            returned = return_overdue(tx, now)
            self.returns += len(returned)
            ended = [loop for loop in {*returned, *overripe(tx, now)} if conclude(tx, loop, now)]
            if not ended:
                yield tx, now
                return
        self.finish(ended)
        with self.store.transaction() as tx:
            yield tx, now

    def start(self, name: str, flow_arn: str, input_content: str, classifiers: Sequence[str] = ()) -> str:
        """Start a loop and return its ARN; starting the same one again while it is active changes nothing.

        Raises
        ------
        Refusal
            ``ValidationException`` without such a flow definition or with an input that is no JSON object;
            ``ConflictException`` if the name is taken by a loop that is finished or has another input;
            ``ServiceQuotaExceededException`` if the flow definition has as many in flight as it may.
        """
        task_input = parse_input(input_content)
        with self.store.reading() as db:
            flow = find_flow(db, flow_arn)
        # Outside the transaction: rendering may take its time, and other requests go on meanwhile.
        problem = self._check(flow["content"], task_input)
        kept = json.dumps(sorted(classifiers))
        with self.turn() as (tx, now):
            taken = tx.execute(f"{_LOOP} WHERE loop.name = ?", (name,)).fetchone()
            if taken is not None:
                check_same(taken, flow["id"], input_content, kept)
            else:
                check_quota(tx, flow["id"], flow_arn, self._quota())
                loop = insert(
                    tx,
                    name=name,
                    flow=flow["id"],
                    settings=json.loads(flow["request"]),
                    input_content=input_content,
                    classifiers=kept,
                    now=now,
                    problem=problem,
                )
                self._note(tx, loop, now)
        return self.config.arn("human-loop", name)

    def describe(self, name: str) -> Loop:
        """Return a loop; raises ``ResourceNotFoundException`` if there is none."""
        with self.turn() as (tx, _):
            return _as_loop(_find(tx, name))

    def list(
        self,
        flow_arn: str,
        *,
        after: float | None = None,
        before: float | None = None,
        ascending: bool = False,
        limit: int = 100,
        beyond: tuple[int, int] | None = None,
    ) -> list[Loop]:
        """Return loops of a flow definition in the order of their creation.

        Parameters
        ----------
        flow_arn : str
            Raises ``ResourceNotFoundException`` if there is none.
        after, before : float, optional
            Exclusive bounds of the creation time, milliseconds.
        ascending : bool
            Oldest first.
        limit : int
            At most so many.
        beyond : (int, int), optional
            Creation time and id of the last one of the page before.
        """
        order, sign = ("ASC", ">") if ascending else ("DESC", "<")
        wheres = ["flow_definition.arn = ?"]
        values: list[Any] = [flow_arn]
        for where, value in (("loop.created > ?", after), ("loop.created < ?", before)):
            if value is not None:
                wheres, values = [*wheres, where], [*values, value]
        if beyond is not None:
            wheres, values = [*wheres, f"(loop.created, loop.id) {sign} (?, ?)"], [*values, *beyond]
        query = f"{_LOOP} WHERE {' AND '.join(wheres)} ORDER BY loop.created {order}, loop.id {order} LIMIT ?"
        with self.turn() as (tx, _):
            rows = tx.execute(query, (*values, limit)).fetchall()
            if not rows and tx.execute("SELECT 1 FROM flow_definition WHERE arn = ?", (flow_arn,)).fetchone() is None:
                raise Refusal("ResourceNotFoundException", f"Flow definition {flow_arn} does not exist.", 404)
        return [_as_loop(row) for row in rows]

    def stop(self, name: str) -> None:
        """Stop a loop: at once if nobody has it open, else when the last one who has is done.

        Raises
        ------
        Refusal
            ``ResourceNotFoundException`` if there is none, ``ValidationException`` if it is finished.
        """
        with self.turn() as (tx, now):
            loop = _find(tx, name)
            if loop["status"] in FINAL:
                raise invalid(f"HumanLoop '{name}' is {loop['status']} and cannot be stopped.")
            tx.execute("UPDATE loop SET status = ? WHERE id = ? AND outcome IS NULL", (STOPPING, loop["id"]))
            ended = conclude(tx, loop["id"], now)
        if ended:
            self.finish([loop["id"]])

    def delete(self, name: str) -> None:
        """Delete a finished loop; its output stays and its name is free again.

        Raises
        ------
        Refusal
            ``ResourceNotFoundException`` if there is none, ``ValidationException`` if it is not finished.
        """
        with self.turn() as (tx, _):
            loop = _find(tx, name)
            if loop["status"] not in FINAL:
                raise invalid(
                    f"HumanLoop '{name}' is {loop['status']}: only a Completed, Failed or Stopped one can be deleted."
                )
            tx.execute("DELETE FROM loop WHERE id = ?", (loop["id"],))

    def sweep(self) -> None:
        """Let everything happen that is due, and try again what could not be written."""
        with self.turn():
            pass
        self.finish_all()

    def finish_all(self) -> None:
        """Finish every loop that has an outcome but no output yet."""
        with self.store.transaction() as tx:
            ids = [row["id"] for row in tx.execute("SELECT id FROM loop WHERE outcome IS NOT NULL ORDER BY id")]
        self.finish(ids)

    def finish(self, ids: Sequence[int]) -> None:
        """Write the outputs of loops that have an outcome, then make the outcome their status.

        An output that cannot be written is logged and left for the next sweep: the answers are safe in the store.
        """
        for loop in ids:
            try:
                self._write_output(loop)
            except Exception:  # noqa: BLE001  # whatever a file system or a remote S3 may raise
                _log.exception("the output of human loop %d cannot be written; it will be tried again", loop)
                continue
            with self.store.transaction() as tx:
                done = tx.execute(
                    "UPDATE loop SET status = outcome, outcome = NULL WHERE id = ? AND outcome IS NOT NULL", (loop,)
                )
                if done.rowcount:
                    self._note(tx, loop, self.now())

    def _write_output(self, loop: int) -> None:
        with self.store.transaction() as tx:
            row = tx.execute(
                "SELECT loop.name, loop.input, loop.output_uri, flow_definition.arn, flow_definition.request FROM loop"
                " JOIN flow_definition ON flow_definition.id = loop.flow WHERE loop.id = ?",
                (loop,),
            ).fetchone()
            answers = tx.execute(
                "SELECT worker.id, worker.sub, accepted, submitted, content FROM answer"
                " JOIN worker ON worker.id = worker WHERE loop = ? ORDER BY submitted, worker.id",
                (loop,),
            ).fetchall()
        data = output_json(row["arn"], row["name"], row["input"], [Answer(*answer) for answer in answers])
        kms_key = json.loads(row["request"])["OutputConfig"].get("KmsKeyId")
        self._write(row["output_uri"], data, kms_key=kms_key)


def _find(tx: sqlite3.Connection, name: str) -> sqlite3.Row:
    row: sqlite3.Row | None = tx.execute(f"{_LOOP} WHERE loop.name = ?", (name,)).fetchone()
    if row is None:
        raise Refusal("ResourceNotFoundException", f"HumanLoop '{name}' does not exist.", 404)
    return row


def _as_loop(row: sqlite3.Row) -> Loop:
    return Loop(**{name: row[name] for name in Loop.__dataclass_fields__})
