"""Room: while the quota is exhausted one call at a time is tried, ever more rarely, and not for ever."""

import threading

import pytest

from a2i_al.errors import QuotaExceeded
from a2i_al.loops.calling.room import Room

FULL = QuotaExceeded("too many in flight")


@pytest.fixture
def told():
    return []


@pytest.fixture
def room(hands, told):
    return Room(600.0, clock=hands, halt=threading.Event(), crowd=2, tell=told.append)


def refuse(room, times=1):
    for _ in range(times):
        with room.place() as alone:
            room.refused(alone, FULL)


def find(room):
    with room.place() as alone:
        room.found(alone)
    return alone


def test_the_gaps_grow_to_a_minute_and_the_refusal_is_raised_when_patience_ends(room, hands):
    """Ten minutes of it are about a dozen calls."""
    with pytest.raises(QuotaExceeded):
        refuse(room, times=1000)
    assert 600 <= hands.time < 600 + 76
    assert hands.waits[0] < 7
    assert max(hands.waits) <= 75
    assert 9 < len(hands.waits) < 20


def test_nobody_waits_while_there_is_room(room, hands):
    """The usual case costs nothing."""
    assert not any(find(room) for _ in range(5))
    assert hands.waits == []


def test_a_few_that_find_room_one_by_one_bring_back_the_crowd(room, hands):
    """Two in a row, for a crowd of two; patience begins anew with each."""
    refuse(room)
    assert [find(room) for _ in range(4)] == [True, True, False, False]
    assert len(hands.waits) == 1


def test_calls_that_were_under_way_are_no_further_refusals(room, hands, told):
    """Eight threads that are refused at once make the gap no longer than one."""
    for _ in range(8):
        room.refused(False, FULL)
    assert len(told) == 1
    find(room)
    assert len(hands.waits) == 1
    assert hands.time < 7


def test_it_says_what_is_waited_for_and_for_how_long_and_when_that_is_over(room, told):
    """In the progress bar."""
    refuse(room)
    find(room)
    assert told[0] == "the quota of loops in flight is reached: waiting for answers, up to 10 min"
    assert told[-1] == ""


def test_a_halt_ends_the_waiting(hands):
    """Ctrl-C does not take a minute."""
    halt = threading.Event()
    room = Room(600.0, clock=hands, halt=halt)
    refuse(room)
    halt.set()
    find(room)
    assert hands.time == 0
