"""Polygons that several people drew on one picture in; of each thing that enough of them drew the best drawing out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from a2i_al.labels.structured.boxes import check_overlap, matched
from a2i_al.labels.structured.deciding import Method
from a2i_al.labels.structured.fusing import Shape, fused
from a2i_al.labels.structured.marks import Floats, Marks, plain, read_polygons
from a2i_al.labels.structured.overlap import box_iou, pixel_iou, rasters


def polygons(*, iou: float = 0.5, threshold: float = 0.5) -> Method[Marks]:
    """Match polygons by their overlap; of each thing keep the drawing that is closest to a vote of all, pixel by pixel.

    An average of outlines with different numbers of corners would be nobody's; what is kept is somebody's own, corners
    and all. For the vote of the pixels itself, ask for ``method="masks"``, which reads polygons too.

    Parameters
    ----------
    iou : float, default 0.5
        Intersection over union from which two polygons may be the same thing.
    threshold : float, default 0.5
        Share of the answers that must have a polygon, see `Quorum`.

    Returns
    -------
    Method
        Its `value` is an answer of crowd-polygon; `detail`, `confidence` and `agreement` are as those of `boxes`.

    References
    ----------
    L. Kaufman, P. Rousseeuw, "Clustering by means of medoids", in "Statistical data analysis based on the L1 norm",
    1987: of several things the one nearest to all.

    Examples
    --------
    >>> def square(side):
    ...     return [{"label": "road", "vertices": [(0, 0), (side, 0), (side, side), (0, side)]}]
    >>> method = polygons()
    >>> found = method.decide("i", [method.read(square(side)) for side in (10, 11, 14)]).value
    >>> found["polygons"][0]["vertices"][2]
    {'x': 11, 'y': 11}
    """
    check_overlap(iou)

    def compared(a: Marks, b: Marks) -> Floats:
        overlap = box_iou(_hulls(a), _hulls(b))
        for i, j in np.argwhere(overlap > 0):  # what lies apart need not be drawn
            overlap[i, j] = pixel_iou(*rasters([a.places[i], b.places[j]]))
        return matched(overlap, iou, a, b)

    return fused(Shape("polygons", read_polygons, lambda *_: compared, _best, _written), threshold)


def _hulls(marks: Marks) -> Floats:
    return np.array([[*at.min(axis=0), *at.max(axis=0)] for at in marks.places]).reshape(-1, 4)


def _best(outlines: Sequence[Floats]) -> Floats:
    """Return the outline that is closest to the pixels that more than half of all outlines enclose."""
    drawn = rasters(outlines)
    voted = np.asarray(2 * np.sum(drawn, axis=0, dtype=np.int64) > len(drawn))
    scores = [round(pixel_iou(pixels, voted), 9) for pixels in drawn]
    best = [outline for outline, score in zip(outlines, scores, strict=True) if score == max(scores)]
    return min(best, key=lambda outline: outline.ravel().tolist())


def _written(place: Floats) -> dict[str, Any]:
    return {"vertices": [{"x": plain(x), "y": plain(y)} for x, y in place]}
