"""Boxes that several people drew on one picture in; the boxes that enough of them drew, fused, out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from a2i_al.arguments import number, one_of
from a2i_al.labels.structured.deciding import Method
from a2i_al.labels.structured.fusing import Shape, fused
from a2i_al.labels.structured.marks import Floats, Marks, plain, read_boxes
from a2i_al.labels.structured.overlap import box_iou

FUSIONS: Final[Mapping[str, Callable[..., Floats]]] = {"median": np.median, "mean": np.mean}


def boxes(*, iou: float = 0.5, threshold: float = 0.5, fuse: str = "median") -> Method[Marks]:
    """Match boxes by their overlap, keep those that enough people drew, and fuse each from all of its drawings.

    Two boxes of one label are matched before two of different labels; a box gets the label that most gave it. A box
    that as many drew as did not, or that two labels lead, ties the item; so does an item where everybody drew a box and
    none stays, for that it is empty is what nobody said.

    Parameters
    ----------
    iou : float, default 0.5
        Intersection over union from which two boxes may be the same thing.
    threshold : float, default 0.5
        Share of the answers that must have a box, see `Quorum`.
    fuse : {"median", "mean"}
        Of each of the four sides.

    Returns
    -------
    Method
        Its `value` is an answer of crowd-bounding-box, which can be its ``initial-value`` again; `detail` has every
        box that anybody drew, with its votes, labels and verdict (``in``, ``out`` or ``tied``). `confidence` is the
        mean share of people on the verdicts' side, `agreement` the mean F1 of pairs of answers at that overlap.

    Raises
    ------
    InvalidInput
        If an option is out of range.

    References
    ----------
    The overlap is that of M. Everingham et al., "The PASCAL visual object classes (VOC) challenge", International
    Journal of Computer Vision 88(2), 2010; matched for all at once, H. Kuhn, "The Hungarian method for the assignment
    problem", Naval Research Logistics Quarterly 2, 1955.

    Examples
    --------
    >>> box = {"label": "dog", "left": 0, "top": 0, "width": 10, "height": 10}
    >>> method = boxes()
    >>> drawn = [method.read([{**box, "left": left}]) for left in (0, 1, 5)]
    >>> method.decide("i", drawn).value
    {'boundingBoxes': [{'label': 'dog', 'left': 0.5, 'top': 0, 'width': 10, 'height': 10}]}
    """
    check_overlap(iou)
    one_of("fuse", fuse, FUSIONS)

    def compared(a: Marks, b: Marks) -> Floats:
        return matched(box_iou(a.table, b.table), iou, a, b)

    def middle(places: Sequence[Floats]) -> Floats:
        sides = np.array(places)
        # Rounding of a mean must not put a side outside of those that were drawn.
        return np.asarray(np.clip(FUSIONS[fuse](sides, axis=0), sides.min(axis=0), sides.max(axis=0)))

    return fused(Shape("boundingBoxes", read_boxes, lambda *_: compared, middle, _written), threshold)


def matched(overlap: Floats, least: float, a: Marks, b: Marks) -> Floats:
    """Return how well marks fit: by overlap, where it is enough, and before all by their labels.

    Examples
    --------
    >>> one, other = Marks(("a",), ()), Marks(("a", "b"), ())
    >>> matched(np.array([[0.6, 0.9]]), 0.5, one, other)
    array([[1.6, 0.9]])
    """
    same = np.array([[x == y for y in b.labels] for x in a.labels], dtype=np.float64).reshape(overlap.shape)
    return np.where(overlap >= least, overlap + same, 0.0)


def check_overlap(iou: float) -> None:
    """Refuse an intersection over union that any two marks, or none, would reach.

    Raises
    ------
    InvalidInput
        If it is not above 0 and up to 1.

    Examples
    --------
    >>> check_overlap(0.5)
    """
    number("iou", iou, lambda part: 0 < part <= 1, "an intersection over union, above 0 and up to 1")


def _written(place: Floats) -> dict[str, Any]:
    left, top, right, bottom = place
    return {"left": plain(left), "top": plain(top), "width": plain(right - left), "height": plain(bottom - top)}
