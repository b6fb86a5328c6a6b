"""Two raters' answers to the same items in, Cohen's kappa out: equal or not, or weighted by how far apart they are."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pandas as pd

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.labels.counting.votes import as_text
from a2i_al.metrics.agreement.ratings import Floats, Ratings, ratings

WEIGHTS: Final = ("linear", "quadratic")


def cohen_kappa(
    a: Iterable[Any], b: Iterable[Any], *, weights: str | None = None, categories: Iterable[Any] | None = None
) -> float:
    """Measure how far two raters agree beyond what their own label frequencies make likely by chance.

    Parameters
    ----------
    a, b : iterable of labels, of one length
        What either says of the same items in the same order. Compared as text.
    weights : {None, "linear", "quadratic"}
        What a disagreement costs: the same always, or by how many categories lie between the two (squared). Weighted,
        the labels are numbers, or `categories` gives their order.
    categories : iterable, optional
        All labels, in ascending order. By default those that occur.

    Returns
    -------
    float
        1 for full agreement, 0 for what chance gives, negative below that. NaN where it is not defined: without
        items, and where both use one and the same class throughout, so that chance alone explains everything (as in
        scikit-learn). Two raters of one class each that differ have kappa 0.

    Raises
    ------
    InvalidInput
        If the lengths differ, a label is missing or none of `categories`, the weights are unknown, or weighted labels
        have no order.

    References
    ----------
    J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20(1), 1960;
    "Weighted kappa", Psychological Bulletin 70(4), 1968.

    Examples
    --------
    >>> cohen_kappa(["cat", "cat", "dog", "dog"], ["cat", "dog", "dog", "dog"])
    0.5
    >>> round(cohen_kappa([1, 2, 3, 4], [1, 2, 4, 4], weights="quadratic"), 3)
    0.917
    """
    check_weights(weights)
    for name, rater in (("a", a), ("b", b)):
        arguments.able(name, rater, "__iter__", "the labels that a rater gave, one per item")
    first, second = pd.Series(list(a), dtype=object), pd.Series(list(b), dtype=object)
    if len(first) != len(second):
        raise InvalidInput(f"a has {len(first)} labels and b has {len(second)}", expected="one of each per item")
    labels = np.stack([first.to_numpy(), second.to_numpy()])
    rated = ratings(labels, categories=categories, numeric=weights is not None and categories is None)
    if len(rated.items) < labels.size:
        missing = first.map(as_text).isna() | second.map(as_text).isna()
        raise InvalidInput(
            f"{int(missing.sum())} of {len(missing)} pairs lack a label, first pair {int(missing.idxmax())}",
            expected="a label from both raters for every item",
            fix="leave such items out of both",
        )
    return kappa(rated, weights)


def check_weights(weights: str | None) -> None:
    """Refuse weights that there are not.

    Raises
    ------
    InvalidInput
        Naming those that there are.

    Examples
    --------
    >>> check_weights("linear")
    """
    if weights is not None:
        arguments.one_of("weights", weights, WEIGHTS)


def kappa(rated: Ratings, weights: str | None = None, often: Floats | None = None) -> float:
    """Return kappa of two raters who both have rated every item, each counted `often` times; see `cohen_kappa`."""
    ours, theirs = np.zeros((2, rated.n_items), dtype=np.intp)
    for codes, who in ((ours, rated.raters == 0), (theirs, rated.raters == 1)):
        codes[rated.items[who]] = rated.classes[who]
    size = rated.n_classes
    table = np.bincount(ours * size + theirs, often, size**2).reshape(size, size).astype(np.float64)
    n = table.sum()
    here, there = table.sum(axis=1), table.sum(axis=0)
    # Both of one class throughout: this, and no rounded sum, is what makes chance explain everything.
    if n == 0 or np.count_nonzero(here + there) == 1:
        return math.nan
    apart = np.abs(np.subtract.outer(np.arange(size), np.arange(size)))
    cost = {None: apart > 0, "linear": apart, "quadratic": apart**2}[weights]
    return 1 - float(n * (cost * table).sum() / (here @ cost @ there))
