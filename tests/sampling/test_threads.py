"""Work in threads: results in the order of the ranges, errors as they are."""

import threading

import pytest

from a2i_al.sampling import threads
from a2i_al.sampling.threads import in_threads, row_blocks


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
