"""XML documents of S3 and STS: nested dicts and lists come in, bytes go out; and back for the few that arrive."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from a2i_al.local.wire.call import Refusal

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0 cannot say these at all
S3_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


def document(root: str, content: Mapping[str, Any], *, namespace: str = S3_NAMESPACE) -> bytes:
    """Return a document; a list becomes repeated elements, None becomes nothing.

    Examples
    --------
    >>> document("A", {"B": ["x<y", 2], "C": True, "D": None}, namespace="").decode().splitlines()[1]
    '<A><B>x&lt;y</B><B>2</B><C>true</C></A>'
    """
    attribute = f' xmlns="{namespace}"' if namespace else ""
    return f"{_DECLARATION}<{root}{attribute}>{_inner(content)}</{root}>".encode("utf-8", "replace")


def _inner(content: Mapping[str, Any]) -> str:
    every = ((name, one) for name, value in content.items() for one in (value if isinstance(value, list) else [value]))
    return "".join(f"<{name}>{_text(one)}</{name}>" for name, one in every if one is not None)


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return _inner(value)
    if isinstance(value, bool):
        return str(value).lower()
    return escape(_FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", str(value)), {"\r": "&#13;", '"': "&quot;"})


def read(body: bytes) -> ET.Element:
    """Return the root of a document that arrived, its names without namespace; raises ``MalformedXML``."""
    try:
        root = ET.fromstring(body)  # noqa: S314  # signed with our own key; expat bounds the expansion of entities
    except ET.ParseError:
        raise Refusal("MalformedXML", "The XML you provided was not well-formed.") from None
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root
