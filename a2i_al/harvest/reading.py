"""Outputs that lie in a store come in; each goes out with its rows or its fault, many read at a time."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import takewhile
from queue import SimpleQueue
from threading import BoundedSemaphore, Lock
from typing import Any, Final

from a2i_al.errors import InvalidOutput, NotFound, ServiceError
from a2i_al.harvest.loading import LARGEST, LARGEST_REPORT, check_size
from a2i_al.harvest.parse import parse_output, parse_report
from a2i_al.harvest.shapes import is_report
from a2i_al.storage import ARCHIVED, Entry, Store

Result = list[dict[str, Any]] | InvalidOutput | NotFound
_Fetched = bytes | InvalidOutput | NotFound
_Results = list[tuple[int, Result]]

# Threads that wait for the store, not for each other. At 25 ms a request 16 read 600 outputs a second and 350 some
# 8,000; where requests take a millisecond, more than 16 cost twice the processor time and gain nothing.
_NEAR: Final = 16
_FAR: Final = 350
_FAR_SECONDS: Final = 0.005  # the quickest of the first requests: a busy machine has slow ones, but not all of them
_TRIES: Final = 3 * _NEAR
# A reader parses and hands over so many outputs at a time, or so many bytes: one by one, between two waits for the
# store, parsing took twice as long.
_AT_ONCE: Final = 32
_HELD: Final = 1 << 18
_LARGE: Final = 1 << 20  # bytes; of such outputs, which hold masks, few are read at once: many would fill the memory
_LARGE_AT_ONCE: Final = BoundedSemaphore(4)


def read_all(store: Store, entries: Iterable[Entry]) -> Iterator[tuple[Entry, int, Result]]:
    """Yield every output with its rows or its fault, in the order in which they came.

    Parameters
    ----------
    store : Store
        From `open_store`.
    entries : iterable of Entry
        Taken to its end first, while the readers are at work: a listing takes its time.

    Yields
    ------
    entry : Entry
    line : int
        Of a report, which has an output in every line, from 1; 0 for a file that is one output.
    result : list of dict, or A2IError
        Rows as `parse_output` returns them, or why there are none.

    Raises
    ------
    ServiceError
        If an output cannot be fetched for a reason of the network or of permissions; no more are fetched then. One that
        S3 has archived is a fault of its own.

    Examples
    --------
    >>> from a2i_al.storage import open_store
    >>> list(read_all(open_store("file:///nothing/here")[0], []))
    []
    """
    for entry, results in _Readers(store).read(entries):
        for line, result in results:
            yield entry, line, result


class Archived(InvalidOutput):
    """An output that can be read again once it is restored, without having changed."""


class _Readers:
    """Threads that take outputs from one queue; how many there are depends on how far away the store is."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.waiting: SimpleQueue[Entry | None] = SimpleQueue()
        self.done: SimpleQueue[list[tuple[Entry, _Results]] | BaseException] = SimpleQueue()
        self.count, self.quickest, self.over = 0, math.inf, False
        self.far = Lock()  # taken once, and kept: by the reader that starts the others

    def read(self, entries: Iterable[Entry]) -> Iterator[tuple[Entry, _Results]]:
        with ThreadPoolExecutor(_FAR, thread_name_prefix="harvest") as self.pool:
            try:
                for _ in range(_NEAR):
                    self.pool.submit(self._work)
                number = 0
                for entry in takewhile(lambda _: not self.over, entries):
                    self.waiting.put(entry)
                    number += 1
                self._no_more()
                while number:
                    results = self.done.get()
                    if isinstance(results, BaseException):
                        raise results
                    number -= len(results)
                    yield from results
            finally:
                self.over = True
                self._no_more()

    def _no_more(self) -> None:
        for _ in range(_FAR):
            self.waiting.put(None)

    def _work(self) -> None:
        fetched: list[tuple[Entry, _Fetched]] = []
        held = 0
        try:
            while (entry := self.waiting.get()) is not None and not self.over:
                data = self._try(entry) if self.count < _TRIES else _fetch(self.store, entry)
                fetched.append((entry, data))
                held += entry.size
                if len(fetched) == _AT_ONCE or held > _HELD:
                    self._hand_over(fetched)
                    fetched, held = [], 0
            self._hand_over(fetched)
        except BaseException as error:  # noqa: BLE001 - raised where the results are taken
            self.over = True
            self.done.put(error)

    def _hand_over(self, fetched: list[tuple[Entry, _Fetched]]) -> None:
        self.done.put([(entry, _parsed(data, entry.key, self.store.uri(entry.key))) for entry, data in fetched])

    def _try(self, entry: Entry) -> _Fetched:
        """Fetch one of the first outputs, and start more readers if all of these took their time."""
        start = time.perf_counter()
        data = _fetch(self.store, entry)
        self.quickest = min(self.quickest, time.perf_counter() - start)
        self.count += 1
        if self.count >= _TRIES and self.quickest > _FAR_SECONDS and self.far.acquire(blocking=False):
            for _ in range(_FAR - _NEAR):
                self.pool.submit(self._work)
        return data


def _fetch(store: Store, entry: Entry) -> _Fetched:
    try:
        check_size(entry.size, LARGEST_REPORT if is_report(entry.key) else LARGEST)
        if entry.size > _LARGE:
            with _LARGE_AT_ONCE:
                return store.get(entry.key)
        return store.get(entry.key)
    except (InvalidOutput, NotFound) as error:  # not found: removed since it was listed
        return error
    except ServiceError as error:
        if error.code != ARCHIVED:
            raise
        return Archived(f"the output lies in an archive: {error.found}", fix=error.fix)


def _parsed(data: _Fetched, key: str, uri: str) -> _Results:
    if not isinstance(data, bytes):
        return [(0, data)]
    if is_report(key):
        return [*parse_report(data, uri)]
    try:
        return [(0, parse_output(data, uri))]
    except InvalidOutput as error:
        return [(0, error)]
