"""Outcomes and a baseline rate in, the evidence that the rate has risen above it out, as the wealth of a bet."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from a2i_al import arguments
from a2i_al.metrics.outcomes import checked_outcomes

Floats = npt.NDArray[np.float64]

# Alternatives that are bet on alike, in log-odds above the baseline: from 10 % → 12.5 % up to 10 % → 45 %.
SHIFTS = (0.25, 0.5, 1.0, 2.0)
# No rate is so certain that one item could refute it.
_LEAST = 1e-6


def log_evidence(outcomes: npt.ArrayLike, baseline: float, *, average_run_length: float | None = None) -> Floats:
    """Return, after every outcome, the logarithm of the evidence that the rate has risen above the baseline by now.

    It is the wealth of somebody who bets that the rate rose, at odds that are fair while it has not: whoever waits for
    it to reach 20 is wrong at most once in 20 streams, however long they wait and however often they look.

    Parameters
    ----------
    outcomes : array-like of bool, shape (..., n)
        In the order of time; several streams at once if it has more dimensions.
    baseline : float
        The rate, or a bound of it, 0 to 1. To look for a fall, give the opposite outcomes and 1 - baseline.
    average_run_length : float, optional
        Bet on every item as the first of the change with a stake of 1, in place of stakes that sum to 1. The evidence
        then reaches average_run_length, without a change, after so many items on average or more: false alarms come,
        but rarely, and changes are found sooner.

    Returns
    -------
    ndarray of float64, shape (..., n)
        Natural logarithm.

    Raises
    ------
    InvalidInput
        If the baseline is no rate.

    Notes
    -----
    For a start j and an alternative p the wealth is the likelihood ratio of p against the baseline over the items from
    j on, a supermartingale for every conditional rate up to the baseline (betting on a bounded mean). It is averaged
    over `SHIFTS`, and over starts with stakes 1 / (j (j + 1)); what is not staked yet, 1 / (n + 1), is kept. So the sum
    is an e-process, and Ville's inequality bounds it. With stakes of 1 it is a Shiryaev-Roberts e-detector.

    References
    ----------
    I. Waudby-Smith and A. Ramdas, "Estimating means of bounded random variables by betting", Journal of the Royal
    Statistical Society B 86, 2024. J. Shin, A. Ramdas and A. Rinaldo, "E-detectors: a nonparametric framework for
    sequential change detection", New England Journal of Statistics in Data Science 2, 2023.

    Examples
    --------
    A rate of 10 % becomes one of 60 %:

    >>> stream = [False] * 40 + [True, True, False, True, True] * 3
    >>> bool(log_evidence(stream, 0.1)[-1] > math.log(20)), bool(log_evidence(stream, 0.1)[39] < 0)
    (True, True)
    """
    arguments.number("baseline", baseline, lambda rate: 0 <= rate <= 1, "a rate, 0 to 1")
    seen = checked_outcomes(outcomes)
    rate = min(max(baseline, _LEAST), 1 - _LEAST)
    # What is not staked before item 1, 2, ..., and after the last.
    kept = 1 / (1 + np.log2(np.arange(1, seen.shape[-1] + 2)))
    stakes = np.zeros(seen.shape[-1]) if average_run_length else np.log(kept[:-1] - kept[1:])
    wealth: Floats = np.full(seen.shape, -np.inf)
    for shift in SHIFTS:
        odds = rate / (1 - rate) * math.exp(shift)
        risen = odds / (1 + odds)
        step = np.where(seen, math.log(risen / rate), math.log((1 - risen) / (1 - rate)))
        walk = np.cumsum(step, axis=-1)
        wealth = np.logaddexp(wealth, walk + np.logaddexp.accumulate(stakes - (walk - step), axis=-1))
    wealth -= math.log(len(SHIFTS))
    return wealth if average_run_length else np.logaddexp(wealth, np.log(kept[1:]))


def likeliest_start(outcomes: npt.ArrayLike, baseline: float) -> int:
    """Return the number of items before the change, if the rate has risen by the end: the likeliest one.

    Parameters
    ----------
    outcomes : array-like of bool, shape (n,)
        Up to the alarm.
    baseline : float
        The rate before.

    Examples
    --------
    >>> likeliest_start([False] * 40 + [True, True, False, True, True] * 3, 0.1)
    40
    """
    seen = checked_outcomes(outcomes)
    rate = min(max(baseline, _LEAST), 1 - _LEAST)
    hits = np.cumsum(seen[::-1])[::-1]
    share = np.clip(hits / np.arange(len(seen), 0, -1), rate, 1 - _LEAST)
    misses = np.arange(len(seen), 0, -1) - hits
    return int(np.argmax(hits * np.log(share / rate) + misses * np.log((1 - share) / (1 - rate))))


def first_alarm(evidence: Floats, threshold: float) -> int | None:
    """Return the index of the first item after which the evidence is at the threshold, or None.

    Parameters
    ----------
    evidence : ndarray of shape (n,)
        As `log_evidence` gives it.
    threshold : float
        1 / alpha, or the average run length.
    """
    reached = evidence >= math.log(threshold)
    return int(reached.argmax()) if reached.any() else None
