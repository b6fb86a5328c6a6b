"""A table's rows spending a budget: one after the other, as if they came one by one, or all at once, the best first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.routing.budget import TICK, Budget
from a2i_al.routing.days import HOURS, microseconds
from a2i_al.routing.seen import Seen, all_untied, classes_of
from a2i_al.routing.table import Flags, Numbers, PredictionTable

Whole = npt.NDArray[np.int64]
# Of a row that is no candidate.
_NO_CLASS = -1


@dataclass(frozen=True)
class Rows:
    """What the budget has to know of the rows.

    Parameters
    ----------
    moments : ndarray of shape (m,), int64
        When they arrived, microseconds since 1970.
    scores, lots : ndarray of shape (m,), float64
        Their scores, and the lots from 0 to 1 that decide among equal ones.
    candidate, drawn, always : ndarray of shape (m,), bool
        What the rules want, as `Budget.take` has it.
    chances : ndarray of shape (m,), int64
        Of being drawn, in millionths.

    Examples
    --------
    >>> flag, one = np.array([False]), np.array([1])
    >>> Rows(one, one / 2, one / 2, ~flag, flag, flag, one).moments.tolist()
    [1]
    """

    moments: Whole
    scores: Numbers
    lots: Numbers
    candidate: Flags
    drawn: Flags
    always: Flags
    chances: Whole


def spend(budget: Budget, rows: Rows) -> tuple[Flags, Flags]:
    """Return which rows are reviewed for their score, and for which nothing was left: as `Budget.take`, one by one.

    They are taken in the order in which they arrived, whatever the table's; what is given back is in the table's.

    Examples
    --------
    >>> from datetime import UTC
    >>> flag, whole = np.array([False, False]), np.array([0, 1])
    >>> rows = Rows(whole, np.array([0.9, 0.9]), whole / 2, ~flag, flag, flag, whole * 0)
    >>> [each.tolist() for each in spend(Budget(1000, UTC), rows)]
    [[True, True], [False, False]]
    """
    m = len(rows.moments)
    reached, spent = np.zeros(m, dtype=bool), np.zeros(m, dtype=bool)
    if not m:
        return reached, spent
    by_time = np.argsort(rows.moments, kind="stable")
    rows = replace(rows, scores=all_untied(rows.scores, rows.lots))
    rows = Rows(**{name: column[by_time] for name, column in vars(rows).items()})
    moments = np.maximum(rows.moments, budget.clock(int(rows.moments[0])))
    classes = np.where(rows.candidate, classes_of(rows.scores), _NO_CLASS)
    at = 0
    while at < m:
        day = budget.arrive(int(moments[at]))
        # The next rows fall under the same threshold, until the block, its ten minutes or the day ends.
        end = min(day.end, day.start + (budget.block.tick + 1) * TICK)
        here = slice(at, min(at + budget.block.left, int(np.searchsorted(moments, end))))
        reached[here], spent[here] = _take(budget, rows, here)
        for each, n in _counts(classes[here]):
            if each != _NO_CLASS:
                budget.block.new.scores[each] = budget.block.new.scores.get(each, 0) + n
        for hour, n in _counts((moments[here] - day.start) * HOURS // (day.end - day.start)):
            budget.arrivals.hours[hour] += n
        at = here.stop
        budget.last = int(moments[at - 1])
    in_table = np.argsort(by_time)
    return reached[in_table], spent[in_table]


def _take(budget: Budget, rows: Rows, here: slice) -> tuple[Flags, Flags]:
    """Do what `Budget.take` does for each row of a run, its day's and score's counts aside."""
    block, always = budget.block, rows.always[here]
    above = rows.candidate[here] & (rows.scores[here] >= block.threshold)
    reached = above & (np.cumsum(above) <= block.allowance)
    wanted = reached | rows.drawn[here] | always
    spent = np.asarray(np.cumsum(wanted) - wanted >= budget.left)
    reached = reached & ~spent
    block.allowance -= int(reached.sum())
    budget.spent += int((wanted & (always | ~spent)).sum())
    block.left -= len(above)
    block.above += int(above.sum())
    block.new.count += len(above)
    block.new.drawn += int(rows.chances[here].sum())
    return reached, spent


def spend_at_once(budget: Budget, rows: Rows) -> tuple[Flags, Flags]:
    """Return which rows are reviewed for their score, and for which nothing was left, of all that there are.

    The always lists are served first, then the draws, and the highest scores take what is left. Whether they reach a
    row depends on the draws of those with lower scores, and never on its own: so its inclusion probability, given these
    draws, is what it is in a stream, and estimates stay without bias.

    Examples
    --------
    >>> from datetime import UTC
    >>> flag, whole = np.array([False, False]), np.array([0, 0])
    >>> rows = Rows(whole, np.array([0.9, 0.9]), np.array([0.1, 0.2]), ~flag, flag, flag, whole)
    >>> [each.tolist() for each in spend_at_once(Budget(1, UTC), rows)]
    [[False, True], [False, False]]
    """
    m = len(rows.moments)
    if not m:
        return np.zeros(0, dtype=bool), np.zeros(0, dtype=bool)
    day = budget.arrive(int(rows.moments[-1]))
    left = max(budget.left - int(rows.always.sum()), 0)
    upwards = np.lexsort((rows.lots, rows.scores, rows.candidate))
    drawn, candidate = (rows.drawn & ~rows.always)[upwards], rows.candidate[upwards]
    drawn_below: Whole = np.cumsum(drawn) - drawn
    from_top = np.cumsum(candidate[::-1])[::-1]
    reached, spent = np.empty(m, dtype=bool), np.empty(m, dtype=bool)
    reached[upwards] = candidate & (from_top + drawn_below <= left)
    spent[upwards] = drawn_below >= left
    scores = _counts(classes_of(all_untied(rows.scores, rows.lots)[rows.candidate]))
    budget.absorb(Seen(m, int(rows.chances.sum()), dict(scores)), day)
    budget.spent += int((rows.always | (~spent & (reached | rows.drawn))).sum())
    return reached, spent


def _counts(values: Whole) -> list[tuple[int, int]]:
    each, counts = np.unique(values, return_counts=True)
    return list(zip(each.tolist(), counts.tolist(), strict=True))


def moments_of(table: PredictionTable, now: Any) -> Whole:
    """Return when each row arrived, microseconds since 1970.

    Parameters
    ----------
    table : PredictionTable
        The rows.
    now : datetime, str or sequence of datetime
        As `Router.decide_table` takes it.

    Raises
    ------
    InvalidInput
        If a moment is missing or has no time zone.

    Examples
    --------
    >>> from datetime import UTC
    >>> table = PredictionTable(pd.DataFrame({"item_id": [1, 2]}))
    >>> moments_of(table, datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)).tolist()
    [1000000, 1000000]
    """
    m = len(table)
    if isinstance(now, datetime):
        return np.repeat(np.int64(microseconds(now)), m)
    if isinstance(now, str):
        moments = table.column(now)
    else:
        moments = pd.Series(arguments.several("now", now, "moments, one for each row"))
    if len(moments) != m or moments.isna().any():
        raise InvalidInput(f"now has {int(moments.notna().sum())} moments", expected=f"one for each of {m} rows")
    if not isinstance(moments.dtype, pd.DatetimeTZDtype):
        return np.array([microseconds(each) for each in moments], dtype=np.int64)
    utc = moments.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy(dtype="datetime64[us]")
    return np.asarray(utc, dtype=np.int64)
