"""JavaScript-like attribute text in, value out: the Python twin of elements/shared/lenient.js, for what is static."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

_TOKEN = re.compile(
    r"(?:\s+|//[^\n]*|/\*.*?\*/)*"
    r"(?:(?P<sign>[\[\]{}:,])"
    r"""|(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
    r"|(?P<word>[^\s\[\]{}:,'\"]+)|(?P<end>\Z))",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([\da-fA-F]{4})|x([\da-fA-F]{2})|(.))", re.DOTALL)
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "\n": ""}
_WORDS = {"true": True, "false": False, "null": None, "undefined": None}


def parse_lenient(text: str) -> Any:
    """Read a list or object as templates write them: single quotes, bare keys, trailing commas, comments.

    Raises
    ------
    ValueError
        If it cannot be read.

    Examples
    --------
    >>> parse_lenient("['a', {text: 'none', n: 1,}, ] // more")
    ['a', {'text': 'none', 'n': 1}]
    """
    reader = _Reader(text)
    value = reader.value()
    if reader.kind != "end":
        raise reader.unexpected()
    return value


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.position = text, 0
        self.take()

    def take(self) -> str:
        """Return the current token and go on to the next."""
        taken = getattr(self, "current", "")
        found = _TOKEN.match(self.text, self.position)
        if found is None:
            raise ValueError("a quotation mark is missing")
        self.kind, self.current = str(found.lastgroup), found[str(found.lastgroup)]
        self.position = found.end()
        return taken

    def value(self) -> Any:
        if self.kind == "string":
            return _unquote(self.take())
        if self.kind == "word":
            return _word(self.take())
        if self.current == "[":
            return self.items("]", self.value)
        if self.current == "{":
            return dict(self.items("}", self.member))
        raise self.unexpected()

    def unexpected(self) -> ValueError:
        return ValueError(f"unexpected {self.current}" if self.current else "it ends too early")

    def items(self, close: str, item: Callable[[], Any]) -> list[Any]:
        self.take()
        items = []
        while self.current != close:
            if self.current == ",":
                self.take()
            else:
                items.append(item())
        self.take()
        return items

    def member(self) -> tuple[str, Any]:
        if self.kind not in {"string", "word"}:
            raise self.unexpected()
        key = _unquote(self.take()) if self.kind == "string" else self.take()
        if self.take() != ":":
            raise ValueError(f"no colon after {key}")
        return key, self.value()


def _word(word: str) -> Any:
    if word in _WORDS:
        return _WORDS[word]
    for number in (int, float):
        try:
            return number(word)
        except ValueError:
            continue
    return word


def _unquote(quoted: str) -> str:
    def character(found: re.Match[str]) -> str:
        code = found[1] or found[2]
        return chr(int(code, 16)) if code else _LETTERS.get(found[3], found[3])

    # Both halves of a surrogate pair may be written out.
    return _ESCAPE.sub(character, quoted[1:-1]).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
