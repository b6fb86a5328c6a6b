"""The answers and loops tables in; one row per form that somebody sent in, with its times, out."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from a2i_al.errors import ComparisonWarning
from a2i_al.tables import TIME

DURATIONS = {
    "pick_up": "from the loop's start until a worker opened it, seconds",
    "answer": "from opening until sending in, seconds",
    "turnaround": "from the loop's start until sending in, seconds",
}


def submissions(answers: pd.DataFrame, loops: pd.DataFrame | None) -> pd.DataFrame:
    """Reduce checked answers to one row per human loop and worker.

    Parameters
    ----------
    answers : DataFrame
        An answers table that `ANSWERS.check` gave: a row per field of the form.
    loops : DataFrame or None
        A loops table that `LOOPS.check` gave.

    Returns
    -------
    DataFrame
        `human_loop_name`, `item_id`, `worker_id`, `accepted_at`, `submitted_at`, `created_at`, and the `DURATIONS` in
        seconds; missing where a time is. Where the worker's opening was not written, it is what the seconds of work
        before sending in make it.

    Warns
    -----
    ComparisonWarning
        If a clock went backwards: durations below 0 count as missing.
    """
    first = answers.sort_values(["human_loop_name", "worker_id", "field"]).drop_duplicates(
        ["human_loop_name", "worker_id"]
    )
    columns = ["human_loop_name", "item_id", "worker_id", "accepted_at", "submitted_at", "seconds"]
    table = first[columns].reset_index(drop=True)
    worked = pd.to_timedelta(table["seconds"], unit="s")
    opened = table["accepted_at"].fillna((table["submitted_at"] - worked).astype(TIME))
    created = pd.Series(pd.NaT, index=table.index, dtype=TIME)
    if loops is not None:
        created = (
            loops.set_index("human_loop_name")["created_at"].reindex(table["human_loop_name"]).set_axis(table.index)
        )
    table = table.assign(accepted_at=opened, created_at=created).drop(columns="seconds")
    spans = {
        "pick_up": opened - created,
        "answer": worked.fillna(table["submitted_at"] - opened),
        "turnaround": table["submitted_at"] - created,
    }
    seconds = {name: span.dt.total_seconds() for name, span in spans.items()}
    backwards = sum(int((span < 0).sum()) for span in seconds.values())
    if backwards:
        warnings.warn(
            f"{backwards} durations are below 0, as if clocks had gone backwards: they count as missing",
            ComparisonWarning,
            stacklevel=3,
        )
    return table.assign(**{name: span.where(span >= 0) for name, span in seconds.items()})


def quantiles(seconds: pd.Series) -> dict[str, float]:
    """Return how many durations are known and not, and their mean, median, 90th and 95th percentile and maximum.

    Examples
    --------
    >>> quantiles(pd.Series([1.0, 3.0, None]))["median"]
    2.0
    """
    known = seconds.dropna().to_numpy(dtype=float)
    points = np.quantile(known, [0.5, 0.9, 0.95, 1]) if len(known) else np.full(4, np.nan)
    mean = float(known.mean()) if len(known) else np.nan
    names = ("median", "p90", "p95", "max")
    counts = {"n": len(known), "missing": len(seconds) - len(known), "mean": mean}
    return counts | dict(zip(names, map(float, points), strict=True))
