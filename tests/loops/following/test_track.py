"""Looking: the service's lists, from where they matter, and a call of its own only for what no list says."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from a2i_al.loops.following.track import refresh

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Lists:
    """A service that lists its loops, a few on a page, newest first, and counts what it is asked."""

    def __init__(self):
        self.loops, self.pages, self.described = {}, 0, []
        self.a2i = self

    def add(self, name, status="InProgress", created=NOW):
        self.loops[name] = {"HumanLoopName": name, "HumanLoopStatus": status, "CreationTime": created}

    def get_paginator(self, _):
        return SimpleNamespace(paginate=self._paginate)

    def _paginate(self, *, CreationTimeAfter=None, CreationTimeBefore=None, **_):  # noqa: N803
        low, high = CreationTimeAfter or NOW - timedelta(days=9999), CreationTimeBefore or NOW + timedelta(days=9999)
        loops = [loop for loop in self.loops.values() if low < loop["CreationTime"] < high]
        loops.sort(key=lambda loop: loop["CreationTime"], reverse=True)
        for start in range(0, len(loops), 2):
            self.pages += 1
            yield {"HumanLoopSummaries": loops[start : start + 2]}

    def describe_human_loop(self, *, HumanLoopName):  # noqa: N803
        self.described.append(HumanLoopName)
        if HumanLoopName not in self.loops:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "none"}}, "DescribeHumanLoop")
        failure = {"FailureCode": "Expired", "FailureReason": "nobody came"}
        loop = self.loops[HumanLoopName]
        return loop | (failure if loop["HumanLoopStatus"] == "Failed" else {})


@pytest.fixture
def lists(monkeypatch):
    """Give a service, at a fixed time."""
    monkeypatch.setattr("a2i_al.loops.following.track._now", lambda: NOW)
    return Lists()


@pytest.fixture
def look(lists, ledger, monkeypatch):
    """Plan loops at some time, give receipts to those that have one, look, and return status by name."""

    def look(names=(), *, planned=(), at=NOW):
        rows = [
            {"human_loop_name": n, "item_id": n, "round": 0, "model_version": "", "flow_definition_arn": "f"}
            for n in [*names, *planned]
        ]
        with monkeypatch.context() as patched:
            patched.setattr("a2i_al.loops.bookkeeping.ledger._now", lambda: at.isoformat(timespec="milliseconds"))
            ledger.plan(rows)
        ledger.receipt(*names)
        refresh(lists, ledger, "f")
        loops = ledger.loops()
        return dict(zip(loops["human_loop_name"], loops["status"], strict=True))

    return look


def test_states_come_from_the_list_and_nobody_is_described(lists, look):
    """A page of loops is one request."""
    for name, status in [("a", "InProgress"), ("b", "Completed"), ("c", "Stopped"), ("x", "Completed")]:
        lists.add(name, status)
    assert look("abc") == {"a": "InProgress", "b": "Completed", "c": "Stopped"}
    assert lists.described == []


def test_a_failed_loop_is_described_once_for_its_code(lists, look, ledger):
    """The list says that it has failed and not with which code; after that, nobody asks again."""
    lists.add("a", "Failed")
    lists.add("b")
    for _ in range(3):
        look("ab")
    assert lists.described == ["a"]
    loop = ledger.loops().set_index("human_loop_name").loc["a"]
    assert (loop["failure_code"], loop["failure_reason"]) == ("Expired", "nobody came")


def test_pages_older_than_the_oldest_open_loop_are_not_read(lists, look):
    """A flow definition's past is as long as it likes."""
    for number in range(100):
        lists.add(f"old-{number}", "Completed", NOW - timedelta(days=2, minutes=number))
    lists.add("a")
    look("a")
    lists.pages = 0
    look()
    assert lists.pages == 1


@pytest.mark.parametrize("days", [400, -400, 0.5])
def test_loops_of_another_age_than_the_ledger_says_are_found(lists, look, days):
    """A clock that is wrong, or a ledger that is younger than its loops."""
    lists.add("a", "Completed", NOW - timedelta(days=days))
    assert look("a") == {"a": "Completed"}


def test_the_past_is_read_no_further_than_to_what_is_looked_for(lists, look):
    """A loop that is a little older than the ledger says does not cost a walk through all there is."""
    for number in range(100):
        lists.add(f"old-{number}", "Completed", NOW - timedelta(days=2, minutes=number))
    lists.add("a", "Completed", NOW - timedelta(hours=5))
    assert look("a") == {"a": "Completed"}
    assert lists.pages == 1


def test_a_receipt_that_was_lost_is_made_up_for_by_the_list(lists, look):
    """A planned loop that is there was started; one that is not was not."""
    lists.add("a")
    lists.add("b")
    assert look("a", planned="bc") == {"a": "InProgress", "b": "InProgress", "c": "Planned"}


def test_a_crash_before_the_first_receipt_hides_no_loop(lists, look, ledger):
    """Of a ledger with planned loops only, those that were started are found, with one page and no call for each."""
    lists.add("a", "Completed")
    lists.add("b", "InProgress", NOW - timedelta(minutes=50))
    assert look(planned="abc") == {"a": "Completed", "b": "InProgress", "c": "Planned"}
    assert (lists.pages, lists.described) == (1, [])


def test_the_same_past_is_not_looked_through_twice_for_a_loop_that_was_never_started(lists, look):
    """What was planned long ago and given up costs its pages once; started after all, it is found."""
    for number in range(100):
        lists.add(f"other-{number}", "Completed", NOW - timedelta(hours=2, minutes=number))
    assert look(planned="a", at=NOW - timedelta(days=30)) == {"a": "Planned"}
    first, lists.pages = lists.pages, 0
    assert look() == {"a": "Planned"}
    assert (first, lists.pages) == (50, 0)
    lists.add("a", created=NOW + timedelta(days=3))
    assert look() == {"a": "InProgress"}


def test_with_nothing_unfinished_nothing_is_asked(lists, look):
    """What is final stays so."""
    lists.add("a", "Completed")
    look("a")
    lists.pages = 0
    look()
    assert lists.pages == 0


def test_a_loop_that_was_seen_and_is_gone_was_deleted(lists, look):
    """Nobody waits for it for ever."""
    lists.add("a")
    lists.add("b")
    look("ab")
    del lists.loops["a"]
    assert look() == {"a": "Deleted", "b": "InProgress"}
    assert lists.described == ["a"]


@pytest.mark.parametrize(("age", "status"), [(timedelta(minutes=5), "InProgress"), (timedelta(hours=2), "Deleted")])
def test_a_loop_that_was_never_seen_is_given_an_hour_to_appear(lists, look, age, status):
    """A list may be behind; after that, it must have been deleted."""
    assert look("a", at=NOW - age) == {"a": status}


def test_looking_for_what_is_gone_has_a_bound(lists, look):
    """A service that was reset costs a few calls a look, not one for each loop at once."""
    names = [f"n{number}" for number in range(100)]
    look(names, at=NOW - timedelta(hours=2))
    assert len(lists.described) == 32
