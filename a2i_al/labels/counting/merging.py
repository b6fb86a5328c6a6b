"""Two sets of ballots in, those of both out, as if all had been read at once; the larger is not sorted again."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from a2i_al.labels.counting.ballots import NO_VOTE, Ballots, ballot_rows
from a2i_al.labels.counting.encoding import Codes, encoded
from a2i_al.tables import ANSWERS

_WORKER_BITS = 31
# Of an answer without a time, and of one to another field only: earlier than any other.
UNDATED, OTHER_FIELD = np.iinfo(np.int64).min + 1, np.iinfo(np.int64).min


@dataclass(frozen=True)
class Dated:
    """Ballots, and when each entry was given: what decides which of two counts.

    Attributes
    ----------
    ballots : Ballots
        The entries.
    time : ndarray of int64
        Microseconds of each entry's submission.
    loop : ndarray of int64
        Each entry's human loop, as its place in `loops`.
    loops : pyarrow.Array
        Names of human loops, in any order, some perhaps more than once.
    """

    ballots: Ballots
    time: Codes
    loop: Codes
    loops: pa.Array


@dataclass(frozen=True)
class Places:
    """Where the items, workers and classes of the old ballots are in those of both, and the new ballots' items."""

    item: Codes
    worker: Codes
    label: Codes
    touched: Codes


def dated(answers: pd.DataFrame, field: str, *, needed: bool = True) -> Dated:
    """Read the ballots of an answers table, with times; errors are those of `ballot_rows`."""
    cast, rows = ballot_rows(answers, field, needed=needed)
    shown = ANSWERS.check(answers.iloc[rows])
    at = shown["submitted_at"]
    time = at.astype("int64").to_numpy(copy=True)
    time[at.isna().to_numpy()] = UNDATED
    time[(shown["field"] != field).to_numpy()] = OTHER_FIELD
    loops = encoded(shown["human_loop_name"])
    return Dated(cast, time, loops.codes, loops.texts)


def merged(old: Dated, new: Dated) -> tuple[Dated, Places]:
    """Add new ballots to old ones; of a worker's two answers to an item the later counts, of equals the new.

    Returns
    -------
    Dated
        The ballots of both, sorted.
    Places
        Of what the old ones had.
    """
    a, b = old.ballots, new.ballots
    items, a_item, b_item = _union(a.items, b.items)
    workers, a_worker, b_worker = _union(a.workers, b.workers)
    classes, a_label, b_label = _union(a.classes, b.classes)
    keys = (a_item[a.item] << _WORKER_BITS) | a_worker[a.worker]
    added = (b_item[b.item] << _WORKER_BITS) | b_worker[b.worker]
    at = np.searchsorted(keys, added)
    held = np.append(keys, -1)[at] == added
    # The new entries whose worker and item are there already, and come later.
    later = held.copy()
    later[held] = _not_before(new, held, old, at[held])
    columns = {
        "item": (a_item[a.item], b_item[b.item]),
        "worker": (a_worker[a.worker], b_worker[b.worker]),
        "vote": (np.append(a_label, NO_VOTE)[a.vote], np.append(b_label, NO_VOTE)[b.vote]),
        "time": (old.time, new.time),
        "loop": (old.loop, len(old.loops) + new.loop),
    }
    both = {}
    for name, (ours, theirs) in columns.items():
        values = ours.copy()
        values[at[later]] = theirs[later]
        both[name] = np.insert(values, at[~held], theirs[~held])
    ballots = Ballots(items, workers, classes, both["item"], both["worker"], both["vote"])
    loops = pa.concat_arrays([old.loops, new.loops])
    return Dated(ballots, both["time"], both["loop"], loops), Places(a_item, a_worker, a_label, b_item)


def _not_before(new: Dated, held: npt.NDArray[np.bool_], old: Dated, at: Codes) -> npt.NDArray[np.bool_]:
    ours, theirs = old.time[at], new.time[held]
    same = pc.less_equal(old.loops.take(pa.array(old.loop[at])), new.loops.take(pa.array(new.loop[held])))
    return np.asarray((theirs > ours) | ((theirs == ours) & same.to_numpy(zero_copy_only=False)))


def _union(ours: pa.Array, theirs: pa.Array) -> tuple[pa.Array, Codes, Codes]:
    """Return the texts of both, sorted, and where those of either are in them."""
    at = _bisect(ours, theirs)
    found = np.zeros(len(theirs), dtype=np.bool_)
    inside = at < len(ours)
    if inside.any():
        there = pc.equal(ours.take(pa.array(at[inside])), theirs.filter(pa.array(inside)))
        found[inside] = there.to_numpy(zero_copy_only=False)
    fresh = np.flatnonzero(~found)
    where = np.arange(len(ours)) + np.searchsorted(at[fresh], np.arange(len(ours)), side="right")
    place = np.empty(len(theirs), dtype=np.int64)
    place[fresh] = at[fresh] + np.arange(len(fresh))
    place[found] = where[at[found]]
    if not len(fresh):
        return ours, where, place
    order = np.insert(np.arange(len(ours)), at[fresh], len(ours) + fresh)
    return pa.concat_arrays([ours, theirs]).take(pa.array(order)), where, place


def _bisect(ours: pa.Array, theirs: pa.Array) -> Codes:
    """Return where each text belongs among sorted ones, all at once: no text becomes a Python object."""
    low, high = np.zeros(len(theirs), dtype=np.int64), np.full(len(theirs), len(ours))
    while (low < high).any():
        middle = (low + high) // 2
        less = pc.less(ours.take(pa.array(np.minimum(middle, len(ours) - 1))), theirs)
        right = less.to_numpy(zero_copy_only=False) & (low < high)
        high = np.where(right | (low >= high), high, middle)
        low = np.where(right, middle + 1, low)
    return low


def widened(old: Dated, names: list[str]) -> Dated:
    """Return the same with further classes."""
    return replace(old, ballots=old.ballots.with_classes(names))
