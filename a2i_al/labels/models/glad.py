"""GLAD: some workers are more able and some items more difficult, and both are estimated together with the labels."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from a2i_al.errors import ConsolidationWarning
from a2i_al.labels.counting.ballots import Ballots
from a2i_al.labels.counting.encoding import Codes
from a2i_al.labels.models.beliefs import Decision, Known, Shares, of_own_votes
from a2i_al.labels.models.estimation import concluded, known_or_none, softmax

# Means of the normal priors, of variance 1, on abilities and on the logarithms of the items' easiness.
_ABLE, _EASY = 1.0, 1.0
_TOLERANCE, _MOST = 1e-4, 500
# Beyond this easiness a vote of anybody able is certain; it keeps exponentials finite.
_EASIEST = 20.0
# Probabilities are whole numbers of 2^-30: sums in another order must not part what is equal.
_SCALE = 2.0**30


@dataclass(frozen=True)
class Abilities:
    """What the model knows of workers and items.

    Attributes
    ----------
    ballots : Ballots
        The votes.
    ability : ndarray of shape (W,), float64
        0 for a worker who guesses, negative for one who is wrong on purpose.
    easiness : ndarray of shape (n,), float64
        Logarithm of how much an item lets abilities show.
    """

    ballots: Ballots
    ability: Shares
    easiness: Shares

    def odds(self) -> Shares:
        """Return the logarithm of the odds that each vote of `ballots.cast` is right."""
        cast = self.ballots.cast
        odds: Shares = self.ability[cast.worker] * np.exp(self.easiness[cast.item])
        return odds

    def posterior(self, first: int, last: int) -> Shares:
        """Return the probability of each label of the items `first` to `last`."""
        cast, k = self.ballots.cast, len(self.ballots.classes)
        entries = slice(cast.starts[first], cast.starts[last])
        item = cast.item[entries]
        odds = self.ability[cast.worker[entries]] * np.exp(self.easiness[item])
        cells = (item - first) * k + cast.vote[entries]
        # A right vote gains its odds, and that it is none of the k - 1 wrong labels.
        gains = np.bincount(cells, weights=odds + np.log(max(k - 1, 1)), minlength=(last - first) * k)
        rows = softmax(np.asarray(gains, dtype=np.float64).reshape(last - first, k))
        return np.rint(rows * _SCALE) / _SCALE

    def able(self, right: Shares) -> Shares:
        """Return abilities that explain better which votes are `right`: one of Newton's steps, for each worker."""
        cast, workers = self.ballots.cast, len(self.ability)
        sigma, ease = _sigmoid(self.odds()), np.exp(self.easiness[cast.item])
        slope = np.bincount(cast.worker, (right - sigma) * ease, workers) - (self.ability - _ABLE)
        bend = np.bincount(cast.worker, sigma * (1 - sigma) * ease * ease, workers) + 1
        ability: Shares = self.ability + slope / bend
        return ability

    def easy(self, right: Shares) -> Shares:
        """Return easinesses that explain better which votes are `right`: a step of Fisher's scoring, for each item."""
        cast, n = self.ballots.cast, len(self.easiness)
        odds = self.odds()
        sigma = _sigmoid(odds)
        slope = np.bincount(cast.item, (right - sigma) * odds, n) - (self.easiness - _EASY)
        bend = np.bincount(cast.item, sigma * (1 - sigma) * odds * odds, n) + 1
        # A step of 1 at most: where the curve is far from a parabola, longer ones overshoot.
        return np.minimum(self.easiness + np.clip(slope / bend, -1, 1), _EASIEST)


def glad(
    ballots: Ballots, *, gold: Codes | None = None, start: Mapping[str, npt.NDArray[Any]] | None = None
) -> Decision:
    """Estimate workers' abilities, items' difficulties and labels together, by generalised expectation-maximisation.

    Parameters
    ----------
    ballots, gold
        As for `dawid_skene`. All labels are equally likely beforehand.
    start : mapping, optional
        What an earlier call `settled`: abilities stay as they are, and only the items are judged.

    Returns
    -------
    Decision
        With `Abilities` as beliefs.

    Warns
    -----
    ConsolidationWarning
        If after 500 steps something still changes.

    References
    ----------
    J. Whitehill et al., "Whose vote should count more: Optimal integration of labels from labelers of unknown
    expertise", NIPS 2009, with its normal priors of mean 1, as in crowd-kit.

    Examples
    --------
    >>> import pandas as pd
    >>> from a2i_al.labels.counting.ballots import ballots
    >>> answers = pd.DataFrame({"human_loop_name": ["l"] * 3, "item_id": ["i"] * 3, "worker_id": ["u", "v", "w"],
    ...     "field": ["category"] * 3, "value": ["cat", "dog", "dog"]})
    >>> glad(ballots(answers, "category")).label.tolist()
    [1]
    """
    known = known_or_none(ballots, gold)
    # Of workers who are new since then nothing is known; their ability is 0.
    before = start["ability"] if start else np.zeros(len(ballots.workers))
    ability = np.where(before == 0, _ABLE, before)
    model = Abilities(ballots, ability, np.full(len(ballots.items), _EASY))
    model = _settled(model, known, judging=bool(start))
    return concluded(ballots, model, gold, ("ability",))


def _settled(model: Abilities, known: Codes, *, judging: bool) -> Abilities:
    for _ in range(_MOST):
        right = of_own_votes(model.ballots, Known(model, known))
        ability = model.ability if judging else model.able(right)
        easiness = Abilities(model.ballots, ability, model.easiness).easy(right)
        moved = (np.abs(ability - model.ability), np.abs(easiness - model.easiness))
        model = Abilities(model.ballots, ability, easiness)
        if max(float(change.max(initial=0)) for change in moved) <= _TOLERANCE:
            return model
    warnings.warn(
        f"glad has not settled after {_MOST} steps: labels that are close may still change",
        ConsolidationWarning,
        stacklevel=6,  # who called consolidate()
    )
    return model


def _sigmoid(x: Shares) -> Shares:
    return np.asarray(0.5 * (1 + np.tanh(0.5 * x)))
