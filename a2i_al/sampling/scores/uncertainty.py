"""Uncertainty scores: rows of class probabilities in, one number per item out, higher meaning more useful to review."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from a2i_al.sampling.probabilities import check_proba
from a2i_al.sampling.scores.exact_sums import exact_sums

Scores = npt.NDArray[np.float64]

# Below this the grid of `exact_sums` shows. So near 0 a row's terms are added up in the order of their size: that
# takes longer, and is no order of the classes either.
_COARSE = 2.0**-20

# The scores that look at a row's highest and second highest probability only, as functions of these.
OF_TWO_HIGHEST: dict[str, Callable[[Scores, Scores], Scores]] = {
    "least_confidence": lambda first, _: 1.0 - first,
    "margin": lambda first, second: 1.0 - (first - second),
    "ratio": lambda first, second: second / first,
}


def least_confidence(proba: npt.ArrayLike) -> Scores:
    """Score how little the model believes its own answer: one minus the highest probability.

    Parameters
    ----------
    proba : array-like of shape (n, k), k >= 2
        Class probabilities.

    Returns
    -------
    ndarray of shape (n,), float64
        From 0 (certain; a trifle less where the row sums to a trifle over 1) to 1 - 1/k (uniform).

    Raises
    ------
    InvalidProbabilities
        If the rows are not class probabilities.

    References
    ----------
    D. Lewis and W. Gale, "A sequential algorithm for training text classifiers", SIGIR 1994.

    Examples
    --------
    >>> least_confidence([[0.5, 0.25, 0.25], [1.0, 0.0, 0.0]]).tolist()
    [0.5, 0.0]
    """
    highest = check_proba(proba).max(axis=1).astype(np.float64)
    return OF_TWO_HIGHEST["least_confidence"](highest, highest)


def margin(proba: npt.ArrayLike) -> Scores:
    """Score how close the two best answers are: one minus the difference of the two highest probabilities.

    Parameters
    ----------
    proba : array-like of shape (n, k), k >= 2
        Class probabilities.

    Returns
    -------
    ndarray of shape (n,), float64
        From 0 (certain; a trifle less where the row sums to a trifle over 1) to 1 (the two best are equally likely).

    Raises
    ------
    InvalidProbabilities
        If the rows are not class probabilities.

    References
    ----------
    T. Scheffer, C. Decomain and S. Wrobel, "Active hidden Markov models for information extraction", IDA 2001.

    Examples
    --------
    >>> margin([[0.5, 0.25, 0.25], [0.5, 0.5, 0.0]]).tolist()
    [0.75, 1.0]
    """
    return OF_TWO_HIGHEST["margin"](*_best_two(check_proba(proba)))


def ratio(proba: npt.ArrayLike) -> Scores:
    """Score how close the two best answers are, as the second highest probability divided by the highest.

    Parameters
    ----------
    proba : array-like of shape (n, k), k >= 2
        Class probabilities.

    Returns
    -------
    ndarray of shape (n,), float64
        From 0 (certain) to 1 (the two best answers are equally likely). Unlike `margin`, it does not change when the
        other classes take probability from both.

    Raises
    ------
    InvalidProbabilities
        If the rows are not class probabilities.

    References
    ----------
    R. Monarch, "Human-in-the-Loop Machine Learning", Manning 2021, section 3.2.3 (ratio of confidence sampling).

    Examples
    --------
    >>> ratio([[0.5, 0.25, 0.25], [0.5, 0.5, 0.0]]).tolist()
    [0.5, 1.0]
    """
    return OF_TWO_HIGHEST["ratio"](*_best_two(check_proba(proba)))


def entropy(proba: npt.ArrayLike) -> Scores:
    """Score how spread out the model's belief is over all classes: Shannon's entropy, in nats.

    Parameters
    ----------
    proba : array-like of shape (n, k), k >= 2
        Class probabilities.

    Returns
    -------
    ndarray of shape (n,), float64
        From 0 (certain) to ln k (uniform), in nats. A probability of 0 adds nothing. The same bit for bit whichever
        classes the probabilities belong to: rows of equal probabilities tie.

    Raises
    ------
    InvalidProbabilities
        If the rows are not class probabilities.

    References
    ----------
    C. Shannon, "A mathematical theory of communication", 1948; as a query strategy in B. Settles, "Active learning
    literature survey", 2009, section 3.1.

    Examples
    --------
    >>> entropy([[0.5, 0.5, 0.0], [1.0, 0.0, 0.0]]).round(4).tolist()
    [0.6931, 0.0]
    """
    p = check_proba(proba).astype(np.float64, order="C")
    # The logarithm of 0 is never taken: those cells stay 0, the limit of p ln p.
    terms = np.log(p, out=np.zeros_like(p), where=p > 0)
    terms *= p
    sums = exact_sums(terms)
    near_zero = np.flatnonzero(sums > -_COARSE)
    if len(near_zero):
        few = np.sort(p[near_zero], axis=1)
        sums[near_zero] = (few * np.log(few, out=np.zeros_like(few), where=few > 0)).sum(axis=1)
    # Rows that sum to a little more than 1 would come out below 0.
    return np.asarray(np.maximum(0.0 - sums, 0.0), dtype=np.float64)


def _best_two(proba: npt.NDArray[np.floating[Any]]) -> tuple[Scores, Scores]:
    best_two = np.partition(proba, -2, axis=1)[:, -2:].astype(np.float64)
    return best_two[:, 1], best_two[:, 0]
