"""The importance draw: the more uncertain the likelier, every candidate with a known chance above zero."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from a2i_al.errors import InvalidInput
from a2i_al.sampling.draws.drawn import Drawn

# Closer to 1 than this is certain: floating-point sums of chances go no further.
_CERTAIN = 1 - 1e-12
# The share of the mean score that a sure candidate has at least, in memory and on a stream.
FLOOR = 0.05


def importance(
    proba: npt.NDArray[np.floating[Any]],
    *,
    scores: npt.NDArray[np.floating[Any]] | None = None,
    n: int,
    rng: np.random.Generator,
    score: str | Callable[..., npt.ArrayLike] = "margin",
    floor: float = FLOOR,
) -> Drawn:
    """Draw n candidates with chances in proportion to their scores, so that estimates stay honest.

    Parameters
    ----------
    proba : ndarray of shape (m, k)
        Class probabilities.
    scores : ndarray of shape (m,), optional
        Scores of one's own, finite and at least 0, instead of `score`; `a2i_al.estimation_scores` gives those that make
        an estimate's interval narrow.
    n : int
        How many, at most m.
    rng : numpy.random.Generator
        Source of randomness.
    score : str or callable, default "margin"
        A score strategy that needs `proba` alone, by name or as a function. Its scores must be finite and at least 0.
    floor : float, default 0.05
        Scores below this share of the mean score are raised to it, so that a candidate that the model is sure of has a
        chance too. From 1e-6 to 1. The default's is rounded to the nearest power of two, unless scores are given.

    Returns
    -------
    Drawn
        In random order; the chance of a candidate is min(1, c * score) with the c that makes the chances sum to n.

    Raises
    ------
    InvalidInput
        If the score needs other inputs, a score is negative or infinite, or floor is outside its range.

    Notes
    -----
    O(m log m). The draw is systematic, over the candidates in random order: exactly n, no repeats, and the chances
    hold exactly. What is weighted by 1/chance (Horvitz and Thompson 1952) estimates the pool without bias.

    References
    ----------
    W. Madow, "On the theory of systematic sampling, II", Annals of Mathematical Statistics 20, 1949; as a query
    strategy in A. Beygelzimer, S. Dasgupta and J. Langford, "Importance weighted active learning", ICML 2009.

    Examples
    --------
    >>> drawn = importance(np.array([[0.5, 0.5], [0.99, 0.01], [0.98, 0.02]]), n=1, rng=np.random.default_rng(0))
    >>> drawn.positions.tolist(), drawn.inclusion_probability.round(3).tolist()
    ([0], [0.943])
    """
    if not 1e-6 <= floor <= 1:  # noqa: PLR2004 - sums of chances cannot tell less from nothing
        raise InvalidInput(f"floor is {floor!r}", expected="a share of the mean score, from 1e-6 to 1")
    weights = _checked(_scores(proba, score) if scores is None else scores)
    mean = float(weights.mean())
    # A stream has neither scores nor a floor of the caller's own, and has to give the same chances otherwise.
    lowest = lowest_weight(mean, floor) if scores is None and floor == FLOOR else floor * mean or 1.0
    chances = proportional_chances(np.maximum(weights, lowest), n)
    order = rng.permutation(len(chances))
    certain = chances[order] >= _CERTAIN
    sure, others = order[certain], order[~certain]
    left = n - len(sure)
    if left > 0:
        ends = np.cumsum(chances[others])
        # Rounding aside, the chances of the others sum to what is left.
        ends *= left / ends[-1]
        picked = np.searchsorted(ends, np.arange(left) + rng.random(), side="right")
        sure = np.concatenate([sure, others[np.minimum(picked, len(others) - 1)]])
    positions = rng.permutation(sure).astype(np.intp)
    return Drawn(positions, chances[positions])


def proportional_chances(weights: npt.NDArray[np.float64], n: int) -> npt.NDArray[np.float64]:
    """Return min(1, c * weight) for each candidate, with the c that makes the sum n.

    Parameters
    ----------
    weights : ndarray of shape (m,), float64
        Positive, m >= n.
    n : int
        The sum of the chances.

    Returns
    -------
    ndarray of shape (m,), float64

    Examples
    --------
    >>> proportional_chances(np.array([8.0, 1.0, 1.0]), 2).tolist()
    [1.0, 0.5, 0.5]
    """
    if n == len(weights):
        return np.ones(n)
    ranked = np.sort(weights)[::-1]
    rest = np.cumsum(ranked[::-1])[::-1]
    # The first of the ranked whose chance is below 1 when all before it are certain.
    left = n - np.arange(n)
    certain = int(np.argmax(left * ranked[:n] < rest[:n]))
    return np.asarray(np.minimum(1.0, left[certain] / rest[certain] * weights), dtype=np.float64)


def lowest_weight(mean: float, floor: float) -> float:
    """Return the weight of candidates that score less.

    It is a power of two because a stream, which knows the mean score at its end only, has to be ready for any.

    Parameters
    ----------
    mean : float
        Mean score of all candidates, 0 or more.
    floor : float
        Share of it.

    Returns
    -------
    float
        1.0 where all scores are 0.

    Examples
    --------
    >>> lowest_weight(0.5, 0.05), lowest_weight(0.0, 0.05)
    (0.03125, 1.0)
    """
    return float(2.0 ** round(math.log2(floor * mean))) if floor * mean > 0 else 1.0


def _checked(scores: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.float64]:
    weights = np.asarray(scores, dtype=np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        total = weights.sum()
    if not (np.isfinite(total) and (weights >= 0).all()):
        raise InvalidInput("a score is negative or infinite", expected="0 or more, for chances in proportion to them")
    return weights


def _scores(proba: npt.NDArray[np.floating[Any]], score: str | Callable[..., npt.ArrayLike]) -> npt.NDArray[np.float64]:
    from a2i_al.sampling.registry import resolve  # noqa: PLC0415 - the registry names this module

    strategy = resolve(score)
    if strategy.kind != "score" or strategy.needs != ("proba",):
        raise InvalidInput(
            f"the score {strategy.name!r} is a {strategy.kind} of {', '.join(strategy.needs)}",
            expected="a score that needs proba alone",
        )
    scores = np.asarray(strategy({"proba": proba}), dtype=np.float64)
    # Of our own scores none is below 0 but for a highest probability that is rounded to somewhat more than 1.
    return np.maximum(scores, 0.0) if strategy.is_built_in else scores
