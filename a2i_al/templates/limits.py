"""Bounds on what reading and rendering one template may cost, whoever wrote it: loops, filters, values, output."""

from __future__ import annotations

from collections.abc import Sequence

from liquid.exceptions import LoopIterationLimitError, ResourceLimitError

LEXER_STEPS = 20_000_000
OUTPUT_BYTES = 8_000_000
LOOP_ITERATIONS = 300_000
LOOP_STEPS = 3_000_000
WORK = 40_000_000

# An element of a list costs a filter about this many times what a character of a string does.
_ELEMENT = 20
# To compare or to search a value costs about so many times less than to work on it.
_LOOK = 20
# dateutil tries each character of what may be a date.
_DATE = 200
# These look no further than at the ends of a list.
_CONSTANT = frozenset({"default", "first", "last", "size"})
# These do something with their arguments for each element of a list.
_PER_ELEMENT = frozenset(
    {"compact", "find", "find_index", "has", "map", "reject", "sort", "sort_natural", "sum", "uniq", "where"}
)


class Effort:
    """What one rendering has cost so far; every loop, filter, range and value goes through here.

    python-liquid's own limits leave holes: loops one after the other or with much inside, ``(1..9999999) | join``,
    ``(1..9999999) contains "x"``, and lists that hold one long text a thousand times.

    Examples
    --------
    >>> Effort().account("join", [range(1, 9_999_999), "x"])
    Traceback (most recent call last):
    ...
    liquid.exceptions.ResourceLimitError: the template works on too much data
    """

    __slots__ = ("_known", "iterations", "steps", "work")

    def __init__(self) -> None:
        self.iterations = self.steps = self.work = 0
        # By identity, with the value itself: an identity is given again when its value is gone.
        self._known: dict[int, tuple[int, object]] = {}

    def loop(self, length: int, price: int) -> None:
        """Account for a loop of this many iterations, each of so many steps.

        Raises
        ------
        LoopIterationLimitError
            When all loops together run too often, or do too much.
        """
        self.iterations += length
        self.steps += length * price
        if self.iterations > LOOP_ITERATIONS:
            raise LoopIterationLimitError(f"loops run more than {LOOP_ITERATIONS:,} times", token=None)
        if self.steps > LOOP_STEPS:
            raise LoopIterationLimitError(f"loops take more than {LOOP_STEPS:,} steps", token=None)

    def account(self, name: str, args: Sequence[object]) -> None:
        """Account for a filter applied to these values, before it runs.

        Raises
        ------
        ResourceLimitError
            When all filters together work on too much.
        """
        if name in _CONSTANT:
            return
        first, *others = map(self.weigh, args)
        work = first + sum(others)
        if name in {"replace", "join"} and others:
            work += first * others[-1]
        elif name in _PER_ELEMENT:
            work += first // _ELEMENT * sum(others)
        elif name == "date":
            work *= _DATE
        if name == "uniq":  # compares each element with each
            work += first * first // (100 * _ELEMENT)
        self._use(work)

    def printed(self, value: object) -> None:
        """Account for a value that is printed."""
        self._use(self.weigh(value))

    def looked_at(self, value: object) -> None:
        """Account for a value that a name stands for: it may be compared, or searched."""
        if isinstance(value, str | list | tuple | dict):
            self._use(self.weigh(value) // _LOOK)

    def range(self, numbers: range) -> range:
        """Account for a range, and return it."""
        self._use(self.weigh(numbers))
        return numbers

    def weigh(self, value: object) -> int:
        """Return about how much there is to a value, with all that is in it, as often as it is in it."""
        match value:
            case str():
                return len(value)
            case int():
                return value.bit_length() ** 2 // 1_000
            case range():  # `len` has its limits
                return max(0, value.stop - value.start) * _ELEMENT
            case list() | tuple() | dict():
                if id(value) not in self._known:
                    parts = [*value, *value.values()] if isinstance(value, dict) else value
                    self._known[id(value)] = _ELEMENT * len(value) + sum(map(self.weigh, parts)), value
                return self._known[id(value)][0]
            case _:
                return 1

    def _use(self, work: int) -> None:
        self.work += work
        if self.work > WORK:
            raise ResourceLimitError("the template works on too much data", token=None)
