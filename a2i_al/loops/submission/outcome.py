"""A plan's table and what was not started after all come in; what came of each pick goes out, and a warning with it."""

from __future__ import annotations

import warnings

import pandas as pd

from a2i_al.errors import A2IWarning, OverBudgetWarning, RefusedWarning
from a2i_al.loops.requests.planning import OVER_BUDGET, REFUSED

_WARNINGS: dict[str, tuple[type[A2IWarning], str]] = {
    REFUSED: (RefusedWarning, "were not submitted"),
    OVER_BUDGET: (OverBudgetWarning, "are over budget"),
}


def with_left_out(table: pd.DataFrame, left_out: pd.DataFrame) -> pd.DataFrame:
    """Return a plan's table in which the rows that were left out say so.

    Examples
    --------
    >>> table = pd.DataFrame({"human_loop_name": ["a", "b"], "action": "start", "reason": "", "cost": 1.0})
    >>> left_out = pd.DataFrame({"human_loop_name": ["b"], "action": ["refused"], "reason": ["too long"]})
    >>> with_left_out(table, left_out)
      human_loop_name   action    reason  cost
    0               a    start             1.0
    1               b  refused  too long   0.0
    """
    if left_out.empty:
        return table
    came = left_out.set_index("human_loop_name")
    mine = table["human_loop_name"].isin(came.index)
    names = table["human_loop_name"]
    return table.assign(
        action=names.map(came["action"]).where(mine, table["action"]),
        reason=names.map(came["reason"]).where(mine, table["reason"]),
        cost=table["cost"].mask(mine, 0.0),
    )


def warn_of(outcome: pd.DataFrame, *, stacklevel: int) -> None:
    """Warn of picks that were left out, with the first of each kind.

    Parameters
    ----------
    outcome : DataFrame
        From `with_left_out`.
    stacklevel : int
        Which caller the warning points at, as for `warnings.warn`.
    """
    for action, (category, words) in _WARNINGS.items():
        rows = outcome[outcome["action"] == action]
        if len(rows):
            first = rows.iloc[0]
            warnings.warn(
                f"{len(rows)} of {len(outcome)} items {words}, such as {first['item_id']!r}: {first['reason']}"
                f" See the batch's `{action.replace(' ', '_')}` table.",
                category,
                stacklevel=stacklevel,
            )
