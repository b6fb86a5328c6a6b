"""Compiled passes over all items: what the reviewers' error rates say of each item, and what the items say of them.

A probability leaves a pass as a whole number of 2^-30: sums of whole numbers are exact, so results depend neither on
the order of rows, workers or labels nor on the number of threads. Numba is imported here.
"""

# ruff: noqa: FURB136, PLR1730, PLR0917 - max() looks for NaN when it is compiled; compiled calls are positional

from __future__ import annotations

import math
from typing import Any

import numpy as np

from a2i_al.compute.compiling import compiled

SCALE = 2.0**30

# Items worked on at a time: their scores stay in the first-level cache, and exponentials of many are vectors.
_BLOCK = 128
# Below this, exp() is 0 as far as anything here goes.
_LOWEST = -700.0
# Added to a float and taken off again, it rounds to a whole number; in between, the lowest bits are that number.
_ROUNDING = 1.5 * 2.0**52
_PER_LN2, _LN2_HIGH, _LN2_LOW = 1.4426950408889634, 6.93147180369123816490e-01, 1.90821492927058770002e-10
# Sums of up to k exponentials are multiplied before a logarithm is taken, as often as a float surely holds.
_PRODUCT = 24


def _exponentials(scores: Any, power: Any, bits: Any, size: int) -> None:
    """Replace scores from -700 to 0 by their exponentials: Cody and Waite's reduction, a polynomial, no branch."""
    for at in range(size):
        power[at] = scores[at] * _PER_LN2 + _ROUNDING
    for at in range(size):
        n = power[at] - _ROUNDING
        r = (scores[at] - n * _LN2_HIGH) - n * _LN2_LOW
        high = 1 / 120.0 + r * (1 / 720.0 + r * (1 / 5040.0 + r * (1 / 40320.0 + r / 362880.0)))
        scores[at] = 1.0 + r * (1.0 + r * (0.5 + r * (1 / 6.0 + r * (1 / 24.0 + r * high))))
    for at in range(size):
        bits[at] = (bits[at] + 1023) << 52
    for at in range(size):
        scores[at] *= power[at]


exponentials = compiled(_exponentials, fastmath={"contract", "nsz", "nnan"})


def _lowered(scores: Any, at: int, k: int) -> float:
    """Take the highest of k scores off all of them, and return it."""
    highest = scores[at]
    for label in range(1, k):
        if scores[at + label] > highest:
            highest = scores[at + label]
    for label in range(k):
        low = scores[at + label] - highest
        scores[at + label] = low if low > _LOWEST else _LOWEST
    return highest  # type: ignore[no-any-return]


lowered = compiled(_lowered)


def _shares(scores: Any, at: int, k: int, gold: int, whole: Any) -> float:
    """Turn k exponentials into whole numbers of 2^-30, and return their sum; what is known is all of it."""
    total = 0.0
    for label in range(k):
        total += scores[at + label]
    if gold >= 0:
        for label in range(k):
            whole[at + label] = 0
        whole[at + gold] = np.int64(SCALE)
        return scores[at + gold]  # type: ignore[no-any-return]
    for label in range(k):
        whole[at + label] = np.int64(scores[at + label] * (SCALE / total) + 0.5)
    return total


shares = compiled(_shares)


def _judged(starts: Any, gold: Any, low: int, high: int, scores: Any, power: Any, whole: Any) -> float:
    """Turn the scores of the items `low` to `high` into shares of each label; return the log-likelihood of their votes.

    Scores are logarithms, k per item; an item without votes has no shares.
    """
    k = len(scores) // _BLOCK
    likelihood, product, factors = 0.0, 1.0, 0
    for item in range(low, high):
        highest = lowered(scores, (item - low) * k, k)
        if starts[item] != starts[item + 1]:
            likelihood += highest
    exponentials(scores, power, power.view(np.int64), (high - low) * k)
    for item in range(low, high):
        at = (item - low) * k
        if starts[item] == starts[item + 1]:
            for label in range(k):
                whole[at + label] = 0
            continue
        product *= shares(scores, at, k, gold[item], whole)
        factors += 1
        if factors == _PRODUCT or product < 1e-200:  # noqa: PLR2004 - far from where floats end
            likelihood, product, factors = likelihood + math.log(product), 1.0, 0
    return likelihood + math.log(product)


judged = compiled(_judged)


def _from_votes(starts: Any, vote: Any, pair: Any, gold: Any, counts: Any, classes: Any) -> None:
    """Count as if every label were as likely as its share of the item's votes: where all iterations begin."""
    k = len(classes)
    whole = np.empty(k, np.int64)
    for item in range(len(starts) - 1):
        first, last = starts[item], starts[item + 1]
        if first == last:
            continue
        whole[:] = 0
        if gold[item] >= 0:
            whole[gold[item]] = np.int64(SCALE)
        else:
            for at in range(first, last):
                whole[vote[at]] += 1
            for label in range(k):
                whole[label] = np.int64(whole[label] * (SCALE / (last - first)) + 0.5)
        for label in range(k):
            classes[label] += whole[label]
        for at in range(first, last):
            for label in range(k):
                counts[pair[at], label] += whole[label]


from_votes = compiled(_from_votes)


def _confusion_scores(starts: Any, pair: Any, logs: Any, prior: Any, first: int, last: int, scores: Any) -> None:
    k = len(prior)
    for item in range(first, last):
        at = (item - first) * k
        for label in range(k):
            scores[at + label] = prior[label]
        for entry in range(starts[item], starts[item + 1]):
            row = pair[entry]
            for label in range(k):
                scores[at + label] += logs[row, label]


confusion_scores = compiled(_confusion_scores)


def _confusion_pass(
    starts: Any, pair: Any, gold: Any, logs: Any, prior: Any, first: int, last: int, counts: Any, classes: Any
) -> float:
    """Add what the items `first` to `last` say of each worker and class; return the log-likelihood of their votes.

    `logs` has a row per worker and label that the worker gave, `pair`, and a column per true label.
    """
    k, likelihood = len(prior), 0.0
    scores, power, whole = np.empty(_BLOCK * k), np.empty(_BLOCK * k), np.empty(_BLOCK * k, np.int64)
    for low in range(first, last, _BLOCK):
        high = low + _BLOCK if low + _BLOCK < last else last
        confusion_scores(starts, pair, logs, prior, low, high, scores)
        likelihood += judged(starts, gold, low, high, scores, power, whole)
        for item in range(low, high):
            at = (item - low) * k
            for label in range(k):
                classes[label] += whole[at + label]
            for entry in range(starts[item], starts[item + 1]):
                row = pair[entry]
                for label in range(k):
                    counts[row, label] += whole[at + label]
    return likelihood


def _coin_scores(
    starts: Any, worker: Any, vote: Any, gain: Any, prior: Any, first: int, last: int, scores: Any
) -> None:
    k = len(prior)
    for item in range(first, last):
        at = (item - first) * k
        for label in range(k):
            scores[at + label] = prior[label]
        for entry in range(starts[item], starts[item + 1]):
            scores[at + vote[entry]] += gain[worker[entry]]


coin_scores = compiled(_coin_scores)


def _coin_pass(
    starts: Any,
    worker: Any,
    vote: Any,
    gold: Any,
    gain: Any,
    prior: Any,
    first: int,
    last: int,
    hits: Any,
    classes: Any,
) -> float:
    """Do as `confusion_pass` where a worker is right by one rate whatever the label; wrong votes are counted apart."""
    k, likelihood = len(prior), 0.0
    scores, power, whole = np.empty(_BLOCK * k), np.empty(_BLOCK * k), np.empty(_BLOCK * k, np.int64)
    for low in range(first, last, _BLOCK):
        high = low + _BLOCK if low + _BLOCK < last else last
        coin_scores(starts, worker, vote, gain, prior, low, high, scores)
        likelihood += judged(starts, gold, low, high, scores, power, whole)
        for item in range(low, high):
            at = (item - low) * k
            for label in range(k):
                classes[label] += whole[at + label]
            for entry in range(starts[item], starts[item + 1]):
                hits[worker[entry]] += whole[at + vote[entry]]
    return likelihood


confusion_pass = compiled(_confusion_pass)
coin_pass = compiled(_coin_pass)
