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

from a2i_al.arguments import several
from a2i_al.errors import InvalidInput

ELEMENTS = Path(__file__).parent / "elements"
# In this order: each may use what stands before it. The elements themselves follow, then what starts them.
SHARED = (
    "lenient",
    "element",
    "icons",
    "spans",
    "span-labels",
    "marked-text",
    "collect",
    "dialog",
    "options",
    "history",
    "palette",
    "overlay",
    "form-blocks",
    "pair-row",
    "field",
    "view",
    "stage",
    "item-list",
    "annotation",
    "shapes",
    "shape-editor",
    "shape-pointer",
    "shape-keys",
    "shape-element",
    "mask",
    "mask-painter",
    "mask-element",
    "bridge",
    "keys",
)

_CROWD_LOADER = re.compile(
    r"""<script\b[^>]*?\bsrc\s*=\s*["']?(?:https?:)?//assets\.crowd\.aws/[^>]*>\s*</script\s*>"""
    r"""|<link\b[^>]*?\bhref\s*=\s*["']?(?:https?:)?//assets\.crowd\.aws/[^>]*>""",
    re.IGNORECASE,
)
_NONE = "'none'"
_NONCE = re.compile(r"[A-Za-z0-9_-]{16,128}")
_SOURCE = re.compile(r"(?:https?://)?[A-Za-z0-9.*\[\]:-]+")
_HOST = re.compile(r"(https?://)?((?:\*\.)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::[0-9]{1,5})?)/?")
_BEFORE = """<!doctype html>
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
"""
_AFTER = """
</body>
</html>
"""


def worker_page(html: str, *, nonce: str, img_hosts: Sequence[str] = (), allow_hosts: Sequence[str] = ()) -> str:
    """Return the whole document that a worker's frame shows.

    The frame should be ``sandbox="allow-scripts allow-forms"``. The page speaks to its parent by
    ``postMessage({nonce, kind, value}, "*")``, kind one of ``ready``, ``height`` (CSS pixels), ``answer`` (the
    answerContent) and ``skip``; the parent answers ``{nonce, kind: "ack" or "error", message}``. Opened alone, the page
    shows the answer instead of sending it. It can load pictures from the named hosts, and otherwise nothing from
    anywhere that its owner has not allowed.

    Parameters
    ----------
    html : str
        A rendered template, a whole document or a part of one.
    nonce : str
        At least 16 of ``A-Za-z0-9_-``; the parent takes only messages that carry it.
    img_hosts : sequence of str
        Further sources of pictures and sound, such as ``"http://127.0.0.1:8080"``.
    allow_hosts : sequence of str
        Hosts whose scripts, styles, pictures and fonts the page may load and with which its scripts may speak, such as
        ``"https://cdn.jsdelivr.net"`` or ``"https://*.example.org"``. A script from there sees the whole task.

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
    return "".join(_around(nonce, img_hosts, allow_hosts, preview=False, html=html))


def preview_page(
    template: str,
    task_input: Mapping[str, Any],
    *,
    grant_read_access: Callable[[str], str] | None = None,
    img_hosts: Sequence[str] = (),
    allow_hosts: Sequence[str] = (),
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
    img_hosts, allow_hosts : sequence of str
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
    before, after = preview_shell(img_hosts=img_hosts, allow_hosts=allow_hosts)
    return before + preview_body(template, task_input, grant_read_access=grant_read_access) + after


def preview_shell(*, img_hosts: Sequence[str] = (), allow_hosts: Sequence[str] = ()) -> tuple[str, str]:
    """Return what stands before and after the body of a preview: the same for every item of a list.

    Parameters
    ----------
    img_hosts, allow_hosts : sequence of str
        As for `worker_page`.

    Examples
    --------
    >>> before, after = preview_shell()
    >>> before[:15], after.strip()[-7:]
    ('<!doctype html>', '</html>')
    """
    before, _, after = _around(secrets.token_hex(16), img_hosts, allow_hosts, preview=True, html="")
    return before, after


def preview_body(
    template: str, task_input: Mapping[str, Any], *, grant_read_access: Callable[[str], str] | None = None
) -> str:
    """Return what a preview shows of one item: the rendered template, below a note for every name that it lacks.

    Examples
    --------
    >>> preview_body("<p>{{ task.input.text }}</p>", {"text": "Good morning"})
    '<p>Good morning</p>'
    """
    # Imported here: a page needs no Liquid, and python-liquid takes a while to import.
    from a2i_al.templates.rendering import render  # noqa: PLC0415

    rendered = render(template, task_input, grant_read_access=grant_read_access)
    note = "".join(
        f'<p class="a2i-al-note" role="note">{markup.escape(name)} is not in the input: it prints as nothing.</p>\n'
        for name in rendered.undefined
    )
    return note + _CROWD_LOADER.sub("", rendered.html)


def allowed_origins(allow_hosts: Sequence[str]) -> list[str]:
    """Return hosts as a page's policy names them; a host without a scheme means https.

    Raises
    ------
    InvalidInput
        If it is not a list of hosts.

    Examples
    --------
    >>> allowed_origins(["cdn.jsdelivr.net", "http://127.0.0.1:8000"])
    ['https://cdn.jsdelivr.net', 'http://127.0.0.1:8000']
    """
    origins = []
    for host in several("allow_hosts", allow_hosts, "hosts"):
        found = _HOST.fullmatch(host) if isinstance(host, str) else None
        if found is None:
            raise InvalidInput(
                f"allow_hosts has {host!r}",
                expected="a host or origin, such as 'https://cdn.jsdelivr.net' or 'https://*.example.org'",
            )
        origins.append((found[1] or "https://") + found[2])
    return origins


def _around(
    nonce: str, img_hosts: Sequence[str], allow_hosts: Sequence[str], *, preview: bool, html: str
) -> tuple[str, str, str]:
    """Return a document in three parts: before the body, the body, after it."""
    if not _NONCE.fullmatch(nonce):
        raise InvalidInput(f"nonce is {nonce!r}", expected="16 to 128 letters, digits, '_' or '-'")
    constants = f"const NONCE = {json.dumps(nonce)};\nconst PREVIEW = {json.dumps(preview)};\n"
    script = f"(() => {{\n'use strict';\n{constants}{_script()}}})();\n"
    before = _BEFORE.format(
        policy=page_policy(img_hosts=img_hosts, allow_hosts=allow_hosts), style=_style(), script=script
    )
    return before, _CROWD_LOADER.sub("", html), _AFTER


def page_policy(*, img_hosts: Sequence[str] = (), allow_hosts: Sequence[str] = ()) -> str:
    """Return the Content-Security-Policy of a page.

    Parameters
    ----------
    img_hosts, allow_hosts : sequence of str
        As for `worker_page`.

    Examples
    --------
    >>> "connect-src https://example.org;" in page_policy(allow_hosts=["example.org"])
    True
    """
    for host in img_hosts:
        if not _SOURCE.fullmatch(host):
            raise InvalidInput(f"img_hosts has {host!r}", expected="a host or origin, such as 'http://127.0.0.1:8080'")
    origins = allowed_origins(allow_hosts)
    media = " ".join(["data:", "blob:", "https://*.amazonaws.com", *img_hosts, *origins])
    code, fonts = " ".join(["'unsafe-inline'", *origins]), " ".join(["data:", *origins])
    return (
        f"default-src 'none'; script-src {code}; style-src {code}; font-src {fonts}; img-src {media}; "
        f"media-src {media}; connect-src {' '.join(origins) or _NONE}; form-action 'none'; base-uri 'none'"
    )


@lru_cache(maxsize=1)
def _style() -> str:
    # The house style first: the sheets of single elements refine it.
    sheets = sorted(ELEMENTS.glob("*.css"), key=lambda path: (path.name != "style.css", path.name))
    return "".join(path.read_text("utf-8") for path in sheets)


@lru_cache(maxsize=1)
def _script() -> str:
    shared = [ELEMENTS / "shared" / f"{name}.js" for name in SHARED]
    elements = sorted(ELEMENTS.glob("*.js"), key=lambda path: path.stem)
    start = ELEMENTS / "shared" / "start.js"
    return "".join(path.read_text("utf-8") for path in [*shared, *elements, start])
