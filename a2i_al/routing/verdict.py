"""What a rule says of one prediction."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """What one rule says of one prediction.

    Parameters
    ----------
    fired : bool
        Whether it asks for a review.
    probability : float
        The chance that it did, before any draw: 0 or 1 for a rule that does not draw.

    Examples
    --------
    >>> Verdict(fired=False, probability=0.05)
    Verdict(fired=False, probability=0.05)
    """

    fired: bool
    probability: float
