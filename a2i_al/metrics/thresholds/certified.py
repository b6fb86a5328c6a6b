"""Confidences and errors of a random sample in, the lowest threshold that keeps a promise about the risk out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from a2i_al.errors import InvalidInput
from a2i_al.metrics.thresholds.risk_coverage import checked_answers

Floats = npt.NDArray[np.float64]

# The tests start with so many times the items that a test needs at least: then one error among the very surest does not
# end them all. In simulation that takes more than starting at once, and than several starts that share the level.
_START = 2


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


def certified_threshold(
    confidence: npt.ArrayLike,
    errors: npt.ArrayLike,
    *,
    target_error: float,
    level: float = 0.95,
    thresholds: npt.ArrayLike | None = None,
) -> Certified:
    """Return the lowest threshold for which the risk is at most the target, with a finite-sample guarantee.

    Parameters
    ----------
    confidence : array-like of shape (n,)
        Of a uniform random sample of the stream.
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
    than that once, nothing can be promised: 59 for 5 % with a level of 95 %.

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
    from scipy.special import betaincinv  # noqa: PLC0415 - a third of a second to import

    sure, wrong = checked_answers(confidence, errors)
    _check(wrong, target_error, level)
    grid = np.unique(sure if thresholds is None else np.asarray(thresholds, dtype=np.float64))[::-1]
    order = np.argsort(-sure, kind="stable")
    taken = np.searchsorted(-sure[order], -grid, side="right")
    missed = np.concatenate([[0.0], np.cumsum(wrong[order])])[taken]
    bounds = np.where(missed < taken, betaincinv(missed + 1, np.maximum(taken - missed, 1), level), 1.0)
    least = np.log(1 - level) / np.log1p(-target_error)
    best = _end(bounds <= target_error, int(np.searchsorted(taken, min(_START * least, taken[-1]))))
    if best < 0 or not taken[best]:
        return Certified(np.inf, 0, 0, float("nan"))
    return Certified(float(grid[best]), int(taken[best]), int(missed[best]), float(bounds[best]))


def _end(holds: npt.NDArray[np.bool_], start: int) -> int:
    """Return the last of the unbroken run of rejections from a start on; -1 if there is none."""
    if start >= len(holds) or not holds[start]:
        return -1
    broken = np.flatnonzero(~holds[start:])
    return len(holds) - 1 if not len(broken) else start + int(broken[0]) - 1


def _check(wrong: Floats, target_error: float, level: float) -> None:
    if not np.isin(wrong, (0.0, 1.0)).all():
        raise InvalidInput("an error is neither 0 nor 1", expected="whether the answer is wrong", fix="choose by cost")
    for name, value in (("target_error", target_error), ("confidence", level)):
        if not 0 < value < 1:
            raise InvalidInput(f"{name} is {value}", expected="a share between 0 and 1")
