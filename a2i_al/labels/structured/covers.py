"""Spans of several answers in; which stretches of the text each of them covers, label by label, out.

A stretch is what lies between two neighbouring ends of any span: nothing here grows with the length of a text, or with
an offset that is no offset of any text.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Span = tuple[str, int, int]  # label, start, end
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Cover:
    """What answers cover under one label.

    Attributes
    ----------
    cuts : list of int, length n_stretches + 1
        Where stretches begin, and where the last one ends.
    covered, begun : array of bool, shape (n_answers, n_stretches)
        Whether a span of the answer lies over the stretch, and whether one begins with it.
    """

    cuts: list[int]
    covered: Flags
    begun: Flags

    @property
    def lengths(self) -> list[int]:
        """Of the stretches."""
        return [end - start for start, end in zip(self.cuts, self.cuts[1:], strict=False)]


def covers(answers: Sequence[Collection[Span]]) -> dict[str, Cover]:
    """Return what answers cover, by label.

    Examples
    --------
    >>> found = covers([[("a", 0, 5)], [("a", 3, 9)]])["a"]
    >>> found.cuts, found.covered.astype(int).tolist()
    ([0, 3, 5, 9], [[1, 1, 0], [0, 1, 1]])
    """
    return {label: _cover([[span for span in answer if span[0] == label] for answer in answers])
            for label in sorted({label for answer in answers for label, _, _ in answer})}  # fmt: skip


def common(a: Collection[Span], b: Collection[Span]) -> tuple[int, int, int]:
    """Return how many characters two answers cover under the same label, and how many either covers.

    Examples
    --------
    >>> common([("a", 0, 5), ("b", 0, 5)], [("a", 3, 9)])
    (2, 10, 6)
    """
    both = ours = theirs = 0
    for cover in covers([a, b]).values():
        for here, there, length in zip(*cover.covered.tolist(), cover.lengths, strict=True):
            both += length * (here and there)
            ours += length * here
            theirs += length * there
    return both, ours, theirs


def dice(a: Collection[Span], b: Collection[Span]) -> float:
    """Return twice the characters that both cover with one label, over those of both; 1 where neither covers any.

    Examples
    --------
    >>> dice([("a", 0, 5)], [("a", 0, 5), ("a", 5, 10)])
    0.6666666666666666
    """
    both, ours, theirs = common(a, b)
    return 2 * both / (ours + theirs) if ours + theirs else 1.0


def _cover(answers: Sequence[Sequence[Span]]) -> Cover:
    cuts = sorted({end for answer in answers for _, *ends in answer for end in ends})
    place = {cut: i for i, cut in enumerate(cuts)}
    covered = np.zeros((len(answers), len(cuts) - 1), dtype=bool)
    begun = np.zeros_like(covered)
    for row, answer in enumerate(answers):
        for _, start, end in answer:
            covered[row, place[start] : place[end]] = True
            begun[row, place[start]] = True
    return Cover(cuts, covered, begun)
