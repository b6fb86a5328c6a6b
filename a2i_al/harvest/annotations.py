"""The marks that a worker made on a picture, a text or a document, as frozen records; positions are the page's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from a2i_al.labels.structured.documents import form_fields


@dataclass(frozen=True)
class Box:
    """A rectangle on a picture: pixels from the top left corner."""

    label: str
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Point:
    """A point on a picture: pixels from the top left corner."""

    label: str
    x: float
    y: float


@dataclass(frozen=True)
class Outline:
    """The corners of a polygon, or the vertices of a line: ``(x, y)`` in pixels from the top left corner."""

    label: str
    vertices: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Span:
    """A part of a text: characters ``start`` to ``end``, which is not part of it."""

    label: str
    start: int
    end: int


@dataclass(frozen=True)
class KeyValue:
    """A field of a document and what is written in it; empty where Textract and the worker found nothing."""

    key: str
    value: str


def box(mark: Mapping[str, Any]) -> Box:
    """Return an element of ``boundingBoxes``.

    Examples
    --------
    >>> box({"label": "dog", "left": 1, "top": 2, "width": 3, "height": 4})
    Box(label='dog', left=1, top=2, width=3, height=4)
    """
    return Box(_text(mark, "label"), *(_number(mark, name) for name in ("left", "top", "width", "height")))


def point(mark: Mapping[str, Any]) -> Point:
    """Return an element of ``keypoints``.

    Examples
    --------
    >>> point({"label": "nose", "x": 1, "y": 2})
    Point(label='nose', x=1, y=2)
    """
    return Point(_text(mark, "label"), _number(mark, "x"), _number(mark, "y"))


def outline(mark: Mapping[str, Any]) -> Outline:
    """Return an element of ``polygons``, ``lines`` or ``polylines``.

    Examples
    --------
    >>> outline({"label": "road", "vertices": [{"x": 1, "y": 2}, {"x": 3, "y": 4}]})
    Outline(label='road', vertices=((1, 2), (3, 4)))
    """
    vertices = tuple((_number(vertex, "x"), _number(vertex, "y")) for vertex in mark["vertices"])
    return Outline(_text(mark, "label"), vertices)


def span(mark: Mapping[str, Any]) -> Span:
    """Return an element of ``entities``.

    Examples
    --------
    >>> span({"label": "person", "startOffset": 0, "endOffset": 3})
    Span(label='person', start=0, end=3)
    """
    return Span(_text(mark, "label"), int(_number(mark, "startOffset")), int(_number(mark, "endOffset")))


def key_values(blocks: Sequence[Mapping[str, Any]]) -> tuple[KeyValue, ...]:
    """Return the form fields among Textract's blocks, as A2I spells them (camelCase), in their order.

    Examples
    --------
    >>> key_values([
    ...     {"id": "k", "entityTypes": ["KEY"], "text": "Name", "relationships": [{"type": "VALUE", "ids": ["v"]}]},
    ...     {"id": "v", "entityTypes": ["VALUE"], "text": "Ann"}])
    (KeyValue(key='Name', value='Ann'),)
    """
    return tuple(KeyValue(*pair) for pair in form_fields(blocks))


def _text(mark: Mapping[str, Any], key: str) -> str:
    text = mark[key]
    if not isinstance(text, str):
        raise TypeError(key)
    return text


def _number(mark: Mapping[str, Any], key: str) -> float:
    number = mark[key]
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise TypeError(key)
    return number
