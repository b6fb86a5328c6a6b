"""Ballots in; which label leads each item, by how many votes, and how far the item's votes agree, out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from a2i_al.labels.counting.ballots import Ballots
from a2i_al.labels.counting.encoding import Codes

# A table of all items and labels is counted in one go while it is not much larger than the votes themselves.
_CELLS_PER_VOTE = 8


@dataclass(frozen=True)
class Tallies:
    """What counting the votes of each item comes to.

    Attributes
    ----------
    total : ndarray of shape (n,), int64
        Votes of the item.
    most : ndarray of shape (n,), int64
        Votes for the label that leads.
    leader : ndarray of shape (n,), int64
        The label that leads alone, -1 where several lead together or nobody voted.
    squares : ndarray of shape (n,), int64
        Sum of the squares of the votes for each label.
    """

    total: Codes
    most: Codes
    leader: Codes
    squares: Codes

    @property
    def agreement(self) -> npt.NDArray[np.float64]:
        """Fleiss' P_i: of all ordered pairs of an item's votes, the share that name the same label; NaN below two.

        References
        ----------
        J. Fleiss, "Measuring nominal scale agreement among many raters", Psychological Bulletin 76(5), 1971.
        """
        pairs = self.total * (self.total - 1)
        same = np.full(len(pairs), np.nan)
        np.divide(self.squares - self.total, pairs, out=same, where=pairs > 0)
        return same


def tallies(ballots: Ballots) -> Tallies:
    """Count the votes.

    Examples
    --------
    >>> import pyarrow as pa
    >>> names, who = pa.array(["x", "y"]), np.array([0, 1, 0])
    >>> counted = tallies(Ballots(names, names, names, np.array([0, 0, 1]), who, np.array([1, 1, 0])))
    >>> counted.total.tolist(), counted.leader.tolist(), counted.agreement.tolist()
    ([2, 1], [1, 0], [1.0, nan])
    """
    votes, n, k = ballots.cast, len(ballots.items), len(ballots.classes)
    return _dense(votes, n, k) if n * k <= _CELLS_PER_VOTE * len(votes.vote) else _sparse(votes, n, k)


def _dense(votes: Ballots, n: int, k: int) -> Tallies:
    """Count in a table with a row per label: a few operations on all items at once for each."""
    counts = np.bincount(votes.vote * n + votes.item, minlength=n * k).reshape(k, n)
    most, squares = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    for row in counts:
        np.maximum(most, row, out=most)
        squares += row * row
    leaders, leader = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    for label, row in enumerate(counts):
        leads = row == most
        leaders += leads
        leader += leads * label
    leader[(leaders != 1) | (most == 0)] = -1
    return Tallies(np.diff(votes.starts), most, leader, squares)


def _sparse(votes: Ballots, n: int, k: int) -> Tallies:
    """Count the labels that got a vote, in the order of items and labels."""
    cells = np.sort(votes.item * max(k, 1) + votes.vote)
    first = np.flatnonzero(np.diff(cells, prepend=-1))
    count = np.diff(np.append(first, len(cells)))
    item, label = np.divmod(cells[first], max(k, 1))
    most, squares = np.zeros(n, dtype=np.int64), np.bincount(item, weights=count * count, minlength=n)
    np.maximum.at(most, item, count)
    leads = count == most[item]
    leader = np.full(n, -1, dtype=np.int64)
    leader[item[leads]] = label[leads]
    leader[np.bincount(item[leads], minlength=n) > 1] = -1
    return Tallies(np.diff(votes.starts), most, leader, squares.astype(np.int64))
