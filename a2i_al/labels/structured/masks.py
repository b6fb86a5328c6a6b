"""Segmentations of one picture in, the label that most people gave each pixel out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from a2i_al.labels.structured.deciding import Decision, Method, pairwise, unsaid
from a2i_al.labels.structured.rasters import Labels, Raster, read_raster, written


def masks() -> Method[Raster]:
    """Vote on every pixel; what is unmarked votes for nothing being there.

    Borders never agree to the pixel: where two labels, or a label and nothing, lead together, the pixel stays unmarked
    and is counted. The item is tied if there are more such pixels than marked ones, or if everybody marked
    something and no pixel stays.

    Returns
    -------
    Method
        It reads whatever `read_raster` does. Its `value` is an answer of crowd-semantic-segmentation; `detail` has the
        `pixels` of each label and `tied_pixels`. `confidence` is the mean, over the pixels that anybody marked, of the
        share of people on the decision's side (a tied pixel's is the leaders'), `agreement` the mean over pairs of
        answers of the share of pixels with one label among those that either marked.

    References
    ----------
    With one label and an odd number of people, crowd-kit's `SegmentationMajorityVote`.

    Examples
    --------
    >>> method = masks()
    >>> found = method.decide("i", [method.read(rows) for rows in ([[1, 1, 0]], [[1, 0, 0]], [[1, 1, 2]])])
    >>> found.detail
    {'pixels': {'1': 2}, 'tied_pixels': 0}
    """

    def decide(_: str, answers: Sequence[Raster]) -> Decision:
        labels = tuple(sorted({label for raster in answers for label in raster.labels}))
        seen = [_renumbered(raster, labels) for raster in answers]
        winner, most, tied = _vote(seen, len(labels))
        counts = np.bincount(winner.ravel(), minlength=len(labels) + 1)
        kept = [i for i in range(len(labels)) if counts[i + 1]]
        place = np.zeros(len(labels) + 1, dtype=np.int32)
        place[[i + 1 for i in kept]] = np.arange(1, len(kept) + 1)
        value = written(Raster(tuple(labels[i] for i in kept), place[winner]))
        marked = np.any([pixels > 0 for pixels in seen], axis=0)
        sure = float(most[marked].mean()) / len(answers) if marked.any() else 1.0
        undecided = int(tied.sum())
        detail = {"pixels": {labels[i]: int(counts[i + 1]) for i in kept}, "tied_pixels": undecided}
        tie = undecided > int(counts[1:].sum()) or unsaid(kept, [np.flatnonzero(pixels) for pixels in seen])
        return Decision(None if tie else value, sure, pairwise(seen, _alike), detail)

    return Method(read_raster, decide, labels=lambda raster: raster.labels, size=lambda raster: raster.size)


def _renumbered(raster: Raster, labels: Sequence[str]) -> Labels:
    place = np.array([0, *(1 + labels.index(label) for label in raster.labels)], dtype=np.int32)
    return np.asarray(place[raster.pixels])


def _vote(seen: Sequence[Labels], n_labels: int) -> tuple[Labels, Labels, Labels]:
    """Return the leading label per pixel, 0 where tied; its votes; and where two lead. One label's votes at a time."""
    most = np.zeros(seen[0].shape, dtype=np.int32)
    winner, tied = np.zeros_like(most), np.zeros(most.shape, dtype=bool)
    for label in range(n_labels + 1):
        votes = np.sum([pixels == label for pixels in seen], axis=0, dtype=np.int32)
        ahead = votes > most
        tied = np.where(ahead, False, tied | ((votes == most) & (votes > 0)))  # noqa: FBT003 - an array's fill
        winner[ahead] = label
        most = np.maximum(most, votes)
    return np.where(tied, 0, winner), most, tied


def _alike(a: Labels, b: Labels) -> float:
    marked = (a > 0) | (b > 0)
    return float((a == b)[marked].mean()) if marked.any() else 1.0
