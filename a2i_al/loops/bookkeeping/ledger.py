"""The ledger: what was asked, written before the call, and the receipt, written after. SQLite, shared by processes."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from a2i_al.errors import InvalidInput
from a2i_al.loops.bookkeeping.caps import beyond
from a2i_al.loops.bookkeeping.schema import VERSION, migrate, version_of
from a2i_al.tables import LOOPS

PLANNED, DELETED = "Planned", "Deleted"
_PATIENCE = 30.0  # seconds that another process may hold the file
_COLUMNS = ", ".join(column.name for column in LOOPS.columns)
FINAL = frozenset({"Completed", "Failed", "Stopped", DELETED})


class Ledger:
    """The record of every human loop that was planned or started.

    Each method opens its own connection: notebook callbacks run on other threads than cells, and several notebooks may
    share the file.

    Parameters
    ----------
    path : path-like
        The SQLite file; made with its folder if absent.

    Examples
    --------
    >>> import tempfile
    >>> ledger = Ledger(Path(tempfile.mkdtemp()) / "ledger.sqlite3")
    >>> asked = {"item_id": "1", "round": 0, "model_version": "", "flow_definition_arn": "f"}
    >>> ledger.plan([{"human_loop_name": "a", **asked}])
    []
    >>> ledger.loops()["status"].tolist()
    ['Planned']
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    def __repr__(self) -> str:
        return f"Ledger({str(self.path)!r})"

    def plan(self, rows: Iterable[Mapping[str, Any]], *, most: int | None = None) -> list[str]:
        """Write the intent to start these loops, all or none; a loop already in the ledger stays as it is.

        Parameters
        ----------
        rows : iterable of mapping
            ``human_loop_name``, ``item_id``, ``round``, ``model_version`` and ``flow_definition_arn``, and the
            ``attempt`` if it is not the first.
        most : int, optional
            Loops of a flow definition that a round may have. It is counted and written in one transaction, so that
            two who submit at once stay within it together.

        Returns
        -------
        list of str
            The names of those that would be too many; nothing is written of them.
        """
        now = _now()
        planned = [{"attempt": 0, **row, "status": PLANNED, "planned_at": now} for row in rows]
        with self._transaction() as db:
            over: set[str] = set()
            for arn in {row["flow_definition_arn"] for row in planned} if most is not None else ():
                ours = [row for row in planned if row["flow_definition_arn"] == arn]
                there = _found(db, (row["human_loop_name"] for row in ours))
                over |= {row["human_loop_name"] for row in beyond(ours, there, _spent(db, arn), most)}
            db.executemany(
                "INSERT INTO loops (human_loop_name, item_id, round, model_version, flow_definition_arn, attempt,"
                " status, planned_at) VALUES (:human_loop_name, :item_id, :round, :model_version,"
                " :flow_definition_arn, :attempt, :status, :planned_at) ON CONFLICT (human_loop_name) DO NOTHING",
                [row for row in planned if row["human_loop_name"] not in over],
            )
        return [row["human_loop_name"] for row in planned if row["human_loop_name"] in over]

    def restore(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write loops that were started before this ledger was, all or none; a loop already in it stays as it is.

        Parameters
        ----------
        rows : iterable of mapping
            As for `plan`, with the ``status`` and, where known, ``created_at``, ``finished_at`` and ``output_uri``.
        """
        now = _now()
        unknown = {"attempt": 0, "created_at": None, "finished_at": None, "output_uri": None, "now": now}
        values = [{**unknown, **row} for row in rows]
        for row in values:
            row["finished_at"] = (row["finished_at"] or now) if row["status"] in FINAL else None
        with self._transaction() as db:
            db.executemany(
                "INSERT INTO loops (human_loop_name, item_id, round, model_version, flow_definition_arn, attempt,"
                " status, planned_at, created_at, finished_at, output_uri) VALUES (:human_loop_name, :item_id, :round,"
                " :model_version, :flow_definition_arn, :attempt, :status, :now, :created_at, :finished_at,"
                " :output_uri) ON CONFLICT (human_loop_name) DO NOTHING",
                values,
            )

    def receipt(self, *human_loop_names: str) -> None:
        """Write that the service has accepted these loops."""
        if not human_loop_names:
            return
        with self._transaction() as db:
            db.executemany(
                "UPDATE loops SET status = 'InProgress' WHERE human_loop_name = ? AND status = ?",
                [(name, PLANNED) for name in human_loop_names],
            )

    def withdraw(self, *human_loop_names: str) -> None:
        """Take back the intent for loops that the service refused to start, or that nobody wants any more."""
        if not human_loop_names:
            return
        with self._transaction() as db:
            db.executemany(
                "DELETE FROM loops WHERE human_loop_name = ? AND status = ?",
                [(name, PLANNED) for name in human_loop_names],
            )

    def missed(self, human_loop_names: Collection[str], at: datetime) -> None:
        """Write that the service had none of these planned loops at a time."""
        if not human_loop_names:
            return
        time = at.isoformat(timespec="milliseconds")
        with self._transaction() as db:
            db.executemany(
                "UPDATE loops SET missed_at = ? WHERE human_loop_name = ? AND status = ?",
                [(time, name, PLANNED) for name in human_loop_names],
            )

    def observe(self, seen: Iterable[Mapping[str, Any]]) -> None:
        """Write what the service said of loops, late or twice as it may be: a final status stays.

        Parameters
        ----------
        seen : iterable of mapping
            ``human_loop_name``, ``status`` and, where known, ``created_at``, ``failure_code`` and ``failure_reason``.
        """
        now = _now()
        unknown = {"created_at": None, "failure_code": None, "failure_reason": None}
        rows = [{**unknown, **row, "finished_at": now if row["status"] in FINAL else None} for row in seen]
        if not rows:
            return
        with self._transaction() as db:
            db.executemany(
                "UPDATE loops SET created_at = coalesce(:created_at, created_at),"
                " status = CASE WHEN finished_at IS NULL THEN :status ELSE status END,"
                " finished_at = coalesce(finished_at, :finished_at),"
                " failure_code = coalesce(:failure_code, failure_code),"
                " failure_reason = coalesce(:failure_reason, failure_reason)"
                " WHERE human_loop_name = :human_loop_name",
                rows,
            )

    def found_outputs(self, uris: dict[str, str]) -> None:
        """Write where the outputs of loops lie, name to URI; every harvest tells of all, so what is known is not."""
        with self._snapshot() as db:
            known = dict(map(tuple, db.execute("SELECT human_loop_name, output_uri FROM loops")))
        new = [(uri, name) for name, uri in uris.items() if name in known and known[name] != uri]
        if new:
            with self._transaction() as db:
                db.executemany("UPDATE loops SET output_uri = ? WHERE human_loop_name = ?", new)

    def look_up(self, human_loop_names: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Return flow definition and status of those of these loops that are in the ledger, by name."""
        with self._snapshot() as db:
            return _found(db, human_loop_names)

    def loops(self, flow_definition_arn: str | None = None) -> pd.DataFrame:
        """Return the loops table, in the order of planning; of one flow definition if given."""
        condition = ":arn IS NULL OR flow_definition_arn = :arn"
        return LOOPS.from_rows(self._rows(condition, arn=flow_definition_arn))

    def about(self, item_ids: Iterable[str], flow_definition_arn: str) -> list[dict[str, Any]]:
        """Return the rows of a flow definition's loops table that are about these items, as they were written.

        It takes no longer where the table is long: a submission asks this, and is not to wait for all that was asked
        before.
        """
        return self._rows(
            "flow_definition_arn = :arn AND item_id IN (SELECT value FROM json_each(:items))",
            arn=flow_definition_arn,
            items=json.dumps(list(item_ids)),
        )

    def spent(self, flow_definition_arn: str) -> dict[int, int]:
        """Return how many loops of a flow definition were started or may have been, by round."""
        with self._snapshot() as db:
            return _spent(db, flow_definition_arn)

    def missed_at(self, flow_definition_arn: str) -> dict[str, datetime]:
        """Return when the service was last seen not to have the planned loops of a flow definition, by name."""
        query = "SELECT human_loop_name, missed_at FROM loops WHERE flow_definition_arn = ? AND status = ?"
        with self._snapshot() as db:
            found = db.execute(f"{query} AND missed_at IS NOT NULL", (flow_definition_arn, PLANNED))
            return {name: datetime.fromisoformat(time) for name, time in found}

    def _rows(self, condition: str, **values: str | None) -> list[dict[str, Any]]:
        query = f"SELECT {_COLUMNS} FROM loops WHERE {condition} ORDER BY rowid"  # noqa: S608  # our own words
        with self._snapshot() as db:
            return [dict(row) for row in db.execute(query, values)]

    @contextmanager
    def kept_open(self) -> Iterator[None]:
        """Spare what is written inside the block the checkpoint that SQLite makes when nobody has the file open."""
        with closing(self._open()) as db:
            version_of(db)  # a file is open once it is read
            yield

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with closing(self._open()) as db, _all_or_nothing(db):
            migrate(db)
            yield db

    @contextmanager
    def _snapshot(self) -> Iterator[sqlite3.Connection]:
        """Give a connection to read with, which keeps nobody from writing."""
        with closing(self._open()) as db:
            if version_of(db) < VERSION:
                with _all_or_nothing(db):
                    migrate(db)
            yield db

    def _open(self) -> sqlite3.Connection:
        db = None
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            db = sqlite3.connect(self.path, timeout=_PATIENCE, isolation_level=None)
            _write_ahead(db)
            # FULL: a receipt must survive a power cut, or its loop would be described again for nothing.
            db.execute("PRAGMA synchronous = FULL")
        except (OSError, sqlite3.DatabaseError) as error:
            if db is not None:
                db.close()
            raise InvalidInput(
                f"the ledger {self.path} cannot be opened: {error}",
                expected="a ledger, or a folder that can be written",
                fix="pass another ledger path, or set A2I_AL_HOME",
            ) from error
        db.row_factory = sqlite3.Row
        return db


def _found(db: sqlite3.Connection, human_loop_names: Iterable[str]) -> dict[str, tuple[str, str]]:
    query = (
        "SELECT human_loop_name, flow_definition_arn, status FROM loops"
        " WHERE human_loop_name IN (SELECT value FROM json_each(?))"
    )
    return {name: (arn, status) for name, arn, status in db.execute(query, (json.dumps(list(human_loop_names)),))}


def _spent(db: sqlite3.Connection, flow_definition_arn: str) -> dict[int, int]:
    query = "SELECT round, count(*) FROM loops WHERE flow_definition_arn = ? GROUP BY round"
    return dict(map(tuple, db.execute(query, (flow_definition_arn,))))


def _write_ahead(db: sqlite3.Connection) -> None:
    """Switch a new file to a write-ahead log; SQLite itself does not wait where two processes make the file at once."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


@contextmanager
def _all_or_nothing(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
