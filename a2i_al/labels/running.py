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

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.labels.categorical import (
    METHODS,
    check_asked,
    check_offered_classes,
    decided,
    function_of,
    labels_table,
    proba_columns,
)
from a2i_al.labels.counting.ballots import Ballots
from a2i_al.labels.counting.encoding import as_texts
from a2i_al.labels.counting.merging import Dated, Places, dated, merged, widened
from a2i_al.labels.gold import check_gold, known_labels
from a2i_al.labels.models.beliefs import Decision, VoteShares
from a2i_al.labels.structured.registry import check_options
from a2i_al.tables import LABELS

Arrays = dict[str, npt.NDArray[Any]]

_VERSION: Final = 1
# From so many votes on, and while not more than this share of them is new, workers are as they were last found.
ONLINE_FROM, _NEW_SHARE = 50_000, 0.01
# What each of the numbers that are learnt is about, axis by axis.
_AXES: Final = {"hits": "w", "misses": "w", "ability": "w", "classes": "c", "counts": "rc"}
_CODES: Final = {"worker": "worker", "label": "label"}


class RunningLabels:
    """Consolidate answers that keep coming: a thousand more do not cost a fit of a million.

    Answers are read once and kept as whole numbers. Up to 50,000 votes, and whenever a hundredth of them is new,
    `labels` estimates workers and items together, which ends at the very table that `consolidate` gives for all
    answers so far, in whatever portions and order they came. In between, the items that have new answers are judged by
    the workers as they were last found, and the others stay: a few that are close may differ until the next estimate,
    which ``labels(settle=True)`` asks for.

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
    UnknownLabel
        If a known label is none of `labels`.

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
        check_asked(field, labels, reviewers=reviewers)
        arguments.one_of("method", method, METHODS)
        check_options(method, function_of(method), options)
        if "start" in options:
            raise InvalidInput("start= is what this object keeps", expected="the other options of the method")
        self.field, self.method, self.reviewers, self.options = field, method, reviewers, options
        self.offered = None if labels is None else [str(label) for label in labels]
        if options.get("gold") is not None:
            known = known_labels(options["gold"])
            if self.offered is not None:
                check_gold(known, self.offered)
        self._held: Dated | None = None
        # What was learnt at the last estimate, and from how many votes; the labels, up to date but for items touched.
        self._settled: Arrays = {}
        self._votes_settled = 0
        # None as long as it is not that of an estimate of everything that is held.
        self._decision: Decision | None = None
        self._label, self._confidence = np.zeros(0, dtype=np.int64), np.zeros(0)
        self._touched = np.zeros(0, dtype=np.bool_)

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
        # A2I leaves out what was left empty: only at first it may be the field's name that is wrong.
        new = dated(answers, self.field, needed=self._held is None)
        if self.offered is not None:
            check_offered_classes(new.ballots, answers, self.field, self.offered)
            new = widened(new, self.offered)
        gold = self.options.get("gold")
        if gold is not None:
            new = widened(new, list(known_labels(gold).values()))
        if self._held is None:
            self._held, self._decision = new, None
        else:
            self._held, places = merged(self._held, new)
            self._carry(self._held.ballots, places)
        return self

    def labels(self, *, settle: bool | None = None, proba: bool = False) -> pd.DataFrame:
        """Return the labels table of all answers so far, without columns of the answers' own.

        Parameters
        ----------
        settle : bool, optional
            Estimate workers and items together, as `consolidate` does. By default, up to 50,000 votes, and where a
            hundredth of them is new since the last time.
        proba : bool, default False
            Add ``proba_<label>`` columns; this estimates too.
        """
        arguments.flags(proba=proba, **({} if settle is None else {"settle": settle}))
        if self._held is None:
            return LABELS.empty()
        cast = self._held.ballots
        votes = len(cast.cast.vote)
        few = votes > ONLINE_FROM and votes <= (1 + _NEW_SHARE) * self._votes_settled
        if settle or proba or not (few or settle is False) or not self._settled:
            self._settle(cast)
        elif self._touched.any():
            self._judge(cast)
        decision = self._decision or Decision(self._label, self._confidence, VoteShares(cast))
        table = labels_table(cast, decision, self.method, self.reviewers)
        return table.assign(**proba_columns(cast, decision)) if proba else table

    def _settle(self, cast: Ballots) -> None:
        """Estimate workers and items together, unless that is what is there."""
        if self._decision is None:
            _, self._decision = decided(cast, self.method, self.options)
            self._settled, self._votes_settled = self._decision.settled, len(cast.cast.vote)
            self._label, self._confidence = self._decision.label, self._decision.confidence
            self._touched = np.zeros(len(self), dtype=np.bool_)

    def _judge(self, cast: Ballots) -> None:
        """Judge the items that have new answers by the workers as they were last found."""
        items = np.flatnonzero(self._touched)
        _, judged = decided(cast.only(items), self.method, self.options | {"start": self._settled})
        self._label[items], self._confidence[items] = judged.label, judged.confidence
        self._touched[:] = False

    def _carry(self, cast: Ballots, places: Places) -> None:
        """Bring labels and what was learnt to the places of ballots that have more items, workers and classes."""
        self._settled = _moved(self._settled, places, cast)
        label, confidence = np.full(len(self), -1, dtype=np.int64), np.full(len(self), np.nan)
        touched = np.zeros(len(self), dtype=np.bool_)
        if len(self._label):
            label[places.item] = np.append(places.label, -1)[self._label]
            confidence[places.item], touched[places.item] = self._confidence, self._touched
        touched[places.touched] = True
        self._label, self._confidence, self._touched, self._decision = label, confidence, touched, None

    def to_bytes(self) -> bytes:
        """Return all of this, for a file or a database: numpy's npz format, no pickle.

        Raises
        ------
        InvalidInput
            If the options are no JSON: hand them to `from_bytes` again.
        """
        head: dict[str, Any] = {"version": _VERSION, "field": self.field, "method": self.method}
        head |= {"reviewers": self.reviewers, "labels": self.offered, "votes_settled": self._votes_settled}
        gold = self.options.get("gold")
        plain = self.options | ({} if gold is None else {"gold": known_labels(gold)})
        try:
            head["options"] = json.loads(json.dumps(plain))
        except TypeError as error:
            raise InvalidInput(
                f"the options cannot be kept: {error}", expected="options that are JSON", fix="keep the answers instead"
            ) from error
        arrays: dict[str, Any] = {f"settled_{name}": values for name, values in self._settled.items()}
        arrays |= {"label": self._label, "confidence": self._confidence, "touched": self._touched}
        if self._held is not None:
            cast = self._held.ballots
            head["texts"] = {name: getattr(cast, name).to_pylist() for name in ("items", "workers", "classes")}
            head["loops"] = self._held.loops.to_pylist()
            arrays |= {"item": cast.item, "worker": cast.worker, "vote": cast.vote}
            arrays |= {"time": self._held.time, "loop": self._held.loop}
        out = BytesIO()
        np.savez(out, head=np.frombuffer(json.dumps(head).encode(), np.uint8), **arrays)
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
        out._votes_settled = head["votes_settled"]
        out._label, out._confidence, out._touched = found["label"], found["confidence"], found["touched"]
        prefix = "settled_"
        out._settled = {name.removeprefix(prefix): found[name] for name in found if name.startswith(prefix)}
        if "texts" in head:
            items, workers, classes = (as_texts(head["texts"][name]) for name in ("items", "workers", "classes"))
            cast = Ballots(items, workers, classes, found["item"], found["worker"], found["vote"])
            out._held = Dated(cast, found["time"], found["loop"], as_texts(head["loops"]))
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
