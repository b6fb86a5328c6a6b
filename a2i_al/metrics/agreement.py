"""Two people's answers to the same items in, how far they agree out: plainly, and beyond what chance explains."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from a2i_al.errors import InvalidInput
from a2i_al.labels.votes import votes
from a2i_al.tables import ANSWERS

_PAIR = ["worker_a", "worker_b"]
_VOTE = ["item_id", "worker_id", "vote"]


def cohen_kappa(a: Iterable[Any], b: Iterable[Any]) -> float:
    """Measure how far two raters agree beyond what their own label frequencies make likely by chance.

    Parameters
    ----------
    a, b : iterable of labels, of one length
        What either says of the same items in the same order. Compared as text.

    Returns
    -------
    float
        1 for full agreement, 0 for what chance gives, negative below that. NaN where it is not defined: without
        items, and where both use one and the same class throughout, so that chance alone explains everything (as in
        scikit-learn). Two raters of one class each that differ have kappa 0.

    Raises
    ------
    InvalidInput
        If the lengths differ or a label is missing.

    References
    ----------
    J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20(1), 1960.

    Examples
    --------
    >>> cohen_kappa(["cat", "cat", "dog", "dog"], ["cat", "dog", "dog", "dog"])
    0.5
    """
    first, second = pd.Series(list(a), dtype=object), pd.Series(list(b), dtype=object)
    if len(first) != len(second):
        raise InvalidInput(f"a has {len(first)} labels and b has {len(second)}", expected="one of each per item")
    missing = first.isna() | second.isna()
    if missing.any():
        raise InvalidInput(
            f"{int(missing.sum())} of {len(missing)} pairs lack a label, first pair {int(missing.idxmax())}",
            expected="a label from both raters for every item",
            fix="leave such items out of both",
        )
    if first.empty:
        return math.nan
    codes, classes = pd.factorize(pd.concat([first, second]).map(str))
    ours, theirs = np.split(codes, 2)
    n = len(ours)
    chance = float(np.bincount(ours, minlength=len(classes)) @ np.bincount(theirs, minlength=len(classes))) / n**2
    observed = float((ours == theirs).mean())
    return math.nan if len(classes) == 1 else (observed - chance) / (1 - chance)


def reviewer_agreement(answers: pd.DataFrame, field: str) -> pd.DataFrame:
    """Compare every two workers on the items that both have answered.

    Parameters
    ----------
    answers : DataFrame
        The answers table. A worker's several answers to an item count once, as the latest submitted; empty answers do
        not count.
    field : str
        Name of the form element.

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
        If no answer has that field.

    Examples
    --------
    >>> answers = pd.DataFrame({"human_loop_name": ["l1", "l1", "l2", "l2"], "item_id": ["i", "i", "j", "j"],
    ...     "worker_id": ["u", "v", "u", "v"], "field": ["ok"] * 4, "value": [True, True, True, False]})
    >>> reviewer_agreement(answers, "ok")
      worker_a worker_b  n  agreement  kappa
    0        u        v  2        0.5    0.0
    """
    answers = ANSWERS.check(answers)
    cast = votes(answers, field).dropna(subset="vote") if len(answers) else pd.DataFrame(columns=_VOTE)
    said = cast[_VOTE].rename(columns={"worker_id": "worker", "vote": "said"})
    pairs = said.merge(said, on="item_id", suffixes=("_a", "_b"))
    pairs = pairs[pairs["worker_a"] < pairs["worker_b"]]
    rows = [
        (*names, len(both), (both["said_a"] == both["said_b"]).mean(), cohen_kappa(both["said_a"], both["said_b"]))
        for names, both in pairs.groupby(_PAIR)
    ]
    table = pd.DataFrame(rows, columns=[*_PAIR, "n", "agreement", "kappa"])
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
