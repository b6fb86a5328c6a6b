"""Rows come in; a plain-text or an HTML table goes out, for what a terminal and a notebook show of plans and checks."""

from __future__ import annotations

import html
from collections.abc import Sequence


def as_text(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return columns padded to their widest cell; the last one is not padded.

    Examples
    --------
    >>> print(as_text(["kind", "name"], [["role", "r"], ["bucket", "b"]]))
    kind    name
    role    r
    bucket  b
    """
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [heads, *rows]]
    return "\n".join(line.rstrip() for line in lines)


def as_html(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table with its caption; every cell is escaped.

    Examples
    --------
    >>> as_html("Plan", ["name"], [["a<b"]]).count("a&lt;b")
    1
    """
    head = "".join(f"<th style='text-align:left'>{html.escape(cell)}</th>" for cell in heads)
    style = "text-align:left;overflow-wrap:anywhere"
    body = "".join(
        "<tr>" + "".join(f"<td style='{style}'>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    title = f"<caption style='text-align:left;caption-side:top'>{html.escape(caption)}</caption>"
    return f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
