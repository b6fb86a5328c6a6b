"""What human loops are started on: human task UIs, work teams, flow definitions and their tags, as rows of the store.

There is no update, as in A2I. Deleting takes the name away and keeps the row for the loops that still run on it.
"""

# ruff: noqa: S608  # table names are constants of this file only

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from a2i_al.local.clock import Clock, to_ms
from a2i_al.local.home import Config
from a2i_al.local.loops.store import Store
from a2i_al.local.wire.call import Refusal, invalid

DEFAULT_WORKTEAM = "local"
_TABLES = {"human-task-ui": "human_task_ui", "workteam": "workteam", "flow-definition": "flow_definition"}


@dataclass(frozen=True)
class Resource:
    """A row: its name, ARN, creation time in milliseconds, and the request that made it or the template's source."""

    name: str
    arn: str
    created: int
    content: str

    @property
    def request(self) -> dict[str, Any]:
        """The request that made it."""
        request: dict[str, Any] = json.loads(self.content)
        return request


class Resources:
    """The resources of the account.

    Parameters
    ----------
    store : Store
        Where they are kept.
    config : Config
        Region and account of their ARNs.
    clock : callable
        Returns the time, aware.
    """

    def __init__(self, store: Store, config: Config, clock: Clock) -> None:
        self._store, self.config, self._clock = store, config, clock
        team = {"Description": "Everybody who signs in at this service's portal.", "MemberDefinitions": []}
        if self.find("workteam", DEFAULT_WORKTEAM) is None:
            self.add("workteam", DEFAULT_WORKTEAM, json.dumps({"WorkteamName": DEFAULT_WORKTEAM, **team}))

    def arn(self, kind: str, name: str) -> str:
        """Return the ARN of a resource, there or not."""
        return self.config.arn(kind, f"private-crowd/{name}" if kind == "workteam" else name)

    def add(self, kind: str, name: str, content: str, *, ui_arn: str = "", tags: Iterable[dict[str, str]] = ()) -> str:
        """Add a resource and return its ARN; raises ``ResourceInUse`` if the name is taken."""
        arn, now = self.arn(kind, name), to_ms(self._clock())
        with self._store.transaction() as tx:
            try:
                if kind == "flow-definition":
                    ui = self._get(tx, "human-task-ui", ui_arn.rsplit("/", 1)[-1], ui_arn)["id"]
                    tx.execute(
                        "INSERT INTO flow_definition (name, arn, request, created, human_task_ui)"
                        " VALUES (?, ?, ?, ?, ?)",
                        (name, arn, content, now, ui),
                    )
                else:
                    column = "content" if kind == "human-task-ui" else "request"
                    query = f"INSERT INTO {_TABLES[kind]} (name, {column}, created) VALUES (?, ?, ?)"
                    tx.execute(query, (name, content, now))
            except sqlite3.IntegrityError:
                raise Refusal("ResourceInUse", f"{arn} already exists.") from None
            _put_tags(tx, arn, tags)
        return arn

    def find(self, kind: str, name: str) -> Resource | None:
        """Return a resource, or None."""
        with self._store.transaction() as tx:
            row = self._row(tx, kind, name)
        return self._resource(kind, row) if row else None

    def get(self, kind: str, name: str) -> Resource:
        """Return a resource; raises ``ResourceNotFound``."""
        with self._store.transaction() as tx:
            return self._resource(kind, self._get(tx, kind, name, self.arn(kind, name)))

    def get_by_arn(self, kind: str, arn: str) -> Resource:
        """Return a resource; raises ``ResourceNotFound``, also for an ARN of another account or Region."""
        name = arn.rsplit("/", 1)[-1]
        if arn != self.arn(kind, name):
            raise _missing(arn)
        return self.get(kind, name)

    def all(self, kind: str) -> list[Resource]:
        """Return all resources of a kind, oldest first."""
        with self._store.transaction() as tx:
            rows = tx.execute(f"SELECT * FROM {_TABLES[kind]} WHERE name IS NOT NULL ORDER BY created, id").fetchall()
        return [self._resource(kind, row) for row in rows]

    def delete(self, kind: str, name: str) -> None:
        """Take a resource's name away; raises ``ResourceNotFound``."""
        with self._store.transaction() as tx:
            row = self._get(tx, kind, name, self.arn(kind, name))
            tx.execute(f"UPDATE {_TABLES[kind]} SET name = NULL WHERE id = ?", (row["id"],))
            tx.execute("DELETE FROM tag WHERE arn = ?", (self.arn(kind, name),))

    def tags(self, arn: str) -> list[dict[str, str]]:
        """Return the tags of an ARN."""
        with self._store.transaction() as tx:
            return [dict(row) for row in tx.execute("SELECT key AS Key, value AS Value FROM tag WHERE arn = ?", (arn,))]

    def add_tags(self, arn: str, tags: Iterable[dict[str, str]]) -> None:
        """Add or replace tags; raises ``ValidationException`` for an ARN that is nothing here."""
        kind = next((kind for kind in _TABLES if f":{kind}/" in arn), None)
        if kind is None:
            raise invalid(f"{arn} cannot be tagged.")
        self.get_by_arn(kind, arn)
        with self._store.transaction() as tx:
            _put_tags(tx, arn, tags)

    def delete_tags(self, arn: str, keys: Iterable[str]) -> None:
        """Remove tags."""
        with self._store.transaction() as tx:
            tx.executemany("DELETE FROM tag WHERE arn = ? AND key = ?", [(arn, key) for key in keys])

    def _row(self, tx: sqlite3.Connection, kind: str, name: str) -> sqlite3.Row | None:
        row: sqlite3.Row | None = tx.execute(f"SELECT * FROM {_TABLES[kind]} WHERE name = ?", (name,)).fetchone()
        return row

    def _get(self, tx: sqlite3.Connection, kind: str, name: str, arn: str) -> sqlite3.Row:
        row = self._row(tx, kind, name)
        if row is None:
            raise _missing(arn)
        return row

    def _resource(self, kind: str, row: sqlite3.Row) -> Resource:
        content = row["content"] if kind == "human-task-ui" else row["request"]
        return Resource(row["name"], self.arn(kind, row["name"]), row["created"], content)


def _put_tags(tx: sqlite3.Connection, arn: str, tags: Iterable[dict[str, str]]) -> None:
    tx.executemany("INSERT OR REPLACE INTO tag VALUES (?, ?, ?)", [(arn, tag["Key"], tag["Value"]) for tag in tags])


def _missing(arn: str) -> Refusal:
    return Refusal("ResourceNotFound", f"{arn} does not exist.")
