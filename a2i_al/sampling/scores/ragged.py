"""One value per token or box in, one number per sequence or image out, however many each of them has."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from a2i_al import arguments
from a2i_al.errors import InvalidInput

Scores = npt.NDArray[np.float64]
Lengths = npt.NDArray[np.intp]


def aggregated(values: Scores, lengths: Lengths, aggregate: str, *, empty: float, top: int = 1) -> Scores:
    """Reduce runs of values to one number each.

    Parameters
    ----------
    values : ndarray of shape (t,), float64
        The runs, one behind the other.
    lengths : ndarray of shape (m,), int
        How many values each run has, 0 or more; they sum to t.
    aggregate : {"sum", "mean", "max", "top"}
        ``"top"`` is the mean of the `top` highest of a run, or of all if it has fewer.
    empty : float
        For a run without values.
    top : int, default 1
        At least 1.

    Returns
    -------
    ndarray of shape (m,), float64

    Raises
    ------
    InvalidInput
        If there is no such aggregate, or top is below 1.

    Examples
    --------
    >>> values, lengths = np.array([1.0, 3.0, 5.0]), np.array([2, 0, 1])
    >>> aggregated(values, lengths, "mean", empty=-1.0).tolist()
    [2.0, -1.0, 5.0]
    """
    top = arguments.whole("top", top, 1)
    if aggregate == "top":
        values, lengths = _highest(values, lengths, top)
    results = np.full(len(lengths), float(empty))
    filled = lengths > 0
    if not filled.any():
        return results
    # Empty runs are left out: reduceat gives them the value behind them.
    starts = (np.cumsum(lengths) - lengths)[filled]
    if aggregate == "max":
        results[filled] = np.maximum.reduceat(values, starts)
    else:
        results[filled] = np.add.reduceat(values, starts) / (1 if aggregate == "sum" else lengths[filled])
    return results


def check_aggregate(aggregate: str, offered: tuple[str, ...]) -> None:
    """Refuse an aggregate that is not offered.

    Raises
    ------
    InvalidInput
        With the names of those that are.

    Examples
    --------
    >>> check_aggregate("sum", ("sum", "mean"))
    """
    if aggregate not in offered:
        raise InvalidInput(f"aggregate is {aggregate!r}", expected=f"one of {', '.join(map(repr, offered))}")


def _highest(values: Scores, lengths: Lengths, top: int) -> tuple[Scores, Lengths]:
    """Keep the highest values of each run."""
    run = np.repeat(np.arange(len(lengths)), lengths)
    # Every run keeps its place in this order, and its values descend.
    descending = np.lexsort((-values, run))
    within = np.arange(len(values)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return values[descending[within < top]], np.minimum(lengths, top)
