"""The portal's own pages: a name and values come in, an HTML response goes out. The files lie beside this module."""

from __future__ import annotations

import mimetypes
from functools import lru_cache
from pathlib import Path
from typing import Any

from liquid import Environment
from liquid.template import BoundTemplate
from markupsafe import Markup
from starlette.responses import Response

from a2i_al.local.wire.call import Call, Refusal

_HERE = Path(__file__).parent
_STATIC = frozenset({"portal.css", "portal.js", "task.js"})
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; frame-src 'self';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "cache-control": "no-store",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}


def page(name: str, call: Call, *, status: int = 200, **values: Any) -> Response:
    """Return a page in the portal's frame; every value is escaped.

    Parameters
    ----------
    name : str
        Of the file, without ``.html``.
    call : Call
        What is answered: links are made relative to it.
    status : int
        HTTP status.
    **values
        For the file's ``{{ … }}``.
    """
    # How far up the portal's root is from the address that the browser shows.
    up = call.path.rstrip("/").count("/") - 1
    root = "portal/" if up == 0 else "../" * (up - 1) or "./"
    body = _template(name).render(root=root, **values)
    html = _template("frame").render(root=root, page=name, body=Markup(body), **values)  # noqa: S704  # rendered above
    return Response(html, status, _HEADERS, "text/html; charset=utf-8")


@lru_cache(maxsize=8)
def static_file(name: str) -> Response:
    """Return a style sheet or script; raises a Refusal for anything else."""
    if name not in _STATIC:
        raise Refusal("NotFound", "There is no such page.", 404)
    media_type = mimetypes.guess_type(name)[0]
    headers = {"x-content-type-options": "nosniff", "cache-control": "no-cache"}
    return Response((_HERE / name).read_bytes(), 200, headers, media_type)


@lru_cache(maxsize=8)
def _template(name: str) -> BoundTemplate:
    return Environment(autoescape=True).from_string((_HERE / f"{name}.html").read_text("utf-8"))
