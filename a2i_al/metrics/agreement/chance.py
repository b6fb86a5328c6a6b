"""Ratings by several raters in; Fleiss' kappa and Gwet's AC1 out, which differ in what they hold chance to be."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from a2i_al.metrics.agreement.ratings import Floats, Ratings, ratings


def fleiss_kappa(data: Any, field: str | None = None) -> float:
    """Measure how far several raters agree beyond the chance that all share one set of label frequencies.

    Parameters
    ----------
    data : DataFrame or array
        The answers table, together with `field`; or, without, a matrix with a row per rater and a column per item,
        missing where a rater has not seen the item.
    field : str, optional
        Name of the form element.

    Returns
    -------
    float
        1 for full agreement, 0 for what chance gives. NaN where no item has two ratings, or all are the same. Items
        with a single rating tell nothing of agreement and do not count. Fleiss gives every item as many ratings;
        where items have different numbers of them, each item counts alike, as Gwet extends it.

    Raises
    ------
    InvalidTable, InvalidInput
        If `data` is neither form, or no answer has that field.

    References
    ----------
    J. Fleiss, "Measuring nominal scale agreement among many raters", Psychological Bulletin 76(5), 1971.

    Examples
    --------
    >>> round(fleiss_kappa([["a", "a", "b"], ["a", "b", "b"], ["a", "a", "b"]]), 3)
    0.55
    """
    return fleiss(ratings(data, field))


def gwet_ac1(data: Any, field: str | None = None, *, categories: Iterable[Any] | None = None) -> float:
    """Measure how far several raters agree beyond chance, where nearly all items are of one class too.

    Kappa and alpha fall towards 0 where one class is rare, however well the raters agree; AC1 does not.

    Parameters
    ----------
    data : DataFrame or array
        As for `fleiss_kappa`.
    field : str, optional
        Name of the form element.
    categories : iterable, optional
        All labels that the page offers: chance agreement depends on their number. By default those that occur.

    Returns
    -------
    float
        1 for full agreement, 0 for what chance gives. NaN where no item has two ratings, or there is one category.
        Items with a single rating count for the frequencies of the labels only.

    Raises
    ------
    InvalidTable, InvalidInput
        If `data` is neither form, no answer has that field, or an answer is none of `categories`.

    References
    ----------
    K. Gwet, "Computing inter-rater reliability and its variance in the presence of high agreement", British Journal
    of Mathematical and Statistical Psychology 61(1), 2008.

    Examples
    --------
    >>> both, one, other = ["no"] * 118, ["no"] * 5, ["yes"] * 2
    >>> round(gwet_ac1([both + one + other, both + ["yes"] * 5 + ["no"] * 2]), 3)
    0.941
    """
    return ac1(ratings(data, field, categories))


def fleiss(rated: Ratings, weights: Floats | None = None) -> float:
    """Return Fleiss' kappa of ratings whose items count `weights` times."""
    paired, _, observed = _observed(rated, weights)
    shares = _shares(rated, paired)
    if np.count_nonzero(shares) < 2:  # noqa: PLR2004 - nobody ever chose differently
        return math.nan
    chance = float(shares @ shares)
    return (observed - chance) / (1 - chance)


def ac1(rated: Ratings, weights: Floats | None = None) -> float:
    """Return Gwet's AC1 of ratings whose items count `weights` times."""
    paired, often, observed = _observed(rated, weights)
    if rated.n_classes < 2 or not paired.any():  # noqa: PLR2004 - chance is shared out among the other classes
        return math.nan
    shares = _shares(rated, often)
    chance = float(shares @ (1 - shares)) / (rated.n_classes - 1)
    return (observed - chance) / (1 - chance)


def plain(rated: Ratings, weights: Floats | None = None) -> float:
    """Return the share of pairs of ratings that are equal, in the mean over items: no chance is taken off."""
    return _observed(rated, weights)[2]


def _observed(rated: Ratings, weights: Floats | None) -> tuple[Floats, Floats, float]:
    """Return how often items with two ratings count, and all items, and the mean share of pairs that agree."""
    often = np.ones(rated.n_items) if weights is None else weights
    paired = often * (rated.raters_per_item >= 2)  # noqa: PLR2004
    total = float(paired.sum())
    return paired, often, float((paired * rated.agreeing).sum()) / total if total else math.nan


def _shares(rated: Ratings, often: Floats) -> Floats:
    """Return each class's share of the ratings, every item counted alike whatever its number of raters."""
    return rated.summed(often / rated.raters_per_item) / max(float(often.sum()), 1e-300)
