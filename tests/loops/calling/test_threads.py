"""Threads: every job once, every result handed over, and an end to it when something goes wrong."""

import threading

import pytest

from a2i_al.loops.calling.threads import HANDFUL, do_all


class Stop(BaseException):
    pass


@pytest.fixture
def halt():
    return threading.Event()


@pytest.mark.parametrize("workers", [1, 4])
def test_every_job_is_done_once_and_handed_over_in_the_callers_thread(halt, workers):
    """With its result, in handfuls."""
    got, threads = [], set()

    def hand_over(handful):
        threads.add(threading.current_thread())
        got.extend(handful)

    do_all(lambda job: -job, range(500), hand_over, max_workers=workers, halt=halt)
    assert sorted(got) == [(job, -job) for job in range(500)]
    assert threads == {threading.current_thread()}


def test_one_worker_is_the_caller_and_hands_over_before_the_end(halt):
    """No thread is started, and receipts do not wait for the last job."""
    seen = []
    do_all(
        lambda _: seen.append(threading.current_thread()),
        range(HANDFUL + 1),
        lambda handful: seen.append(len(handful)),
        max_workers=1,
        halt=halt,
    )
    assert set(seen) == {threading.current_thread(), HANDFUL, 1}


@pytest.mark.parametrize("workers", [1, 4])
@pytest.mark.parametrize("error", [ValueError, Stop])
def test_an_error_ends_it_after_the_jobs_under_way_have_been_handed_over(halt, workers, error):
    """Those that were done are known, those that were not begun are not begun, and the error is raised."""
    done, handed = [], []

    def work(job):
        if job == 20:
            raise error
        done.append(job)

    with pytest.raises(error):
        do_all(work, range(100_000), handed.extend, max_workers=workers, halt=halt)
    assert sorted(job for job, _ in handed) == sorted(done)
    assert set(range(20)) <= set(done)
    assert len(done) < 90_000


def test_what_was_being_handed_over_at_an_interrupt_is_handed_over_again(halt):
    """A ledger that was interrupted in its transaction has it undone, and needs the receipts a second time."""
    handed = []

    def hand_over(handful):
        handed.append(handful)
        if len(handed) == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        do_all(str, range(3), hand_over, max_workers=1, halt=halt)
    assert handed == [[(0, "0"), (1, "1"), (2, "2")]] * 2


def test_a_halt_from_outside_is_an_end_without_an_error(halt):
    """What sets the event decides what to make of it."""
    handed = []
    do_all(lambda job: halt.set() if job == 3 else None, range(10), handed.extend, max_workers=1, halt=halt)
    assert [job for job, _ in handed] == [0, 1, 2, 3]


@pytest.mark.parametrize("workers", [1, 4])
def test_no_jobs_are_no_work(halt, workers):
    """Nothing is handed over."""
    do_all(str, [], pytest.fail, max_workers=workers, halt=halt)
