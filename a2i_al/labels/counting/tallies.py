"""Votes in; which label leads each item, by how many votes, and how far the item's votes agree, out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from a2i_al.labels.counting.encoding import Codes
from a2i_al.labels.counting.ordering import COMPILED_FROM


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


def tallies(vote: Codes, starts: Codes, k: int) -> Tallies:
    """Count the votes.

    Parameters
    ----------
    vote : ndarray of int64
        The label of each vote, 0 to k - 1, item by item.
    starts : ndarray of shape (n + 1,), int64
        Where each item's votes begin, and after the last one where they end.
    k : int
        Labels.

    Returns
    -------
    Tallies

    Examples
    --------
    >>> counted = tallies(np.array([1, 1, 0]), np.array([0, 2, 3]), 2)
    >>> counted.total.tolist(), counted.leader.tolist(), counted.agreement.tolist()
    ([2, 1], [1, 0], [1.0, nan])
    """
    if len(vote) >= COMPILED_FROM:
        from a2i_al.labels.counting.kernels import counted  # noqa: PLC0415 - loads the compiler

        return Tallies(np.diff(starts), *counted(vote, starts, k))
    return Tallies(np.diff(starts), *_counted(vote, starts, k))


def _counted(vote: Codes, starts: Codes, k: int) -> tuple[Codes, Codes, Codes]:
    """Return most, leader and squares, by a sort of the labels that each item got."""
    n = len(starts) - 1
    cells = np.sort(np.repeat(np.arange(n), np.diff(starts)) * max(k, 1) + vote)
    first = np.flatnonzero(np.diff(cells, prepend=-1))
    count = np.diff(np.append(first, len(cells)))
    item, label = np.divmod(cells[first], max(k, 1))
    most, squares = np.zeros(n, dtype=np.int64), np.bincount(item, weights=count * count, minlength=n)
    np.maximum.at(most, item, count)
    leads = count == most[item]
    leader = np.full(n, -1, dtype=np.int64)
    leader[item[leads]] = label[leads]
    leader[np.bincount(item[leads], minlength=n) > 1] = -1
    return most, leader, squares.astype(np.int64)
