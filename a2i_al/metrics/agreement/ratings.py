"""Answers in, as a table or a matrix; who rated what how out, as codes: what every coefficient of agreement counts.

A rating is (item, rater, class). Nothing here is as large as items × raters: of 100,000 items that three of 200 people
saw each, 300,000 ratings are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import infer_dtype

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.labels.counting.ballots import ballots
from a2i_al.labels.counting.votes import as_text
from a2i_al.tables import ANSWERS

# Sums of products over items are einsum's or sum's here, never `@`: for arrays this long BLAS wakes its threads, which
# on a busy machine takes longer than all the rest.

Codes = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]

# What `categories` is, to whom it is not.
CATEGORIES = "all classes, in ascending order"

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
    def counts(self) -> Floats | None:
        """Raters per item and class, shape (n_items, n_classes), where that is not much larger than the ratings."""
        size = self.n_items * self.n_classes
        if size > _DENSE * len(self.items):
            return None
        key = self.items * self.n_classes + self.classes
        return np.bincount(key, minlength=size).reshape(-1, self.n_classes).astype(np.float64) if size else None

    @cached_property
    def cells(self) -> tuple[Codes, Codes, Floats]:
        """Item, class and number of raters wherever that is not zero, sorted by item and class."""
        if self.counts is not None:
            items, classes = np.nonzero(self.counts)
            return items, classes, self.counts[items, classes]
        found, n = np.unique(self.items * self.n_classes + self.classes, return_counts=True)
        return *np.divmod(found, max(self.n_classes, 1)), n.astype(np.float64)

    @cached_property
    def raters_per_item(self) -> Floats:
        """How many have rated each item."""
        return np.bincount(self.items, minlength=self.n_items).astype(np.float64)

    @cached_property
    def squares(self) -> Floats:
        """Sum over classes of the squared number of raters, per item."""
        if self.counts is not None:
            return np.asarray(np.einsum("ij,ij->i", self.counts, self.counts))
        item, _, n = self.cells
        return np.asarray(np.bincount(item, n * n, self.n_items), dtype=np.float64)

    @property
    def agreeing(self) -> Floats:
        """Fleiss' P_i of each item: the share of pairs of its ratings that are equal; 0 for a single rating."""
        raters = self.raters_per_item
        return (self.squares - raters) / np.maximum(raters * (raters - 1), 1)

    def summed(self, weights: npt.NDArray[Any]) -> Floats:
        """Return how many ratings each class got, those of each item counted `weights` times."""
        if self.counts is not None:
            return np.asarray(np.einsum("i,ij->j", weights, self.counts), dtype=np.float64)
        item, code, n = self.cells
        return np.bincount(code, n * weights[item], self.n_classes).astype(np.float64)

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
    if categories is not None:
        categories = arguments.several("categories", categories, CATEGORIES)
    order = None if categories is None else [as_text(category) for category in categories]
    if field is None:
        items, raters, values, workers = _matrix(data)
        codes, texts = _texts(values)
    else:
        items, raters, codes, texts, workers = _answers(data, arguments.text("field", field))
    place, found = _classes(texts, order, numeric=numeric)
    full = codes >= 0
    if not full.all():
        items, raters, codes = items[full], raters[full], codes[full]
    item_codes, present = _gapless(items)
    rater_codes, who = _gapless(raters)
    classes = place[codes] if len(place) else codes
    return Ratings(item_codes, rater_codes, classes, found, tuple(workers[i] for i in who.tolist()), len(present))


def _answers(data: Any, field: str) -> tuple[Codes, Codes, Codes, list[str], list[str]]:
    """Return item, rater and answer per rating, what the answers stand for, and the raters' names."""
    if isinstance(data, pd.DataFrame) and data.empty:
        ANSWERS.check(data)
        return (none := np.zeros(0, dtype=np.intp)), none, none, [], []
    cast = ballots(data, field).cast
    return cast.item, cast.worker, cast.vote, cast.class_names, cast.workers.to_pylist()


def _matrix(data: Any) -> tuple[Codes, Codes, Any, Sequence[Any]]:
    matrix = data.to_numpy() if isinstance(data, pd.DataFrame) else data
    matrix = matrix if isinstance(matrix, np.ndarray) else np.array([list(row) for row in matrix], dtype=object)
    if matrix.ndim != 2:  # noqa: PLR2004 - raters and items
        raise InvalidInput(
            f"the ratings have {matrix.ndim} dimensions",
            expected="a row per rater and a column per item, or an answers table together with field=",
        )
    flat = matrix.ravel()
    present = np.flatnonzero(~(np.isnan(flat) if matrix.dtype.kind == "f" else pd.isna(flat)))
    raters, items = np.divmod(present, max(matrix.shape[1], 1))
    return items, raters, flat[present], range(matrix.shape[0])


def _gapless(codes: Codes) -> tuple[Codes, Codes]:
    """Return codes without gaps, in the same order, and what they were."""
    there = np.bincount(codes) > 0
    present = np.flatnonzero(there)
    return (codes if len(present) == len(there) else np.cumsum(there)[codes] - 1), present


def _classes(texts: list[str], order: list[str | None] | None, *, numeric: bool) -> tuple[Codes, tuple[Any, ...]]:
    """Return the class of each distinct answer, and what the classes stand for."""
    if order is not None:
        return _places(texts, order), tuple(order)
    given = _numbers(texts) if numeric else np.array(texts, dtype=object)
    place, found = pd.factorize(given, sort=True)
    return place, tuple(found.tolist())


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
