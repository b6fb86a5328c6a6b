"""A pool's class probabilities in, the picks table out: what a person should look at, and how it came to be chosen."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al.errors import InvalidInput
from a2i_al.sampling.draws import Ids, best, draw
from a2i_al.sampling.probabilities import check_proba
from a2i_al.sampling.strategies import AUDIT, ScoreFunction, resolve, score
from a2i_al.tables import PICKS


def sample(
    proba: npt.ArrayLike | pd.DataFrame,
    n: int,
    *,
    strategy: str | ScoreFunction = "margin",
    item_ids: Iterable[Any] | None = None,
    exclude: Iterable[Any] | pd.DataFrame = (),
    audit_fraction: float = 0.0,
    round: int = 0,  # noqa: A002 - the picks table's own column
    random_state: int | np.random.Generator | None = None,
) -> pd.DataFrame:
    """Choose the n items of a pool that are worth a person's minute.

    Parameters
    ----------
    proba : array-like or DataFrame of shape (N, k)
        The model's class probabilities for the pool.
    n : int
        How many items to choose: exactly so many come back, all distinct.
    strategy : str or callable, default "margin"
        ``"margin"``, ``"entropy"``, ``"least_confidence"``, ``"random"``, a name given to `register`, or a function
        from an (m, k) array of the candidates' probabilities to m scores, higher meaning more useful.
    item_ids : iterable of N ids, optional
        Taken as text. By default the index of a DataFrame, or ``"0"`` to ``"N-1"``.
    exclude : iterable of ids, or a table with `item_id`
        Items that are no candidates, such as those reviewed already.
    audit_fraction : float, default 0.0
        Share of n, from 0 to 1, that is drawn uniformly from all candidates before the strategy takes the best of the
        rest. Rounded half up to whole items. What is estimated from this slice holds for the pool; what is estimated
        from the strategy's choices holds for those choices.
    round : int, default 0
        Round of the cycle, for the table.
    random_state : int, numpy.random.Generator or None
        Draws the audit slice and breaks ties. The same seed gives the same picks, in whatever order the pool's rows
        come.

    Returns
    -------
    DataFrame
        The picks table, `rank` 1 first, the audit slice last. `inclusion_probability` is n_audit/N for the audit
        slice, n/N under ``"random"`` (where every pick is such a draw, whatever `audit_fraction`), and NaN for a
        deterministic choice; N counts the candidates. `score` is NaN under ``"random"``.

    Raises
    ------
    InvalidProbabilities
        If the rows of `proba` are not class probabilities.
    InvalidInput
        If n is below 1 or above the number of candidates, ids are missing, repeated or of another number than the
        rows, the strategy is unknown, or its function does not return one number per row.

    Examples
    --------
    >>> picks = sample([[0.9, 0.1], [0.6, 0.4], [0.3, 0.7]], 2, item_ids=["a", "b", "c"], random_state=0)
    >>> picks[["item_id", "rank", "score", "strategy"]]
      item_id  rank  score strategy
    0       b     1    0.8   margin
    1       c     2    0.6   margin
    """
    values = check_proba(proba)
    if item_ids is None:
        item_ids = proba.index if isinstance(proba, pd.DataFrame) else range(len(values))
    ids = _pool_ids(item_ids, len(values))
    rng = _generator(random_state)
    name, function = resolve(strategy)
    left = np.flatnonzero(~pd.Series(ids).isin(_excluded(exclude)))
    n = _checked_n(n, len(ids), len(left))
    audits = _audit_size(audit_fraction, n)
    if len(left) < len(ids):
        ids, values = ids[left], values[left]

    inclusion = np.full(n, np.nan)
    if function is None:
        chosen, scores, audits = draw(ids, n, rng), np.full(len(ids), np.nan), 0
        inclusion[:] = n / len(ids)
    else:
        audit = draw(ids, audits, rng)
        scores = score(function, name, values)
        rest = np.setdiff1d(np.arange(len(ids)), audit, assume_unique=True)
        chosen = np.concatenate([rest[best(scores[rest], ids[rest], n - audits, rng)], audit])
        inclusion[n - audits :] = audits / len(ids)
    return PICKS.check(
        pd.DataFrame(
            {
                "item_id": ids[chosen],
                "rank": np.arange(1, n + 1),
                "score": scores[chosen],
                "strategy": [name] * (n - audits) + [AUDIT] * audits,
                "inclusion_probability": inclusion,
                "round": _whole(round, "round"),
            }
        )
    )


def _pool_ids(item_ids: Iterable[Any], rows: int) -> Ids:
    given = pd.Series(list(item_ids), dtype=object)
    if len(given) != rows:
        raise InvalidInput(f"there are {len(given)} item ids for {rows} rows of proba", expected="one id per row")
    missing = given.isna() | (given == "")
    if missing.any():
        raise InvalidInput(
            f"{int(missing.sum())} of {rows} item ids are missing, first in row {int(missing.idxmax())}",
            expected="an id in every row",
        )
    ids = given.map(str)
    twice = ids.duplicated()
    if twice.any():
        raise InvalidInput(
            f"item id {ids[twice.idxmax()]!r} occurs more than once ({int(twice.sum())} repeated in all)",
            expected="distinct ids",
            fix="drop the repeated rows of the pool",
        )
    return np.asarray(ids, dtype=object)


def _excluded(exclude: Iterable[Any] | pd.DataFrame) -> set[str]:
    if isinstance(exclude, str) or (isinstance(exclude, pd.DataFrame) and "item_id" not in exclude.columns):
        raise InvalidInput(
            f"exclude is {exclude!r}" if isinstance(exclude, str) else "exclude is a table without 'item_id'",
            expected="a list of item ids, or a table with item_id",
        )
    ids = exclude["item_id"] if isinstance(exclude, pd.DataFrame) else exclude
    return {str(item_id) for item_id in ids}


def _whole(value: int, what: str) -> int:
    try:
        return operator.index(value)
    except TypeError as error:
        raise InvalidInput(f"{what} is {value!r}", expected="a whole number") from error


def _checked_n(n: int, pool: int, left: int) -> int:
    n = _whole(n, "n")
    if not 1 <= n <= left:
        raise InvalidInput(
            f"n is {n}, and {left} of the pool's {pool} items are left after exclude",
            expected=f"from 1 to {left}" if left else "a pool with items that are not excluded",
            fix="ask for fewer items" if left and n > left else "",
        )
    return n


def _audit_size(fraction: float, n: int) -> int:
    if not 0 <= fraction <= 1:
        raise InvalidInput(f"audit_fraction is {fraction!r}", expected="a share of n, from 0 to 1")
    # In decimal, as it is written: 0.29 of 50 is 14.5 and rounds to 15; in binary floats it is a little less.
    return int((Decimal(str(float(fraction))) * n).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _generator(random_state: int | np.random.Generator | None) -> np.random.Generator:
    try:
        return np.random.default_rng(random_state)
    except (TypeError, ValueError) as error:
        raise InvalidInput(
            f"random_state is {random_state!r}", expected="an int >= 0, a numpy.random.Generator or None"
        ) from error
