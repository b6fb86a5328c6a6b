"""The answers table in; every coefficient of agreement with its interval out, per field or per pair of workers."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pandas as pd

from a2i_al import arguments
from a2i_al.metrics.agreement.alpha import LEVELS, alpha
from a2i_al.metrics.agreement.chance import ac1, fleiss, plain
from a2i_al.metrics.agreement.kappa import kappa
from a2i_al.metrics.agreement.ratings import CATEGORIES, Ratings, ratings
from a2i_al.metrics.agreement.resampled import Coefficient, replicates
from a2i_al.metrics.bootstrap import bootstrap_interval
from a2i_al.tables import ANSWERS

_COLUMNS: Final = ["coefficient", "value", "low", "high", "n_items", "n_workers", "n_answers"]


def agreement_table(
    answers: pd.DataFrame,
    fields: str | Iterable[str] | None = None,
    *,
    by: str = "field",
    level: str = "nominal",
    categories: Iterable[object] | None = None,
    confidence: float = 0.95,
    n_resamples: int = 1000,
    random_state: int | np.random.Generator | None = None,
) -> pd.DataFrame:
    """Say how far workers agree, by every usual coefficient, and how sure that is.

    Parameters
    ----------
    answers : DataFrame
        The answers table. A worker's several answers to an item count once, as the latest submitted; empty answers do
        not count.
    fields : str or iterable of str, optional
        Names of form elements; all that were answered by default.
    by : {"field", "pair"}
        A row per field, or per field and every two workers with an item in common.
    level : {"nominal", "ordinal", "interval", "ratio"}
        Of Krippendorff's alpha, see `krippendorff_alpha`. Beyond nominal, Cohen's kappa is weighted: linearly for
        ordinal answers, else quadratically.
    categories : iterable, optional
        All answers that the page offers, in ascending order.
    confidence : float, default 0.95
        Of the intervals, between 0 and 1.
    n_resamples : int, default 1000
        Times that the items are drawn anew, with replacement; 0 leaves the intervals out, which are a tenth of a
        second for each pair of workers.
    random_state : int or Generator, optional
        Makes the intervals repeatable.

    Returns
    -------
    DataFrame
        `field`, for pairs `worker_a` and `worker_b`, `coefficient` (``agreement``: the share of pairs of answers that
        are equal, every item alike; ``krippendorff_alpha``, ``gwet_ac1``; ``fleiss_kappa`` per field,
        ``cohen_kappa`` per pair), `value`, `low` and `high` (bootstrap percentiles; NaN where a coefficient is
        defined in fewer than half of the draws), `n_items` with two answers or more, `n_workers`, `n_answers`.

    Raises
    ------
    InvalidTable, InvalidInput
        If `answers` is no answers table, no answer has a field, or an argument is out of range.

    References
    ----------
    B. Efron, R. Tibshirani, "An Introduction to the Bootstrap", 1993, section 13.3. Whole items are drawn: answers to
    one item are not independent.

    Examples
    --------
    >>> answers = pd.DataFrame({"human_loop_name": list("iijjkk"), "item_id": list("iijjkk"), "field": "ok",
    ...     "worker_id": list("uvuvuv"), "value": ["y", "y", "n", "n", "y", "n"]})
    >>> agreement_table(answers, "ok", n_resamples=0)[["coefficient", "value", "n_items"]].round(3)
              coefficient  value  n_items
    0           agreement  0.667        3
    1  krippendorff_alpha  0.444        3
    2            gwet_ac1  0.333        3
    3        fleiss_kappa  0.333        3
    """
    arguments.one_of("by", by, ("field", "pair"))
    arguments.one_of("level", level, LEVELS)
    arguments.share("confidence", confidence)
    n_resamples = arguments.whole("n_resamples", n_resamples, least=0)
    answers = ANSWERS.check(answers)
    fields = sorted(answers["field"].unique()) if fields is None else fields
    names = [fields] if isinstance(fields, str) else arguments.texts("fields", fields)
    offered = None if categories is None else [*arguments.several("categories", categories, CATEGORIES)]
    coefficients = _coefficients(level, pair=by == "pair")
    draw = arguments.generator(random_state)
    rows: list[tuple[object, ...]] = []
    for name in names:
        rated = ratings(answers, name, offered, numeric=level != "nominal" and offered is None)
        for some in rated.pairs() if by == "pair" else [rated]:
            lows, highs = _ends(some, [*coefficients.values()], confidence, n_resamples, draw, pair=by == "pair")
            counts = (int((some.raters_per_item > 1).sum()), len(some.workers), len(some.items))
            who = some.workers if by == "pair" else ()
            for (label, coefficient), low, high in zip(coefficients.items(), lows, highs, strict=True):
                rows.append((name, *who, label, coefficient(some, None), low, high, *counts))
    columns = ["field", *(["worker_a", "worker_b"] if by == "pair" else []), *_COLUMNS]
    numbers = dict.fromkeys(_COLUMNS[1:4], "float64") | dict.fromkeys(_COLUMNS[4:], "int64")
    return pd.DataFrame(rows, columns=columns).astype(numbers)


def _coefficients(level: str, *, pair: bool) -> dict[str, Coefficient]:
    found: dict[str, Coefficient] = {
        "agreement": plain,
        "krippendorff_alpha": lambda rated, often: alpha(rated, level, often),
        "gwet_ac1": ac1,
    }
    if pair:
        weights = {"nominal": None, "ordinal": "linear"}.get(level, "quadratic")
        return found | {"cohen_kappa": lambda rated, often: kappa(rated, weights, often)}
    return found | {"fleiss_kappa": fleiss}


def _ends(
    rated: Ratings,
    coefficients: list[Coefficient],
    confidence: float,
    n_resamples: int,
    draw: np.random.Generator,
    *,
    pair: bool,
) -> tuple[Any, Any]:
    """Return the ends of each coefficient's interval."""
    if not n_resamples or not rated.n_items:
        return (missing := [math.nan] * len(coefficients)), missing
    return bootstrap_interval(replicates(rated, coefficients, n_resamples, draw, ordered=pair), confidence)
