"""Transactions of several threads come in; those that come while the disk is busy with others are made durable at once.

To wait for the disk takes longer than all that a request writes. Whoever comes meanwhile writes into one transaction of
SQLite, each within a savepoint of its own, and the last of them commits it for all: nobody goes on before it is on the
disk, and nobody waits for company.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_PATIENCE = 1.0  # seconds after which somebody looks whether the one who was to commit has been interrupted


@dataclass(frozen=True)
class _Batch:
    """Transactions that are committed together: all or none."""

    ended: threading.Event = field(default_factory=threading.Event)
    errors: list[BaseException] = field(default_factory=list)


class Commits:
    """The one that writes with a connection, on behalf of any number of threads.

    Parameters
    ----------
    connection : sqlite3.Connection
        In autocommit mode, for use by several threads. Nobody else may write with it.

    Examples
    --------
    >>> db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    >>> with Commits(db).transaction() as tx:
    ...     _ = tx.execute("CREATE TABLE t (x)")
    >>> db.in_transaction
    False
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._writing, self._counting = threading.Lock(), threading.Lock()
        self._coming = 0  # threads that wait to write
        self._batch: _Batch | None = None

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for one transaction, which is durable when the block ends and undone if it raises.

        Raises
        ------
        sqlite3.Error
            If it cannot be made durable; nothing of it is kept then, nor of those that were to be committed with it.
        """
        with self._turn():
            batch = self._batch or self._begin()
            try:
                with self._savepoint(batch):
                    yield self._connection
            finally:
                if batch.errors or not self._coming:
                    self._commit()
        while not batch.ended.wait(_PATIENCE):
            with self._turn():
                self._commit()
        if batch.errors:
            raise batch.errors[0]

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep everybody from writing in the block; what others have written before it is committed."""
        with self._turn():
            self._commit()
            yield

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with self._counting:
            self._coming += 1
        try:
            self._writing.acquire()
        finally:
            with self._counting:
                self._coming -= 1
        try:
            yield
        finally:
            self._writing.release()

    def _begin(self) -> _Batch:
        self._connection.execute("BEGIN IMMEDIATE")
        self._batch = _Batch()
        return self._batch

    @contextmanager
    def _savepoint(self, batch: _Batch) -> Iterator[None]:
        self._connection.execute("SAVEPOINT one")
        try:
            yield
        except BaseException as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK TO one")
                self._connection.execute("RELEASE one")
            else:  # SQLite has undone everybody's: the disk is full, say
                batch.errors.append(error)
            raise
        self._connection.execute("RELEASE one")

    def _commit(self) -> None:
        batch, self._batch = self._batch, None
        if batch is None:
            return
        try:
            if not batch.errors:
                self._connection.execute("COMMIT")
        except BaseException as error:  # noqa: BLE001  # raised by everybody who waits for it
            batch.errors.append(error)
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        finally:
            batch.ended.set()
