"""Dawid and Skene's model: every worker confuses labels in an own way, estimated together with the items' labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al.errors import InvalidInput
from a2i_al.labels.counting.ballots import Ballots
from a2i_al.labels.counting.encoding import Codes
from a2i_al.labels.models.beliefs import Decision, Shares
from a2i_al.labels.models.estimation import checked, concluded, parts, settle, softmax, summed

# 270 MB in each of the few tables that an iteration needs.
_CELLS = 2**25


@dataclass(frozen=True)
class Confusions:
    """What the model knows of the workers, and through them of the items.

    Attributes
    ----------
    ballots : Ballots
        The votes.
    worker, label : ndarray of int64
        The worker, and the label that this worker gave, of each of the r rows: those that occur, sorted.
    pair : ndarray of int64
        The row of each vote of `ballots.cast`.
    counts : ndarray of shape (r, k), float64
        How often the worker gave the label where the column's label is right, in expectation.
    classes : ndarray of shape (k,), float64
        How many items are of each label, in expectation.
    smoothing : float
        Added to every count.
    """

    ballots: Ballots
    worker: Codes
    label: Codes
    pair: Codes
    counts: Shares
    classes: Shares
    smoothing: float

    def rates(self) -> Shares:
        """Return the probability that a row's worker gives the row's label where the column's is right: (r, k)."""
        return np.exp(self.logs(self.counts))

    def logs(self, counts: Shares) -> Shares:
        """Return the logarithms of the rates that follow from counts."""
        k = len(self.classes)
        total = self.totals(counts)
        logs: Shares = np.log(counts + self.smoothing) - np.log(total + k * self.smoothing)[self.worker]
        return logs

    def totals(self, counts: Shares) -> Shares:
        """Return how many items of each label each worker has judged: (W, k)."""
        out = np.zeros((len(self.ballots.workers), len(self.classes)))
        if len(self.worker):
            firsts = np.flatnonzero(np.diff(self.worker, prepend=-1))
            out[self.worker[firsts]] = np.add.reduceat(counts, firsts)
        return out

    def prior(self, classes: Shares) -> Shares:
        """Return the logarithms of the labels' frequencies."""
        logs: Shares = np.log(classes + self.smoothing) - np.log(classes.sum() + len(classes) * self.smoothing)
        return logs

    def posterior(self, first: int, last: int) -> Shares:
        """Return the probability of each label of the items `first` to `last`."""
        from a2i_al.labels.models.kernels import confusion_scores  # noqa: PLC0415 - loads the compiler

        k = len(self.classes)
        rows = np.empty((last - first) * k)
        starts, prior = self.ballots.cast.starts, self.prior(self.classes)
        confusion_scores(starts, self.pair, self.logs(self.counts), prior, first, last, rows)
        return softmax(rows.reshape(-1, k))

    def step(self, values: Shares, gold: Codes) -> tuple[Shares, float]:
        """Return the counts that follow from counts, and the logarithm of what is maximised, at those given."""
        from a2i_al.labels.models.kernels import SCALE, confusion_pass  # noqa: PLC0415 - loads the compiler

        k = len(self.classes)
        counts, classes = values[:-k].reshape(-1, k), values[-k:]
        logs, prior, cast = self.logs(counts), self.prior(classes), self.ballots.cast

        def one(part: tuple[int, int]) -> tuple[Codes, Codes, float]:
            found, seen = np.zeros(counts.shape, dtype=np.int64), np.zeros(k, dtype=np.int64)
            return found, seen, confusion_pass(cast.starts, self.pair, gold, logs, prior, *part, found, seen)

        ranges = parts(len(self.ballots.items), len(cast.vote) * k, counts.size)
        found, seen, likelihood = summed(one, ranges)
        # Dirichlet priors; of the labels that a worker never gave there is no row.
        given = np.bincount(self.worker, minlength=len(self.ballots.workers))
        never = (k - given)[:, None] * (np.log(self.smoothing) - np.log(self.totals(counts) + k * self.smoothing))
        beside = self.smoothing * float(logs.sum() + never.sum() + prior.sum())
        return np.append(found, seen) / SCALE, likelihood + beside


def dawid_skene(
    ballots: Ballots,
    *,
    gold: Codes | None = None,
    smoothing: float = 0.01,
    start: Mapping[str, npt.NDArray[Any]] | None = None,
) -> Decision:
    """Estimate every worker's confusion of labels and every item's label together, by expectation-maximisation.

    Parameters
    ----------
    ballots : Ballots
        The votes.
    gold : ndarray of shape (n,), int64, optional
        Known labels, -1 where there is none. They stay what they are, and tell most about the workers.
    smoothing : float, default 0.01
        How often every confusion is taken to have been seen before: a symmetric Dirichlet prior. Larger values keep
        closer together what is known of workers with few answers.
    start : mapping, optional
        What an earlier call `settled`, of all workers and classes: these answers are judged by it, and nothing is
        estimated.

    Returns
    -------
    Decision
        With `Confusions` as beliefs, and in `settled` what `start` takes.

    Raises
    ------
    InvalidInput
        If smoothing is not above 0, or workers and labels are too many for a table of their confusions.

    Notes
    -----
    Starts from the shares of the votes; the same answers give the same result, in any order and with any number of
    threads. A step takes O(votes × labels), memory O(worker-label pairs that occur × labels).

    References
    ----------
    A. P. Dawid, A. M. Skene, "Maximum likelihood estimation of observer error-rates using the EM algorithm", Applied
    Statistics 28(1), 1979. Smoothed as by R. Snow et al., "Cheap and fast – but is it good?", EMNLP 2008.

    Examples
    --------
    Two who always agree outweigh three who guess:

    >>> from a2i_al.labels.counting.ballots import ballots
    >>> votes = {"u": "aabbab", "v": "aabbab", "w": "abbaab", "x": "babaaa", "y": "bbbbba"}
    >>> rows = [("l" + str(i), str(i), w, "f", said[i]) for w, said in votes.items() for i in range(6)]
    >>> cast = ballots(pd.DataFrame(rows, columns=["human_loop_name", "item_id", "worker_id", "field", "value"]), "f")
    >>> "".join(cast.class_names[code] for code in dawid_skene(cast).label)
    'aabbab'
    """
    known = checked(ballots, gold, smoothing)
    if start:
        model = _learnt(ballots, start, smoothing)
    else:
        model = _begun(ballots, known, smoothing)
        first = np.append(model.counts, model.classes)
        values = settle(lambda numbers: model.step(numbers, known), first, "Dawid–Skene")
        k = len(ballots.classes)
        model = replace(model, counts=values[: len(values) - k].reshape(-1, k), classes=values[len(values) - k :])
    return concluded(ballots, model, gold, ("worker", "label", "counts", "classes"))


def _begun(ballots: Ballots, gold: Codes, smoothing: float) -> Confusions:
    """Return the model as the shares of the votes have it."""
    from a2i_al.labels.models.kernels import SCALE, from_votes  # noqa: PLC0415 - loads the compiler

    cast, k = ballots.cast, len(ballots.classes)
    pair, rows = pd.factorize(cast.worker * k + cast.vote, sort=True)
    pair = np.asarray(pair, dtype=np.int64)
    if len(rows) * k > _CELLS:
        raise InvalidInput(
            f"{len(ballots.workers):,} workers gave {len(rows):,} different labels, of {k:,} each",
            expected=f"at most {_CELLS // k:,} for a table of who confuses what",
            fix="use method='one_coin', which needs one number per worker",
        )
    counts, classes = np.zeros((len(rows), k), dtype=np.int64), np.zeros(k, dtype=np.int64)
    from_votes(cast.starts, cast.vote, pair, gold, counts, classes)
    worker, label = np.divmod(np.asarray(rows, dtype=np.int64), max(k, 1))
    return Confusions(ballots, worker, label, pair, counts / SCALE, classes / SCALE, smoothing)


def _learnt(ballots: Ballots, start: Mapping[str, npt.NDArray[Any]], smoothing: float) -> Confusions:
    """Return the model as it was learnt before, with rows for what workers have not answered till now."""
    cast, k = ballots.cast, len(ballots.classes)
    known, given = start["worker"] * k + start["label"], cast.worker * k + cast.vote
    rows = np.union1d(known, given)
    counts = np.zeros((len(rows), k))
    counts[np.searchsorted(rows, known)] = start["counts"]
    worker, label = np.divmod(rows, max(k, 1))
    pair = np.searchsorted(rows, given)
    return Confusions(ballots, worker, label, pair, counts, start["classes"], smoothing)
