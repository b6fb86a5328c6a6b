"""What a Liquid value becomes in the page, and A2I's five filters that have a say in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from liquid import Undefined
from liquid.exceptions import LiquidError
from liquid.filter import with_context
from markupsafe import Markup

from a2i_al.templates.context import Context

_S3_URI = re.compile(r"(?:s3://|https?://s3\.amazonaws\.com/)([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/(\S.*)", re.DOTALL)
_NOT_YET_ESCAPED = re.compile(r"[\"'<>]|&(?!(?:[a-zA-Z][a-zA-Z0-9]*|#[0-9]+|#[xX][0-9a-fA-F]+);)")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}


class InvalidParameters(LiquidError):  # A2I's name for it
    """A filter's input that A2I refuses."""


def escape(text: str) -> str:
    """Escape text for HTML as A2I does, which writes ``&quot;`` where markupsafe writes ``&#34;``.

    Examples
    --------
    >>> escape('"Fish" & <chips>')
    '&quot;Fish&quot; &amp; &lt;chips&gt;'
    """
    for character, entity in _ENTITIES.items():
        text = text.replace(character, entity)
    return text


def to_text(value: object) -> str:
    """Return what a value prints as before it is escaped: objects and arrays as JSON, nothing for what is undefined."""
    match value:
        case bool():
            return "true" if value else "false"
        case str() | int() | float():
            return str(value)
        case range():
            return f"{value.start}..{value.stop - 1}"
        case Mapping() | list() | tuple() if not isinstance(value, Undefined):
            return to_json(value)
        case _:
            return ""


def to_html(value: object) -> str:
    """Return what a value prints as in the page."""
    return value if isinstance(value, Markup) else escape(to_text(value))


def to_json(value: object) -> str:
    """Return compact JSON, ``null`` for what is undefined; it cannot end the ``<script>`` it may stand in."""
    text = json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"), default=_plain)
    return text.replace("</", "<\\/").replace("<!--", "\\u003c!--")


def _plain(value: object) -> Any:
    match value:
        case Undefined():
            return None
        case Mapping():
            return dict(value)
        case range():
            return list(value)
        case str() | int() | float() | list() | tuple() | None:
            return value
        case _:
            return to_text(value)


def _escape(value: object) -> Markup:
    return _mark(value if isinstance(value, Markup) else escape(to_text(value)))


def _escape_once(value: object) -> Markup:
    return _mark(_NOT_YET_ESCAPED.sub(lambda found: _ENTITIES[found.group()], to_text(value)))


def _mark(value: object) -> Markup:
    return Markup(to_text(value))  # noqa: S704 - the template asked for it, or it was escaped just before


@with_context
def _grant_read_access(value: object, *, context: Context) -> str:
    text = value.unescape() if isinstance(value, Markup) else to_text(value)
    match = _S3_URI.fullmatch(text)
    if match is None:
        raise InvalidParameters(f'"grant_read_access" input is not a valid S3 URI: "{text}".', token=None)
    return context.grant_read_access(f"s3://{match[1]}/{match[2]}")


FILTERS: dict[str, Callable[..., object]] = {
    "escape": _escape,
    "escape_once": _escape_once,
    "grant_read_access": _grant_read_access,
    "skip_autoescape": _mark,
    "to_json": to_json,
}
