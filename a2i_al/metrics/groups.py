"""A comparison table in, how often model and people differ in each part of it out: by segment, by window of time."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.metrics.intervals import wilson_weighted

Floats = npt.NDArray[np.float64]

RATE_COLUMNS = ("n", "disagreements", "rate", "low", "high")
MISSING = "(missing)"
# A number with more values than this is cut into parts of equal size.
_MOST_VALUES, _PARTS = 12, 4


def rates(differs: npt.ArrayLike, weights: Floats, groups: Iterable[object], confidence: float = 0.95) -> pd.DataFrame:
    """Return a rate of disagreement per group, with its interval.

    Parameters
    ----------
    differs : array-like of bool, shape (n,)
    weights : ndarray of float64, shape (n,)
        What each item counts; equal ones give Wilson's interval.
    groups : iterable of n values
        That can be sorted.
    confidence : float, default 0.95
        Of the interval.

    Returns
    -------
    DataFrame
        Per group, sorted and as the index: `n` items, `disagreements`, `rate`, `low`, `high`.

    Examples
    --------
    >>> rates([True, False, False], np.ones(3), ["b", "a", "b"])[["n", "disagreements", "rate"]]
       n  disagreements  rate
    a  1              0   0.0
    b  2              1   0.5
    """
    wrong = np.asarray(differs, dtype=bool)
    codes, names = pd.factorize(pd.Index(groups), sort=True)
    order = np.argsort(codes, kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(codes, minlength=len(names)))[:-1]) if len(names) else []
    rows = [
        (len(part), int(wrong[part].sum()), *wilson_weighted(wrong[part], weights[part], confidence)) for part in parts
    ]
    table = pd.DataFrame(rows, index=names, columns=list(RATE_COLUMNS))
    return table.astype(dict.fromkeys(RATE_COLUMNS[:2], "int64") | dict.fromkeys(RATE_COLUMNS[2:], "float64"))


def segment_of(table: pd.DataFrame, column: str) -> pd.Series:
    """Return which part of a column's values each row is in, as ordered categories.

    A number with more than a dozen values is cut into quarters of about equal size; a missing value is a part too, the
    last.

    Raises
    ------
    InvalidInput
        If there is no such column, or its values are lists or dicts.

    Examples
    --------
    >>> list(segment_of(pd.DataFrame({"language": ["en", None, "de"]}), "language").cat.categories)
    ['de', 'en', '(missing)']
    """
    if not isinstance(column, str) or column not in table.columns:
        raise InvalidInput(
            f"there is no column {arguments.told(column)}",
            expected=f"one of {', '.join(map(repr, table.columns))}",
            fix="give compare() items= with the column, or add it to predictions or labels",
        )
    values = table[column]
    try:
        many = values.nunique() > _MOST_VALUES
    except TypeError as error:
        raise InvalidInput(f"the values of {column!r} are no segments: {error}", expected="text or numbers") from error
    if many and pd.api.types.is_numeric_dtype(values):
        parts = pd.qcut(values, _PARTS, duplicates="drop", precision=6)
        least = values.min()  # the first part begins a little below it
        names = [f"{max(part.left, least):.4g} to {part.right:.4g}" for part in parts.cat.categories]
        codes = parts.cat.codes.to_numpy()
    else:
        codes, distinct = _factorized(values)
        names = [str(value) for value in distinct]
    codes = np.where(codes < 0, len(names), codes)
    return pd.Series(pd.Categorical.from_codes(codes, [*names, MISSING], ordered=True), index=values.index)


def _factorized(values: pd.Series) -> tuple[npt.NDArray[np.int64], list[object]]:
    """Return codes in the order of the values, or of their texts where they do not compare."""
    codes, distinct = pd.factorize(values)
    try:
        order = sorted(range(len(distinct)), key=lambda place: distinct[place])
    except TypeError:
        order = sorted(range(len(distinct)), key=lambda place: str(distinct[place]))
    rank = np.empty(len(order) + 1, dtype=np.int64)
    rank[order], rank[-1] = np.arange(len(order)), -1
    return rank[codes], [distinct[place] for place in order]


def window_of(table: pd.DataFrame, time: str, window: str | int | None) -> pd.Series:
    """Return the window that each row is in: the start of its day, week or other period, its value, or its number.

    Parameters
    ----------
    table : DataFrame
    time : str
        A column of times, or of anything that sorts in time, such as `round`.
    window : str or int, optional
        Of times how long, such as ``"7D"``, from the start of the first day; ``"1D"`` by default. A number: how many
        items, in the order of the column. Without it, every value of a column of no times is a window.

    Raises
    ------
    InvalidInput
        If there is no such column, a value of it is missing, or the window fits it not.

    Examples
    --------
    >>> window_of(pd.DataFrame({"round": [0, 0, 1, 1]}), "round", 3).tolist()
    [0, 0, 0, 1]
    """
    if not isinstance(time, str) or time not in table.columns:
        expected = f"one of {', '.join(map(repr, table.columns))}"
        raise InvalidInput(f"there is no column {arguments.told(time)}", expected=expected)
    values = table[time]
    if values.isna().any():
        raise InvalidInput(
            f"{time!r} is missing in {int(values.isna().sum())} of {len(values)} rows",
            expected="a time in every row",
            fix=f"comparison.table.dropna(subset={time!r})",
        )
    if isinstance(window, int):
        arguments.whole("window", window, 1, of="item")
        place = values.rank(method="first").astype("int64") - 1
        return place // window
    if not pd.api.types.is_datetime64_any_dtype(values):
        if window is not None:
            raise InvalidInput(
                f"window is {arguments.told(window)} and {time!r} has {values.dtype}",
                expected="a number of items, or a column of times",
                fix=f"pandas.to_datetime(table[{time!r}], utc=True)",
            )
        return values
    try:
        step = pd.Timedelta(window or "1D")
    except (TypeError, ValueError) as error:
        raise InvalidInput(
            f"window is {arguments.told(window)}: {error}", expected="such as '1h', '1D' or '7D'"
        ) from error
    if step <= pd.Timedelta(0):
        raise InvalidInput(f"window is {window!r}", expected="longer than nothing, such as '1h', '1D' or '7D'")
    # The first window begins with its day, and not where the epoch puts it.
    origin = values.min().floor("D")
    return origin + (values - origin) // step * step
