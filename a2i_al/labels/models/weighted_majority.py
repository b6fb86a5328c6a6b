"""Weighted majority: the label with most weight behind it, where a reliable worker's vote weighs more."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from a2i_al.arguments import floats, told
from a2i_al.errors import InvalidInput
from a2i_al.labels.counting.ballots import Ballots
from a2i_al.labels.counting.encoding import Codes
from a2i_al.labels.gold import of_known
from a2i_al.labels.models.beliefs import Decision, Shares, VoteShares
from a2i_al.labels.models.estimation import concluded

# Sums of the same weights in another order differ by less.
_CLOSE = 1e-9


def weighted_majority(
    ballots: Ballots, *, gold: Codes | None = None, weights: Mapping[str, float] | pd.Series | None = None
) -> Decision:
    """Give each item the label that the largest weight of votes names; equal weights are a tie.

    Parameters
    ----------
    ballots : Ballots
        The votes.
    gold : ndarray of shape (n,), int64, optional
        Known labels, -1 where there is none. A worker weighs as much as the share of known items that the worker
        answered right, (right + 1/2) / (answered + 1); one who answered none, as much as the others do on average.
    weights : mapping or Series, optional
        Weight by worker id, 0 or above. By default, and without `gold`, the share of a worker's answers that name the
        label that most gave ("Wawa"), a vote for one of several that lead counting as its part.

    Returns
    -------
    Decision
        The confidence is the label's share of the weights. Where all weigh nothing there is no label.

    Raises
    ------
    InvalidInput
        If a worker has no weight, or one that is negative or no number.

    References
    ----------
    "Worker agreement with aggregate": Appen's confidence score, "How to calculate a confidence score"; crowd-kit's
    `Wawa`.

    Examples
    --------
    >>> from a2i_al.labels.counting.ballots import ballots
    >>> answers = pd.DataFrame({"human_loop_name": ["l"] * 3, "item_id": ["i"] * 3, "worker_id": ["u", "v", "w"],
    ...     "field": ["category"] * 3, "value": ["cat", "dog", "dog"]})
    >>> decision = weighted_majority(ballots(answers, "category"), weights={"u": 0.9, "v": 0.4, "w": 0.4})
    >>> decision.label.tolist(), decision.confidence.round(3).tolist()
    ([0], [0.529])
    """
    if weights is not None:
        weight = _given(ballots, weights)
    elif gold is not None and (gold[ballots.cast.item] >= 0).any():
        weight = _by_gold(ballots, gold)
    else:
        weight = _by_majority(ballots)
    return concluded(ballots, VoteShares(ballots, weight[ballots.cast.worker]), gold, close=_CLOSE)


def _given(ballots: Ballots, weights: Mapping[str, float] | pd.Series) -> Shares:
    if not isinstance(weights, Mapping | pd.Series):
        raise InvalidInput(f"weights is {told(weights)}", expected="a mapping of worker id to weight, or a Series")
    by_worker = {str(worker): weight for worker, weight in weights.items()}
    names = ballots.workers.to_pylist()
    absent = [name for name in names if name not in by_worker]
    if absent:
        raise InvalidInput(
            f"weights lacks {len(absent)} of {len(names)} workers, first {absent[0]!r}",
            expected="a number, 0 or above, for every worker who answered",
        )
    out = floats("weights", [by_worker[name] for name in names])
    wrong = ~(np.isfinite(out) & (out >= 0))
    if wrong.any():
        at = int(wrong.argmax())
        raise InvalidInput(f"worker {names[at]!r} weighs {out[at]}", expected="a number, 0 or above")
    return out


def _by_gold(ballots: Ballots, gold: Codes) -> Shares:
    right, asked = of_known(ballots, gold)
    weight = (right + 0.5) / (asked + 1)
    weight[asked == 0] = weight[asked > 0].mean()
    return np.asarray(weight)


def _by_majority(ballots: Ballots) -> Shares:
    cast, counted, k = ballots.cast, ballots.tallies, max(len(ballots.classes), 1)
    _, cell, votes = np.unique(cast.item * k + cast.vote, return_inverse=True, return_counts=True)
    leads = votes[cell] == counted.most[cast.item]
    # Of each item, the votes for labels that lead: as many for each, so their number by one label's is theirs.
    leaders = np.bincount(cast.item, weights=leads, minlength=len(ballots.items)) / np.maximum(counted.most, 1)
    hits = np.divide(leads, leaders[cast.item], out=np.zeros(len(leads)), where=leads)
    workers = len(ballots.workers)
    given = np.bincount(cast.worker, minlength=workers)
    return np.asarray(np.bincount(cast.worker, weights=hits, minlength=workers) / np.maximum(given, 1))
