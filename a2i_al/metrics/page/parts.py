"""Tables, pictures and headline numbers in, their HTML out. Everything from the data is escaped."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from a2i_al.metrics.displays.figure import FigureDisplay, drawn
from a2i_al.metrics.page.style import CSS


def document(title: str, *content: str) -> str:
    """Return a whole page.

    Examples
    --------
    >>> "<title>Week 3</title>" in document("Week 3", paragraph("All is well."))
    True
    """
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
    return (
        f'<!doctype html><html lang="en"><head>{head}<style>{CSS}</style></head>'
        f"<body><main>{''.join(content)}</main></body></html>\n"
    )


def heading(title: str) -> str:
    """Return the page's own heading."""
    return f"<h1>{escape(title)}</h1>"


def facts(numbers: Mapping[str, tuple[str, str]]) -> str:
    """Return headline numbers: what it is → the number, and a note on it.

    Examples
    --------
    >>> facts({"Items": ("12", "<compared>")})
    '<dl class="facts"><div><dt>Items</dt><dd><b>12</b><small>&lt;compared&gt;</small></dd></div></dl>'
    """
    cells = (
        f"<div><dt>{escape(what)}</dt><dd><b>{escape(number)}</b>"
        f"{f'<small>{escape(note)}</small>' if note else ''}</dd></div>"
        for what, (number, note) in numbers.items()
    )
    return f'<dl class="facts">{"".join(cells)}</dl>'


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, words: int = 1) -> str:
    """Return a table whose first columns, so many, are words and whose others are numbers.

    Examples
    --------
    >>> table(["class", "n"], [["cat", "3"]]).count("<td>3</td>")
    1
    """
    top = "".join(f'<th scope="col"{_kind(place, words)}>{escape(name)}</th>' for place, name in enumerate(head))
    body = "".join(
        f"<tr>{''.join(f'<td{_kind(place, words)}>{escape(cell)}</td>' for place, cell in enumerate(row))}</tr>"
        for row in rows
    )
    return f'<div class="scroll"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def _kind(place: int, words: int) -> str:
    return " class=text" if place < words else ""


def pair(*shown: str) -> str:
    """Return things side by side where there is room."""
    return f'<div class="pair">{"".join(shown)}</div>'


def figure(display: FigureDisplay, caption: str) -> str:
    """Return a picture, part of the page, with its caption."""
    data = base64.b64encode(drawn(display.figure_, "svg")).decode()
    width = round(display.figure_.get_figwidth() * 96)
    image = f'<img alt="{escape(caption)}" width="{width}" src="data:image/svg+xml;base64,{data}">'
    return f"<figure>{image}<figcaption>{escape(caption)}</figcaption></figure>"


def section(title: str, *parts: str) -> str:
    """Return a section under a heading; none if it has nothing to say."""
    content = "".join(parts)
    return f"<section><h2>{escape(title)}</h2>{content}</section>" if content else ""


def paragraph(text: str, *, soft: bool = False) -> str:
    """Return a paragraph; none without text."""
    return f"<p{' class=soft' if soft else ''}>{escape(text)}</p>" if text else ""
