"""Points that several people set on one picture in; the points that enough of them set, fused, out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from a2i_al.arguments import number
from a2i_al.labels.structured.deciding import Method
from a2i_al.labels.structured.fusing import Shape, fused
from a2i_al.labels.structured.marks import Floats, Marks, Size, plain, read_keypoints

_SHARE = 0.05  # of the picture's diagonal


def keypoints(*, radius: float | None = None, threshold: float = 0.5) -> Method[Marks]:
    """Match points of one label that lie near each other, and take the median of each that enough people set.

    Parameters
    ----------
    radius : float, optional
        Pixels within which two points may be the same. By default a twentieth of the picture's diagonal; of that of
        all points' hull where no answer tells the picture's size.
    threshold : float, default 0.5
        Share of the answers that must have a point, see `Quorum`.

    Returns
    -------
    Method
        Its `value` is an answer of crowd-keypoint; `detail`, `confidence` and `agreement` are as those of `boxes`.

    Raises
    ------
    InvalidInput
        If the radius is not above 0.

    Examples
    --------
    >>> method = keypoints(radius=5)
    >>> method.decide("i", [method.read([{"label": "nose", "x": x, "y": 7}]) for x in (10, 11, 13)]).value
    {'keypoints': [{'label': 'nose', 'x': 11, 'y': 7}]}
    """
    if radius is not None:
        number("radius", radius, lambda pixels: 0 < pixels < math.inf, "pixels, above 0")

    def fit(size: Size | None, answers: Sequence[Marks]) -> Any:
        reach = radius or _SHARE * math.hypot(*(size or _extent(answers))) or 1.0

        def compared(a: Marks, b: Marks) -> Floats:
            apart = np.linalg.norm(a.table.reshape(-1, 1, 2) - b.table.reshape(1, -1, 2), axis=-1)
            same = np.array([[x == y for y in b.labels] for x in a.labels], dtype=bool).reshape(apart.shape)
            # Half at the radius itself, so that a point there still fits.
            return np.where(same & (apart <= reach), 1 - apart / (2 * reach), 0.0)

        return compared

    return fused(
        Shape("keypoints", read_keypoints, fit, lambda at: np.median(np.array(at), axis=0), _written), threshold
    )


def _extent(answers: Sequence[Marks]) -> tuple[float, float]:
    points = np.concatenate([marks.table.reshape(-1, 2) for marks in answers])
    width, height = np.ptp(points, axis=0) if len(points) else (0.0, 0.0)
    return float(width), float(height)


def _written(place: Floats) -> dict[str, Any]:
    return {"x": plain(place[0]), "y": plain(place[1])}
