"""Values with the chances of their items in, Horvitz and Thompson's or Hájek's mean out: the plain formulas."""

from __future__ import annotations

import numpy.typing as npt

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.metrics.weights import checked_chances, numbers


def horvitz_thompson(values: npt.ArrayLike, inclusion_probability: npt.ArrayLike, pool_size: int) -> float:
    """Estimate a pool's mean from drawn items, without any bias: each stands for 1/π items.

    Parameters
    ----------
    values, inclusion_probability : array-like of shape (n,)
        Of the drawn items.
    pool_size : int
        Items in the pool.

    Returns
    -------
    float
        Σ(y/π)/N. It is not within the values' range for certain: a draw that happens to hold many items of small
        chance stands for more items than there are. `hajek` is, and `estimate_mean` has an interval.

    Raises
    ------
    InvalidInput
        If lengths differ, a chance is not above 0 and at most 1, or the pool is smaller than the sample.

    References
    ----------
    D. Horvitz and D. Thompson, Journal of the American Statistical Association 47, 1952.

    Examples
    --------
    >>> horvitz_thompson([1, 0], [0.5, 0.1], 10)
    0.2
    """
    y = numbers(values, "values")
    chances = checked_chances(inclusion_probability, len(y))
    if arguments.whole("pool_size", pool_size, 1) < len(y):
        raise InvalidInput(f"{len(y)} values of a pool of {pool_size}", expected="at least as many items")
    return float((y / chances).sum() / pool_size)


def hajek(values: npt.ArrayLike, inclusion_probability: npt.ArrayLike) -> float:
    """Estimate a pool's mean from drawn items by the mean with weights 1/π; the pool's size need not be known.

    Parameters
    ----------
    values, inclusion_probability : array-like of shape (n,)
        Of the drawn items, at least one.

    Returns
    -------
    float
        Σ(y/π)/Σ(1/π), within the range of the values. Its bias is of order 1/n.

    Raises
    ------
    InvalidInput
        If lengths differ, there is no value, or a chance is not above 0 and at most 1.

    References
    ----------
    J. Hájek in "Foundations of statistical inference", 1971.

    Examples
    --------
    >>> round(hajek([1, 0], [0.5, 0.1]), 4)
    0.1667
    """
    y = numbers(values, "values")
    chances = checked_chances(inclusion_probability, len(y))
    if not len(y):
        raise InvalidInput("there is no value", expected="at least one drawn item")
    return float((y / chances).sum() / (1 / chances).sum())
