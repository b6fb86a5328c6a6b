"""What a reviewer in a notebook needs of whoever hands out tasks: the next one, a place for an answer, a way back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class OpenTask:
    """A task that a worker has open.

    Attributes
    ----------
    human_loop_name : str
        The loop it belongs to.
    title : str
        Of the flow definition.
    input : dict
        What the template reads as ``task.input``.
    waiting : int
        How many more are on offer to this worker.

    Examples
    --------
    >>> OpenTask("loop-1", "Spam?", {"text": "You have won!"}, 3).waiting
    3
    """

    human_loop_name: str
    title: str
    input: Mapping[str, Any]
    waiting: int


class Desk(Protocol):
    """Hands out tasks and takes answers; every method may raise an `A2IError`, and nothing is lost by it."""

    def next(self) -> OpenTask | None:
        """Open the next task, or the one that is still open; None if nothing waits."""

    def answer(self, task: OpenTask, content: Mapping[str, Any]) -> None:
        """Keep an answer; when this returns it is durable. The same answer again changes nothing."""

    def release(self, task: OpenTask) -> None:
        """Give a task back unanswered."""
