"""The answers table in; how far every two workers agree on what both have answered out."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pandas as pd

from a2i_al.metrics.agreement.chance import plain
from a2i_al.metrics.agreement.kappa import check_weights, kappa
from a2i_al.metrics.agreement.ratings import ratings


def reviewer_agreement(
    answers: pd.DataFrame, field: str, *, weights: str | None = None, categories: Iterable[Any] | None = None
) -> pd.DataFrame:
    """Compare every two workers on the items that both have answered.

    Parameters
    ----------
    answers : DataFrame
        The answers table. A worker's several answers to an item count once, as the latest submitted; empty answers do
        not count.
    field : str
        Name of the form element.
    weights : {None, "linear", "quadratic"}
        Of kappa, see `cohen_kappa`.
    categories : iterable, optional
        All answers that the page offers, in ascending order.

    Returns
    -------
    DataFrame
        One row per pair of workers with an item in common, sorted: `worker_a`, `worker_b`, `n` items in common,
        `agreement` (share of them answered alike) and `kappa` (Cohen's, NaN where not defined).

    Raises
    ------
    InvalidTable
        If `answers` is no answers table.
    InvalidInput
        If no answer has that field, or the weights or categories are not what `cohen_kappa` takes.

    Examples
    --------
    >>> answers = pd.DataFrame({"human_loop_name": ["l1", "l1", "l2", "l2"], "item_id": ["i", "i", "j", "j"],
    ...     "worker_id": ["u", "v", "u", "v"], "field": ["ok"] * 4, "value": [True, True, True, False]})
    >>> reviewer_agreement(answers, "ok")
      worker_a worker_b  n  agreement  kappa
    0        u        v  2        0.5    0.0
    """
    check_weights(weights)
    rated = ratings(answers, field, categories, numeric=weights is not None and categories is None)
    rows = [(*some.workers, some.n_items, plain(some), kappa(some, weights)) for some in rated.pairs()]
    table = pd.DataFrame(rows, columns=["worker_a", "worker_b", "n", "agreement", "kappa"])
    return table.astype({"n": "int64", "agreement": "float64", "kappa": "float64"})


def mean_pairwise_agreement(answers: pd.DataFrame, field: str) -> float:
    """Return the share of pairs of answers to the same item that agree, over all items and workers.

    Parameters
    ----------
    answers : DataFrame
        The answers table.
    field : str
        Name of the form element.

    Returns
    -------
    float
        From 0 to 1; NaN where no item has two answers. Every pair of answers counts alike, so two workers with many
        items in common weigh more than two with few.

    Raises
    ------
    InvalidTable, InvalidInput
        As `reviewer_agreement`.

    Examples
    --------
    >>> answers = pd.DataFrame({"human_loop_name": ["l1"] * 3, "item_id": ["i"] * 3, "field": ["label"] * 3,
    ...     "worker_id": ["u", "v", "w"], "value": ["cat", "cat", "dog"]})
    >>> round(mean_pairwise_agreement(answers, "label"), 3)
    0.333
    """
    table = reviewer_agreement(answers, field)
    total = int(table["n"].sum())
    return float((table["agreement"] * table["n"]).sum() / total) if total else math.nan
