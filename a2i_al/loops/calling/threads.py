"""Jobs come in and are done in a bounded number of threads; what came of them is handed over, a handful at a time.

The caller's thread is the one that writes into the ledger and moves the progress bar: that costs the others no lock,
and many receipts are one transaction.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from a2i_al import arguments
from a2i_al.errors import InvalidInput

Job = TypeVar("Job")
Result = TypeVar("Result")

HANDFUL = 64  # results that one thread hands over at once
MOST = 64  # threads, as many as `Connection.a2i_once` has connections
_SECONDS = 0.5  # between two looks at what several threads have done


def checked_workers(max_workers: Any) -> int:
    """Return how many threads a caller wants.

    Raises
    ------
    InvalidInput
        If it is no whole number from 1 to 64.

    Examples
    --------
    >>> checked_workers(8)
    8
    """
    if isinstance(max_workers, int) and not isinstance(max_workers, bool) and 1 <= max_workers <= MOST:
        return max_workers
    raise InvalidInput(f"max_workers is {arguments.told(max_workers)}", expected=f"1 to {MOST}")


def do_all(
    work: Callable[[Job], Result],
    jobs: Iterable[Job],
    hand_over: Callable[[list[tuple[Job, Result]]], object],
    *,
    max_workers: int,
    halt: threading.Event,
) -> None:
    """Do jobs, and hand over each with its result; an error or an interrupt ends it after the jobs under way.

    With one worker, the caller's thread does them itself, in order.

    Parameters
    ----------
    work : callable
        Does a job. What it raises ends all of it, and is raised here.
    jobs : iterable
        To be done.
    hand_over : callable
        Takes a list of jobs and results, in the caller's thread. Whatever was done is handed over, also before an
        error or an interrupt goes on its way; if that came while handing over, a second time.
    max_workers : int
        Jobs under way at once.
    halt : Event
        Set, no further job begins.

    Examples
    --------
    >>> do_all(str, [1, 2], print, max_workers=1, halt=threading.Event())
    [(1, '1'), (2, '2')]
    """
    team = _Team(work, jobs, hand_over, halt)
    try:
        if max_workers == 1:
            team.work_alone()
        else:
            team.work_together(max_workers)
        team.settle()
    finally:
        team.settle()
    if team.errors:
        raise team.errors[0]


class _Team(Generic[Job, Result]):
    def __init__(
        self,
        work: Callable[[Job], Result],
        jobs: Iterable[Job],
        hand_over: Callable[[list[tuple[Job, Result]]], object],
        halt: threading.Event,
    ) -> None:
        self._work, self._hand_over, self._halt = work, hand_over, halt
        self._jobs, self._done = deque(jobs), deque[tuple[Job, Result]]()
        self._threads: list[threading.Thread] = []
        self._last = threading.Event()
        self._left = 0
        self._lock = threading.Lock()
        self.errors: list[BaseException] = []

    def work_alone(self) -> None:
        while self._jobs and not self._halt.is_set():
            self._do(self._jobs.popleft())
            if len(self._done) >= HANDFUL:
                self._pass_on()

    def work_together(self, max_workers: int) -> None:
        self._left = min(max_workers, len(self._jobs))
        self._threads = [
            threading.Thread(target=self._member, name=f"a2i_al-{number}", daemon=True) for number in range(self._left)
        ]
        for thread in self._threads:
            thread.start()
        while self._left:
            self._last.wait(_SECONDS)
            self._pass_on()

    def settle(self) -> None:
        """Wait for the jobs under way, which have reached the service by now, and pass their results on."""
        self._halt.set()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()
        self._pass_on()

    def _member(self) -> None:
        while not self._halt.is_set():
            try:
                job = self._jobs.popleft()  # atomic
            except IndexError:
                break
            self._do(job)
        with self._lock:
            self._left -= 1
            if not self._left:
                self._last.set()

    def _do(self, job: Job) -> None:
        try:
            self._done.append((job, self._work(job)))
        except BaseException as error:  # noqa: BLE001  # raised in the caller's thread
            self.errors.append(error)
            self._halt.set()

    def _pass_on(self) -> None:
        handful = list(self._done)
        if handful:
            self._hand_over(handful)
            for _ in handful:
                self._done.popleft()
