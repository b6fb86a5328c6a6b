"""An open SQLite file comes in and has the ledger's tables when it goes out, whatever version of them it had."""

from __future__ import annotations

import sqlite3

from a2i_al.errors import InvalidInput

# Each brings the one before it up to date; all that are needed run in one transaction with the number of the last.
MIGRATIONS = (
    """
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
    CREATE INDEX loops_of_flow ON loops (flow_definition_arn, status)
    """,
    "ALTER TABLE loops ADD COLUMN attempt INTEGER NOT NULL DEFAULT 0",
    # When the service was last seen not to have a loop that is only planned: who looks for it begins there.
    "ALTER TABLE loops ADD COLUMN missed_at TEXT",
    # A submission asks what was asked of its items before, of a table of any length.
    "CREATE INDEX loops_about_item ON loops (flow_definition_arn, item_id)",
)
VERSION = len(MIGRATIONS)


def version_of(db: sqlite3.Connection) -> int:
    """Return the version of the tables; 0 where there are none.

    Raises
    ------
    InvalidInput
        If a newer release of this package has written it.

    Examples
    --------
    >>> version_of(sqlite3.connect(":memory:"))
    0
    """
    found = int(db.execute("PRAGMA user_version").fetchone()[0])
    if found > VERSION:
        name = db.execute("PRAGMA database_list").fetchone()[2]
        raise InvalidInput(
            f"the ledger {name} has schema version {found}", expected=f"at most {VERSION}", fix="upgrade a2i_al"
        )
    return found


def migrate(db: sqlite3.Connection) -> None:
    """Bring the tables up to date; to be called in a transaction that may write.

    Examples
    --------
    >>> db = sqlite3.connect(":memory:")
    >>> migrate(db)
    >>> version_of(db) == VERSION
    True
    """
    for number, script in enumerate(MIGRATIONS[version_of(db) :], start=version_of(db) + 1):
        for statement in script.split(";"):
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {number}")
