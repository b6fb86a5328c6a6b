"""Shapes in, how far they cover each other out: intersection over union of boxes, and what an outline encloses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Pixels = npt.NDArray[np.bool_]

_FINEST = 256  # cells along the longer side of the grid on which outlines are compared: errors below a percent


def box_iou(a: Any, b: Any) -> Floats:
    """Return the intersection over union of every box of `a` with every box of `b`.

    Parameters
    ----------
    a, b : array of float, shapes (n, 4) and (m, 4)
        Left, top, right, bottom.

    Returns
    -------
    array of float, shape (n, m)
        0 for boxes that do not overlap, 1 for equal ones; 0 where both are empty.

    Examples
    --------
    >>> box_iou([[0, 0, 2, 2]], [[0, 0, 2, 2], [1, 0, 3, 2], [5, 5, 6, 6]]).round(3)
    array([[1.   , 0.333, 0.   ]])
    """
    first = np.asarray(a, dtype=np.float64).reshape(-1, 1, 4)
    second = np.asarray(b, dtype=np.float64).reshape(1, -1, 4)
    low, high = np.maximum(first[..., :2], second[..., :2]), np.minimum(first[..., 2:], second[..., 2:])
    both = np.clip(high - low, 0, None).prod(axis=-1)
    area_a, area_b = ((box[..., 2:] - box[..., :2]).prod(axis=-1) for box in (first, second))
    either = area_a + area_b - both
    return np.asarray(np.divide(both, either, out=np.zeros_like(both), where=either > 0))


def enclosed(outline: Floats, shape: tuple[int, int], corner: Floats | None = None, cell: float = 1.0) -> Pixels:
    """Return which pixels an outline encloses: those whose middle lies inside, by the even-odd rule.

    Parameters
    ----------
    outline : array of float, shape (n, 2)
        Corners in order; the last is joined to the first.
    shape : tuple of (height, width)
        Of the result.
    corner : array of float, shape (2,), optional
        Where its top left corner lies; (0, 0) by default.
    cell : float, default 1
        Side of a pixel.

    Examples
    --------
    >>> enclosed(np.array([[0, 0], [2, 0], [2, 1], [0, 1]]), (2, 3)).astype(int)
    array([[1, 1, 0],
           [0, 0, 0]])
    """
    height, width = shape
    corners = (np.asarray(outline, dtype=np.float64) - (0 if corner is None else corner)) / cell
    flips = np.zeros((height, width + 1), dtype=np.int32)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        low, high = sorted((y0, y1))
        rows = np.arange(max(int(np.ceil(low - 0.5)), 0), min(int(np.ceil(high - 0.5)), height))
        if len(rows):  # an edge along a row crosses no row's middle
            crossing = x0 + (rows + 0.5 - y0) * (x1 - x0) / (y1 - y0)
            flips[rows, np.clip(np.ceil(crossing - 0.5), 0, width).astype(np.int64)] += 1
    return np.asarray(np.cumsum(flips, axis=1)[:, :-1] % 2 == 1)


def rasters(outlines: Sequence[Floats]) -> list[Pixels]:
    """Return what outlines enclose, on one grid that is just large enough for all of them.

    Examples
    --------
    >>> a, b = rasters([np.array([[0, 0], [4, 0], [4, 4], [0, 4]]), np.array([[2, 0], [4, 0], [4, 4], [2, 4]])])
    >>> float(pixel_iou(a, b))
    0.5
    """
    if not outlines:
        return []
    corners = np.concatenate(outlines)
    low, high = corners.min(axis=0), corners.max(axis=0)
    cell = float((high - low).max()) / _FINEST or 1.0
    width, height = np.maximum(np.ceil((high - low) / cell), 1).astype(int)
    return [enclosed(outline, (int(height), int(width)), low, cell) for outline in outlines]


def pixel_iou(a: Pixels, b: Pixels) -> float:
    """Return the intersection over union of two masks of one shape; 1 where both are empty.

    Examples
    --------
    >>> pixel_iou(np.array([[True, True]]), np.array([[True, False]]))
    0.5
    """
    either = int(np.count_nonzero(a | b))
    return int(np.count_nonzero(a & b)) / either if either else 1.0
