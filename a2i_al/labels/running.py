"""Answers in as they come, labels out at any time: what has been learnt of the reviewers is kept, and built on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from io import BytesIO
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al.errors import InvalidInput
from a2i_al.labels.ballots import Ballots
from a2i_al.labels.beliefs import Decision
from a2i_al.labels.categorical import (
    METHODS,
    check_offered_classes,
    decided,
    function_of,
    labels_table,
    proba_columns,
)
from a2i_al.labels.encoding import as_texts
from a2i_al.labels.gold import known_labels
from a2i_al.labels.merging import Dated, Places, dated, merged, widened
from a2i_al.labels.structured.registry import check_options
from a2i_al.tables import LABELS

Arrays = dict[str, npt.NDArray[Any]]

_VERSION: Final = 1
# What was learnt is a start where it comes from many votes, and few have come since: a start far off could lead to
# another end than the votes do.
WARM_FROM, _NEW_SHARE = 50_000, 0.1
# What each of the numbers that are learnt is about, axis by axis.
_AXES: Final = {"hits": "w", "misses": "w", "ability": "w", "difficulty": "i", "classes": "c", "counts": "rc"}
_CODES: Final = {"worker": "worker", "label": "label"}


class RunningLabels:
    """Consolidate answers that keep coming: further ones cost a few steps, not a fit of everything.

    The labels are those that `consolidate` gives for all answers so far, in whatever portions and order they came. With
    50,000 votes and more, what was learnt of the workers is carried on from, until a tenth has come since the last fit
    from the votes alone; the end is the same as far as an iteration goes, and close labels, by some millionths, may
    differ. Smaller sets are fitted from the votes each time, to the same last bit.

    Parameters
    ----------
    field : str
        Name of the form element.
    method : str, default "dawid_skene"
        A method of `consolidate` for answers of one label each.
    reviewers, labels
        As for `consolidate`.
    **options
        The method's own.

    Raises
    ------
    InvalidInput
        If there is no such method or option.

    Examples
    --------
    >>> answers = pd.DataFrame({"human_loop_name": ["l1", "l1", "l2"], "item_id": ["i", "i", "j"],
    ...     "worker_id": ["u", "v", "u"], "field": ["ok"] * 3, "value": ["yes", "yes", "no"]})
    >>> running = RunningLabels("ok", method="one_coin")
    >>> running.add(answers[:2]).add(answers[2:]).labels()["label"].tolist()
    ['yes', 'no']
    >>> RunningLabels.from_bytes(running.to_bytes()).add(answers).labels()["n_answers"].tolist()
    [2, 1]
    """

    def __init__(
        self,
        field: str,
        *,
        method: str = "dawid_skene",
        reviewers: int | None = None,
        labels: Iterable[str] | None = None,
        **options: Any,
    ) -> None:
        if method not in METHODS:
            raise InvalidInput(f"there is no method {method!r}", expected=f"one of {', '.join(map(repr, METHODS))}")
        check_options(method, function_of(method), options)
        if "start" in options:
            raise InvalidInput("start= is what this object keeps", expected="the other options of the method")
        self.field, self.method, self.reviewers, self.options = field, method, reviewers, options
        self.offered = None if labels is None else [str(label) for label in labels]
        self._held: Dated | None = None
        self._settled: Arrays = {}
        self._votes_fitted = 0
        self._decided: tuple[Ballots, Decision] | None = None

    def __len__(self) -> int:
        """How many items have been answered about."""
        return 0 if self._held is None else len(self._held.ballots.items)

    def __repr__(self) -> str:
        return f"RunningLabels({self.field!r}, method={self.method!r}, {len(self)} items)"

    def add(self, answers: pd.DataFrame) -> RunningLabels:
        """Take in further answers; those that are here already change nothing.

        Parameters
        ----------
        answers : DataFrame
            An answers table. Of a worker's answers to an item the last submitted counts, whenever it comes in.

        Returns
        -------
        RunningLabels
            This one.

        Raises
        ------
        InvalidTable, InvalidInput, UnknownLabel
            As `consolidate`; nothing has been taken in then.
        """
        if isinstance(answers, pd.DataFrame) and answers.empty:
            return self
        new = dated(answers, self.field)
        if self.offered is not None:
            check_offered_classes(new.ballots, answers, self.field, self.offered)
            new = widened(new, self.offered)
        gold = self.options.get("gold")
        if gold is not None:
            new = widened(new, list(known_labels(gold).values()))
        if self._held is None:
            self._held = new
        else:
            self._held, places = merged(self._held, new)
            self._settled = _moved(self._settled, places, self._held.ballots)
        self._decided = None
        return self

    def labels(self, *, proba: bool = False) -> pd.DataFrame:
        """Return the labels table of all answers so far, as `consolidate` does, without columns of the answers' own.

        Parameters
        ----------
        proba : bool, default False
            Add ``proba_<label>`` columns.
        """
        if self._held is None:
            return LABELS.empty()
        if self._decided is None:
            votes = len(self._held.ballots.cast.vote)
            near = votes >= WARM_FROM and votes <= (1 + _NEW_SHARE) * self._votes_fitted
            start = {"start": self._settled} if self._settled and near else {}
            self._decided = decided(self._held.ballots, self.method, self.options | start)
            self._settled = self._decided[1].settled
            self._votes_fitted = self._votes_fitted if start else votes
        cast, decision = self._decided
        table = labels_table(cast, decision, self.method, self.reviewers)
        return table.assign(**proba_columns(cast, decision)) if proba else table

    def to_bytes(self) -> bytes:
        """Return all of this, for a file or a database: numpy's npz format, no pickle.

        Raises
        ------
        InvalidInput
            If the options are no JSON: hand them to `from_bytes` again.
        """
        head: dict[str, Any] = {"version": _VERSION, "field": self.field, "method": self.method}
        head |= {"reviewers": self.reviewers, "labels": self.offered, "votes_fitted": self._votes_fitted}
        gold = self.options.get("gold")
        plain = self.options | ({} if gold is None else {"gold": known_labels(gold)})
        try:
            head["options"] = json.loads(json.dumps(plain))
        except TypeError as error:
            raise InvalidInput(
                f"the options cannot be kept: {error}", expected="options that are JSON", fix="keep the answers instead"
            ) from error
        arrays: dict[str, Any] = {f"settled_{name}": values for name, values in self._settled.items()}
        if self._held is not None:
            cast = self._held.ballots
            head["texts"] = {name: getattr(cast, name).to_pylist() for name in ("items", "workers", "classes")}
            head["loops"] = self._held.loops.to_pylist()
            arrays |= {"item": cast.item, "worker": cast.worker, "vote": cast.vote}
            arrays |= {"time": self._held.time, "loop": self._held.loop}
        out = BytesIO()
        np.savez(out, allow_pickle=False, head=np.frombuffer(json.dumps(head).encode(), np.uint8), **arrays)
        return out.getvalue()

    @classmethod
    def from_bytes(cls, kept: bytes) -> RunningLabels:
        """Return what `to_bytes` was called on.

        Raises
        ------
        InvalidInput
            If it is something else.
        """
        try:
            with np.load(BytesIO(kept), allow_pickle=False) as arrays:
                found = dict(arrays)
            head = json.loads(found.pop("head").tobytes())
            same = head["version"] == _VERSION
        except (ValueError, KeyError, OSError, EOFError, TypeError, BadZipFile) as error:
            raise InvalidInput(f"these bytes are no RunningLabels: {error}", expected="what to_bytes() gave") from error
        if not same:
            raise InvalidInput(f"these bytes have version {head['version']}", expected=f"version {_VERSION}")
        out = cls(
            head["field"], method=head["method"], reviewers=head["reviewers"], labels=head["labels"], **head["options"]
        )
        out._votes_fitted = head["votes_fitted"]
        if "texts" in head:
            items, workers, classes = (as_texts(head["texts"][name]) for name in ("items", "workers", "classes"))
            cast = Ballots(items, workers, classes, found["item"], found["worker"], found["vote"])
            out._held = Dated(cast, found["time"], found["loop"], as_texts(head["loops"]))
        out._settled = {
            name.removeprefix("settled_"): values for name, values in found.items() if name.startswith("settled_")
        }
        return out


def _moved(settled: Arrays, places: Places, cast: Ballots) -> Arrays:
    """Return what has been learnt in the places of ballots that have more items, workers and classes: 0 for those."""
    to = {"w": places.worker, "i": places.item, "c": places.label}
    size = {"w": len(cast.workers), "i": len(cast.items), "c": len(cast.classes)}
    out = {}
    for name, values in settled.items():
        if name in _CODES:
            out[name] = getattr(places, _CODES[name])[values]
            continue
        axes = _AXES[name]
        if all(axis == "r" or len(to[axis]) == size[axis] for axis in axes):
            out[name] = values
            continue
        shape = tuple(len(values) if axis == "r" else size[axis] for axis in axes)
        out[name] = np.zeros(shape)
        out[name][np.ix_(*(np.arange(len(values)) if axis == "r" else to[axis] for axis in axes))] = values
    return out
