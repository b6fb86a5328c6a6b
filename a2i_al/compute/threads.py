"""A function and the ranges it is to work on in, its results out: on as many threads as the machine has processors.

Compiled kernels and BLAS give up the interpreter's lock, so threads are enough. Numba's own ``parallel=True`` is not
used: its OpenMP layer dies after a fork, its workqueue layer dies when two threads call it.
"""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache
from typing import Any, TypeVar

Given = TypeVar("Given")
Result = TypeVar("Result")

_thread = threading.local()


def in_threads(function: Callable[[Given], Result], ranges: Iterable[Given]) -> list[Result]:
    """Call a function for every range, several at a time, and return the results in the order of the ranges.

    Parameters
    ----------
    function : callable
        Takes one range. Should give up the interpreter's lock: a kernel with ``nogil=True``, or BLAS.
    ranges : iterable
        What to work on, such as ``(start, stop)`` pairs; more of them than processors evens out the load.

    Returns
    -------
    list
        One result per range. An exception in one of the calls is raised here.

    Examples
    --------
    >>> in_threads(lambda rows: sum(range(*rows)), [(0, 3), (3, 5)])
    [3, 7]
    """
    given = list(ranges)
    if min(processors(), len(given)) <= 1:
        return [function(one) for one in given]
    results: list[Any] = [None] * len(given)

    def work(at: int) -> None:
        results[at] = function(given[at])

    share(work, range(len(given)))
    return results


def share(function: Callable[[Given], object], items: Iterable[Given], *, ahead: float = math.inf) -> None:
    """Call a function for every item, several at a time; an item is only asked for when a thread is free for it.

    Parameters
    ----------
    function : callable
        Takes one item. Should give up the interpreter's lock most of the time.
    items : iterable
        One thread at a time asks it for the next, in order: a generator will do.
    ahead : float
        No item is begun before the one so many places earlier is done: what is to be put in order stays little.

    Notes
    -----
    After an exception nobody begins another item; that of the earliest item is raised here.

    Examples
    --------
    >>> seen = []
    >>> share(seen.append, (letter for letter in "abc"))
    >>> sorted(seen)
    ['a', 'b', 'c']
    """
    turns = _Turns(items, ahead)

    def work() -> None:
        for at, item in turns:
            try:
                function(item)
            except BaseException as error:  # noqa: BLE001 - raised by the caller's thread
                turns.fail(at, error)
            turns.done(at)

    # A call from one of the threads would wait for a free thread, and hold one meanwhile.
    if processors() <= 1 or getattr(_thread, "is_ours", False):
        work()
    else:
        _with_others(work, turns)
    if turns.failures:
        raise turns.failures[min(turns.failures)]


class _Turns(Iterator[tuple[int, Any]]):
    """Items with their numbers, for one thread at a time; there are no more once one of them has failed."""

    def __init__(self, items: Iterable[Any], ahead: float) -> None:
        self.failures: dict[float, BaseException] = {}
        self._numbered, self._ahead = enumerate(items), ahead
        self._next, self._begun = 0, set[int]()
        self._changed = threading.Condition()

    def __next__(self) -> tuple[int, Any]:
        with self._changed:
            self._changed.wait_for(self._may_begin)
            if self.failures:
                raise StopIteration
            try:
                at, item = next(self._numbered)
            except StopIteration:
                raise
            except BaseException as error:
                # What the source itself raises comes after all that it has given.
                self.failures[math.inf] = error
                raise StopIteration from error
            self._next = at + 1
            self._begun.add(at)
        return at, item

    def _may_begin(self) -> bool:
        return bool(self.failures) or not self._begun or self._next < min(self._begun) + self._ahead

    def done(self, at: int) -> None:
        with self._changed:
            self._begun.discard(at)
            self._changed.notify_all()

    def fail(self, at: float, error: BaseException) -> None:
        with self._changed:
            self.failures[at] = error
            self._changed.notify_all()


def _with_others(work: Callable[[], None], turns: _Turns) -> None:
    # A task per thread, not per item: to hand one over takes as long as to score a few thousand rows. The caller's
    # thread is one of them: it is awake, and on a processor of its own.
    others = [_pool(processors()).submit(work) for _ in range(processors() - 1)]
    _thread.is_ours = True
    try:
        work()
        # What has not begun has nothing left to do.
        wait([other for other in others if not other.cancel()])
    except BaseException as interrupt:  # noqa: BLE001 - raised once nobody is at work any more
        turns.fail(-1, interrupt)
        wait([other for other in others if not other.cancel()])
    finally:
        _thread.is_ours = False


@cache
def _pool(workers: int) -> ThreadPoolExecutor:
    """Return threads that stay: to start them takes as long as to score a hundred thousand rows."""
    return ThreadPoolExecutor(
        workers, thread_name_prefix="a2i_al", initializer=lambda: setattr(_thread, "is_ours", True)
    )


if hasattr(os, "register_at_fork"):
    # Threads do not come along into a forked process.
    os.register_at_fork(after_in_child=_pool.cache_clear)


def processors() -> int:
    """Return how many processors this process may use, at least one.

    Examples
    --------
    >>> processors() >= 1
    True
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def row_blocks(rows: int, size: int) -> list[tuple[int, int]]:
    """Cut the rows 0 to `rows` into blocks of at most `size`, as (start, stop) pairs.

    Examples
    --------
    >>> row_blocks(5, 2)
    [(0, 2), (2, 4), (4, 5)]
    """
    return [(start, min(start + size, rows)) for start in range(0, rows, size)]
