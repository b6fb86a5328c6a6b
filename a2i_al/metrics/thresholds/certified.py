"""Confidences and errors of a random sample in, the lowest threshold that keeps a promise about the risk out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.metrics.thresholds.betting import bound, evidence
from a2i_al.metrics.thresholds.risk_coverage import checked_answers
from a2i_al.metrics.weights import checked_weights, finite

Floats = npt.NDArray[np.float64]

# The tests start with so many times the items that a test needs at least: then one error among the very surest does not
# end them all. In simulation that takes more than starting at once, and than several starts that share the level.
_START = 2
# Of weighted answers, whose evidence grows more slowly: in simulation more is taken than with 2, and than with 1.2.
_START_WEIGHTED = 1.5


@dataclass(frozen=True)
class Certified:
    """A threshold with a promise: whatever is at least as sure has a share of errors of at most the target.

    Attributes
    ----------
    threshold : float
        Infinite if none can be promised.
    n, errors : int
        Of the sample, the items that it takes, and the errors among them.
    bound : float
        The risk that is certain not to be exceeded, by the level of the test that certified it: at most the target.
    """

    threshold: float
    n: int
    errors: int
    bound: float


_NOTHING = Certified(np.inf, 0, 0, float("nan"))


def certified_threshold(
    confidence: npt.ArrayLike,
    errors: npt.ArrayLike,
    *,
    target_error: float,
    level: float = 0.95,
    thresholds: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    largest_weight: float | None = None,
) -> Certified:
    """Return the lowest threshold for which the risk is at most the target, with a finite-sample guarantee.

    Parameters
    ----------
    confidence : array-like of shape (n,)
        Of a uniform random sample of the stream, or with `weights` of another.
    errors : array-like of shape (n,)
        0 or 1: whether people found the answers wrong.
    target_error : float
        The most of the answers taken without review that may be wrong, between 0 and 1.
    level : float, default 0.95
        In so many of all samples, at least, the promise holds for the stream that the sample is from, whatever the
        model, the errors, and the size of the sample.
    thresholds : array-like, optional
        Candidates, such as the confidences of the whole pool; fixed before the sample is drawn the guarantee is exact.
        By default the confidences that occur in the sample: then it holds in simulation, and by no proof.
    weights : array-like of shape (n,), optional
        Of draws with unequal chances, 1 / inclusion probability.
    largest_weight : float, optional
        The largest that any item could have had. By default the largest of the sample: then the guarantee holds in
        simulation, and by no proof. The larger it is by the others, the more labels a promise takes.

    Returns
    -------
    Certified

    Raises
    ------
    InvalidInput
        If an error is neither 0 nor 1, or a share is out of range.

    Notes
    -----
    Learn then test: for each threshold, from the highest, the hypothesis that the risk of what it takes exceeds the
    target is tested with Clopper and Pearson's bound, and the first that cannot be rejected ends the sequence; by the
    fixed order all of the rejected are right together with the level of one test. Where the sequence starts goes by the
    number of items, not by their errors: twice what a test needs at least, log(1 − level)/log(1 − target). With fewer
    than that once, nothing can be promised: 59 for 5 % with a level of 95 %. Counts of unequal draws have no known
    distribution; with weights each test is a bet (`a2i_al.metrics.thresholds.betting`), which takes about twice as
    many labels, as a bet must be safe against the largest weight.

    References
    ----------
    A. Angelopoulos, S. Bates, E. Candès, M. Jordan and L. Lei, "Learn then test: calibrating predictive algorithms to
    achieve risk control", Annals of Applied Statistics, 2025 (arXiv 2110.01052); for one threshold Y. Geifman and R.
    El-Yaniv, NeurIPS 2017.

    Examples
    --------
    Two hundred answers; the hundred that the model is surest of are right, of the others every fourth is wrong:

    >>> sure, wrong = np.linspace(1, 0.5, 200), np.r_[np.zeros(100), np.tile([0, 0, 0, 1], 25)]
    >>> found = certified_threshold(sure, wrong, target_error=0.1)
    >>> found.n, found.errors, round(found.bound, 3)
    (127, 6, 0.091)
    """
    sure, wrong = checked_answers(confidence, errors)
    _check(wrong, target_error, level)
    grid = np.unique(sure if thresholds is None else finite(thresholds, "thresholds"))[::-1]
    order = np.argsort(-sure, kind="stable")
    sure, wrong = sure[order], wrong[order]
    taken = np.searchsorted(-sure, -grid, side="right")
    if weights is not None:
        heavy = checked_weights(weights, len(sure))[order]
        most = float(heavy.max())
        expected = f"at least the sample's, {most:g}"
        largest = most
        if largest_weight is not None:
            largest = arguments.number("largest_weight", largest_weight, lambda weight: weight >= most, expected)
        return _by_bets(heavy, wrong, grid, taken, target_error, level, largest)
    return _by_counts(wrong, grid, taken, target_error, level)


def _by_counts(wrong: Floats, grid: Floats, taken: npt.NDArray[np.intp], target: float, level: float) -> Certified:
    from scipy.special import betaincinv  # noqa: PLC0415 - a third of a second to import

    missed = np.concatenate([[0.0], np.cumsum(wrong)])[taken]
    bounds = np.where(missed < taken, betaincinv(missed + 1, np.maximum(taken - missed, 1), level), 1.0)
    least = np.log(1 - level) / np.log1p(-target)
    best = _end(bounds <= target, int(np.searchsorted(taken, min(_START * least, taken[-1]))))
    if best < 0 or not taken[best]:
        return _NOTHING
    return Certified(float(grid[best]), int(taken[best]), int(missed[best]), float(bounds[best]))


def _by_bets(  # noqa: PLR0917 - sorted arrays
    weights: Floats,
    wrong: Floats,
    grid: Floats,
    taken: npt.NDArray[np.intp],
    target: float,
    level: float,
    largest: float,
) -> Certified:
    told = np.concatenate([[-np.inf], evidence(weights, wrong, target, largest)])[taken]
    # What the evidence would be without an error: by the weights alone, which know nothing of the labels.
    could = np.concatenate([[0.0], np.cumsum(np.log1p(weights * target / (largest * (1 - target))))])[taken]
    enough = -np.log1p(-level)
    best = _end(told >= enough, int(np.searchsorted(could, min(_START_WEIGHTED * enough, could[-1]))))
    if best < 0 or not taken[best]:
        return _NOTHING
    first = slice(taken[best])
    risk = bound(weights[first], wrong[first], level, largest, target)
    return Certified(float(grid[best]), int(taken[best]), int(wrong[first].sum()), risk)


def _end(holds: npt.NDArray[np.bool_], start: int) -> int:
    """Return the last of the unbroken run of rejections from a start on; -1 if there is none."""
    if start >= len(holds) or not holds[start]:
        return -1
    broken = np.flatnonzero(~holds[start:])
    return len(holds) - 1 if not len(broken) else start + int(broken[0]) - 1


def _check(wrong: Floats, target_error: float, level: float) -> None:
    if not np.isin(wrong, (0.0, 1.0)).all():
        raise InvalidInput("an error is neither 0 nor 1", expected="whether the answer is wrong", fix="choose by cost")
    arguments.share("target_error", target_error, such_as=0.05)
    arguments.share("level", level)
