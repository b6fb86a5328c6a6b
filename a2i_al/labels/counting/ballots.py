"""The answers table in, every worker's last word on every item as whole numbers out: what all consolidation counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from a2i_al.compute.threads import in_threads
from a2i_al.labels.counting.encoding import Codes, Encoded, Keyed, Mask, any_blank, as_texts, encoded, is_text, keyed
from a2i_al.labels.counting.ordering import in_order
from a2i_al.labels.counting.tallies import Tallies, tallies
from a2i_al.labels.counting.votes import as_text, no_answer, no_item
from a2i_al.tables import ANSWERS

NO_VOTE = -1


@dataclass(frozen=True)
class Ballots:
    """Who said what of which item: one entry per item and worker, sorted by both.

    Attributes
    ----------
    items, workers, classes : pyarrow.Array
        Distinct texts, sorted: n items, W workers, and the k labels that somebody gave.
    item, worker, vote : ndarray of int64
        One entry per item and worker that answered any field of the form; `vote` is -1 where the field is empty.
    """

    items: pa.Array
    workers: pa.Array
    classes: pa.Array
    item: Codes
    worker: Codes
    vote: Codes

    @cached_property
    def responded(self) -> Codes:
        """How many workers answered each item, by any field: (n,)."""
        return np.bincount(self.item, minlength=len(self.items))

    @cached_property
    def cast(self) -> Ballots:
        """The entries that are votes, all others left out."""
        said = self.vote != NO_VOTE
        if said.all():
            return self
        return replace(self, item=self.item[said], worker=self.worker[said], vote=self.vote[said])

    @cached_property
    def starts(self) -> Codes:
        """Where each item's entries begin, and after the last one where they end: (n + 1,)."""
        return np.concatenate([[0], np.cumsum(self.responded)])

    @cached_property
    def class_names(self) -> list[str]:
        """The labels as a list."""
        return list(self.classes.to_pylist())

    def only(self, items: Codes) -> Ballots:
        """Return the entries of some items, given by their places in order; workers and classes stay."""
        place = np.full(len(self.items), -1, dtype=np.int64)
        place[items] = np.arange(len(items))
        kept = place[self.item] >= 0
        return Ballots(
            self.items.take(pa.array(items)), self.workers, self.classes,
            place[self.item[kept]], self.worker[kept], self.vote[kept],
        )  # fmt: skip

    @cached_property
    def tallies(self) -> Tallies:
        """The votes, counted per item."""
        return tallies(self.cast.vote, self.cast.starts, len(self.classes))

    def with_classes(self, names: Iterable[str]) -> Ballots:
        """Return the same votes with further labels that nobody gave."""
        every = sorted({*self.class_names, *names})
        if every == self.class_names:
            return self
        # One place more, for -1.
        place = np.append(
            np.searchsorted(np.array(every, dtype=object), np.array(self.class_names, dtype=object)), NO_VOTE
        )
        return replace(self, classes=as_texts(every), vote=place[self.vote])


def ballots(answers: pd.DataFrame, field: str) -> Ballots:
    """Read the votes on one field of the form out of an answers table, without a pass over it in Python.

    A worker's several answers to an item count once, as the latest submitted; equal or missing times are settled by
    the loop's name, so the order of the rows never matters.

    Parameters
    ----------
    answers : DataFrame
        The answers table, unchecked.
    field : str
        Name of the form element.

    Returns
    -------
    Ballots
        Of every item of the table. Texts of values are those of `votes.as_text`.

    Raises
    ------
    InvalidTable
        If `answers` is no answers table. Whether a key repeats is looked at where a worker answers an item twice.
    InvalidInput
        If no answer has that field.

    Examples
    --------
    >>> found = ballots(pd.DataFrame({"human_loop_name": ["l1", "l1"], "item_id": ["i", "i"], "worker_id": ["v", "u"],
    ...     "field": ["ok", "ok"], "value": [True, False]}), "ok")
    >>> found.class_names, found.vote.tolist()
    (['False', 'True'], [0, 1])
    """
    return ballot_rows(answers, field)[0]


def ballot_rows(answers: pd.DataFrame, field: str, *, needed: bool = True) -> tuple[Ballots, Codes]:
    """Return the ballots, and the row of the table that each entry comes from; see `ballots`.

    Where the field is not `needed`, a table of answers to other fields only is one of empty votes.
    """
    item, worker, value, of_field = _columns(answers, field)
    if needed and not of_field.any():
        raise no_answer(answers, field)
    everything = bool(of_field.all())
    vote = value.codes
    if not everything:
        vote = np.full(len(answers), NO_VOTE, dtype=np.int64)
        vote[of_field] = value.codes
    # Of a worker's rows on an item, answers to the field come last.
    order = in_order(_keys(item), worker.codes if everything else 2 * worker.codes + of_field)
    items = item.texts if isinstance(item, Encoded) else item.rows.take(pa.array(order.firsts))
    if len(items) and not items[0].as_py():
        raise no_item()
    rows, by_item, by_worker = order.rows, order.rank, order.code if everything else order.code >> 1
    last = _last_of_each(by_item, by_worker)
    if not last.all():
        if _twice(by_item, by_worker, of_field[rows]):
            ANSWERS.check(answers)
            rows = np.lexsort((_recency(answers, of_field), worker.codes, _keys(item)))
        rows, by_item, by_worker = rows[last], by_item[last], by_worker[last]
    return Ballots(items, worker.texts, value.texts, by_item, by_worker, vote[rows]), rows


def _columns(answers: pd.DataFrame, field: str) -> tuple[Encoded | Keyed, Encoded, Encoded, Mask]:
    """Return items, workers and the values of the field's rows, encoded, and which rows those are."""
    required = {column.name for column in ANSWERS.columns if column.required}
    if not isinstance(answers, pd.DataFrame) or not required <= set(answers.columns) or not answers.columns.is_unique:
        ANSWERS.check(answers)
    of_field = is_text(answers["field"], field)
    everything = bool(of_field.all())
    if any_blank(answers["human_loop_name"]) or (not everything and any_blank(answers["field"])):
        ANSWERS.check(answers)
    values = answers["value"] if everything else answers["value"][of_field]
    columns: list[tuple[Callable[..., Any], pd.Series, Callable[[Any], str | None]]]
    columns = [(keyed, answers["item_id"], str), (encoded, answers["worker_id"], str), (encoded, values, as_text)]
    item, worker, value = in_threads(lambda column: column[0](*column[1:]), columns)
    if _has_blank(worker):
        ANSWERS.check(answers)
    if isinstance(item, Encoded) and _has_blank(item):
        raise no_item()
    return item, worker, value, of_field


def _keys(column: Encoded | Keyed) -> Codes:
    """Return numbers in the order of the texts."""
    return column.codes if isinstance(column, Encoded) else column.keys


def _last_of_each(item: Codes, worker: Codes) -> Mask:
    last = np.ones(len(item), dtype=np.bool_)
    np.logical_or(item[1:] != item[:-1], worker[1:] != worker[:-1], out=last[:-1])
    return last


def _twice(item: Codes, worker: Codes, of_field: Mask) -> bool:
    """Say whether a worker answered the field of one item more than once."""
    item, worker = item[of_field], worker[of_field]
    return not _last_of_each(item, worker).all()


def _recency(answers: pd.DataFrame, of_field: Mask) -> Codes:
    """Return a number per row: the later an answer to the field was submitted, the higher; other fields come first."""
    shown = ANSWERS.check(answers)
    rank = np.empty(len(shown), dtype=np.int64)
    rank[shown.sort_values(["submitted_at", "human_loop_name"], na_position="first").index] = np.arange(len(shown))
    return np.where(of_field, rank, -1)


def _has_blank(ids: Encoded) -> bool:
    """Say whether an id is missing or empty: the texts are sorted, so an empty one is the first."""
    return bool(ids.codes.min(initial=0) < 0 or (len(ids) and not ids.texts[0].as_py()))
