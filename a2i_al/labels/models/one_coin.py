"""The one-coin model: a worker is right at one rate whatever the label, and otherwise gives any other label alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from a2i_al.labels.counting.ballots import Ballots
from a2i_al.labels.counting.encoding import Codes
from a2i_al.labels.models.beliefs import Decision, Known, Shares, VoteShares, of_own_votes
from a2i_al.labels.models.estimation import checked, concluded, parts, settle, softmax, summed

_SETTLED = ("hits", "misses", "classes")


@dataclass(frozen=True)
class Coins:
    """What the model knows of the workers, and through them of the items.

    Attributes
    ----------
    ballots : Ballots
        The votes.
    hits, misses : ndarray of shape (W,), float64
        How many of the worker's votes are right, and wrong, in expectation.
    classes : ndarray of shape (k,), float64
        How many items are of each label, in expectation.
    smoothing : float
        Right votes, and wrong ones, that every worker is taken to have given before.
    """

    ballots: Ballots
    hits: Shares
    misses: Shares
    classes: Shares
    smoothing: float

    @property
    def given(self) -> Codes:
        """How many votes each worker has given: (W,)."""
        return np.bincount(self.ballots.cast.worker, minlength=len(self.ballots.workers))

    def rates(self) -> Shares:
        """Return how often each worker is right: (W,)."""
        rates: Shares = (self.hits + self.smoothing) / (self.hits + self.misses + 2 * self.smoothing)
        return rates

    def prior(self) -> Shares:
        """Return the logarithms of the labels' frequencies."""
        total = self.classes.sum() + len(self.classes) * self.smoothing
        logs: Shares = np.log((self.classes + self.smoothing) / total)
        return logs

    def gain(self) -> tuple[Shares, Shares]:
        """Return the logarithm of a vote's probability where it is wrong, and what it gains where it is right."""
        wrong = (self.misses + self.smoothing) / (self.hits + self.misses + 2 * self.smoothing)
        other = np.log(wrong) - np.log(max(len(self.classes) - 1, 1))
        return other, np.log(self.rates()) - other

    def posterior(self, first: int, last: int) -> Shares:
        """Return the probability of each label of the items `first` to `last`."""
        from a2i_al.labels.models.kernels import coin_scores  # noqa: PLC0415 - loads the compiler

        cast, k = self.ballots.cast, len(self.classes)
        rows = np.empty((last - first) * k)
        coin_scores(cast.starts, cast.worker, cast.vote, self.gain()[1], self.prior(), first, last, rows)
        return softmax(rows.reshape(-1, k))

    def step(self, gold: Codes) -> tuple[Shares, float]:
        """Return hits, misses and classes that follow from these, and the logarithm of what is maximised, at these."""
        from a2i_al.labels.models.kernels import SCALE, coin_pass  # noqa: PLC0415 - loads the compiler

        cast, k = self.ballots.cast, len(self.classes)
        (other, gain), prior = self.gain(), self.prior()

        def one(part: tuple[int, int]) -> tuple[Codes, Codes, float]:
            hits, classes = np.zeros(len(gain), dtype=np.int64), np.zeros(k, dtype=np.int64)
            return (
                hits,
                classes,
                coin_pass(cast.starts, cast.worker, cast.vote, gold, gain, prior, *part, hits, classes),
            )

        hits, classes, likelihood = summed(one, parts(len(self.ballots.items), len(cast.vote) * k, len(gain)))
        likelihood += float(np.dot(self.given, other))
        right = np.log(self.rates())
        beside = self.smoothing * float((right + other + np.log(max(k - 1, 1))).sum() + prior.sum())
        right_ones = hits / SCALE
        return np.concatenate([right_ones, self.given - right_ones, classes / SCALE]), likelihood + beside


def one_coin(
    ballots: Ballots,
    *,
    gold: Codes | None = None,
    smoothing: float = 0.01,
    start: Mapping[str, npt.NDArray[Any]] | None = None,
) -> Decision:
    """Estimate how often every worker is right and every item's label together, by expectation-maximisation.

    One number per worker, where `dawid_skene` has one for every pair of labels: better where workers have answered
    little or labels are many, and the errors are not systematic.

    Parameters
    ----------
    ballots, gold, start
        As for `dawid_skene`.
    smoothing : float, default 0.01
        Right votes, and wrong ones, that every worker is taken to have given before.

    Returns
    -------
    Decision
        With `Coins` as beliefs, and in `settled` what `start` takes.

    Raises
    ------
    InvalidInput
        If smoothing is not above 0.

    References
    ----------
    Y. Zhang, X. Chen, D. Zhou, M. Jordan, "Spectral methods meet EM", Journal of Machine Learning Research 17, 2016.

    Examples
    --------
    >>> import pandas as pd
    >>> from a2i_al.labels.counting.ballots import ballots
    >>> votes = {"u": "aabbab", "v": "aabbab", "w": "abbaab", "x": "babaaa", "y": "bbbbba"}
    >>> rows = [("l" + str(i), str(i), w, "f", said[i]) for w, said in votes.items() for i in range(6)]
    >>> cast = ballots(pd.DataFrame(rows, columns=["human_loop_name", "item_id", "worker_id", "field", "value"]), "f")
    >>> "".join(cast.class_names[code] for code in one_coin(cast).label)
    'aabbab'
    """
    known, w = checked(ballots, gold, smoothing), len(ballots.workers)

    def model(numbers: Shares) -> Coins:
        return Coins(ballots, numbers[:w], numbers[w : 2 * w], numbers[2 * w :], smoothing)

    if start:
        coins = model(np.concatenate([start[name] for name in _SETTLED]))
    else:
        coins = model(settle(lambda numbers: model(numbers).step(known), _begun(ballots, known), "one_coin"))
    return concluded(ballots, coins, gold, _SETTLED)


def _begun(ballots: Ballots, gold: Codes) -> Shares:
    """Return hits, misses and classes as the shares of the votes have them."""
    from a2i_al.labels.models.kernels import SCALE  # noqa: PLC0415 - loads the compiler

    shares, cast, k = Known(VoteShares(ballots), gold), ballots.cast, len(ballots.classes)
    # Whole numbers of 2^-30 add up to the same in any order.
    right = np.rint(of_own_votes(ballots, shares) * SCALE)
    each = np.rint(SCALE / np.maximum(np.diff(cast.starts), 1))[cast.item]
    classes = np.bincount(cast.vote, weights=each, minlength=k)
    hits, given = (np.bincount(cast.worker, weights=w, minlength=len(ballots.workers)) for w in (right, None))
    return np.concatenate([hits / SCALE, given - hits / SCALE, classes / SCALE])
