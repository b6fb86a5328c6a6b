"""Recall and F1 of the whole pool: ratios of shares that are estimated themselves, by linearisation."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al.metrics.estimates.means import Mean, Scale
from a2i_al.metrics.estimates.plan import Plan, mean_of
from a2i_al.metrics.estimates.quantities import confidences, probability_of

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _Class:
    """One class's ratio, as a function of the shares of hits and of items that are of the class."""

    value: float
    about: float
    deviations: Floats
    expected: Floats | None
    seen: float


def ratio(
    pool: pd.DataFrame, label: str, metric: str, plan: Plan, part: Flags, *, confidence: float, proxy: bool
) -> Mean:
    """Estimate the recall or the F1 of one class over a part of the pool.

    Parameters
    ----------
    pool : DataFrame
        As for `quantity`.
    label : str
        The class.
    metric : str
        ``"recall"`` or ``"f1"``.
    plan, part, confidence
        As for `mean_of`.
    proxy : bool
        Whether the model's probabilities help.

    Returns
    -------
    Mean
        NaN, from 0 to 1, where the class is not among the labels or the predictions of the part.

    Notes
    -----
    A ratio A/B of two means is estimated by that of their estimates, and is off by about the mean of
    (a − (A/B) b)/B: that mean's interval is its interval (Taylor's linearisation). F1 is 2 hits over items predicted
    and items labelled so; how many are predicted is known of the whole pool.

    References
    ----------
    R. Woodruff, Journal of the American Statistical Association 66, 1971.
    """
    one = _of_class(pool, label, metric, plan, part, proxy=proxy)
    if math.isnan(one.value):
        return Mean(math.nan, 0.0, 1.0, 0.0)
    expected = None if one.expected is None else one.value + one.expected
    scale = Scale(about=min(one.about, 1 - 1e-12), events=one.seen)
    found = mean_of(plan, part, one.value + one.deviations, expected, confidence=confidence, scale=scale)
    return Mean(one.value, min(found.low, one.value), max(found.high, one.value), found.slope)


def macro_f1(pool: pd.DataFrame, labels: list[str], plan: Plan, part: Flags, *, confidence: float, proxy: bool) -> Mean:
    """Estimate the mean of the classes' F1 over a part of the pool; classes that nobody named there do not count."""
    each = [_of_class(pool, label, "f1", plan, part, proxy=proxy) for label in labels]
    each = [one for one in each if not math.isnan(one.value)]
    if not each:
        return Mean(math.nan, 0.0, 1.0, 0.0)
    value = float(np.mean([one.value for one in each]))
    deviations = np.mean([one.deviations for one in each], axis=0)
    foreseen = [one.expected for one in each if one.expected is not None]
    expected = value + np.mean(foreseen, axis=0) if len(foreseen) == len(each) else None
    # The added halves of an observation move one class's F1 by 1/K of what they move it alone.
    about = len(each) / math.sqrt(sum(one.about**-2 for one in each))
    scale = Scale(about=min(about, 1 - 1e-12), events=float(np.mean([one.seen for one in each])))
    found = mean_of(plan, part, value + deviations, expected, confidence=confidence, scale=scale)
    return Mean(value, min(found.low, value), max(found.high, value), found.slope)


def _of_class(pool: pd.DataFrame, label: str, metric: str, plan: Plan, part: Flags, *, proxy: bool) -> _Class:
    is_it = (pool["label"] == label).to_numpy(dtype=np.float64)
    said = (pool["predicted_label"] == label).to_numpy(dtype=np.float64)
    chance = probability_of(pool, label) if proxy else None
    sure = None if chance is None else said * (confidences(pool) if f"proba_{label}" not in pool else chance)
    hits, truly = is_it * said, is_it
    hit_share = mean_of(plan, part, hits, sure, confidence=0.95).value
    true_share = max(mean_of(plan, part, truly, chance, confidence=0.95).value, hit_share)
    said_share = float(said[part].mean())
    above, of_said = (2, 1) if metric == "f1" else (1, 0)
    bottom = of_said * said_share + true_share
    seen = float(is_it[part & plan.used].sum())
    if bottom <= 0:
        return _Class(math.nan, 0.0, hits, None, 0.0)
    value = min(above * hit_share / bottom, 1.0)
    deviations = (above * hits - value * (of_said * said + truly)) / bottom
    expected = None
    if chance is not None and sure is not None:
        expected = (above * sure - value * (of_said * said + chance)) / bottom
    return _Class(value, bottom / above, deviations, expected, seen)
