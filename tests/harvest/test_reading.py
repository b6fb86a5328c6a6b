"""Many readers, one queue: nothing is lost or read twice, and the first fault ends it."""

import json
import threading

import pytest

from a2i_al.errors import InvalidOutput, NotFound, Unreachable
from a2i_al.harvest import reading
from a2i_al.harvest.reading import read_all
from a2i_al.storage import Entry

GOOD = json.dumps({"humanLoopName": "n", "humanAnswers": []}).encode()


class Shelf:
    """A store of as many outputs as asked for, which knows who read what."""

    def __init__(self):
        self.readers, self.fetched, self.faults, self.gate = set(), [], {}, threading.Event()
        self.gate.set()

    def uri(self, key):
        return f"shelf://{key}"

    def get(self, key):
        self.readers.add(threading.current_thread().name)
        self.fetched.append(key)
        if key in self.faults:
            raise self.faults[key]
        self.gate.wait(30)
        return GOOD


@pytest.fixture
def shelf():
    return Shelf()


def entries(count):
    return [Entry(f"{number}/output.json", len(GOOD), "tag") for number in range(count)]


def test_every_output_comes_once(shelf):
    """However many readers take from the queue."""
    found = list(read_all(shelf, entries(500)))
    keys = sorted(entry.key for entry in entries(500))
    assert sorted(entry.key for entry, _, _ in found) == sorted(shelf.fetched) == keys
    assert [(line, rows) for _, line, rows in found] == [(0, [])] * 500


def test_reading_begins_before_the_listing_ends(shelf):
    """The listing of a large place takes longer than its first outputs do."""

    def listing():
        yield entries(1)[0]
        while not shelf.fetched:
            pass
        yield Entry("late/output.json", len(GOOD), "tag")

    assert len(list(read_all(shelf, listing()))) == 2


@pytest.mark.parametrize(("size", "handful"), [(len(GOOD), 32), (100_000, 3), (300_000, 1)])
def test_a_reader_parses_a_handful_at_a_time_and_holds_few_bytes(shelf, monkeypatch, size, handful):
    """Handfuls are cheaper to parse; of large outputs they would fill the memory."""
    parsed = []
    monkeypatch.setattr(reading, "_NEAR", 1)
    monkeypatch.setattr(reading, "_FAR_SECONDS", 1e9)
    monkeypatch.setattr(reading, "parse_output", lambda *_: parsed.append(len(shelf.fetched)) or [])
    list(read_all(shelf, [entry._replace(size=size) for entry in entries(2 * handful)]))
    assert parsed == [handful] * handful + [2 * handful] * handful


@pytest.mark.parametrize(("seconds", "more"), [(0.0, True), (1e9, False)])
def test_a_store_that_is_far_away_gets_more_readers(shelf, monkeypatch, seconds, more):
    """As the quickest of the first requests tells."""
    monkeypatch.setattr(reading, "_FAR_SECONDS", seconds)
    crowd, get = threading.Event(), shelf.get

    def crowded(key):
        got = get(key)
        if len(shelf.readers) > reading._NEAR:
            crowd.set()
        if more and len(shelf.fetched) > reading._TRIES:
            assert crowd.wait(30)  # the first readers wait here for the others
        return got

    shelf.get = crowded
    assert len(list(read_all(shelf, entries(400)))) == 400
    assert (len(shelf.readers) > reading._NEAR) == more


def test_what_is_wrong_with_one_output_is_its_own_fault(shelf):
    """Not there any more, or too large: a fault, and the others are read."""
    shelf.faults["1/output.json"] = NotFound("gone")
    vast = Entry("vast/output.json", 1 << 30, "tag")
    found = {entry: rows for entry, _, rows in read_all(shelf, [*entries(3), vast])}
    assert [type(found[entry]) for entry in [*entries(3), vast]] == [list, NotFound, list, InvalidOutput]
    assert "vast/output.json" not in shelf.fetched


def test_a_store_that_fails_ends_it(shelf):
    """The error comes out, and what was still waiting is not asked for."""
    shelf.gate.clear()
    shelf.faults["0/output.json"] = Unreachable("no route")

    def listing():
        yield from entries(100)
        shelf.gate.set()
        while True:  # the listing, too, is left where it is
            yield Entry("more/output.json", len(GOOD), "tag")

    with pytest.raises(Unreachable, match="no route"):
        list(read_all(shelf, listing()))


def test_a_listing_that_fails_ends_it(shelf):
    """Its error comes out, and no reader is left waiting."""

    def listing():
        yield from entries(3)
        raise Unreachable("the listing broke off")

    before = set(threading.enumerate())
    with pytest.raises(Unreachable, match="broke off"):
        list(read_all(shelf, listing()))
    assert set(threading.enumerate()) <= before


def test_who_stops_taking_stops_the_readers(shelf):
    """A consumer that fails half-way leaves no threads behind."""
    before = set(threading.enumerate())
    found = read_all(shelf, entries(50))
    next(found)
    found.close()
    assert set(threading.enumerate()) <= before
