"""A worker task template and items come in; the pages a worker would see go out, as notebook output that stays."""

from __future__ import annotations

import html
import json
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from a2i_al import arguments
from a2i_al.errors import A2IError, InvalidInput
from a2i_al.templates import preview_page
from a2i_al.templates.page import allowed_origins, page_policy, preview_body, preview_shell

_PAGER = Path(__file__).parent / "static" / "pager.html"
# Bytes of packed pages that a list keeps: in base64, what Jupyter's server lets through at once (3 MB in 3 s).
_KEPT = 2_000_000


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


class PreviewList:
    """The task pages of many items, one at a time, with buttons and a field to go through them.

    The pages are made when the list is shown first, and kept packed in the notebook: what is not looked at is never
    laid out, and a reopened notebook still has all of them. An item that cannot be rendered, or whose picture is
    not there, shows why.

    Parameters
    ----------
    template : str
        Source of the worker task template.
    items : DataFrame
        A row per page.
    grant_read_access : callable, optional
        As for `preview`.
    allow_hosts : sequence of str
        As for `preview`.
    height : int
        Of the frame, pixels.
    """

    def __init__(
        self,
        template: str,
        items: pd.DataFrame,
        *,
        grant_read_access: Callable[[str], str] | None = None,
        allow_hosts: Sequence[str] = (),
        height: int = 560,
    ) -> None:
        if items.empty:
            raise InvalidInput("there are no items to show", expected="a DataFrame with at least one row")
        self.template, self.items, self.height = template, items, height
        allowed_origins(allow_hosts)
        self.grant_read_access, self.allow_hosts = grant_read_access, tuple(allow_hosts)
        preview_body(
            template, next(_rows(items))[1], grant_read_access=grant_read_access
        )  # refused now, not when shown

    def __len__(self) -> int:
        return len(self.items)

    def __repr__(self) -> str:
        return f"PreviewList({len(self):,} items; shown inline in a notebook)"

    def _repr_html_(self) -> str:
        return Preview(self.page, self.height)._repr_html_().replace("Preview of the worker task", "Previews", 1)

    @cached_property
    def page(self) -> str:
        """The whole HTML document."""
        document = _PAGER.read_text("utf-8").replace("{policy}", page_policy(allow_hosts=self.allow_hosts))
        return document.replace("{pages}", b64encode(self._packed()).decode())

    def _packed(self) -> bytes:
        """Return the pages as JSON, deflated; as many as may be kept."""
        before, after = preview_shell(allow_hosts=self.allow_hosts)
        stream = zlib.compressobj(6)
        packed = _add(stream, f'{{"before":{json.dumps(before)},"after":{json.dumps(after)},"items":[')
        kept = 0
        for title, row in _rows(self.items):
            trial = stream.copy()
            piece = _add(trial, ("," if kept else "") + json.dumps([title, self._body(row)]))
            if kept and len(packed) + len(piece) > _KEPT:
                break
            stream, packed, kept = trial, packed + piece, kept + 1
        left = len(self) - kept
        note = f" · {left:,} more are too large to be kept here" if left else ""
        return packed + _add(stream, f'],"note":{json.dumps(note)}}}') + stream.flush()

    def _body(self, row: Mapping[str, Any]) -> str:
        try:
            return preview_body(self.template, row, grant_read_access=self.grant_read_access)
        except A2IError as error:
            return f'<p class="a2i-al-note" role="note">{html.escape(str(error))}</p>'


def preview(
    template: str,
    item: Mapping[str, Any] | pd.DataFrame,
    *,
    grant_read_access: Callable[[str], str] | None = None,
    allow_hosts: Sequence[str] = (),
    height: int = 560,
) -> Preview | PreviewList:
    """Show the page that a worker would see for an item, or for each of many, without starting anything.

    Parameters
    ----------
    template : str
        Source of the worker task template.
    item : mapping, Series or DataFrame
        What the template reads as ``task.input``; of a DataFrame, a row per page, one shown at a time.
    grant_read_access : callable, optional
        From ``s3://`` URI to a URL that the page can load.
    allow_hosts : sequence of str
        Hosts whose scripts, styles, pictures and fonts the page may load, such as ``"https://cdn.jsdelivr.net"``; by
        default none. A script from there sees the item.
    height : int
        Of the frame, pixels.

    Raises
    ------
    InvalidTemplate
        If the template does not parse, or cannot be rendered with this item, or with the first of many.

    Examples
    --------
    >>> preview("<p>{{ task.input.text }}</p>", {"text": "Good morning"})  # doctest: +ELLIPSIS
    Preview(... characters of HTML; shown inline in a notebook)
    >>> preview("<p>{{ task.input.text }}</p>", pd.DataFrame({"text": ["Good morning", "Good night"]}))
    PreviewList(2 items; shown inline in a notebook)
    """
    arguments.text("template", template)
    arguments.whole("height", height, 1, of="pixel")
    if grant_read_access is not None:
        arguments.able("grant_read_access", grant_read_access, "__call__", "a function: from URI to URL, or None")
    if isinstance(item, pd.DataFrame):
        return PreviewList(template, item, grant_read_access=grant_read_access, allow_hosts=allow_hosts, height=height)
    if not isinstance(item, (Mapping, pd.Series)):
        raise InvalidInput(f"item is {arguments.told(item)}", expected="a mapping, a Series, or a DataFrame of many")
    page = preview_page(template, dict(item), grant_read_access=grant_read_access, allow_hosts=allow_hosts)
    return Preview(page, height)


def _add(stream: Any, text: str) -> bytes:
    """Return what a text adds to a deflated stream."""
    return bytes(stream.compress(text.encode()) + stream.flush(zlib.Z_SYNC_FLUSH))


def _rows(items: pd.DataFrame) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each row with what it is called."""
    names = items.get("item_id", items.index)
    for name, row in zip(names, items.to_dict("records"), strict=True):
        yield str(name), {str(column): value for column, value in row.items()}
