"""Answers in, as a table or a matrix; who rated what how out, as codes: what every coefficient of agreement counts.

A rating is (item, rater, class). Nothing here is as large as items × raters: of 100,000 items that three of 200 people
saw each, 300,000 ratings are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import infer_dtype

from a2i_al.errors import InvalidInput
from a2i_al.labels.votes import as_text, votes
from a2i_al.tables import ANSWERS

Codes = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]

# Counting into an array of items × classes is quickest while the array is not much larger than what is counted.
_DENSE = 8


@dataclass(frozen=True)
class Ratings:
    """Ratings as whole numbers.

    Attributes
    ----------
    items, raters, classes : array of int, shape (n_ratings,)
        Codes from 0; an item's number counts only ratings that are there.
    categories : tuple
        What the class codes stand for, ascending where they are numbers or given in order.
    workers : tuple
        Who the raters are, ascending.
    n_items : int
        Items with a rating.
    """

    items: Codes
    raters: Codes
    classes: Codes
    categories: tuple[Any, ...]
    workers: tuple[Any, ...]
    n_items: int

    @property
    def n_classes(self) -> int:
        """Number of categories."""
        return len(self.categories)

    @cached_property
    def cells(self) -> tuple[Codes, Codes, Floats]:
        """Item, class and number of raters wherever that is not zero, sorted by item and class."""
        key = self.items * self.n_classes + self.classes
        size = self.n_items * self.n_classes
        if size <= _DENSE * len(key):
            counts = np.bincount(key, minlength=size)
            found = np.flatnonzero(counts)
            n = counts[found]
        else:
            found, n = np.unique(key, return_counts=True)
        return found // self.n_classes, found % self.n_classes, n.astype(np.float64)

    @cached_property
    def raters_per_item(self) -> Floats:
        """How many have rated each item."""
        return np.bincount(self.items, minlength=self.n_items).astype(np.float64)

    @cached_property
    def agreeing(self) -> Floats:
        """Fleiss' P_i of each item: the share of pairs of its ratings that are equal; 0 for a single rating."""
        item, _, n = self.cells
        same = np.bincount(item, n * (n - 1), self.n_items)
        return np.asarray(same / np.maximum(self.raters_per_item * (self.raters_per_item - 1), 1))

    def pairs(self) -> Iterator[Ratings]:
        """Yield the ratings of every two raters with items in common, restricted to these items, sorted by raters."""
        order = np.lexsort((self.raters, self.items))
        items, raters, classes = self.items[order], self.raters[order], self.classes[order]
        first, second = [np.zeros(0, np.intp)], [np.zeros(0, np.intp)]
        for lag in range(1, int(self.raters_per_item.max(initial=0))):
            same = np.flatnonzero(items[lag:] == items[:-lag])
            first.append(same)
            second.append(same + lag)
        a, b = np.concatenate(first), np.concatenate(second)
        key = raters[a] * len(self.workers) + raters[b]
        by_pair = np.lexsort((items[a], key))
        for rows in np.split(by_pair, np.flatnonzero(np.diff(key[by_pair])) + 1):
            if len(rows):
                ours, theirs, n = classes[a[rows]], classes[b[rows]], len(rows)
                names = (self.workers[raters[a[rows[0]]]], self.workers[raters[b[rows[0]]]])
                who, what = np.repeat([0, 1], n), np.concatenate([ours, theirs])
                yield Ratings(np.tile(np.arange(n), 2), who, what, self.categories, names, n)


def ratings(
    data: Any, field: str | None = None, categories: Iterable[Any] | None = None, *, numeric: bool = False
) -> Ratings:
    """Return ratings from either form that they come in.

    Parameters
    ----------
    data : DataFrame or array
        The answers table, with `field`; or, without, a reliability matrix with a row per rater and a column per item,
        missing where a rater has not seen the item (None, NaN).
    field : str, optional
        Name of the form element.
    categories : iterable, optional
        All classes, in ascending order. By default those that occur, compared as text.
    numeric : bool, default False
        Read the ratings as numbers, so that 1 and 1.0 are the same and 2 comes before 10.

    Raises
    ------
    InvalidTable
        If a field is given and `data` is no answers table.
    InvalidInput
        If no answer has that field, the matrix is not two-dimensional, or a rating is none of `categories` or should
        be a number and is not.

    Examples
    --------
    >>> ratings([["a", "a"], ["b", None]]).categories, ratings([[1, 2], [10, None]]).categories
    (('a', 'b'), ('1', '10', '2'))
    """
    if isinstance(data, Ratings):
        return data
    items, raters, values = _matrix(data) if field is None else _answers(data, field)
    classes, found = _classes(values, None if categories is None else [*categories], numeric=numeric)
    full = classes >= 0
    if not full.all():
        items, raters, classes = items[full], raters[full], classes[full]
    codes, present = pd.factorize(items)
    people, workers = pd.factorize(raters, sort=True)
    return Ratings(codes, people, classes, found, tuple(workers.tolist()), len(present))


def _answers(data: Any, field: str) -> tuple[Any, Any, Any]:
    """Return item, rater and answer per rating."""
    columns = [column for column in ANSWERS.columns if column.required or column.name == "submitted_at"]
    if isinstance(data, pd.DataFrame):  # check and carry along no more than is counted
        columns = [column for column in columns if column.required or column.name in data.columns]
        data = data[[column.name for column in columns if column.name in data.columns]]
    answers = replace(ANSWERS, columns=tuple(columns)).check(data)
    cast = answers[answers["field"] == field]
    if len(answers) and (cast.empty or cast.duplicated(["item_id", "worker_id"]).any()):
        cast = votes(ANSWERS.check(answers), field)
    return cast["item_id"], cast["worker_id"], cast["value"].to_numpy(dtype=object)


def _matrix(data: Any) -> tuple[Any, Any, Any]:
    matrix = data.to_numpy() if isinstance(data, pd.DataFrame) else data
    matrix = matrix if isinstance(matrix, np.ndarray) else np.array([list(row) for row in matrix], dtype=object)
    if matrix.ndim != 2:  # noqa: PLR2004 - raters and items
        raise InvalidInput(
            f"the ratings have {matrix.ndim} dimensions",
            expected="a row per rater and a column per item, or an answers table together with field=",
        )
    flat = matrix.ravel()
    present = np.flatnonzero(flat == flat if matrix.dtype.kind == "f" else ~pd.isna(flat))  # noqa: PLR0124 - NaN differs
    raters, items = np.divmod(present, max(matrix.shape[1], 1))
    return items, raters, flat[present]


def _classes(values: Any, order: list[Any] | None, *, numeric: bool) -> tuple[Codes, tuple[Any, ...]]:
    """Return a code per value, -1 for an empty one, and what the codes stand for."""
    codes, texts = _texts(values)
    found: Any
    if order is not None:
        found = [as_text(category) for category in order]
        place = _places(texts, found)
    else:
        place, found = pd.factorize(_numbers(texts) if numeric else np.array(texts, dtype=object), sort=True)
        found = found.tolist()
    return np.where(codes < 0, -1, place[codes] if len(place) else -1), tuple(found)


def _texts(values: Any) -> tuple[Codes, list[str]]:
    """Return a code per value, -1 for an empty one, and the texts that the codes stand for."""
    if values.dtype.kind == "O" and infer_dtype(values, skipna=True) != "string":  # lists and dicts among them
        values = np.array([as_text(_whole(value)) for value in values], dtype=object)
    codes, found = pd.factorize(values)
    texts = [as_text(_whole(value)) for value in found.tolist()]
    full = np.array([text is not None for text in texts], dtype=bool)
    place = np.where(full, np.cumsum(full) - 1, -1)
    return np.where(codes < 0, -1, place[codes] if len(place) else -1), [text for text in texts if text is not None]


def _whole(value: Any) -> Any:
    """Return 3 for 3.0: a matrix with gaps has floats where the answers are whole numbers."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _places(texts: list[str], order: list[str | None]) -> Codes:
    if len(set(order)) < len(order):
        raise InvalidInput(f"categories has a category twice: {order}", expected="each once, in ascending order")
    unknown = [text for text in texts if text not in order]
    if unknown:
        raise InvalidInput(f"a rating is {unknown[0]!r}", expected=f"one of {order}")
    return np.array([order.index(text) for text in texts], dtype=np.intp)


def _numbers(texts: list[str]) -> Floats:
    numbers: Floats = pd.to_numeric(pd.Series(texts, dtype=object), errors="coerce").to_numpy(dtype=np.float64)
    bad = ~np.isfinite(numbers)
    if bad.any():
        raise InvalidInput(
            f"a rating is {texts[int(np.argmax(bad))]!r}",
            expected="numbers, for a coefficient that takes their distance into account",
            fix="give categories= in ascending order with level='ordinal' or weights=, or use level='nominal'",
        )
    return numbers
