"""The cells of a confusion matrix in; accuracy, precision, recall, F1 and kappa, each with its interval, out.

Every score here is a function of the cells' sums of weights that does not change when all of them are doubled. Its
variance comes from its gradient, the delta method, which for weighted draws is the survey samplers' linearisation.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from a2i_al import arguments
from a2i_al.metrics.cells import Cells
from a2i_al.metrics.intervals import effective_n, wilson

Floats = npt.NDArray[np.float64]


class Margins(NamedTuple):
    """What scores are made of: per class, the weight of what both say, of what people say, and of what the model says.

    Attributes
    ----------
    hits, people, model : ndarray of shape (..., k)
    """

    hits: Floats
    people: Floats
    model: Floats

    @classmethod
    def of(cls, sums: Floats) -> Margins:
        """Return those of a matrix, (k, k), people's label per row.

        Examples
        --------
        >>> Margins.of(np.array([[3.0, 1.0], [0.0, 2.0]])).model.tolist()
        [3.0, 3.0]
        """
        return cls(np.diagonal(sums), sums.sum(axis=1), sums.sum(axis=0))

    @classmethod
    def of_cells(cls, sums: Floats, row: npt.NDArray[np.int64], column: npt.NDArray[np.int64], k: int) -> Margins:
        """Return those of the cells that occur: of sums of shape (..., m), each in its row and column of k.

        Examples
        --------
        >>> Margins.of_cells(np.array([[3.0, 1.0]]), np.array([0, 0]), np.array([0, 1]), 2).people.tolist()
        [[4.0, 0.0]]
        """
        from scipy.sparse import csr_array  # noqa: PLC0415  # comes with the first bootstrap

        def into(place: npt.NDArray[np.int64], kept: npt.NDArray[np.bool_] | None = None) -> Floats:
            ones = np.ones(len(place)) if kept is None else kept.astype(np.float64)
            added: Floats = sums @ csr_array((ones, (np.arange(len(place)), place)), shape=(len(place), k))
            return added

        return cls(into(row, row == column), into(row), into(column))


def precision(of: Margins) -> Floats:
    """Return, per class, the share of the model's answers that people confirm."""
    return _over(of.hits, of.model)


def recall(of: Margins) -> Floats:
    """Return, per class, the share of people's answers that the model finds."""
    return _over(of.hits, of.people)


def f1(of: Margins) -> Floats:
    """Return, per class, the harmonic mean of precision and recall."""
    return _over(2 * of.hits, of.people + of.model)


def accuracy(of: Margins) -> Floats:
    """Return the share of items on which both agree."""
    return _over(of.hits.sum(axis=-1), of.people.sum(axis=-1))


def kappa(of: Margins) -> Floats:
    """Return Cohen's kappa."""
    chance = _over((of.people * of.model).sum(axis=-1), of.people.sum(axis=-1) ** 2)
    return 1 - _over(1 - accuracy(of), 1 - chance)


def macro(score: Callable[[Margins], Floats]) -> Callable[[Margins], Floats]:
    """Average over the classes that occur; one that the model never names has precision 0, as in scikit-learn."""

    def averaged(of: Margins) -> Floats:
        occurs = of.people + of.model > 0
        return _over(np.nan_to_num(score(of)).sum(axis=-1), occurs.sum(axis=-1).astype(float))

    return averaged


@dataclass(frozen=True)
class Score:
    """One number about the whole matrix.

    Attributes
    ----------
    value : callable
        Of the margins.
    gradient : callable
        How it moves as each cell of the matrix of sums grows: (k, k) → (k, k).
    share : bool
        Whether it lies between 0 and 1.
    """

    value: Callable[[Margins], Floats]
    gradient: Callable[[Floats], Floats]
    share: bool = True


def _accuracy_gradient(sums: Floats) -> Floats:
    slope: Floats = (np.eye(len(sums)) - accuracy(Margins.of(sums))) / sums.sum()
    return slope


def _recall_gradient(sums: Floats) -> Floats:
    people = sums.sum(axis=1)
    slope: Floats = (np.eye(len(sums)) - recall(Margins.of(sums))[:, None]) / people[:, None] / len(sums)
    return np.nan_to_num(slope, posinf=0, neginf=0)


def _precision_gradient(sums: Floats) -> Floats:
    return _recall_gradient(sums.T).T


def _f1_gradient(sums: Floats) -> Floats:
    whole = sums.sum(axis=0) + sums.sum(axis=1)
    each = f1(Margins.of(sums)) / whole
    slope: Floats = (2 * np.diag(1 / whole) - each[:, None] - each[None, :]) / len(sums)
    return slope


def _kappa_gradient(sums: Floats) -> Floats:
    people, model, n = sums.sum(axis=1), sums.sum(axis=0), sums.sum()
    chance = (people @ model) / n**2
    of_chance = (model[:, None] + people[None, :]) / n**2 - 2 * chance / n
    slope: Floats = (
        _accuracy_gradient(sums) / (1 - chance) - (1 - accuracy(Margins.of(sums))) * of_chance / (1 - chance) ** 2
    )
    return slope


OVERALL = {
    "accuracy": Score(accuracy, _accuracy_gradient),
    "macro_precision": Score(macro(precision), _precision_gradient),
    "macro_recall": Score(macro(recall), _recall_gradient),
    "macro_f1": Score(macro(f1), _f1_gradient),
    "cohen_kappa": Score(kappa, _kappa_gradient, share=False),
}
PER_CLASS = {"precision": precision, "recall": recall, "f1": f1}


def overall_interval(score: Score, cells: Cells, confidence: float = 0.95) -> tuple[float, float, float]:
    """Return a score of these cells and its bounds.

    Parameters
    ----------
    score : Score
        One of `OVERALL`.
    cells : Cells
        Of at least one item; every class occurs.
    confidence : float, default 0.95
        Of the interval.

    Returns
    -------
    value, low, high : float
        NaN where it is not defined: kappa with one class.

    Raises
    ------
    InvalidInput
        If the confidence is out of range.

    Notes
    -----
    For shares the variance goes into Wilson's interval as an effective sample size, so that accuracy without weights
    has Wilson's own; kappa has the normal interval, within -1 to 1.

    References
    ----------
    K. Takahashi, K. Yamamoto, A. Kuchiba and T. Koyama, "Confidence interval for micro-averaged F1 and macro-averaged
    F1 scores", Applied Intelligence 52, 2022.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        value = float(score.value(Margins.of(cells.sums)))
        variance = float((cells.squares * score.gradient(cells.sums) ** 2).sum())
    if score.share:
        kish = float(cells.sums.sum() ** 2 / cells.squares.sum())
        return value, *share_interval(value, variance, kish, confidence)
    half = _z(confidence) * math.sqrt(variance)
    return value, max(value - half, -1.0), min(value + half, 1.0)


def per_class_intervals(cells: Cells, confidence: float = 0.95) -> dict[str, tuple[Floats, Floats, Floats]]:
    """Return the scores of each class with their bounds, under the names of `PER_CLASS`.

    Returns
    -------
    dict of str to (value, low, high), each an ndarray of shape (k,)
        NaN where a score is not defined: the precision of a class that the model never names.
    """
    sums, squares, of = cells.sums, cells.squares, Margins.of(cells.sums)
    both = (sums.sum(axis=1) + sums.sum(axis=0), squares.sum(axis=1) + squares.sum(axis=0))
    once = (both[0] - np.diag(sums), both[1] - np.diag(squares))
    return {
        "precision": _class_interval(cells, precision(of), sums.sum(axis=0), squares.sum(axis=0), confidence),
        "recall": _class_interval(cells, recall(of), sums.sum(axis=1), squares.sum(axis=1), confidence),
        "f1": _class_interval(cells, f1(of), *both, confidence, times=2, once=once),
    }


def _class_interval(
    cells: Cells,
    value: Floats,
    sums: Floats,
    squares: Floats,
    confidence: float,
    *,
    times: int = 1,
    once: tuple[Floats, Floats] | None = None,
) -> tuple[Floats, Floats, Floats]:
    """Bound ``times * hits / sums``; `once` are sums and squares of its items, each counted once."""
    hits = np.diag(cells.squares)
    heavy, heavy_squares = once or (sums, squares)
    spread = hits * times**2 * (1 - value) ** 2 + (squares - times * hits) * value**2
    with np.errstate(divide="ignore", invalid="ignore"):
        variance, kish = spread / sums**2, heavy**2 / heavy_squares
    ends = [share_interval(*one, confidence) for one in zip(value, variance, kish, strict=True)]
    low, high = np.array(ends, dtype=float).reshape(-1, 2).T
    return value, low, high


def share_interval(share: float, variance: float, otherwise: float, confidence: float) -> tuple[float, float]:
    """Return Wilson's interval for a share that varies like this; see `effective_n`.

    Examples
    --------
    >>> share_interval(0.5, 0.0025, 100, 0.95) == wilson(50, 100)
    True
    """
    if math.isnan(share):
        return math.nan, math.nan
    share = min(float(share), 1.0)  # the sums may miss it by a rounding error
    n = effective_n(share, float(variance), float(otherwise))
    return wilson(min(share * n, n), n, confidence)


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + arguments.share("confidence", confidence)) / 2)


def _over(part: Floats, whole: Floats) -> Floats:
    share: Floats = np.full(np.shape(whole), np.nan)
    np.divide(part, whole, out=share, where=np.asarray(whole) != 0)
    return share
