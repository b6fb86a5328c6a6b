"""Waiting: until all is final or the time is over, and ever less often while nothing happens."""

from types import SimpleNamespace

import pandas as pd
import pytest

from a2i_al.errors import A2IError
from a2i_al.loops.following.waiting import LONGEST, wait_for


@pytest.fixture
def wait(hands):
    """Wait for two loops, of which so many have finished at each look."""

    def wait(*finished, timeout=3600.0, **more):
        looks = iter(finished)
        last = []

        def look():
            last[:] = [next(looks, last[0] if last else 0)]
            return pd.DataFrame({"status": ["Completed"] * last[0] + ["InProgress"] * (2 - last[0])})

        return wait_for(look, timeout=timeout, progress=False, clock=hands, **more)

    return wait


def test_it_ends_with_the_last_loop(wait, hands):
    """And returns the table that it saw."""
    assert wait(0, 1, 2)["status"].tolist() == ["Completed"] * 2
    assert len(hands.waits) == 2


def test_the_gap_grows_to_a_minute_and_is_short_again_after_news(wait, hands):
    """An hour without news is some sixty looks, each a fifth early or late at most."""
    wait(*[0] * 20, 1, 2, poll=5.0)
    quiet, after = hands.waits[:20], hands.waits[20]
    assert 4 <= quiet[0] <= 6
    assert quiet[3] > 2 * quiet[0]
    assert max(quiet) <= 1.2 * LONGEST
    assert min(quiet[8:]) >= 0.8 * LONGEST
    assert after <= 6


def test_whoever_wants_to_look_rarely_may(wait, hands):
    """Five minutes stay five minutes."""
    wait(0, 0, 2, poll=300.0)
    assert min(hands.waits) >= 240


def test_the_time_that_was_given_is_not_exceeded(wait, hands):
    """And what is still open is said."""
    with pytest.raises(A2IError, match="1 of 2 human loops are still open after 100 s"):
        wait(0, 1, timeout=100.0)
    assert hands.time == pytest.approx(100)


def test_whoever_waits_for_what_was_never_started_is_told_to_submit(hands):
    """Its submission has crashed: no patience helps."""
    table = pd.DataFrame({"status": ["Planned", "InProgress", "Completed"]})
    with pytest.raises(A2IError, match=r"2 of 3 .*, 1 of which were never started\. To fix: submit again"):
        wait_for(lambda: table, timeout=0, progress=False, clock=hands)


def test_zero_seconds_are_one_look(wait, hands):
    """No pause at all."""
    with pytest.raises(A2IError, match="2 of 2"):
        wait(0, timeout=0)
    assert hands.waits == []


def test_no_loops_are_nothing_to_wait_for(hands):
    """An empty batch is done."""
    assert wait_for(lambda: pd.DataFrame({"status": []}), timeout=9, progress=False, clock=hands).empty


class Inbox:
    """Hears at times that are given, or waits as long as it may."""

    def __init__(self, hands, *gaps):
        self.hands, self.gaps, self.heard = hands, list(gaps), 0

    def receive(self, seconds):
        heard = bool(self.gaps) and self.gaps[0] <= seconds
        self.hands.wait(self.gaps.pop(0) if heard else seconds)
        self.heard += heard
        return SimpleNamespace(news=int(heard))


def test_news_end_a_pause_and_cost_no_look(hands):
    """Whoever has a queue waits for that; the service is asked once in the beginning, and not for what was told."""
    looks = []
    inbox = Inbox(hands, 7.0, 20.0)

    def table(finished):
        return pd.DataFrame({"status": ["Completed"] * finished + ["InProgress"] * (2 - finished)})

    found = wait_for(
        lambda: looks.append(hands.time) or table(0),
        timeout=600,
        progress=False,
        clock=hands,
        inbox=inbox,
        glance=lambda: table(inbox.heard),
    )
    assert set(found["status"]) == {"Completed"}
    assert looks == [0.0]
    assert hands.time == 27


def test_news_that_do_not_come_are_looked_for_once_a_minute(wait, hands):
    """A rule that does not match, or a queue of somebody else's, does not make it wait for ever."""
    wait(0, 0, 0, 2, inbox=Inbox(hands), glance=pytest.fail)
    assert hands.time == 3 * LONGEST


def test_news_that_keep_coming_do_not_keep_it_from_looking(wait, hands):
    """Those of other loops, say: a look a minute all the same."""
    wait(0, 0, 2, inbox=Inbox(hands, *[25.0] * 100), glance=lambda: pd.DataFrame({"status": ["InProgress"] * 2}))
    assert hands.time == 150
