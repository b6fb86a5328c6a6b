"""The ledger: what was asked, written before the call, and the receipt, written after. SQLite, shared by processes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from a2i_al.errors import InvalidInput
from a2i_al.tables import LOOPS

PLANNED = "Planned"
FINAL = frozenset({"Completed", "Failed", "Stopped"})
_VERSION = 1
_SCHEMA = """
CREATE TABLE loops (
    human_loop_name     TEXT PRIMARY KEY,
    item_id             TEXT NOT NULL,
    round               INTEGER NOT NULL,
    model_version       TEXT NOT NULL,
    flow_definition_arn TEXT NOT NULL,
    status              TEXT NOT NULL,
    planned_at          TEXT NOT NULL,
    created_at          TEXT,
    finished_at         TEXT,
    output_uri          TEXT,
    failure_code        TEXT,
    failure_reason      TEXT
) STRICT;
CREATE INDEX loops_of_flow ON loops (flow_definition_arn, status);
"""


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
    >>> ledger.loops()["status"].tolist()
    ['Planned']
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    def __repr__(self) -> str:
        return f"Ledger({str(self.path)!r})"

    def plan(self, rows: Iterable[dict[str, Any]]) -> None:
        """Write the intent to start these loops, all or none; a loop already in the ledger stays as it is."""
        planned = [{**row, "status": PLANNED, "planned_at": _now()} for row in rows]
        with self._transaction() as db:
            db.executemany(
                "INSERT INTO loops"
                " (human_loop_name, item_id, round, model_version, flow_definition_arn, status, planned_at) VALUES"
                " (:human_loop_name, :item_id, :round, :model_version, :flow_definition_arn, :status, :planned_at)"
                " ON CONFLICT (human_loop_name) DO NOTHING",
                planned,
            )

    def receipt(self, human_loop_name: str) -> None:
        """Write that the service has accepted the loop."""
        with self._transaction() as db:
            db.execute(
                "UPDATE loops SET status = 'InProgress' WHERE human_loop_name = ? AND status = ?",
                (human_loop_name, PLANNED),
            )

    def withdraw(self, human_loop_name: str) -> None:
        """Take back the intent for a loop that the service refused to start."""
        with self._transaction() as db:
            db.execute("DELETE FROM loops WHERE human_loop_name = ? AND status = ?", (human_loop_name, PLANNED))

    def observe(self, seen: Iterable[dict[str, Any]]) -> None:
        """Write what the service said of loops: status, created_at and, where known, failure_code, failure_reason."""
        now = _now()
        rows = [
            {
                "failure_code": None,
                "failure_reason": None,
                **row,
                "finished_at": now if row["status"] in FINAL else None,
            }
            for row in seen
        ]
        with self._transaction() as db:
            db.executemany(
                "UPDATE loops SET status = :status, created_at = :created_at,"
                " finished_at = coalesce(finished_at, :finished_at),"
                " failure_code = coalesce(:failure_code, failure_code),"
                " failure_reason = coalesce(:failure_reason, failure_reason)"
                " WHERE human_loop_name = :human_loop_name",
                rows,
            )

    def found_outputs(self, uris: dict[str, str]) -> None:
        """Write where the outputs of loops lie: name to URI."""
        with self._transaction() as db:
            db.executemany(
                "UPDATE loops SET output_uri = ? WHERE human_loop_name = ?", [(uri, name) for name, uri in uris.items()]
            )

    def loops(self, flow_definition_arn: str | None = None) -> pd.DataFrame:
        """Return the loops table, in the order of planning; of one flow definition if given."""
        query = "SELECT * FROM loops WHERE :arn IS NULL OR flow_definition_arn = :arn ORDER BY rowid"
        with self._transaction() as db:
            rows = [dict(row) for row in db.execute(query, {"arn": flow_definition_arn})]
        return LOOPS.from_rows([{k: v for k, v in row.items() if k != "planned_at"} for row in rows])

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            db = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        except (OSError, sqlite3.OperationalError) as error:
            raise InvalidInput(
                f"the ledger {self.path} cannot be opened: {error}",
                expected="a file in a folder that can be written",
                fix="pass another ledger path, or set A2I_AL_HOME",
            ) from error
        try:
            db.row_factory = sqlite3.Row
            db.execute("PRAGMA journal_mode = WAL")
            # FULL: a receipt must survive a power cut, or its loop would be described again for nothing.
            db.execute("PRAGMA synchronous = FULL")
            db.execute("BEGIN IMMEDIATE")
            self._migrate(db)
            yield db
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
        finally:
            db.close()

    def _migrate(self, db: sqlite3.Connection) -> None:
        found = db.execute("PRAGMA user_version").fetchone()[0]
        if found == _VERSION:
            return
        if found > _VERSION:
            raise InvalidInput(
                f"the ledger {self.path} has schema version {found}",
                expected=f"at most {_VERSION}",
                fix="upgrade a2i_al",
            )
        for statement in _SCHEMA.split(";"):
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {_VERSION}")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
