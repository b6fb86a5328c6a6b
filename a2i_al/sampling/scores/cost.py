"""Scores and what each review costs in, the best use of a budget out."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.sampling.probabilities import SUM_TOLERANCE

Scores = npt.NDArray[np.float64]

# A cost of 0.1 is stored a little above 0.1: three of them may cost a budget of 0.3, for all that they sum to more.
_ROUNDING = 2.0**-50


def per_unit_cost(scores: npt.ArrayLike, costs: npt.ArrayLike) -> Scores:
    """Score how useful an item is for what its review costs: its score divided by its cost.

    Parameters
    ----------
    scores : array-like of shape (m,)
        How useful each item is, 0 or more: an amount, since it is divided.
    costs : array-like of shape (m,)
        What each review costs, above 0; in minutes, money or words, as long as all are in the same.

    Returns
    -------
    ndarray of shape (m,), float64

    Raises
    ------
    InvalidInput
        If a score is negative, missing or infinite, a cost is not a finite number above 0, or their numbers differ.

    References
    ----------
    B. Settles, M. Craven and L. Friedland, "Active learning with real annotation costs", NIPS workshop on
    cost-sensitive learning, 2008.

    Examples
    --------
    >>> per_unit_cost([0.9, 0.5], [3.0, 1.0]).round(2).tolist()
    [0.3, 0.5]
    """
    useful, each = _checked(scores, costs)
    # A tiny cost can make it larger than any float; infinite ranks first, as it should.
    with np.errstate(over="ignore"):
        return np.asarray(useful / each)


def within_budget(
    scores: npt.ArrayLike,
    costs: npt.ArrayLike,
    budget: float,
    rng: np.random.Generator | int,
    *,
    n: int | None = None,
    tie_keys: npt.ArrayLike | None = None,
) -> npt.NDArray[np.intp]:
    """Choose items of high total score whose costs together stay within a budget.

    Items are taken by score per unit cost; one that no longer fits is skipped, and cheaper ones behind it still get
    their chance. If beginning with the most useful affordable item comes to a higher total, that is done instead: so
    the total is at least half of the best possible one.

    Parameters
    ----------
    scores : array-like of shape (m,)
        How useful each item is, 0 or more.
    costs : array-like of shape (m,)
        What each review costs, above 0.
    budget : float
        What all reviews together may cost, in the unit of `costs`; infinite for everything.
    rng : numpy.random.Generator or int
        Breaks ties, where there are no keys for it.
    n : int, optional
        Take no more than so many. The half of the best possible is not promised then.
    tie_keys : array-like of shape (m,), optional
        The smaller goes first among items that are worth as much: from `sampling.ids.keys` it is the same in whatever
        order the items come.

    Returns
    -------
    ndarray of shape (chosen,), intp
        Distinct positions, the most useful per unit of cost first; empty if nothing fits.

    Raises
    ------
    InvalidInput
        If a score is negative, missing or infinite, a cost is not a finite number above 0, their numbers differ, or the
        budget or n is negative or missing.

    Notes
    -----
    Time O(m log m). Decimal costs are compared as they are written, in float32 too: three reviews at 0.1 fit a budget
    of 0.3.

    References
    ----------
    G. Dantzig, "Discrete-variable extremum problems", Operations Research 5, 1957, for the order; H. Kellerer, U.
    Pferschy and D. Pisinger, "Knapsack problems", Springer 2004, chapter 2, for the half.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> within_budget([3, 9, 4, 1], [1, 8, 2, 1], 4, rng).tolist()
    [0, 2, 3]
    >>> within_budget([3, 9, 4, 1], [1, 8, 2, 1], 8, rng).tolist()
    [1]
    """
    useful, each = _checked(scores, costs)
    if not budget >= 0 or (n is not None and n < 0):
        raise InvalidInput(f"the budget is {budget!r}, n is {n!r}", expected="0 or more for both")
    # What is written down in float32 is stored less exactly than a budget.
    given = np.asarray(costs).dtype
    limit = budget * (1 + max(_ROUNDING, float(np.finfo(given).eps) if given.kind == "f" else 0.0))
    ties = arguments.generator(rng).permutation(len(useful)) if tie_keys is None else np.asarray(tie_keys)
    order = np.lexsort((ties, -per_unit_cost(useful, each)))
    order = order[each[order] <= limit]
    if not len(order):
        return order.astype(np.intp)
    # From here on an item is its place in this order.
    of_item, cost_of = useful[order], each[order]
    places, most = np.arange(len(order)), len(order) if n is None else n
    single = int(of_item.argmax())
    by_ratio = _taken(places, cost_of, limit, most)
    with_single = _taken(np.concatenate([[single], np.delete(places, single)]), cost_of, limit, most)
    better = math.fsum(of_item[with_single]) > math.fsum(of_item[by_ratio])
    return order[np.sort(with_single if better else by_ratio)].astype(np.intp)


def _taken(places: npt.NDArray[np.intp], costs: Scores, limit: float, most: int) -> npt.NDArray[np.intp]:
    """Go through the items in order and take each that still fits."""
    cheapest = float(costs[places].min())
    chosen: list[int] = []
    # The sum in two parts (Neumaier): exact but for the last digit, however many there are.
    spent = lost = 0.0
    for item, cost in zip(places.tolist(), costs[places].tolist(), strict=True):
        if len(chosen) == most or spent + lost + cheapest > limit:
            break
        if spent + lost + cost > limit:
            continue
        total = spent + cost
        lost += (spent - total) + cost if spent >= cost else (cost - total) + spent
        spent = total
        chosen.append(item)
    return np.array(chosen, dtype=np.intp)


def _checked(scores: npt.ArrayLike, costs: npt.ArrayLike) -> tuple[Scores, Scores]:
    useful, each = np.asarray(scores, dtype=np.float64), np.asarray(costs, dtype=np.float64)
    if useful.ndim != 1 or useful.shape != each.shape:
        raise InvalidInput(
            f"scores has shape {useful.shape}, costs has shape {each.shape}", expected="one number per item in each"
        )
    # The score of a certain item may lie below 0 by as much as its probabilities may sum to more than 1.
    useful = np.where((useful < 0) & (useful >= -SUM_TOLERANCE), 0.0, useful)
    _refuse_first("score", useful, ~(useful >= 0), "0 or more", "add the same number to all, so that useless is 0")
    _refuse_first("cost", each, ~(each > 0), "above 0", "give free reviews a small cost")
    return useful, each


def _refuse_first(what: str, values: Scores, bad: npt.NDArray[np.bool_], bound: str, fix: str) -> None:
    bad = bad | np.isinf(values)
    if bad.any():
        at = int(bad.argmax())
        raise InvalidInput(f"the {what} of item {at} is {values[at]}", expected=f"a finite number, {bound}", fix=fix)
