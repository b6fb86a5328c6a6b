"""The loops table in; what is open now, and what was open when, out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from a2i_al.tables import TIME

# What the service will not work on any more.
_FINAL = ("Completed", "Failed", "Stopped")


def open_by_status(loops: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """Return what is open, as `Operations.backlog` does."""
    waiting = loops[~loops["status"].isin(_FINAL) & ~(loops["created_at"] > now)]
    age = (now - waiting["created_at"]).dt.total_seconds()
    grouped = age.groupby(waiting["status"].fillna("(missing)"))
    table = pd.DataFrame({"loops": grouped.size(), "median_age": grouped.median(), "oldest": grouped.max()})
    return table.rename_axis("status").reset_index()


def open_over_time(loops: pd.DataFrame, submissions: pd.DataFrame, now: pd.Timestamp, points: int) -> pd.DataFrame:
    """Return how many loops were open at so many times, as `Operations.backlog_over_time` does."""
    began = loops["created_at"]
    answered = submissions.groupby("human_loop_name")["submitted_at"].max()
    last = answered.reindex(loops["human_loop_name"]).set_axis(loops.index)
    over = loops["status"].isin(_FINAL)
    ended = loops["finished_at"].fillna(last).fillna(began).where(over)
    if not began.notna().any():
        return pd.DataFrame({"time": pd.Series(dtype=TIME), "open": pd.Series(dtype="int64"), "finished": 0})
    times = pd.date_range(began.min(), max(now, began.max()), periods=points).as_unit("us")
    starts, ends = (np.sort(side.dropna().to_numpy(dtype="datetime64[us]")) for side in (began, ended))
    at = times.tz_localize(None).to_numpy()
    finished = np.searchsorted(ends, at, side="right")
    return pd.DataFrame(
        {"time": times, "open": np.searchsorted(starts, at, side="right") - finished, "finished": finished}
    )
