"""The database file: durable, all or nothing, and not opened by an older version of this package."""

import sqlite3

import pytest

from a2i_al.errors import LocalServiceError
from a2i_al.local.loops import store as module
from a2i_al.local.loops.store import Store

INSERT, ANN = "INSERT INTO worker VALUES (?, ?, ?, ?)", ("1", "Ann", "s", 0)


def test_a_transaction_that_raises_leaves_nothing(tmp_path):
    store = Store(tmp_path / "db")
    with pytest.raises(sqlite3.IntegrityError), store.transaction() as tx:
        tx.executemany(INSERT, [ANN, ANN])
    with store.transaction() as tx:
        assert tx.execute("SELECT count(*) FROM worker").fetchone()[0] == 0
        assert tx.execute("PRAGMA synchronous").fetchone()[0] == 2, "FULL"
        assert tx.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    store.close()


def test_what_is_read_is_durable_and_waits_for_no_writer(tmp_path):
    """An open transaction neither shows nor holds up anything; nothing can be written by the way."""
    store = Store(tmp_path / "db")
    count = "SELECT count(*) FROM worker"
    with store.transaction() as tx:
        tx.execute(INSERT, ANN)
        with store.reading() as db:
            assert db.execute(count).fetchone()[0] == 0
    with store.reading() as db:
        assert db.execute(count).fetchone()[0] == 1
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            db.execute(INSERT, ("2", *ANN[1:]))
    store.close()


def test_a_migration_and_its_record_are_one_transaction(tmp_path, monkeypatch):
    Store(tmp_path / "db").close()
    broken = "CREATE TABLE half (x); CREATE TABLE worker (x)"
    monkeypatch.setattr(module, "MIGRATIONS", (*module.MIGRATIONS, broken))
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        Store(tmp_path / "db")
    monkeypatch.setattr(module, "MIGRATIONS", (*module.MIGRATIONS[:-1], "CREATE TABLE half (x)"))
    store = Store(tmp_path / "db")
    with store.transaction() as tx:
        tx.execute("SELECT * FROM half")
    store.close()


def test_a_newer_file_is_refused(tmp_path):
    Store(tmp_path / "db").close()
    connection = sqlite3.connect(tmp_path / "db")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(LocalServiceError, match="upgrade a2i_al"):
        Store(tmp_path / "db")
