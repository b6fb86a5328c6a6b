"""Work in threads: results in the order of the ranges, errors as they are."""

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import wait

import pytest

from a2i_al.compute import threads
from a2i_al.compute.threads import in_threads, row_blocks, share


def test_results_come_in_the_order_of_the_ranges_from_more_than_one_thread(monkeypatch):
    """The first waits for the second, so one thread alone would never finish."""
    monkeypatch.setattr(threads, "processors", lambda: 2)
    second_done = threading.Event()

    def work(block):
        if block[0] == 0:
            assert second_done.wait(30)
        else:
            second_done.set()
        return block

    assert in_threads(work, row_blocks(4, 2)) == [(0, 2), (2, 4)]


def test_an_error_in_a_thread_is_raised_to_the_caller(monkeypatch):
    monkeypatch.setattr(threads, "processors", lambda: 2)
    with pytest.raises(ZeroDivisionError):
        in_threads(lambda block: 1 / block[0], row_blocks(4, 2))


def test_nothing_to_do_gives_nothing():
    assert in_threads(lambda block: block, row_blocks(0, 2)) == []


def test_work_that_itself_asks_for_threads_does_not_wait_for_them(monkeypatch):
    """With all threads busy, nobody would be left to do it."""
    monkeypatch.setattr(threads, "processors", lambda: 2)
    nested = in_threads(lambda block: in_threads(sum, [block, block]), row_blocks(8, 1))
    assert nested == [[2 * start + 1] * 2 for start in range(8)]


def test_threads_stay_for_the_next_call(monkeypatch):
    """To start them costs more than small work is worth."""
    monkeypatch.setattr(threads, "processors", lambda: 2)
    seen = [in_threads(lambda _: threading.get_ident(), row_blocks(40, 1)) for _ in range(3)]
    assert len({thread for call in seen for thread in call}) <= 2


def test_an_item_is_asked_for_when_a_thread_is_free_for_it(monkeypatch):
    """Whoever asks has nothing left to do: of two threads, one other is at work at the most."""
    monkeypatch.setattr(threads, "processors", lambda: 2)
    at_work, seen = set(), []

    def source():
        for number in range(20):
            seen.append(len(at_work))
            at_work.add(number)
            yield number

    share(at_work.remove, source())
    assert len(seen) == 20
    assert max(seen) <= 1


def test_nobody_gets_far_ahead_of_a_slow_item(monkeypatch):
    """What is done out of order has to be kept somewhere; the fourth is begun, the fifth waits for the first."""
    monkeypatch.setattr(threads, "processors", lambda: 2)
    begun, passed, at_first = [], threading.Event(), []

    def work(number):
        begun.append(number)
        if number == 3:
            passed.set()
        if number == 0:
            assert passed.wait(30)
            time.sleep(0.1)
            at_first.extend(begun)

    share(work, range(50), ahead=4)
    assert sorted(at_first) == [0, 1, 2, 3]
    assert sorted(begun) == list(range(50))


def test_who_waits_for_a_slow_item_is_told_that_it_failed(monkeypatch):
    monkeypatch.setattr(threads, "processors", lambda: 2)
    begun = []

    def work(number):
        begun.append(number)
        if number == 0:
            time.sleep(0.1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        share(work, range(50), ahead=4)
    assert set(begun) <= {0, 1, 2, 3}


def test_a_generator_is_asked_by_one_thread_at_a_time(monkeypatch):
    """Python refuses a second one while the first is inside."""
    monkeypatch.setattr(threads, "processors", lambda: 2)
    seen = []
    share(seen.append, (number for number in range(50) if not time.sleep(0.001)))
    assert sorted(seen) == list(range(50))


def test_the_error_of_the_earliest_item_is_raised_and_nobody_begins_another(monkeypatch):
    """Whichever thread comes first: the first waits for the second to have failed."""
    monkeypatch.setattr(threads, "processors", lambda: 2)
    second_failed, begun = threading.Event(), []

    def work(number):
        begun.append(number)
        if number == 0:
            assert second_failed.wait(30)
            time.sleep(0.05)
        second_failed.set()
        raise ValueError(number)

    with pytest.raises(ValueError, match="0"):
        share(work, iter(range(100)))
    assert sorted(begun) == [0, 1]


@pytest.mark.parametrize("fails", [False, True])
def test_what_the_source_raises_comes_after_the_items_it_has_given(monkeypatch, fails):
    monkeypatch.setattr(threads, "processors", lambda: 2)
    exhausted, done = threading.Event(), []

    def source():
        yield 0
        exhausted.set()
        raise KeyError("source")

    def work(number):
        assert exhausted.wait(30)
        time.sleep(0.05)
        done.append(number)
        if fails:
            raise ValueError("item")

    with pytest.raises(ValueError if fails else KeyError, match="item" if fails else "source"):
        share(work, source())
    assert done == [0]


def test_an_error_in_another_thread_than_the_callers_is_raised(monkeypatch):
    monkeypatch.setattr(threads, "processors", lambda: 2)
    both = threading.Barrier(2)

    def work(_):
        both.wait(30)
        if threading.current_thread() is not threading.main_thread():
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        share(work, range(2))


def test_an_interrupt_leaves_nobody_at_work(monkeypatch):
    """The caller's thread is through and waits for the other when Control-C comes: it is raised when all are done."""
    monkeypatch.setattr(threads, "processors", lambda: 2)
    both, interrupts, done = threading.Barrier(2), [KeyboardInterrupt], []

    def work(number):
        both.wait(30)
        if threading.current_thread() is not threading.main_thread():
            time.sleep(0.1)
        done.append(number)

    def interrupted(futures):
        if interrupts:
            raise interrupts.pop()
        return wait(futures)

    monkeypatch.setattr(threads, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        share(work, iter(range(2)))
    assert sorted(done) == [0, 1]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_forked_process_has_threads_of_its_own():
    """Those of its parent did not come along: work would wait for ever."""
    code = (
        "import os, sys, warnings\n"
        "from a2i_al.compute import threads\n"
        "threads.processors = lambda: 2\n"
        "warnings.simplefilter('ignore')  # Python warns of a fork beside threads, which is what this is about\n"
        "threads.in_threads(abs, [-1, -2])\n"
        "child = os.fork()\n"
        "if not child: os._exit(sum(threads.in_threads(abs, [-3, -4])))\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 7
