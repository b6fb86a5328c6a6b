"""Texts in, the plain HTML of a small table and its notes out, for a notebook of any theme; everything is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

_CELL = "padding:.15em .9em .15em 0;text-align:left;background:none;border:none"
_NUMBER = "padding:.15em .9em .15em 0;text-align:right;background:none;border:none;font-variant-numeric:tabular-nums"
# A table takes no colour or size from around it in quirks mode, which some notebook front ends use.
_TABLE = "border-collapse:collapse;margin:.4em 0;color:inherit;font-size:inherit"
_QUIET = "opacity:.7;margin:.3em 0"


def card(
    name: str,
    title: str,
    rows: Iterable[Sequence[str]],
    *,
    head: Sequence[str] = (),
    texts: int = 1,
    notes: Iterable[str] = (),
) -> str:
    """Return a title, a table and notes below it.

    Parameters
    ----------
    name : str
        For the CSS class, ``a2i-al-<name>``.
    title : str
    rows : iterable of sequence of str
        The cells.
    head : sequence of str, optional
        Names of the columns.
    texts : int, default 1
        So many columns are texts, to the left; the others are numbers, to the right.
    notes : iterable of str, optional
        Sentences below the table.

    Examples
    --------
    >>> "&lt;b&gt;" in card("estimate", "<b>", [["all", "5 %"]])
    True
    """
    return frame(name, title, table(rows, head=head, texts=texts), *map(note, notes))


def frame(name: str, title: str, *parts: str) -> str:
    """Return a title and the HTML below it."""
    return f'<div class="a2i-al-{name}" style="line-height:1.4"><strong>{escape(title)}</strong>{"".join(parts)}</div>'


def table(rows: Iterable[Sequence[str]], *, head: Sequence[str] = (), texts: int = 1) -> str:
    """Return a table, its columns as in `card`; none if it has no rows.

    Examples
    --------
    >>> table([], head=["Worker", "forms"])
    ''
    """
    body = "".join(_row("td", cells, texts) for cells in rows)
    return f'<table style="{_TABLE}">{_row("th", head, texts) if head else ""}{body}</table>' if body else ""


def note(text: str) -> str:
    """Return a sentence in a quieter tone; none without text."""
    return f'<p style="{_QUIET}">{escape(text)}</p>' if text else ""


def _row(tag: str, cells: Sequence[str], texts: int) -> str:
    styles = [_CELL if at < texts else _NUMBER for at in range(len(cells))]
    written = (f'<{tag} style="{style}">{escape(text)}</{tag}>' for style, text in zip(styles, cells, strict=True))
    return f"<tr>{''.join(written)}</tr>"
