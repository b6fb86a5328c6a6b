"""The rate: a limit that nobody has told is found, and kept at without being exceeded much."""

import heapq
import itertools
import math
import random
from dataclasses import dataclass, field

import pytest
from hypothesis import given, strategies as st

from a2i_al.loops.calling.rate import FIRST, RateController

_QUICKEST, _SLOWEST = 0.35, 0.8  # of the latency, what a call may take to arrive


@dataclass
class Simulation:
    """Workers that call a service with a token bucket, on a clock that jumps from event to event."""

    limit: float
    burst: float
    latency: float = 0.02
    workers: int = 8
    seed: int = 0
    time: float = 0.0
    accepted: int = 0
    throttled: int = 0
    changes: dict = field(default_factory=dict)  # time to limit

    def __post_init__(self):
        self.tokens, self.filled = self.burst, 0.0

    def now(self):
        return self.time

    def run(self, calls, rate=None):
        """Let the workers make calls until so many were accepted, and return how the rate controller stands."""
        rate = rate or RateController(self)
        draw = random.Random(self.seed)  # noqa: S311  # a simulation
        order, begun = itertools.count(), self.accepted
        events = [(self.time, next(order), "idle", None) for _ in range(self.workers)]
        while self.accepted - begun < calls:
            self.time, _, what, turn = heapq.heappop(events)
            for at in [at for at in self.changes if at <= self.time]:
                self.limit = self.changes.pop(at)
            if what == "idle" or (what == "send" and rate.outdated(turn)):
                turn = rate.turn()
                heapq.heappush(events, (turn.at, next(order), "send", turn))
            elif what == "send":
                half = self.latency * draw.uniform(_QUICKEST, _SLOWEST)
                heapq.heappush(events, (self.time + half, next(order), "arrive", (turn, half)))
            elif what == "arrive":
                self.tokens = min(self.burst, self.tokens + (self.time - self.filled) * self.limit)
                self.filled = self.time
                passes = self.tokens >= 1
                self.tokens -= passes
                heapq.heappush(events, (self.time + turn[1], next(order), "accepted" if passes else "no", turn[0]))
            else:
                self.accepted += what == "accepted"
                self.throttled += what == "no"
                (rate.accepted if what == "accepted" else rate.throttled)(turn)
                heapq.heappush(events, (self.time, next(order), "idle", None))
        return rate


@pytest.mark.parametrize("limit", [10, 50, 200])
@pytest.mark.parametrize("burst", [0.2, 0.5, 1, 5])
def test_at_least_95_of_the_permitted_100_calls_are_made_and_less_than_2_are_throttled(limit, burst):
    """Over a batch of 5,000, from not knowing the limit, whatever burst the service allows (in seconds of it)."""
    service = Simulation(limit, max(1.0, burst * limit))
    service.run(5000)
    permitted = service.burst + limit * service.time
    assert service.accepted / permitted > 0.95
    assert service.throttled / (service.accepted + service.throttled) < 0.02


@pytest.mark.parametrize("limit", [5, 10, 50, 200])
def test_without_any_burst_the_jitter_of_the_network_is_what_is_lost(limit):
    """Two calls that it brings too close together cost the second one: nobody can go faster and stay unrefused."""
    service = Simulation(limit, 1)
    service.run(3000)
    jitter = service.latency * (_SLOWEST - _QUICKEST)
    assert service.accepted / (1 + limit * service.time) > 0.95 / (1 + limit * jitter)
    assert service.throttled / (service.accepted + service.throttled) < 0.02


def test_what_was_found_out_serves_the_next_batch():
    """A minute later, the same controller starts at the limit: hardly a call is throttled."""
    service = Simulation(50, 50)
    rate = service.run(2000)
    service.time, service.throttled, before = service.time + 60, 0, service.time + 60
    service.run(1000, rate)
    assert service.throttled < 12
    assert service.time - before < 1000 / 50 / 0.95


@pytest.mark.parametrize(("first", "then"), [(20, 100), (100, 20)])
def test_a_limit_that_changes_is_followed(first, then):
    """Up within a minute, down within seconds."""
    service = Simulation(first, first, changes={60.0: then})
    rate = service.run(20 * 60)
    while service.time < 120:
        service.run(100, rate)
    assert 0.9 * then < rate.rate < 1.1 * then


def test_a_service_without_a_limit_is_not_slowed_down():
    """The workers are the limit: they lose less than a twentieth of their time to caution, the start included."""
    service = Simulation(1e9, 1e9, latency=0.02)
    service.run(5000)
    assert service.accepted / service.time > 0.95 * 8 / (0.02 * 1.15)


def test_a_pause_is_not_taken_for_calls_that_were_refused(hands):
    """What was let through is counted from when calls began again: a throttled one cuts the rate a little only."""
    rate = RateController(hands)
    rate.throttled(rate.turn())
    hands.wait(600.0)
    for _ in range(50):
        turn = rate.turn()
        hands.wait(turn.at - hands.time)
        rate.accepted(turn)
    before = rate.rate
    rate.throttled(rate.turn())
    assert rate.rate > 0.9 * before


def test_workers_that_are_slow_teach_nothing_of_a_limit():
    """The rate goes no further than they do: when they meet a limit, it is near."""
    service = Simulation(1e9, 1e9, latency=0.2)
    rate = service.run(20_000)
    reached = service.accepted / service.time
    assert rate.rate < 4 * max(reached, FIRST)


def test_calls_under_way_when_the_rate_was_cut_do_not_cut_it_again():
    """Eight threads that are throttled at once have learnt one thing."""
    rate = RateController()
    turns = [rate.turn() for _ in range(8)]
    rate.throttled(turns[0])
    cut = rate.rate
    for turn in turns:
        rate.throttled(turn)
    assert 0.5 * FIRST <= cut == rate.rate < FIRST
    assert all(rate.outdated(turn) for turn in turns)
    assert not rate.outdated(rate.turn())


def test_turns_are_kept_for_later_until_a_limit_is_known(hands):
    """Threads that are answered in a bunch go on at once; at a limit, each waits for its turn."""
    rate = RateController(hands)
    rate.turn()
    hands.wait(0.1)
    assert [rate.turn().at for _ in range(8)] == [hands.time] * 8
    rate.throttled(rate.turn())
    hands.wait(0.1)
    turns = [rate.turn().at for _ in range(3)]
    assert turns == pytest.approx([hands.time + number / rate.rate for number in range(3)])


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 100)), max_size=200))
def test_whatever_is_told_the_rate_stays_one(replies):
    """A call in five seconds at least, and finite, with turns that never go back."""
    service = Simulation(1, 1)
    rate, last = RateController(service), 0.0
    for good, seconds in replies:
        service.time += seconds
        turn = rate.turn()
        assert turn.at >= max(last, service.time)
        last = service.time = turn.at
        (rate.accepted if good else rate.throttled)(turn)
        assert 0.2 <= rate.rate < math.inf
