"""A path into `task.input` and an input in, whether the input has what the path leads to out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias


class Marker(str):
    """A segment that no name is equal to, printed as it is."""

    __slots__ = ()
    __eq__ = object.__eq__
    __hash__ = object.__hash__


ANY: Final = Marker("*")  # an index or key that is only known with the input
EACH: Final = Marker("*")  # the element of a loop; of an object, the pair of a key and its value
_OF_EVERY_VALUE: Final = {"size", "first", "last"}

Segment: TypeAlias = str | int
Segments: TypeAlias = tuple[Segment, ...]


def is_missing(path: Sequence[Segment], task_input: Mapping[str, Any]) -> bool:
    """Say whether an input lacks what a path leads to; where the input has empty lists on the way, nobody knows: False.

    Examples
    --------
    >>> path = ("task", "input", "boxes", EACH, "label")
    >>> is_missing(path, {"boxes": [{"x": 1}]}), is_missing(path, {"boxes": []}), is_missing(path, {})
    (True, False, True)
    """
    values: list[Any] = [{"task": {"input": task_input}}]
    for segment in path:
        if not values:
            return False
        reached = [_step(value, segment) for value in values]
        if not any(reached) and any(not _is_empty(value, segment) for value in values):
            return True
        values = [value for each in reached for value in each]
    return False


def _step(value: Any, segment: Segment) -> list[Any]:
    """Return what a segment of a path can lead to."""
    match value:
        case Mapping():
            return _member(value, segment)
        case list() | tuple():
            return _element(value, segment)
        case str():
            return [value] if segment is EACH else [len(value)] if segment == "size" else []
        case _:
            return []


def _member(value: Mapping[Any, Any], segment: Segment) -> list[Any]:
    if isinstance(segment, Marker):
        return [list(pair) for pair in value.items()] if segment is EACH else list(value.values())
    if segment in value:
        return [value[segment]]
    return [len(value)] if segment in _OF_EVERY_VALUE else []


def _element(value: Sequence[Any], segment: Segment) -> list[Any]:
    if isinstance(segment, Marker):
        return list(value)
    if segment == "size":
        return [len(value)]
    index = {"first": 0, "last": -1}.get(segment) if isinstance(segment, str) else segment
    return [value[index]] if index is not None and -len(value) <= index < len(value) else []


def _is_empty(value: Any, segment: Segment) -> bool:
    """Say whether nothing follows only because there is nothing there, this time."""
    return value is None or (isinstance(value, Mapping | list | tuple) and not value and isinstance(segment, Marker))
