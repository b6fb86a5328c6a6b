"""A rendered template in, one self-contained document out: our crowd-* elements, no network, answers by message."""

from __future__ import annotations

import html as markup
import json
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from a2i_al.errors import InvalidInput

ELEMENTS = Path(__file__).parent / "elements"
# In this order: each may use what stands before it. The elements themselves follow, then what starts them.
SHARED = ("lenient", "element", "collect", "dialog", "options", "field", "bridge", "keys")

_CROWD_LOADER = re.compile(
    r"""<script\b[^>]*?\bsrc\s*=\s*["']?(?:https?:)?//assets\.crowd\.aws/[^>]*>\s*</script\s*>"""
    r"""|<link\b[^>]*?\bhref\s*=\s*["']?(?:https?:)?//assets\.crowd\.aws/[^>]*>""",
    re.IGNORECASE,
)
_NONCE = re.compile(r"[A-Za-z0-9_-]{16,128}")
_SOURCE = re.compile(r"(?:https?://)?[A-Za-z0-9.*\[\]:-]+")
_DOCUMENT = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<base target="_blank">
<title>Task</title>
<style id="a2i-al-style">
{style}</style>
<script>
{script}</script>
</head>
<body>
{html}
</body>
</html>
"""


def worker_page(html: str, *, nonce: str, img_hosts: Sequence[str] = ()) -> str:
    """Return the whole document that a worker's frame shows.

    The frame should be ``sandbox="allow-scripts allow-forms"``. The page speaks to its parent by
    ``postMessage({nonce, kind, value}, "*")``, kind one of ``ready``, ``height`` (CSS pixels), ``answer`` (the
    answerContent) and ``skip``; the parent answers ``{nonce, kind: "ack" or "error", message}``. Opened alone, the page
    shows the answer instead of sending it. It can load pictures from the named hosts and otherwise nothing.

    Parameters
    ----------
    html : str
        A rendered template, a whole document or a part of one.
    nonce : str
        At least 16 of ``A-Za-z0-9_-``; the parent takes only messages that carry it.
    img_hosts : sequence of str
        Further sources of pictures and sound, such as ``"http://127.0.0.1:8080"``.

    Raises
    ------
    InvalidInput
        If the nonce or a host is not of that form.

    Examples
    --------
    >>> page = worker_page("<crowd-form></crowd-form>", nonce="0123456789abcdef")
    >>> "connect-src 'none'" in page
    True
    """
    return _document(html, nonce=nonce, img_hosts=img_hosts, preview=False)


def preview_page(
    template: str,
    task_input: Mapping[str, Any],
    *,
    grant_read_access: Callable[[str], str] | None = None,
    img_hosts: Sequence[str] = (),
) -> str:
    """Render a template and return its document, with a note on top for every name that the input lacks.

    Its Submit shows the answer instead of sending it.

    Parameters
    ----------
    template : str
        Liquid source.
    task_input : mapping
        What the template reads as ``task.input``.
    grant_read_access : callable, optional
        As for `render`.
    img_hosts : sequence of str
        As for `worker_page`.

    Raises
    ------
    InvalidTemplate
        If the template cannot be rendered.

    Examples
    --------
    >>> "task.input.text is not in the input" in preview_page("{{ task.input.text }}", {})
    True
    """
    # Imported here: a page needs no Liquid, and python-liquid takes a while to import.
    from a2i_al.templates.rendering import render  # noqa: PLC0415

    rendered = render(template, task_input, grant_read_access=grant_read_access)
    note = "".join(
        f'<p class="a2i-al-note" role="note">{markup.escape(name)} is not in the input: it prints as nothing.</p>\n'
        for name in rendered.undefined
    )
    return _document(note + rendered.html, nonce=secrets.token_hex(16), img_hosts=img_hosts, preview=True)


def _document(html: str, *, nonce: str, img_hosts: Sequence[str], preview: bool) -> str:
    if not _NONCE.fullmatch(nonce):
        raise InvalidInput(f"nonce is {nonce!r}", expected="16 to 128 letters, digits, '_' or '-'")
    constants = f"const NONCE = {json.dumps(nonce)};\nconst PREVIEW = {json.dumps(preview)};\n"
    script = f"(() => {{\n'use strict';\n{constants}{_script()}}})();\n"
    return _DOCUMENT.format(policy=_policy(img_hosts), style=_style(), script=script, html=_CROWD_LOADER.sub("", html))


def _policy(img_hosts: Sequence[str]) -> str:
    for host in img_hosts:
        if not _SOURCE.fullmatch(host):
            raise InvalidInput(f"img_hosts has {host!r}", expected="a host or origin, such as 'http://127.0.0.1:8080'")
    media = " ".join(["data:", "blob:", "https://*.amazonaws.com", *img_hosts])
    return (
        "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; font-src data:; "
        f"img-src {media}; media-src {media}; connect-src 'none'; form-action 'none'; base-uri 'none'"
    )


@lru_cache(maxsize=1)
def _style() -> str:
    return (ELEMENTS / "style.css").read_text("utf-8")


@lru_cache(maxsize=1)
def _script() -> str:
    shared = [ELEMENTS / "shared" / f"{name}.js" for name in SHARED]
    elements = sorted(ELEMENTS.glob("*.js"), key=lambda path: path.stem)
    start = ELEMENTS / "shared" / "start.js"
    return "".join(path.read_text("utf-8") for path in [*shared, *elements, start])
