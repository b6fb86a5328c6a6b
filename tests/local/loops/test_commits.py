"""Transactions of several threads: those that come together are durable together, and each is undone alone."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from a2i_al.local.loops import commits as module
from a2i_al.local.loops.commits import Commits

PATIENCE = 20  # seconds, of whoever would wait for ever
INSERT = "INSERT INTO t VALUES (?)"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "db"


@pytest.fixture
def commits(path):
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE t (x UNIQUE)")
    yield Commits(connection)
    connection.close()


def durable(path):
    """Return what another process would find."""
    other = sqlite3.connect(path)
    try:
        return sorted(x for (x,) in other.execute("SELECT x FROM t"))
    finally:
        other.close()


def wait_for(condition):
    """Wait until others have come so far; what they do in between cannot be listened to."""
    pause = threading.Event()
    for _ in range(1_000 * PATIENCE):
        if condition():
            return
        pause.wait(0.001)
    pytest.fail("nobody comes")


def held(commits, *threads):
    """Start threads while the connection is taken, and let it go once all of them wait for it."""
    with commits.alone():
        for number, thread in enumerate(threads, start=1):
            thread.start()
            wait_for(lambda number=number: commits._coming == number)
    for thread in threads:
        thread.join(PATIENCE)


def writer(commits, value, came, *, fails=False):
    def write():
        try:
            with commits.transaction() as tx:
                tx.execute(INSERT, (value,))
                tx.execute("SELECT * FROM nowhere" if fails else "SELECT 1")
        except Exception as error:  # noqa: BLE001 - looked at by the test
            came[value] = error
        else:
            came[value] = "durable"

    return threading.Thread(target=write, daemon=True)


def test_those_who_wait_together_are_committed_at_once(commits, path):
    """One commit for all: the disk is waited for once."""
    came, said = {}, []
    commits._connection.set_trace_callback(said.append)
    held(commits, *(writer(commits, value, came) for value in range(6)))
    commits._connection.set_trace_callback(None)
    assert came == dict.fromkeys(range(6), "durable")
    assert said.count("COMMIT") == 1
    assert durable(path) == list(range(6))


def test_one_that_raises_is_undone_alone(commits, path):
    """The others of its batch are kept, whoever comes last."""
    came = {}
    held(commits, *(writer(commits, value, came, fails=value in {0, 3, 5}) for value in range(6)))
    assert {value for value, outcome in came.items() if outcome == "durable"} == {1, 2, 4}
    assert all(isinstance(came[value], sqlite3.OperationalError) for value in (0, 3, 5))
    assert durable(path) == [1, 2, 4]


def test_nobody_goes_on_before_it_is_durable(commits, path):
    """What a thread has written can be read by others once its block has ended."""

    def write(value):
        with commits.transaction() as tx:
            tx.execute(INSERT, (value,))
        return value in durable(path)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(write, range(200)))
    assert durable(path) == list(range(200))


def test_a_commit_that_fails_is_told_to_everybody(commits, path):
    """A constraint that is checked at the end: all of the batch are undone, and the next one starts afresh."""
    with commits.transaction() as tx:
        tx.execute("CREATE TABLE parent (id PRIMARY KEY)")
        tx.execute("CREATE TABLE child (p REFERENCES parent DEFERRABLE INITIALLY DEFERRED)")
    commits._connection.execute("PRAGMA foreign_keys = ON")
    came = {}

    def orphan():
        try:
            with commits.transaction() as tx:
                tx.execute("INSERT INTO child VALUES (7)")
        except sqlite3.IntegrityError as error:
            came["orphan"] = error

    held(commits, *(writer(commits, value, came) for value in range(3)), threading.Thread(target=orphan, daemon=True))
    assert [type(came[key]) for key in (0, 1, 2, "orphan")] == [sqlite3.IntegrityError] * 4
    assert durable(path) == []
    with commits.transaction() as tx:
        tx.execute(INSERT, (9,))
    assert durable(path) == [9]


@pytest.mark.parametrize("broken_comes", ["first", "last"])
def test_what_sqlite_undoes_for_one_is_told_to_all(commits, path, broken_comes):
    """A full disk ends the whole transaction of SQLite, not one savepoint: nobody may believe to be kept."""
    came = {}

    def break_it():
        with pytest.raises(sqlite3.IntegrityError), commits.transaction() as tx:
            tx.execute("INSERT OR ROLLBACK INTO t VALUES ('lost'), ('lost')")
        came["broken"] = True

    threads = [threading.Thread(target=break_it, daemon=True), *(writer(commits, value, came) for value in range(3))]
    held(commits, *(threads if broken_comes == "first" else reversed(threads)))
    assert came.pop("broken")
    # Whoever comes after the broken one starts a transaction of its own.
    assert durable(path) == [value for value in range(3) if came[value] == "durable"]


def test_a_thread_that_never_comes_holds_up_nobody(commits, path, monkeypatch):
    """Interrupted on its way, it leaves the commit to those who wait for it."""
    monkeypatch.setattr(module, "_PATIENCE", 0.01)
    came = {}
    commits._coming += 1
    thread = writer(commits, 1, came)
    thread.start()
    thread.join(PATIENCE)
    assert came == {1: "durable"}
    assert durable(path) == [1]
