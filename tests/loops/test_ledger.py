"""The ledger: intent before, receipt after, nothing lost between threads, processes and crashes."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest

from a2i_al.errors import InvalidInput
from a2i_al.loops.ledger import Ledger


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


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path / "deep" / "ledger.sqlite3")


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
