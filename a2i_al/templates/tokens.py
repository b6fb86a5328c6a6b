"""Liquid source in, python-liquid's tokens out, in time that grows with the length of the source and no faster.

python-liquid's own lexer looks ahead to the end of the source from every opening delimiter: 120,000 characters of
``{{`` keep it busy for 20 s. This one gives the same tokens, but remembers what is not to be found any more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from liquid import Token
from liquid.exceptions import LiquidSyntaxError, ResourceLimitError
from liquid.token import (
    TOKEN_COMMENT,
    TOKEN_CONTENT,
    TOKEN_DOC,
    TOKEN_EOF,
    TOKEN_EXPRESSION,
    TOKEN_OUTPUT,
    TOKEN_TAG,
)

from a2i_al.templates.limits import LEXER_STEPS

_BLANKS = re.compile(r"[ \t\r]{2,}")
_TEXT = "text"  # content that is not raw: its ends may be stripped
_OPENING = re.compile(r"\{[{%]")
_TAG_START = re.compile(r"\{%-?\s*(?P<name>#|\w+)")
_WHOLE_START = re.compile(r"\{%-?\s*(?P<name>raw|doc)\s*(?P<dash>-?)%\}")
_WHOLE_END = {name: re.compile(rf"\{{%-?\s*end{name}\s*-?%\}}") for name in ("raw", "doc")}


def template_tokens(source: str) -> Iterator[Token]:
    """Yield the tokens of a template.

    Raises
    ------
    liquid.exceptions.LiquidSyntaxError
        Where something is opened and never closed.
    liquid.exceptions.ResourceLimitError
        Where an expression would take too long to be read.

    Examples
    --------
    >>> [token.value for token in template_tokens("<p>{{ a | upcase }}</p>")]
    ['<p>', '{{ a | upcase }}', 'a | upcase', '</p>']
    """
    comment = _Comment(source)
    strip_next = False
    steps = 0
    for piece in _pieces(source):
        if comment.depth:
            ended = comment.take(piece)
            if ended is None:
                continue
            yield ended
            yield Token(TOKEN_TAG, piece.name, piece.name_at, source)
            strip_next = piece.dash
        elif piece.kind == _TEXT:
            yield from _text(piece, source, strip=strip_next)
        else:
            steps += _steps(piece)
            if steps > LEXER_STEPS:
                token = Token(TOKEN_EXPRESSION, piece.text, piece.text_at, source)
                raise ResourceLimitError("the expressions have too many brackets or spaces", token=token)
            yield from _markup(piece, source)
            strip_next = piece.dash
            if piece.name == "comment":
                comment.open(piece)


class _Piece(NamedTuple):
    """A stretch of the source: text, or one piece of markup from its opening to its closing delimiter."""

    kind: str
    start: int
    end: int
    text: str = ""  # what it holds: an expression, raw text
    text_at: int = 0
    dash: bool = False  # the whitespace after it goes
    name: str = ""  # of a tag
    name_at: int = 0


@dataclass
class _Comment:
    """What stands between ``{% comment %}`` and its end."""

    source: str
    depth: int = 0
    start: int = 0
    texts: list[str] = field(default_factory=list)

    def open(self, piece: _Piece) -> None:
        self.depth, self.start, self.texts = 1, piece.end, []

    def take(self, piece: _Piece) -> Token | None:
        """Take what is inside; give the comment when this piece ends it."""
        self.depth += {"comment": 1, "endcomment": -1}.get(piece.name, 0)
        if not self.depth:
            return Token(TOKEN_COMMENT, "".join(self.texts), self.start, self.source)
        self.texts.append(self.source[piece.start : piece.end])
        return None


def _text(piece: _Piece, source: str, *, strip: bool) -> Iterator[Token]:
    value = source[piece.start : piece.end]
    value = value.lstrip() if strip else value
    value = value.rstrip() if source.startswith(("{{-", "{%-"), piece.end) else value
    if value.startswith("{{"):
        token = Token(TOKEN_EOF, value, piece.start, source)
        raise LiquidSyntaxError("expected '}}', found end of file", token=token)
    if value.startswith("{%"):
        token = Token(TOKEN_EOF, value, piece.start, source)
        raise LiquidSyntaxError("missing tag name or closing delimiter", token=token)
    if value:
        yield Token(TOKEN_CONTENT, value, piece.start, source)


def _markup(piece: _Piece, source: str) -> Iterator[Token]:
    if piece.kind in {TOKEN_CONTENT, TOKEN_DOC}:
        yield Token(piece.kind, piece.text, piece.start, source)
    elif piece.kind == TOKEN_TAG:
        yield Token(TOKEN_TAG, piece.name, piece.name_at, source)
        if piece.text:
            yield Token(TOKEN_EXPRESSION, piece.text, piece.text_at, source)
    else:
        yield Token(TOKEN_OUTPUT, source[piece.start : piece.end], piece.start, source)
        yield Token(TOKEN_EXPRESSION, piece.text, piece.text_at, source)


def _steps(piece: _Piece) -> int:
    """Return about how many characters python-liquid's lexer of expressions looks at beyond those that it reads once.

    From a bracket it may look as far as the end, and ``{% liquid %}`` looks along each run of blanks from each of them.
    """
    blanks = sum(len(run) ** 2 for run in _BLANKS.findall(piece.text)) if piece.name == "liquid" else 0
    return len(piece.text) * (piece.text.count("(") + piece.text.count("[")) + blanks


class _Ends:
    """Finds closing delimiters; what was not found once is not looked for again."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._gone: set[object] = set()

    def find(self, delimiter: str, start: int) -> int:
        """Return where it stands next, or -1."""
        at = -1 if delimiter in self._gone else self._source.find(delimiter, start)
        if at < 0:
            self._gone.add(delimiter)
        return at

    def search(self, pattern: re.Pattern[str], start: int) -> re.Match[str] | None:
        """Return its next match."""
        found = None if pattern in self._gone else pattern.search(self._source, start)
        if found is None:
            self._gone.add(pattern)
        return found


def _pieces(source: str) -> Iterator[_Piece]:
    """Yield all of the source, piece by piece."""
    ends = _Ends(source)
    at = 0
    while at < len(source):
        piece = None
        if source.startswith("{%", at):
            piece = _whole(source, at, ends) or _tag(source, at, ends)
        elif source.startswith("{{", at):
            piece = _print(source, at, ends)
        if piece is None:
            piece = _content(source, at)
        yield piece
        at = piece.end


def _content(source: str, at: int) -> _Piece:
    """Text up to the next opening; a newline at the very end of the source is a piece of its own."""
    opening = _OPENING.search(source, at + 1)
    end = opening.start() if opening else len(source)
    if not opening and source.endswith("\n") and end - at > 1:
        end -= 1
    return _Piece(_TEXT, at, end)


def _print(source: str, at: int, ends: _Ends) -> _Piece | None:
    start = at + 2 + source.startswith("-", at + 2)
    close = ends.find("}}", start)
    return None if close < 0 else _Piece(TOKEN_OUTPUT, at, close + 2, *_inner(source, start, close))


def _tag(source: str, at: int, ends: _Ends) -> _Piece | None:
    opening = _TAG_START.match(source, at)
    close = ends.find("%}", opening.end()) if opening else -1
    if opening is None or close < 0:
        return None
    inner = _inner(source, opening.end(), close)
    return _Piece(TOKEN_TAG, at, close + 2, *inner, opening["name"], opening.start("name"))


def _whole(source: str, at: int, ends: _Ends) -> _Piece | None:
    """``{% raw %}`` and ``{% doc %}`` with all that they hold."""
    opening = _WHOLE_START.match(source, at)
    close = ends.search(_WHOLE_END[opening["name"]], opening.end()) if opening else None
    if opening is None or close is None:
        return None
    # python-liquid goes by the dash of a raw block's start and of a doc block's end.
    dash = opening["dash"] == "-" if opening["name"] == "raw" else close.group().endswith("-%}")
    kind = TOKEN_CONTENT if opening["name"] == "raw" else TOKEN_DOC
    return _Piece(kind, at, close.end(), source[opening.end() : close.start()], dash=dash)


def _inner(source: str, start: int, close: int) -> tuple[str, int, bool]:
    """Return what stands between delimiters, where, and whether a dash precedes the closing one."""
    dash = close > start and source[close - 1] == "-"
    inner = source[start : close - dash]
    text = inner.strip()
    return text, start + (len(inner) - len(inner.lstrip()) if text else 0), dash
