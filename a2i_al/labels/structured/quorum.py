"""Votes for a part of an answer in; whether it stays, goes, or is tied, out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from a2i_al.arguments import number

_ROUNDING: Final = 1e-9  # two thirds of three answers are two, whatever a float makes of it


@dataclass(frozen=True)
class Quorum:
    """How large a share of an item's answers a part needs.

    A part stays if its share reaches the threshold. Where half is enough, an even split is a tie: as many people are
    against it as for it.

    Examples
    --------
    >>> [Quorum(0.5)(votes, 4) for votes in (1, 2, 3)], Quorum(2 / 3)(2, 3), Quorum(0.25)(2, 4)
    (['out', 'tied', 'in'], 'in', 'in')
    """

    threshold: float = 0.5

    def __post_init__(self) -> None:
        expected = "a share of the answers, above 0 and up to 1"
        number("threshold", self.threshold, lambda part: 0 < part <= 1, expected)

    def __call__(self, votes: int, answers: int) -> Literal["in", "tied", "out"]:
        """Return what becomes of a part that `votes` of `answers` people gave."""
        if self.threshold == 0.5 and 2 * votes == answers:  # noqa: PLR2004 - the one threshold that takes no side
            return "tied"
        return "in" if votes + _ROUNDING >= self.threshold * answers else "out"

    def sure(self, votes: Iterable[int], answers: int) -> float:
        """Return the mean, over everything anybody gave, of the share of people on the side of the decision.

        Parameters
        ----------
        votes : iterable of int
            Those for each part, or a Counter of how many parts got how many.
        answers : int
            How many people answered.

        Returns
        -------
        float
            1 where nobody gave anything: of that all are sure.
        """
        parts = votes if isinstance(votes, Counter) else Counter(votes)
        total = parts.total()
        shares = {n: n / answers if self(n, answers) == "in" else 1 - n / answers for n in parts}
        return sum(shares[n] * often for n, often in parts.items()) / total if total else 1.0
