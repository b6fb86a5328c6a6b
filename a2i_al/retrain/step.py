"""What a step of a cycle did: the state that it left, and who is waited for."""

from __future__ import annotations

from dataclasses import dataclass

ASKED, WAITING, FINISHED, DONE = "asked", "waiting", "finished a round", "done"


@dataclass(frozen=True)
class Step:
    """What a step did.

    Attributes
    ----------
    state : str
        ``asked`` (a round was started), ``waiting`` (people are at it), ``finished a round`` or ``done`` (all rounds
        are closed, or no item is left to ask about).
    round : int
    waiting : int
        Human loops that are still open.
    """

    state: str
    round: int
    waiting: int = 0
