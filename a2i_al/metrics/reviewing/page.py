"""What was measured of the reviewing in, the HTML that a notebook shows of it out."""

from __future__ import annotations

import pandas as pd

from a2i_al.metrics import markup
from a2i_al.metrics.wording import count, duration

_WORDS = {"pick_up": "until opened", "answer": "opened until sent in", "turnaround": "start until sent in"}
_MOST_WORKERS = 5


def to_html(title: str, times: pd.DataFrame, workers: pd.DataFrame, backlog: pd.DataFrame | None) -> str:
    """Return times, the busiest workers and the backlog, where one is known."""
    known = [
        (_WORDS[row.duration], str(row.n), duration(row.median), duration(row.p95), duration(row.max))
        for row in times.itertuples()
        if row.n
    ]
    busiest = [
        (row.worker_id, str(row.forms), duration(row.median_seconds))
        for row in workers.head(_MOST_WORKERS).itertuples()
    ]
    more = len(workers) - len(busiest)
    parts = [
        markup.table(known, head=("Time", "n", "median", "95 %", "longest")),
        markup.table(busiest, head=("Worker", "forms", "median time")),
        markup.note(f"and {count(more, 'more worker')}" if more > 0 else ""),
    ]
    if backlog is not None:
        waiting = [
            (row.status, str(row.loops), duration(row.median_age), duration(row.oldest)) for row in backlog.itertuples()
        ]
        head = ("Open loops", "n", "median age", "oldest")
        parts.append(markup.table(waiting, head=head) or markup.note("No loop is open."))
    return markup.frame("operations", title, *parts)
