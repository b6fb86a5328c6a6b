"""The truth of the embedded A2I: one SQLite file, written durably before anything is acknowledged.

One connection writes, for everybody: a request is one short transaction, and SQLite has one writer anyway. Another one
reads what is committed, and waits for no writer.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from a2i_al.errors import LocalServiceError
from a2i_al.local.loops.commits import Commits

# Times are whole milliseconds since 1970, UTC. A deleted resource keeps its row, under a NULL name, for the loops that
# still run on it; a loop's `places` are the answers still wanted of people who have not opened the task.
MIGRATIONS = (
    """
    CREATE TABLE human_task_ui (
        id INTEGER PRIMARY KEY, name TEXT UNIQUE, content TEXT NOT NULL, created INTEGER NOT NULL
    );
    CREATE TABLE workteam (
        id INTEGER PRIMARY KEY, name TEXT UNIQUE, request TEXT NOT NULL, created INTEGER NOT NULL
    );
    CREATE TABLE flow_definition (
        id INTEGER PRIMARY KEY, name TEXT UNIQUE, arn TEXT NOT NULL, request TEXT NOT NULL, created INTEGER NOT NULL,
        human_task_ui INTEGER NOT NULL REFERENCES human_task_ui
    );
    CREATE TABLE tag (arn TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (arn, key)) WITHOUT ROWID;
    CREATE TABLE worker (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, sub TEXT NOT NULL, created INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE loop (
        id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE,
        flow INTEGER NOT NULL REFERENCES flow_definition,
        status TEXT NOT NULL, outcome TEXT, places INTEGER NOT NULL,
        input TEXT NOT NULL, classifiers TEXT NOT NULL, output_uri TEXT,
        failure_code TEXT, failure_reason TEXT,
        created INTEGER NOT NULL, expires INTEGER NOT NULL
    );
    CREATE INDEX loop_in_order ON loop (flow, created, id);
    CREATE INDEX loop_on_offer ON loop (flow, id) WHERE status = 'InProgress' AND places > 0;
    CREATE INDEX loop_on_any_offer ON loop (id) WHERE status = 'InProgress' AND places > 0;
    CREATE INDEX loop_at_end ON loop (expires) WHERE status IN ('InProgress', 'Stopping');
    CREATE INDEX loop_to_finish ON loop (id) WHERE outcome IS NOT NULL;
    CREATE TABLE assignment (
        loop INTEGER NOT NULL REFERENCES loop ON DELETE CASCADE, worker TEXT NOT NULL REFERENCES worker,
        accepted INTEGER NOT NULL, due INTEGER NOT NULL, PRIMARY KEY (loop, worker)
    ) WITHOUT ROWID;
    CREATE INDEX assignment_of_worker ON assignment (worker, accepted);
    CREATE INDEX assignment_due ON assignment (due);
    CREATE TABLE answer (
        loop INTEGER NOT NULL REFERENCES loop ON DELETE CASCADE, worker TEXT NOT NULL REFERENCES worker,
        accepted INTEGER NOT NULL, submitted INTEGER NOT NULL, content TEXT NOT NULL, PRIMARY KEY (loop, worker)
    ) WITHOUT ROWID;
    CREATE TABLE returned (
        worker TEXT NOT NULL REFERENCES worker, loop INTEGER NOT NULL REFERENCES loop ON DELETE CASCADE,
        PRIMARY KEY (worker, loop)
    ) WITHOUT ROWID;
    CREATE INDEX returned_loop ON returned (loop);
    """,
    """
    CREATE INDEX loop_in_flight ON loop (flow) WHERE status IN ('InProgress', 'Stopping');
    """,
    """
    CREATE TABLE event (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL);
    """,
)


class Store:
    """The database file, opened and brought up to date.

    Parameters
    ----------
    path : Path
        Is made if it does not exist.

    Raises
    ------
    LocalServiceError
        If it was written by a newer version of this package.
    """

    def __init__(self, path: Path) -> None:
        self._connection = _connect(path, "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON")
        self._commits = Commits(self._connection)
        self._migrate(path)
        self._reader, self._reading = _connect(path, "query_only = ON"), threading.Lock()

    def transaction(self) -> AbstractContextManager[sqlite3.Connection]:
        """Give the connection for one transaction, which is durable when the block ends and undone if it raises."""
        return self._commits.transaction()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection for one SELECT of what is durable; it waits for nobody who writes."""
        with self._reading:
            yield self._reader

    def close(self) -> None:
        """Close the file, after whoever is at it."""
        with self._reading:
            self._reader.close()
        with self._commits.alone():
            self._connection.close()

    def _migrate(self, path: Path) -> None:
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if version > len(MIGRATIONS):
            self._connection.close()
            raise LocalServiceError(
                f"{path} has version {version}",
                expected=f"at most {len(MIGRATIONS)}, the version that this a2i_al writes",
                fix="upgrade a2i_al, or choose another home",
            )
        for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
            with self.transaction() as tx:
                for statement in filter(str.strip, script.split(";")):
                    tx.execute(statement)
                tx.execute(f"PRAGMA user_version = {number}")


def _connect(path: Path, *pragmas: str) -> sqlite3.Connection:
    # Autocommit mode: transactions are begun and ended by hand and visibly.
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")
    return connection
