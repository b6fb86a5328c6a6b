"""Probabilities and a score in, the rows that can reach it out: the rest is never looked at again.

One pass over the columns, in blocks that stay in the processor's cache, checks every row and finds its two highest
probabilities. These bound each of the uncertainty scores, and only rows whose bound reaches the cut are scored. A row
that reaches the cut is never lost; a few that do not come along.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from a2i_al.compute.threads import row_blocks
from a2i_al.errors import InvalidProbabilities
from a2i_al.sampling.probabilities import SUM_TOLERANCE, check_proba
from a2i_al.sampling.scores.uncertainty import OF_TWO_HIGHEST
from a2i_al.sampling.streams.columns import Floats

# Five arrays of so many float32 fit in a processor's second-level cache.
_BLOCK = 32_768
# Wider than any rounding of the bounds in float32.
_SLACK = 1e-6


@dataclass(frozen=True)
class Bound:
    """The rows that may reach a score: those whose two highest probabilities give ``a * first - b * second <= c``.

    Examples
    --------
    >>> Bound(1.0, 1.0, 0.1)(np.array([0.5, 0.9]), np.array([0.45, 0.1])).tolist()
    [True, False]
    """

    a: float
    b: float
    c: float

    def __call__(self, first: Floats, second: Floats) -> npt.NDArray[np.bool_]:
        """Return for every row whether it may."""
        number = first.dtype.type
        return np.less_equal(first * number(self.a) - second * number(self.b), number(self.c))

    def positions(self, first: Floats, second: Floats) -> npt.NDArray[np.intp]:
        """Return the positions of those that may, compiled."""
        from a2i_al.sampling.streams.folding import within_for  # noqa: PLC0415 - numba loads here

        return within_for(first.dtype)(first, second, self.a, self.b, self.c)


def bound(strategy: str, cut: float, classes: int) -> Bound | None:
    """Return the test of the two highest probabilities that a row with at least this score passes, if there is one.

    Parameters
    ----------
    strategy : str
        ``"least_confidence"``, ``"margin"``, ``"ratio"`` or ``"entropy"`` have one.
    cut : float
        The score to reach.
    classes : int
        How many columns the probabilities have.

    Returns
    -------
    Bound or None

    Examples
    --------
    >>> bound("margin", 0.9, 3)(np.array([0.5, 0.9]), np.array([0.45, 0.1])).tolist()
    [True, False]
    """
    match strategy:
        case "least_confidence":
            return Bound(1.0, 0.0, 1 - cut + _SLACK)
        case "margin":
            return Bound(1.0, 1.0, 1 - cut + _SLACK)
        case "ratio":
            return Bound(cut - _SLACK, 1.0, 0.0)
        case "entropy":
            return Bound(1.0, 0.0, _highest_with_entropy(cut, classes) + _SLACK)
        case _:
            return None


def survivors(columns: list[Floats] | Floats, test: Bound, where: str, first_row: int = 0) -> npt.NDArray[np.intp]:
    """Check that every row is a distribution over classes, and return the rows that pass the test.

    Parameters
    ----------
    columns : list of k arrays of shape (m,), or ndarray of shape (m, k)
        The class probabilities.
    test : Bound
        From `bound`.
    where : str
        The source, for the message.
    first_row : int
        The number of the first row there, for the message.

    Returns
    -------
    ndarray of intp
        Their positions, ascending.

    Raises
    ------
    InvalidProbabilities
        As `check_proba`, with the source and the row in it.

    Examples
    --------
    >>> rows = np.array([[0.5, 0.5], [0.9, 0.1]])
    >>> survivors(rows, bound("margin", 0.9, 2), "pool.parquet").tolist()
    [0]
    """
    kept = [np.empty(0, dtype=np.intp)]
    for start, first, second in _blocks(columns, where, first_row):
        kept.append(np.flatnonzero(test(first, second)) + start)
    return np.concatenate(kept)


def margins(columns: list[Floats] | Floats, where: str, first_row: int = 0) -> npt.NDArray[np.float64]:
    """Check every row, and return its margin score: `a2i_al.sampling.margin`, without a sort of each row.

    Raises
    ------
    InvalidProbabilities
        As `survivors`.

    Examples
    --------
    >>> margins([np.array([0.5, 0.9]), np.array([0.5, 0.1])], "pool.parquet").round(2).tolist()
    [1.0, 0.2]
    """
    scores = [np.empty(0)]
    for _, first, second in _blocks(columns, where, first_row):
        scores.append(OF_TWO_HIGHEST["margin"](first.astype(np.float64), second.astype(np.float64)))
    return np.concatenate(scores)


def _blocks(columns: list[Floats] | Floats, where: str, first_row: int) -> Iterator[tuple[int, Floats, Floats]]:
    """Give, block by block, where it starts and its rows' highest and second highest probability, once checked."""
    rows, classes = columns.shape if isinstance(columns, np.ndarray) else (len(columns[0]), len(columns))
    if classes < 2:  # noqa: PLR2004 - a choice needs two classes
        check_rows(np.column_stack(_block(columns, 0, 1)), where, first_row)
    scratch = np.empty((4, min(_BLOCK, rows)), dtype=_dtype(columns))
    for start, stop in row_blocks(rows, _BLOCK):
        block = _block(columns, start, stop)
        first, second, right = _highest_two(block, scratch[:, : stop - start])
        if not right:
            check_rows(np.column_stack(block), where, first_row + start)
        yield start, first, second


def folded(columns: Iterable[Floats], rows: int) -> tuple[Floats, Floats] | None:
    """Return each row's highest and second highest probability from columns that come one by one, compiled.

    No column is looked at twice: where each is read when it is asked for, it is still in the cache.

    Parameters
    ----------
    columns : iterable of k arrays of shape (m,), float32 or float64
        The class probabilities.
    rows : int
        m.

    Returns
    -------
    tuple of ndarray, or None
        Shape (m,) each. None where a row may be no distribution, columns differ in precision, or there is no second
        column: look closer, then.

    Examples
    --------
    >>> first, second = folded([np.array([0.5, 0.9]), np.array([0.5, 0.1])], 2)
    >>> first.tolist(), second.tolist()
    ([0.5, 0.9], [0.5, 0.1])
    """
    from a2i_al.sampling.streams.folding import fold_for  # noqa: PLC0415 - numba loads here

    given, count = iter(columns), 0
    first: Floats = np.empty(0)
    second, total = first, first
    for x in given:
        y = next(given, None)
        if begins := count == 0:
            first, second, total = np.empty((3, rows), dtype=x.dtype)
        count += 1 if y is None else 2
        y = np.zeros_like(x) if y is None else y
        if not (x.dtype == y.dtype == total.dtype):
            return None
        if not fold_for(total.dtype)(_plain(x), _plain(y), first, second, total, begins):
            return None
    return (first, second) if count > 1 and _sums_to_one(total, count) else None


def _plain(column: Floats) -> Floats:
    """Return the column as compiled loops take it, without a copy where it is so already."""
    flags = column.flags
    return column if flags.c_contiguous and flags.aligned else np.require(column, requirements=["C", "A"])


def check_rows(rows: Floats, where: str, first_row: int) -> None:
    """Refuse rows that are no class probabilities, as `check_proba`, with their place in the source.

    Raises
    ------
    InvalidProbabilities
        Naming the first such row.

    Examples
    --------
    >>> check_rows(np.array([[0.9, 0.1], [0.9, 0.9]]), "pool.parquet", 100)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    a2i_al.errors.InvalidProbabilities: row 101 of pool.parquet sums to 1.8: [0.9, 0.9]. Expected: ...
    """
    try:
        check_proba(rows)
    except InvalidProbabilities as error:
        wrong, expected, fix = error.found, error.expected, error.fix
    else:
        return
    right = np.isfinite(rows).all(axis=1) & (rows >= 0).all(axis=1)
    right &= np.abs(rows.sum(axis=1, dtype=np.float64) - 1) <= SUM_TOLERANCE
    if not right.all():
        row = int(right.argmin())
        try:
            check_proba(rows[row : row + 1])
        except InvalidProbabilities as error:
            wrong = error.found.replace("row 0 of proba", f"row {first_row + row} of {where}")
    raise InvalidProbabilities(wrong.replace("proba has", f"proba in {where} has"), expected=expected, fix=fix)


def _dtype(columns: list[Floats] | Floats) -> np.dtype[Any]:
    return columns.dtype if isinstance(columns, np.ndarray) else np.result_type(*columns)


def _block(columns: list[Floats] | Floats, start: int, stop: int) -> list[Floats]:
    if isinstance(columns, np.ndarray):
        return list(np.ascontiguousarray(columns[start:stop].T))
    return [column[start:stop] for column in columns]


def _highest_two(block: list[Floats], scratch: Floats) -> tuple[Floats, Floats, bool]:
    """Return each row's highest and second highest value, and whether all rows are surely right."""
    first, second, total, spare = scratch
    np.maximum(block[0], block[1], out=first)
    np.minimum(block[0], block[1], out=second)
    np.add(block[0], block[1], out=total)
    # A NaN anywhere fails the comparisons below: it goes through every minimum, maximum and sum.
    right = bool(second.min() >= 0)
    for column in block[2:]:
        np.minimum(first, column, out=spare)
        np.maximum(second, spare, out=second)
        np.maximum(first, column, out=first)
        np.add(total, column, out=total)
        right = right and bool(column.min() >= 0)
    return first, second, right and _sums_to_one(total, len(block))


def _sums_to_one(total: Floats, classes: int) -> bool:
    # A float32 sum of k values is off by less than this: what is near the tolerance is added up again in float64.
    allowed = SUM_TOLERANCE - classes * float(np.finfo(total.dtype).eps)
    return bool(total.max() <= 1 + allowed) and bool(total.min() >= 1 - allowed)


def _highest_with_entropy(cut: float, classes: int) -> float:
    """Return the highest top probability with which the entropy can reach the cut: all others are equal then."""
    top = np.linspace(1e-9, 1 + SUM_TOLERANCE, 100_001)
    rest = np.maximum(1 + SUM_TOLERANCE - top, 1e-12)
    # -r ln(r/(k-1)) rises up to r = (k-1)/e; rows that sum to less than 1 may lie to the left of r.
    rest = np.minimum(rest, (classes - 1) / np.e)
    most = -top * np.log(top) + rest * np.log((classes - 1) / rest)
    reached = np.flatnonzero(most >= cut - _SLACK)
    return float(top[min(reached[-1] + 1, len(top) - 1)]) if len(reached) else 0.0
