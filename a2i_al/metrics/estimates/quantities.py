"""The name of a metric and a pool in; each item's value, what the model expects it to be, and the metric's name out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al.errors import InvalidInput
from a2i_al.metrics.estimates.means import NUMBER, SHARE, Scale
from a2i_al.metrics.weights import numbers

Floats = npt.NDArray[np.float64]

RATES = ("error", "accuracy")
RATIOS = ("recall", "precision", "f1", "macro_f1")


@dataclass(frozen=True)
class Quantity:
    """What is to be averaged over the pool.

    Attributes
    ----------
    name : str
        For the reader.
    numbers : ndarray of shape (N,), float64
        NaN where there is no label.
    proxy : ndarray of shape (N,), float64, or None
        What the model expects, of every item.
    scale : Scale
        What the values can be.
    """

    name: str
    numbers: Floats
    proxy: Floats | None
    scale: Scale


def quantity(pool: pd.DataFrame, metric: str, proxy: str | npt.ArrayLike | None) -> Quantity:
    """Return a metric's value for every labelled item, and the model's own expectation of it for all.

    Parameters
    ----------
    pool : DataFrame
        One row per item: the predictions, and `label` and other columns of the labels, missing where there is none.
    metric : str
        ``"error"``, ``"accuracy"``, ``"share of <label>"``, or a column of numbers that came with the labels.
    proxy : str, array-like or None
        ``"auto"``, a column of the predictions, N numbers, or None.

    Raises
    ------
    InvalidInput
        If there is no such metric or column, or it holds no numbers.
    """
    if metric in RATES:
        wrong = (pool["label"] != pool["predicted_label"]).to_numpy(dtype=np.float64)
        values = wrong if metric == "error" else 1 - wrong
        expected = confidences(pool)
        expected = expected if expected is None or metric == "accuracy" else 1 - expected
        return Quantity(f"{metric} rate" if metric == "error" else metric, values, _proxy(pool, proxy, expected), SHARE)
    if metric.startswith("share of "):
        label = metric.removeprefix("share of ")
        known = sorted({*pool["label"].dropna(), *pool["predicted_label"].dropna()})
        if label not in known:
            raise InvalidInput(f"no item is {label!r}", expected=f"one of {', '.join(map(repr, known[:12]))}")
        values = (pool["label"] == label).to_numpy(dtype=np.float64)
        return Quantity(metric, values, _proxy(pool, proxy, probability_of(pool, label)), SHARE)
    if metric not in pool.columns:
        raise InvalidInput(
            f"there is no metric {metric!r}",
            expected=f"one of {', '.join(map(repr, (*RATES, *RATIOS)))}, 'share of <label>', or a column of the labels",
        )
    values = numbers(pool[metric], f"the labels' {metric!r} values", len(pool))
    seen = values[pool["label"].notna() & ~np.isnan(values)]
    # Numbers from 0 to 1 in the sample need not be so in the pool; zeros and ones are outcomes.
    is_share = bool(np.isin(seen, (0, 1)).all())
    return Quantity(metric, values, _proxy(pool, proxy, None), SHARE if is_share else NUMBER)


def confidences(pool: pd.DataFrame) -> Floats | None:
    """Return the model's confidence in its answers; None if one is missing.

    Raises
    ------
    InvalidInput
        If one is outside 0 to 1.
    """
    values = pool["confidence"].to_numpy(dtype=np.float64)
    if np.isnan(values).any():
        return None
    outside = (values < 0) | (values > 1)
    if outside.any():
        raise InvalidInput(
            f"{int(outside.sum())} confidences are outside 0 to 1, such as {values[outside.argmax()]:g}",
            expected="probabilities",
        )
    return np.asarray(values)


def probability_of(pool: pd.DataFrame, label: str) -> Floats | None:
    """Return the model's probability of a label for every item: its column, or what the confidence leaves for it."""
    if f"proba_{label}" in pool.columns:
        values = pool[f"proba_{label}"].to_numpy(dtype=np.float64)
        return None if np.isnan(values).any() else np.asarray(values)
    confident = confidences(pool)
    if confident is None:
        return None
    others = max(pool["predicted_label"].nunique() - 1, 1)
    return np.where(pool["predicted_label"] == label, confident, (1 - confident) / others)


def _proxy(pool: pd.DataFrame, proxy: str | npt.ArrayLike | None, expected: Floats | None) -> Floats | None:
    if proxy is None:
        return None
    if isinstance(proxy, str):
        if proxy == "auto":
            return expected
        if proxy not in pool.columns:
            raise InvalidInput(f"the predictions have no column {proxy!r} for a proxy", expected="a column of numbers")
        proxy = pool[proxy].to_numpy()
    values = numbers(proxy, "proxy values", len(pool))
    if not np.isfinite(values).all():
        raise InvalidInput(
            f"the proxy of item {pool.index[int((~np.isfinite(values)).argmax())]!r} is missing or infinite",
            expected="a number for every item of the pool",
        )
    return values
