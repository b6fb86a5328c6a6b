"""Calls: at the pace that is allowed, again where that makes sense, and no more once it is over."""

import threading

import pytest

from a2i_al.errors import AccessDenied, NotFound, QuotaExceeded, ServiceFault, Throttled, Unreachable
from a2i_al.loops.calling.calls import TRIES, Caller, Halted
from a2i_al.loops.calling.rate import RateController
from a2i_al.loops.calling.room import Room


@pytest.fixture
def halt():
    return threading.Event()


@pytest.fixture
def rate(hands):
    return RateController(hands)


@pytest.fixture
def caller(rate, hands, halt):
    return Caller(rate, Room(1000.0, clock=hands, halt=halt), halt)


@pytest.fixture
def service():
    """Give a call that raises what it is told, one after the other, and answers then; it counts."""

    def service():
        service.calls += 1
        if service.trouble:
            raise service.trouble.pop(0)
        return "answer"

    service.calls, service.trouble = 0, []
    return service


def test_calls_are_spaced_by_the_rate(caller, service, rate, hands):
    """Twenty calls take what twenty calls may take, once a limit is known."""
    rate.throttled(rate.turn())
    started, pace = hands.time, rate.rate
    for _ in range(20):
        assert caller("asking", service) == "answer"
    assert 0.8 * 20 / pace < hands.time - started < 1.2 * 20 / pace


def test_a_fault_is_tried_again_so_often_and_with_growing_pauses(caller, service, hands):
    """Four pauses, none longer than five seconds, together a few."""
    service.trouble = [ServiceFault("oops")] * 99
    with pytest.raises(ServiceFault):
        caller("asking", service)
    assert service.calls == TRIES
    pauses = [wait for wait in hands.waits if wait > 0.05]
    assert len(pauses) == TRIES - 1
    assert sum(pauses) < 10
    assert pauses[-1] > pauses[0] / 4


def test_faults_between_answers_do_not_add_up(caller, service):
    """Each call has its own tries."""
    for _ in range(10):
        service.trouble = [Unreachable("gone")] * (TRIES - 1)
        assert caller("asking", service) == "answer"


@pytest.mark.parametrize("error", [AccessDenied("no"), NotFound("none")])
def test_what_stays_the_same_is_not_tried_again(caller, service, error):
    """And is no sign of a limit."""
    service.trouble = [error]
    with pytest.raises(type(error)):
        caller("asking", service)
    assert service.calls == 1


def test_throttling_slows_down_and_does_not_fail(caller, service, rate):
    """However often, as long as calls get through now and then."""
    for _ in range(20):
        service.trouble = [Throttled("slow down")] * 9
        assert caller("asking", service) == "answer"
    assert rate.rate < 5


def test_nothing_but_throttling_for_two_minutes_is_an_error(caller, service, hands):
    """A service that lets nothing through is no service."""
    service.trouble = [Throttled("slow down")] * 10_000
    with pytest.raises(Throttled):
        caller("asking", service)
    assert 120 < hands.time < 130
    assert service.calls < 60


def test_a_quota_that_was_waited_for_is_no_throttling(caller, service, hands):
    """After minutes without room, a single throttled call is not the last straw."""
    service.trouble = [QuotaExceeded("too many")] * 6 + [Throttled("slow down")]
    assert caller("asking", service) == "answer"
    assert hands.time > 120


def test_no_call_is_made_after_the_halt(caller, service, halt):
    """Neither a first one nor a further try."""
    service.trouble = [ServiceFault("oops")]

    def last():
        halt.set()
        return service()

    with pytest.raises(Halted):
        caller("asking", last)
    with pytest.raises(Halted):
        caller("asking", service)
    assert service.calls == 1


def test_a_turn_from_before_a_cut_is_taken_anew(caller, service, rate, hands):
    """Whoever waits while another one is throttled waits at the new rate."""
    turn, wait = rate.turn(), hands.wait

    def interrupted(seconds, halt=None):
        hands.wait = wait
        rate.throttled(turn)
        wait(seconds, halt)

    hands.wait = interrupted
    caller("asking", service)
    assert hands.time >= 1 / rate.rate
