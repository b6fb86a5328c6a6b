"""A worker task template and one item come in; the page a worker would see goes out, as notebook output that stays."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from a2i_al.templates import preview_page


@dataclass(frozen=True)
class Preview:
    """A task page shown inline.

    The page runs in a frame of its own, without this notebook's cookies, token or DOM, and without the network: nothing
    of the template can reach the kernel. It is plain HTML, so it stays in the saved notebook.

    Attributes
    ----------
    page : str
        The whole HTML document.
    height : int
        Of the frame, pixels.
    """

    page: str
    height: int = 560

    def __repr__(self) -> str:
        return f"Preview({len(self.page):,} characters of HTML; shown inline in a notebook)"

    def _repr_html_(self) -> str:
        return (
            '<iframe title="Preview of the worker task" sandbox="allow-scripts allow-forms"'
            ' referrerpolicy="no-referrer"'
            f' style="width:100%;height:{self.height}px;border:1px solid #8886;border-radius:6px;background:#fff"'
            f' srcdoc="{html.escape(self.page)}"></iframe>'
        )


def preview(
    template: str,
    item: Mapping[str, Any],
    *,
    grant_read_access: Callable[[str], str] | None = None,
    height: int = 560,
) -> Preview:
    """Show the page that a worker would see for an item, in the notebook, without starting anything.

    Parameters
    ----------
    template : str
        Source of the worker task template.
    item : mapping or Series
        What the template reads as ``task.input``.
    grant_read_access : callable, optional
        From ``s3://`` URI to a URL that the page can load.
    height : int
        Of the frame, pixels.

    Raises
    ------
    InvalidTemplate
        If the template does not parse, or cannot be rendered with this item.

    Examples
    --------
    >>> preview("<p>{{ task.input.text }}</p>", {"text": "Good morning"})  # doctest: +ELLIPSIS
    Preview(... characters of HTML; shown inline in a notebook)
    """
    return Preview(preview_page(template, dict(item), grant_read_access=grant_read_access), height)
