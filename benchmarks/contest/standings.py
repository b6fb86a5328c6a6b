"""Runs in, standings out: areas under the learning curves, ranks, labels to 95 %, and who is worse than random."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy.stats import t as students_t

from contest.race import Run

ENOUGH = 0.95


def areas(runs: Iterable[Run]) -> pd.DataFrame:
    """Return one row per run: data, model, contestant, seed and `area`, the mean height of its learning curve."""
    rows = [
        {
            "data": run.data,
            "model": run.model,
            "contestant": run.contestant,
            "seed": run.seed,
            "area": np.trapezoid(run.accuracy, run.labels) / (run.labels[-1] - run.labels[0]),
        }
        for run in runs
    ]
    return pd.DataFrame(rows)


def against_random(table: pd.DataFrame) -> pd.DataFrame:
    """Return, per data, model and contestant, the mean area, its gain over random seed by seed, and its interval.

    `low` and `high` are the 95 % t-interval of the mean gain; `below` says that even `high` is under 0.
    """
    wide = table.pivot_table(index=["data", "model", "seed"], columns="contestant", values="area")
    gains = wide.sub(wide["random"], axis=0).groupby(["data", "model"])
    mean, n = gains.mean(), gains.count()
    half = gains.std() / np.sqrt(n) * students_t.ppf(0.975, np.maximum(n - 1, 1))
    columns = {"area": wide.groupby(["data", "model"]).mean(), "gain": mean, "low": mean - half, "high": mean + half}
    long = [frame.melt(ignore_index=False, value_name=name) for name, frame in {**columns, "seeds": n}.items()]
    keyed = [frame.reset_index().set_index(["data", "model", "contestant"]) for frame in long]
    result = pd.concat(keyed, axis=1)
    result["below"] = result["high"] < 0
    return result.reset_index()


def ranks(standing: pd.DataFrame) -> pd.Series:
    """Return each contestant's mean rank by area over all sets and models; 1 is best."""
    wide = standing.pivot_table(index=["data", "model"], columns="contestant", values="area")
    return wide.rank(axis=1, ascending=False).mean().sort_values()


def labels_to_enough(runs: Iterable[Run]) -> pd.DataFrame:
    """Return, per data, model and contestant, how many labels its mean curve needs for 95 % of full-data accuracy.

    Between two rounds the curve is taken as straight. NaN where the curve ends below. `of_random` is the share of what
    random needs; NaN where the 20 random labels that everybody starts with are enough, and no choice was made.
    """
    rows = [
        {"data": r.data, "model": r.model, "contestant": r.contestant, "labels": n, "accuracy": a, "full": r.full}
        for r in runs
        for n, a in zip(r.labels, r.accuracy, strict=True)
    ]
    frame = pd.DataFrame(rows)
    mean = frame.groupby(["data", "model", "contestant", "labels"])[["accuracy", "full"]].mean().reset_index()
    needed = {
        key: _first_at(curve["labels"].to_numpy(), curve["accuracy"].to_numpy(), ENOUGH * curve["full"].iloc[0])
        for key, curve in mean.groupby(["data", "model", "contestant"])
    }
    table = pd.Series(needed, name="labels_to_95").rename_axis(["data", "model", "contestant"]).reset_index()
    random = table[table["contestant"] == "random"].set_index(["data", "model"])["labels_to_95"]
    longest = mean.groupby(["data", "model"])["labels"].max()
    # Where random never gets there, the end of its curve is a lower bound: the ratio is then too high, never too low.
    reference = random.fillna(longest.astype(float))
    reference = reference.where(reference > mean["labels"].min())
    table["of_random"] = table["labels_to_95"] / table.set_index(["data", "model"]).index.map(reference)
    return table


def _first_at(labels: np.ndarray, accuracy: np.ndarray, goal: float) -> float:
    over = np.flatnonzero(accuracy >= goal)
    if not len(over):
        return float("nan")
    at = int(over[0])
    if at == 0:
        return float(labels[0])
    share = (goal - accuracy[at - 1]) / (accuracy[at] - accuracy[at - 1])
    return float(labels[at - 1] + share * (labels[at] - labels[at - 1]))
