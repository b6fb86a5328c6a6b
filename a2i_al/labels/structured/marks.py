"""What a worker marked on a picture in, labels and coordinates out, or the reason why it is nothing of the sort."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from a2i_al.labels.structured.deciding import Unreadable

Floats = npt.NDArray[np.float64]
Size = tuple[int, int]

_FARTHEST: Final = 1e9  # pixels; areas of what lies farther out are not worth the care that they would need


@dataclass(frozen=True, eq=False)
class Marks:
    """The marks of one answer, in an order that depends on where they are alone.

    Attributes
    ----------
    labels : tuple of str
        One per mark.
    places : tuple of arrays
        One per mark: of a box left, top, right and bottom; of a point x and y; of an outline its corners, shape (n, 2).
        Pixels from the top left corner.
    size : tuple of (width, height), optional
        Of the picture, in pixels, where the answer tells.
    """

    labels: tuple[str, ...]
    places: tuple[Floats, ...]
    size: Size | None = None

    @property
    def table(self) -> Floats:
        """All places as one array, shape (n_marks, n_coordinates); not for outlines."""
        return np.array(self.places, dtype=np.float64).reshape(len(self.places), -1 if self.places else 0)


def read_boxes(value: Any) -> Marks:
    """Return the boxes of crowd-bounding-box, a list of such boxes, or of harvest's `Box` records.

    Examples
    --------
    >>> read_boxes({"boundingBoxes": [{"label": "dog", "left": 1, "top": 2, "width": 3, "height": 4}]}).table
    array([[1., 2., 4., 6.]])
    """
    return _marks(value, "boundingBoxes", _corners)


def read_keypoints(value: Any) -> Marks:
    """Return the points of crowd-keypoint, a list of such points, or of harvest's `Point` records.

    Examples
    --------
    >>> read_keypoints([{"label": "nose", "x": 1, "y": 2}]).table
    array([[1., 2.]])
    """
    return _marks(value, "keypoints", lambda mark: [_number(mark, "x"), _number(mark, "y")])


def read_polygons(value: Any) -> Marks:
    """Return the outlines of crowd-polygon, a list of such outlines, or of harvest's `Outline` records.

    Examples
    --------
    >>> corners = [{"x": 0, "y": 0}, {"x": 2, "y": 0}, {"x": 0, "y": 2}]
    >>> read_polygons({"polygons": [{"label": "road", "vertices": corners}]}).places[0].tolist()
    [[0.0, 0.0], [2.0, 0.0], [0.0, 2.0]]
    """
    return _marks(value, "polygons", _vertices)


def picture_size(value: Any) -> Size | None:
    """Return width and height of the picture, where an answer tells.

    Examples
    --------
    >>> picture_size({"inputImageProperties": {"width": 4, "height": 3}, "boundingBoxes": []})
    (4, 3)
    """
    match value:
        case {"inputImageProperties": {"width": int() as width, "height": int() as height}} if min(width, height) > 0:
            return width, height
        case _:
            return None


def with_size(payload: Mapping[str, Any], size: Size | None) -> dict[str, Any]:
    """Return an answer as the page sends it, with the size of its picture if that is known."""
    return {**payload, "inputImageProperties": {"width": size[0], "height": size[1]}} if size else {**payload}


def plain(number: float) -> float:
    """Return 4 for 4.0: the pages count in whole pixels, and so does what was fused where it comes out whole.

    Examples
    --------
    >>> plain(4.0), plain(4.5)
    (4, 4.5)
    """
    return int(number) if float(number).is_integer() else float(number)


def of(mark: Any, name: str) -> Any:
    """Return a part of a mark, which is an object of the page's JSON or a record.

    Raises
    ------
    Unreadable
        If the mark has no such part.

    Examples
    --------
    >>> of({"label": "dog"}, "label")
    'dog'
    """
    missing = object()
    found = mark.get(name, missing) if isinstance(mark, Mapping) else getattr(mark, name, missing)
    if found is missing:
        raise Unreadable(f"a mark has no {name!r}: {mark!r:.80}")
    return found


def marks_in(value: Any, key: str) -> Sequence[Any]:
    """Return the marks of an answer, as the page sends it or as a list.

    Raises
    ------
    Unreadable
        If there are none.

    Examples
    --------
    >>> marks_in({"entities": []}, "entities"), marks_in((), "entities")
    ([], ())
    """
    marks = value.get(key) if isinstance(value, Mapping) else value
    marks = marks.tolist() if isinstance(marks, np.ndarray) else marks
    if not isinstance(marks, list | tuple):
        raise Unreadable(f"there is no list {key!r} in {value!r:.80}")
    return marks


def label_of(mark: Any) -> str:
    """Return a mark's label.

    Raises
    ------
    Unreadable
        If it is no text.

    Examples
    --------
    >>> label_of({"label": "dog"})
    'dog'
    """
    label = of(mark, "label")
    if not isinstance(label, str):
        raise Unreadable(f"a label is no text: {label!r:.80}")
    return label


def _marks(value: Any, key: str, place: Callable[[Any], Any]) -> Marks:
    found = [(label_of(mark), np.asarray(place(mark), dtype=np.float64)) for mark in marks_in(value, key)]
    found.sort(key=lambda mark: (mark[1].ravel().tolist(), mark[0]))
    return Marks(tuple(label for label, _ in found), tuple(at for _, at in found), picture_size(value))


def _corners(mark: Any) -> list[float]:
    left, top, width, height = (_number(mark, name) for name in ("left", "top", "width", "height"))
    if width <= 0 or height <= 0:
        raise Unreadable(f"a box is {width} wide and {height} high")
    return [left, top, left + width, top + height]


def _vertices(mark: Any) -> list[tuple[float, float]]:
    vertices: Iterable[Any] = of(mark, "vertices")
    if not isinstance(vertices, list | tuple) or len(vertices) < 3:  # noqa: PLR2004 - a triangle has the fewest
        raise Unreadable(f"a polygon has no three corners: {vertices!r:.80}")
    return [_vertex(vertex) for vertex in vertices]


def _vertex(vertex: Any) -> tuple[float, float]:
    if isinstance(vertex, list | tuple) and len(vertex) == 2:  # noqa: PLR2004 - x and y
        vertex = {"x": vertex[0], "y": vertex[1]}
    return _number(vertex, "x"), _number(vertex, "y")


def _number(mark: Any, name: str) -> float:
    number = of(mark, name)
    size: Any = (
        abs(number) if isinstance(number, int | float | np.number) and not isinstance(number, bool) else math.nan
    )
    if not size < _FARTHEST:
        raise Unreadable(f"{name} is no position: {number!r:.80}")
    return float(number)
