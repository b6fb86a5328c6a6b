"""What the iterated estimates have in common: their options, how they end, and what they say when data say little."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

import numpy as np

from a2i_al.compute.threads import in_threads, processors
from a2i_al.errors import ConsolidationWarning, InvalidInput
from a2i_al.labels.counting.ballots import NO_VOTE, Ballots
from a2i_al.labels.counting.encoding import Codes
from a2i_al.labels.models.beliefs import CLOSE, Beliefs, Decision, Known, decide
from a2i_al.labels.models.fixed_point import Numbers, Step, fixed_point

# Threads repay themselves from some thousand votes on; each has its own copy of the counts.
_ALONE_BELOW, _COPIED = 200_000, 4_000_000


def checked(ballots: Ballots, gold: Codes | None, smoothing: float) -> Codes:
    """Return the known labels as `known_or_none` does, and refuse a smoothing that is no number above 0.

    Raises
    ------
    InvalidInput
        With the value.
    """
    if not (isinstance(smoothing, int | float) and 0 < smoothing < math.inf):
        raise InvalidInput(f"smoothing is {smoothing!r}", expected="a number above 0, such as 0.01 or 1")
    return known_or_none(ballots, gold)


def known_or_none(ballots: Ballots, gold: Codes | None) -> Codes:
    """Return the known labels, -1 where there is none, for every item."""
    return np.full(len(ballots.items), NO_VOTE, dtype=np.int64) if gold is None else gold


def warn_of_one_class(ballots: Ballots, *, stacklevel: int = 5) -> None:
    """Say what it means where nobody voted, or everybody for the same.

    Warns
    -----
    ConsolidationWarning
        If there are fewer than two classes.
    """
    names = ballots.class_names
    if len(names) > 1:
        return
    found = f"every answer is {names[0]!r}" if names else "nobody has given a label"
    warnings.warn(
        f"{found}: nothing can be learnt of how reliable anybody is. If the page offers other labels, pass labels=",
        ConsolidationWarning,
        stacklevel=stacklevel,  # who called consolidate()
    )


def settle(step: Step, start: Numbers, name: str) -> Numbers:
    """Iterate to the end, and say so where it was not reached.

    Warns
    -----
    ConsolidationWarning
        If the last step still changed something.
    """
    found = fixed_point(step, start)
    if not found.converged:
        warnings.warn(
            f"{name} has not settled after {found.steps} steps: labels that are close may still change. "
            "More smoothing= helps, or more answers per worker",
            ConsolidationWarning,
            stacklevel=6,  # who called consolidate()
        )
    return found.values


def concluded(
    ballots: Ballots, model: Beliefs, gold: Codes | None, learnt: Iterable[str] = (), *, close: float = CLOSE
) -> Decision:
    """Let a model of the workers decide, but for the labels that are known; what it has learnt is kept by name."""
    beliefs = model if gold is None else Known(model, gold)
    return decide(ballots, beliefs, close=close, settled={name: getattr(model, name) for name in learnt})


def summed(work: Callable[[tuple[int, int]], tuple[Any, ...]], ranges: list[tuple[int, int]]) -> tuple[Any, ...]:
    """Work on ranges in threads, and return the sum of each thing that comes out.

    Examples
    --------
    >>> summed(lambda part: (part[0], part[1] - part[0]), [(0, 3), (3, 5)])
    (3, 5)
    """
    return tuple(sum(each) for each in zip(*in_threads(work, ranges), strict=True))


def parts(n: int, work: int, cells: int) -> list[tuple[int, int]]:
    """Cut n items into ranges for threads: one where there is little to do, or the counts are large.

    Examples
    --------
    >>> parts(10, 100, 100)
    [(0, 10)]
    """
    count = 1 if work < _ALONE_BELOW or cells > _COPIED else processors()
    edges = [n * part // count for part in range(count + 1)]
    return list(pairwise(edges))


def softmax(scores: Numbers) -> Numbers:
    """Turn rows of logarithms into probabilities, in place.

    Examples
    --------
    >>> softmax(np.log([[1.0, 3.0]])).round(9).tolist()
    [[0.25, 0.75]]
    """
    if scores.size:
        scores -= scores.max(axis=1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=1, keepdims=True)
    return scores
