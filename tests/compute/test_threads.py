"""Work in threads: results in the order of the ranges, errors as they are."""

import os
import subprocess
import sys
import threading

import pytest

from a2i_al.compute import threads
from a2i_al.compute.threads import in_threads, row_blocks


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
