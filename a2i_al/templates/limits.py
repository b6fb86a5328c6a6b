"""Bounds on what rendering one template may cost, whoever wrote it: loop iterations, filter work, output."""

from __future__ import annotations

from collections.abc import Sized

from liquid.exceptions import LoopIterationLimitError, ResourceLimitError

OUTPUT_BYTES = 8_000_000
LOOP_ITERATIONS = 300_000
FILTER_WORK = 40_000_000

# An element of a list costs a filter about this many times what a character of a string does.
_ELEMENT = 20


class Effort:
    """What one rendering has cost so far; every filter call and loop goes through here.

    python-liquid's own limits leave holes: loops one after the other, ``(1..9999999) | join``, and a ``replace`` that
    puts a long string between every two characters of another.

    Examples
    --------
    >>> Effort().account("join", [range(1, 9_999_999), "x"])
    Traceback (most recent call last):
    ...
    liquid.exceptions.ResourceLimitError: filters work on too much data
    """

    __slots__ = ("iterations", "work")

    def __init__(self) -> None:
        self.iterations = self.work = 0

    def loop(self, length: int) -> None:
        """Account for a loop of this many iterations.

        Raises
        ------
        LoopIterationLimitError
            When all loops together run too often.
        """
        self.iterations += length
        if self.iterations > LOOP_ITERATIONS:
            raise LoopIterationLimitError(f"loops run more than {LOOP_ITERATIONS:,} times", token=None)

    def account(self, name: str, args: Sized) -> None:
        """Account for a filter applied to these values, before it runs.

        Raises
        ------
        ResourceLimitError
            When all filters together work on too much.
        """
        sizes = [_size(arg) for arg in args]  # type: ignore[attr-defined]
        work = sum(sizes)
        if name in {"replace", "join"} and len(sizes) > 1:
            work += sizes[0] * sizes[-1]
        self.work += work
        if self.work > FILTER_WORK:
            raise ResourceLimitError("filters work on too much data", token=None)


def _size(value: object) -> int:
    match value:
        case str():
            return len(value)
        case int():
            return value.bit_length() ** 2 // 1_000
        case list() | tuple() | dict() | range():
            return len(value) * _ELEMENT
        case _:
            return 1
