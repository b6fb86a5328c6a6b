"""What the model and the reviewers say of each item in; the probability of every class, and what each weighs, out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]
Columns = npt.NDArray[np.intp]

# The least weight of a reviewer or the model, and the least error rate of always answering the same.
_LEAST = 1e-6


@dataclass(frozen=True)
class Answers:
    """All answers, one entry each: the item's row, the reviewer, the class; and how many each of the m items has.

    Every one of the `reviewers` has an answer.
    """

    rows: Columns
    by: Columns
    chosen: Columns
    counts: Columns
    reviewers: int

    def votes(self, classes: int) -> Scores:
        """Return how many answers each class of each item has: (m, k)."""
        cells = np.bincount(self.rows * classes + self.chosen, minlength=len(self.counts) * classes)
        return cells.reshape(-1, classes).astype(np.float64)


@dataclass(frozen=True)
class Consensus:
    """What model and reviewers together say.

    Attributes
    ----------
    posterior : ndarray of shape (m, k), float64
        Probability of each class.
    labels : ndarray of shape (m,), intp
        The consensus that reviewers and model were weighed by.
    weights : ndarray of shape (reviewers,), float64
        Of each reviewer.
    model_weight : float
        Of the model.
    """

    posterior: Scores
    labels: Columns
    weights: Scores
    model_weight: float


def consensus(p: Scores, given: Answers) -> Consensus:
    """Average what the model and the reviewers say, each weighted by how it compares with the others' consensus.

    Parameters
    ----------
    p : ndarray of shape (m, k), float64
        The model's probabilities.
    given : Answers
        Of the reviewers; an item at least has several.

    References
    ----------
    H. W. Goh, U. Tkachenko, J. Mueller, "CROWDLAB: Supervised learning to infer consensus labels and quality scores for
    data with multiple annotators", 2022.

    Examples
    --------
    >>> both = Answers(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([0, 0, 1, 0]), np.array([2, 2]), 2)
    >>> consensus(np.array([[0.9, 0.1], [0.2, 0.8]]), both).labels.tolist()
    [0, 1]
    """
    votes = given.votes(p.shape[1])
    agreement = _agreement(votes, given)
    majority = _majority(votes, p)
    # Once with the majority's labels, to find better ones; then with those.
    posterior, _, _ = _posterior(p, votes, given, agreement, majority)
    highest = posterior.max(axis=1, keepdims=True)
    tied = (posterior == highest).sum(axis=1) > 1
    labels = np.where(tied, majority, posterior.argmax(axis=1))
    posterior, weights, model_weight = _posterior(p, votes, given, agreement, labels)
    return Consensus(posterior, labels, weights, model_weight)


def _posterior(
    p: Scores, votes: Scores, given: Answers, agreement: Scores, labels: Columns
) -> tuple[Scores, Scores, float]:
    """Average what the model and the reviewers say, each weighted by how it compares with the consensus `labels`."""
    m, k = p.shape
    several = given.counts > 1
    consensus = labels[several]
    # How often a reviewer gives the consensus, and how wrong it would be to always give the most common one.
    right = float((votes[several, consensus] / given.counts[several]).mean())
    always_same = max(1 - float(np.bincount(consensus).max()) / len(consensus), _LEAST)
    weights = np.maximum(1 - (1 - agreement) / always_same, _LEAST)
    model_wrong = float((p[several].argmax(axis=1) != consensus).mean())
    model_weight = max(1 - model_wrong / always_same, _LEAST)
    model_weight *= math.sqrt(len(given.rows) / np.count_nonzero(given.counts))
    by_answer = weights[given.by]
    together = np.bincount(given.rows, weights=by_answer, minlength=m)
    for_class = np.bincount(given.rows * k + given.chosen, weights=by_answer, minlength=m * k).reshape(m, k)
    wrong = (1 - right) / (k - 1)
    total = model_weight * p + for_class * right + (together[:, None] - for_class) * wrong
    return total / (together + model_weight)[:, None], weights, model_weight


def _agreement(votes: Scores, given: Answers) -> Scores:
    """Return how often each reviewer agrees with the others who answered the same items."""
    others = given.counts[given.rows] - 1
    alike = votes[given.rows, given.chosen] - 1
    met = np.bincount(given.by, weights=others, minlength=given.reviewers)
    agreed = np.bincount(given.by, weights=alike, minlength=given.reviewers)
    agreement = np.divide(agreed, met, out=np.full(given.reviewers, np.nan), where=met > 0)
    return np.asarray(np.where(met > 0, agreement, agreement[met > 0].mean()))


def _majority(votes: Scores, p: Scores) -> Columns:
    """Return the class with the most votes; of tied ones the model's, then the rarer, then the first."""
    tied = votes == votes.max(axis=1, keepdims=True)
    likely = np.where(tied, p, -1.0)
    tied &= likely == likely.max(axis=1, keepdims=True)
    return np.asarray(np.where(tied, votes.sum(axis=0), np.inf).argmin(axis=1))
