"""Operations in, the HTML that a notebook shows of them out."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from a2i_al.metrics.wording import count, duration

if TYPE_CHECKING:
    from a2i_al.metrics.reviewing.result import Operations

_WORDS = {"pick_up": "until opened", "answer": "opened until sent in", "turnaround": "start until sent in"}
_CELL = "padding:.15em .9em .15em 0;text-align:left;background:none;border:none"
_NUMBER = "padding:.15em .9em .15em 0;text-align:right;background:none;border:none;font-variant-numeric:tabular-nums"
_TABLE = "border-collapse:collapse;margin:.4em 0;color:inherit;font-size:inherit"
_MOST_WORKERS = 5


def to_html(operations: Operations) -> str:
    """Return times, the busiest workers and the backlog; it takes the notebook's own text colour."""
    times = [
        (_WORDS[row.duration], str(row.n), duration(row.median), duration(row.p95), duration(row.max))
        for row in operations.times().itertuples()
        if row.n
    ]
    workers = operations.workers()
    busiest = [
        (row.worker_id, str(row.forms), duration(row.median_seconds))
        for row in workers.head(_MOST_WORKERS).itertuples()
    ]
    more = len(workers) - len(busiest)
    parts = [
        f"<strong>{escape(repr(operations)[len('Operations(') : -1])}</strong>",
        _table(("Time", "n", "median", "95 %", "longest"), times),
        _table(("Worker", "forms", "median time"), busiest),
        f'<p style="opacity:.7;margin:.3em 0">and {count(more, "more worker")}</p>' if more > 0 else "",
    ]
    if operations.loops is not None:
        waiting = [
            (row.status, str(row.loops), duration(row.median_age), duration(row.oldest))
            for row in operations.backlog().itertuples()
        ]
        parts.append(_table(("Open loops", "n", "median age", "oldest"), waiting) or "<p>No loop is open.</p>")
    return f'<div class="a2i-al-operations" style="line-height:1.4">{"".join(parts)}</div>'


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    if not rows:
        return ""
    lines = [_row("th", head), *(_row("td", row) for row in rows)]
    return f'<table style="{_TABLE}">{"".join(lines)}</table>'


def _row(tag: str, cells: tuple[str, ...]) -> str:
    styles = [_CELL, *([_NUMBER] * (len(cells) - 1))]
    shown = (f'<{tag} style="{style}">{escape(text)}</{tag}>' for text, style in zip(cells, styles, strict=True))
    return f"<tr>{''.join(shown)}</tr>"
