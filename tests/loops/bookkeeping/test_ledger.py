"""The ledger: intent before, receipt after, nothing lost between threads, processes and crashes."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from a2i_al.errors import InvalidInput
from a2i_al.loops.bookkeeping import schema
from a2i_al.loops.bookkeeping.ledger import Ledger


def row(name, **more):
    return {
        "human_loop_name": name,
        "item_id": name,
        "round": 0,
        "model_version": "m",
        "flow_definition_arn": "f",
        **more,
    }


def statuses(ledger):
    return dict(zip(ledger.loops()["human_loop_name"], ledger.loops()["status"], strict=True))


def test_planning_again_leaves_a_started_loop_started(ledger):
    """A cell that runs twice does not forget the receipt."""
    ledger.plan([row("a"), row("b")])
    ledger.receipt("a")
    ledger.plan([row("a"), row("b"), row("c")])
    assert statuses(ledger) == {"a": "InProgress", "b": "Planned", "c": "Planned"}


def test_a_plan_is_written_whole_or_not_at_all(ledger):
    """A row that cannot be written takes the others of its plan with it."""
    with pytest.raises(sqlite3.IntegrityError):
        ledger.plan([row("a"), row("b", item_id=None)])
    assert statuses(ledger) == {}


def test_withdrawing_takes_back_an_intent_but_never_a_started_loop(ledger):
    """Only what the service refused to start disappears."""
    ledger.plan([row("a"), row("b")])
    ledger.receipt("a")
    ledger.withdraw("a")
    ledger.withdraw("b")
    assert statuses(ledger) == {"a": "InProgress"}


def test_the_first_sight_of_a_final_state_is_kept(ledger):
    """finished_at is when the loop was first seen final, and a later look keeps the failure's code."""
    ledger.plan([row("a")])
    ledger.receipt("a")
    seen = {"human_loop_name": "a", "status": "Failed", "created_at": "2026-11-01T10:00:00.000Z"}
    ledger.observe([seen | {"failure_code": "Expired", "failure_reason": "late"}])
    first = ledger.loops().iloc[0]
    ledger.observe([seen])
    again = ledger.loops().iloc[0]
    assert again["finished_at"] == first["finished_at"]
    assert (again["failure_code"], again["failure_reason"]) == ("Expired", "late")


def test_loops_of_one_flow_definition(ledger):
    """The ledger keeps several flow definitions apart."""
    ledger.plan([row("a"), row("b", flow_definition_arn="g")])
    assert ledger.loops("g")["human_loop_name"].tolist() == ["b"]
    assert len(ledger.loops()) == 2


def test_what_was_asked_about_some_items_is_found_without_reading_the_others(ledger, monkeypatch):
    """By flow definition and item, from an index: a submission takes no longer after a million loops."""
    ledger.plan(
        [row("a"), row("b", item_id="ü 'x'"), row("c", item_id="2"), row("d", item_id="2", flow_definition_arn="g")]
    )
    said, opened = [], Ledger._open

    def overheard(ledger):
        db = opened(ledger)
        db.set_trace_callback(said.append)
        return db

    monkeypatch.setattr(Ledger, "_open", overheard)
    found = ledger.about(["ü 'x'", "2", "stranger"], "f")
    assert [loop["human_loop_name"] for loop in found] == ["b", "c"]
    assert ledger.about([], "f") == []
    asked = [statement for statement in said if statement.startswith("SELECT")]
    with closing(sqlite3.connect(ledger.path)) as db:
        plans = [str(db.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()) for statement in asked]
    assert ["SEARCH loops USING INDEX loops_about_item" in plan for plan in plans] == [True, True]


def test_what_a_round_has_spent_is_counted_by_flow_definition(ledger):
    """Planned or started, it counts."""
    ledger.plan([row("a"), row("b", round=3), row("c", round=3), row("d", round=3, flow_definition_arn="g")])
    ledger.receipt("b")
    assert ledger.spent("f") == {0: 1, 3: 2}
    assert ledger.spent("stranger") == {}


def test_many_threads_write_at_once(ledger):
    """Receipts from a pool of threads are all there."""
    names = [f"n{i}" for i in range(60)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: ledger.plan([row(name)]), names))
        list(pool.map(ledger.receipt, names))
    assert statuses(ledger) == dict.fromkeys(names, "InProgress")


def test_a_ledger_that_cannot_be_opened_says_so(tmp_path):
    """A path below a file is refused with what to do."""
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidInput, match=r"cannot be opened.*A2I_AL_HOME"):
        Ledger(tmp_path / "file" / "ledger.sqlite3").loops()


def test_a_ledger_of_a_newer_version_is_left_alone(ledger):
    """An older program does not write into a newer ledger."""
    ledger.plan([row("a")])
    with sqlite3.connect(ledger.path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(InvalidInput, match="upgrade a2i_al"):
        ledger.loops()


def test_a_cap_is_counted_and_written_in_one_transaction(ledger):
    """What is there counts per flow definition and round; what is too many is named and not written."""
    ledger.plan([row("a"), row("other", flow_definition_arn="g")])
    assert ledger.plan([row("a"), row("b"), row("c"), row("r", round=1)], most=2) == ["c"]
    assert set(statuses(ledger)) == {"a", "other", "b", "r"}
    assert ledger.plan([row("c")], most=3) == []


def test_two_threads_that_plan_at_once_stay_within_a_cap_together(ledger):
    """Thirty from each of two, and the cap of forty is kept exactly."""
    plans = [[row(f"{who}{n}") for n in range(30)] for who in "ab"]
    with ThreadPoolExecutor(2) as pool:
        left_out = list(pool.map(lambda rows: ledger.plan(rows, most=40), plans))
    assert len(ledger.loops()) == 40
    assert sum(map(len, left_out)) == 20


def test_a_final_state_stays_whatever_comes_late(ledger):
    """A list that was made before the event that overtook it does not open a loop again."""
    ledger.plan([row("a")])
    ledger.observe([{"human_loop_name": "a", "status": "Completed", "created_at": "2026-11-01T10:00:00.000Z"}])
    ledger.observe([{"human_loop_name": "a", "status": "InProgress"}, {"human_loop_name": "a", "status": "Deleted"}])
    loop = ledger.loops().iloc[0]
    assert loop["status"] == "Completed"
    assert loop["created_at"].isoformat() == "2026-11-01T10:00:00+00:00"


def test_what_is_seen_at_the_service_is_started_whether_or_not_its_receipt_was_written(ledger):
    """A lost receipt is made up for by the first look."""
    ledger.plan([row("a")])
    ledger.observe([{"human_loop_name": "a", "status": "InProgress"}])
    assert statuses(ledger) == {"a": "InProgress"}


VERSION_1 = """
CREATE TABLE loops (
    human_loop_name TEXT PRIMARY KEY, item_id TEXT NOT NULL, round INTEGER NOT NULL, model_version TEXT NOT NULL,
    flow_definition_arn TEXT NOT NULL, status TEXT NOT NULL, planned_at TEXT NOT NULL, created_at TEXT,
    finished_at TEXT, output_uri TEXT, failure_code TEXT, failure_reason TEXT
) STRICT;
CREATE INDEX loops_of_flow ON loops (flow_definition_arn, status);
INSERT INTO loops (human_loop_name, item_id, round, model_version, flow_definition_arn, status, planned_at)
    VALUES ('a', 'a', 3, 'm', 'f', 'Completed', '2026-11-01T10:00:00.000+00:00');
PRAGMA user_version = 1;
"""


@pytest.mark.parametrize("first", ["read", "write"])
def test_a_ledger_of_the_first_version_opens_and_keeps_what_it_has(ledger, first):
    """Whether it is read or written first; every loop in it was a first attempt."""
    ledger.path.parent.mkdir()
    with closing(sqlite3.connect(ledger.path)) as db:
        db.executescript(VERSION_1)
    if first == "write":
        ledger.plan([row("b", attempt=2)])
    loops = ledger.loops()
    assert loops["human_loop_name"].tolist() == ["a", "b"][: len(loops)]
    assert loops["attempt"].tolist() == [0, 2][: len(loops)]
    assert loops.loc[0, "planned_at"].isoformat() == "2026-11-01T10:00:00+00:00"


def test_a_migration_that_fails_leaves_the_ledger_as_it_was(ledger, monkeypatch):
    """The tables and their version change together or not at all."""
    ledger.plan([row("a")])
    migrations = (*schema.MIGRATIONS, "ALTER TABLE loops ADD COLUMN more TEXT; ALTER TABLE nowhere ADD COLUMN x TEXT")
    with monkeypatch.context() as patched:
        patched.setattr(schema, "MIGRATIONS", migrations)
        with pytest.raises(sqlite3.OperationalError):
            ledger.plan([row("b")])
    assert statuses(ledger) == {"a": "Planned"}


def test_a_file_that_is_no_ledger_is_said_to_be_none(ledger):
    """Nothing is written into it."""
    ledger.path.parent.mkdir()
    ledger.path.write_text("item_id,text\n1,hello\n" * 100)
    with pytest.raises(InvalidInput, match="not a database"):
        ledger.loops()
    assert ledger.path.read_text().startswith("item_id")


def test_what_was_started_before_the_ledger_is_restored_with_its_state_and_replaces_nothing(ledger):
    """A restored loop is never Planned for a moment, and a loop that is in the ledger already stays as it is."""
    ledger.plan([row("a")])
    done = {"status": "Completed", "finished_at": "2026-11-01T10:00:00.000+00:00", "output_uri": "s3://b/k"}
    ledger.restore([row("a") | done, row("b") | done, row("c", status="InProgress", attempt=2)])
    assert statuses(ledger) == {"a": "Planned", "b": "Completed", "c": "InProgress"}
    loops = ledger.loops().set_index("human_loop_name")
    assert loops.loc["b", "finished_at"].isoformat() == done["finished_at"].replace(".000", "")
    assert loops.loc["b", "output_uri"] == "s3://b/k"
    assert loops.loc["c", "attempt"] == 2
    assert loops["finished_at"].isna().tolist() == [True, False, True]


def test_a_ledger_that_is_kept_open_is_not_checkpointed_after_each_write(ledger):
    """A submission's receipts cost no rewriting of the file; when it is over, all is in the file itself."""
    log = ledger.path.with_name(f"{ledger.path.name}-wal")
    with ledger.kept_open():
        ledger.plan([row("a")])
        assert log.stat().st_size > 0
    assert not log.exists()
    assert statuses(ledger) == {"a": "Planned"}


def test_where_outputs_lie_is_written_once(ledger):
    """A harvest with nothing new does not write to a ledger that others are waiting for."""
    ledger.plan([row("a"), row("b")])
    ledger.found_outputs({"a": "s3://b/a", "stranger": "s3://b/s"})
    with closing(sqlite3.connect(ledger.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        ledger.found_outputs({"a": "s3://b/a", "stranger": "s3://b/s"})  # would wait half a minute, and fail
    ledger.found_outputs({"a": "s3://c/a"})
    assert dict(zip(ledger.loops()["human_loop_name"], ledger.loops()["output_uri"], strict=True))["a"] == "s3://c/a"
    assert ledger.loops()["output_uri"].isna().tolist() == [False, True]
