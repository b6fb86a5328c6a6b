"""How likely each label of each item is, block by block in; the label, how sure, and where two lead together, out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from a2i_al.labels.counting.ballots import Ballots
from a2i_al.labels.counting.encoding import Codes

Shares = npt.NDArray[np.float64]

# What comes out of an iteration is known to about this; a smaller lead is none.
CLOSE = 1e-6
_CELLS = 2**22


class Beliefs(Protocol):
    """What a method thinks of the items."""

    def posterior(self, first: int, last: int) -> Shares:
        """Return the probability of each class of the items `first` to `last`: (last - first, k).

        Of an item without a vote, the row does not matter.
        """


@dataclass(frozen=True)
class Decision:
    """What a method makes of the ballots.

    Attributes
    ----------
    label : ndarray of shape (n,), int64
        Position of the label in the ballots' classes; -1 where two or more lead together or nobody voted.
    confidence : ndarray of shape (n,), float64
        The label's probability, or its share of the votes; NaN where there is no label.
    beliefs : Beliefs
        The probability of every label.
    settled : dict
        What the method has learnt, in arrays by name: enough to go on from when further answers come.
    """

    label: Codes
    confidence: Shares
    beliefs: Beliefs
    settled: dict[str, npt.NDArray[Any]] = field(default_factory=dict)


def decide(
    ballots: Ballots, beliefs: Beliefs, *, close: float = CLOSE, settled: dict[str, npt.NDArray[Any]] | None = None
) -> Decision:
    """Give each item its most likely label, and none where two labels are equally likely.

    Parameters
    ----------
    ballots : Ballots
        Items without a vote get no label.
    beliefs : Beliefs
        Of these ballots.
    close : float
        Probabilities that differ by no more count as equal.

    Returns
    -------
    Decision
        With `beliefs` and `settled` in it.
    """
    n, k = len(ballots.items), len(ballots.classes)
    label, confidence = np.full(n, -1, dtype=np.int64), np.full(n, np.nan)
    for first, last in blocks(n, k):
        rows = beliefs.posterior(first, last)
        best = rows.argmax(axis=1)
        lead = np.take_along_axis(rows, best[:, None], axis=1)
        clear = ((rows >= lead - close).sum(axis=1) == 1) & (np.diff(ballots.cast.starts[first : last + 1]) > 0)
        label[first:last][clear] = best[clear]
        confidence[first:last][clear] = np.minimum(lead[clear, 0], 1.0)
    return Decision(label, confidence, beliefs, settled or {})


def blocks(n: int, k: int) -> Iterator[tuple[int, int]]:
    """Cut n items of k classes into ranges whose probabilities fit into some megabytes.

    Examples
    --------
    >>> list(blocks(5_000_000, 1)), list(blocks(2, 4_000_000))
    ([(0, 4194304), (4194304, 5000000)], [(0, 1), (1, 2)])
    """
    size = max(1, _CELLS // max(k, 1))
    return ((first, min(first + size, n)) for first in range(0, n, size))


@dataclass(frozen=True)
class VoteShares:
    """The beliefs of a vote: each label as likely as the weight behind it.

    Attributes
    ----------
    ballots : Ballots
        Whose votes count.
    weight : ndarray, optional
        Of each entry of `ballots.cast`; by default all count alike.
    """

    ballots: Ballots
    weight: Shares | None = None

    def posterior(self, first: int, last: int) -> Shares:
        """Return the share of the votes, or of their weight, that each label got."""
        cast, k = self.ballots.cast, len(self.ballots.classes)
        entries = slice(cast.starts[first], cast.starts[last])
        cells = (cast.item[entries] - first) * k + cast.vote[entries]
        weight = None if self.weight is None else self.weight[entries]
        counts = np.bincount(cells, weights=weight, minlength=(last - first) * k).reshape(last - first, k)
        total = counts.sum(axis=1, keepdims=True)
        shares = np.zeros(counts.shape)
        np.divide(counts, total, out=shares, where=total > 0)
        return shares


@dataclass(frozen=True)
class Known:
    """Beliefs that are certain where the label is known.

    Attributes
    ----------
    beliefs : Beliefs
        Of all items.
    gold : ndarray of shape (n,), int64
        The known class, -1 where it is not known.
    """

    beliefs: Beliefs
    gold: Codes

    def posterior(self, first: int, last: int) -> Shares:
        """Return the beliefs, and 1 for what is known."""
        rows = self.beliefs.posterior(first, last)
        known = np.flatnonzero(self.gold[first:last] >= 0)
        rows[known] = 0
        rows[known, self.gold[first:last][known]] = 1
        return rows


def of_own_votes(ballots: Ballots, beliefs: Beliefs) -> Shares:
    """Return how likely each vote is right: an entry per vote of `ballots.cast`."""
    cast = ballots.cast
    out = np.empty(len(cast.vote))
    for first, last in blocks(len(ballots.items), len(ballots.classes)):
        entries = slice(cast.starts[first], cast.starts[last])
        rows = beliefs.posterior(first, last)
        out[entries] = rows[cast.item[entries] - first, cast.vote[entries]]
    return out
