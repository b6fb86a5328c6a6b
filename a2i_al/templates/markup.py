"""Template source in, its HTML tags out, each with its place; what Liquid decides stands as `DYNAMIC`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from typing import Final

# No template writes this character. It has the length of what it stands for, so that every place stays the same.
DYNAMIC: Final = "\ufffc"

_VOID: Final = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_WATCHED: Final = ("crowd-form", "crowd-entity-annotation")
_OPEN = re.compile(r"\{[{%]")
_WORD = re.compile(r"\{%-?\s*(\w+)")
_BLOCKS: Final = {"if", "unless", "case", "for", "tablerow", "ifchanged", "capture"}
_BRANCHES: Final = {"elsif", "else", "when"}
_END: Final = {kind: re.compile(r"\{%-?\s*end" + kind + r"\s*-?%\}") for kind in ("comment", "raw")}
_DEPTH = 50  # of the blocks that a tag remembers: no real template nests as deep


@dataclass(frozen=True)
class Block:
    """A Liquid block that something stands in: the same block may run for other branches, or many times."""

    offset: int
    kind: str
    branch: int = 0


@dataclass
class Tag:
    """A start tag.

    Attributes
    ----------
    name : str
        In lower case.
    attributes : dict of str to str
        Values as HTML reads them, `DYNAMIC` where the input decides; no value is an empty one.
    offset : int
        Of ``<`` in the source.
    text : str
        As written, masked.
    inside : frozenset of str
        Which of ``crowd-form`` and ``crowd-entity-annotation`` it stands in.
    blocks : tuple of Block
        The Liquid blocks it stands in, outermost first.
    self_closing, closed : bool
        Whether it ends in ``/>``, and whether an end tag of its own follows.
    """

    name: str
    attributes: dict[str, str]
    offset: int
    text: str
    inside: frozenset[str] = frozenset()
    blocks: tuple[Block, ...] = ()
    self_closing: bool = False
    closed: bool = False

    def place(self, attribute: str) -> int:
        """Return the offset of an attribute's name, or of the tag where it has none such."""
        found = re.search(rf"[\s{DYNAMIC}\"']({re.escape(attribute)})(?![\w-])", self.text, re.IGNORECASE)
        return self.offset + (found.start(1) if found else 0)

    def in_other_branch(self, other: Tag) -> bool:
        """Say whether no page can have both this tag and the other."""
        branches = {block.offset: block.branch for block in self.blocks}
        return any(branches.get(block.offset, block.branch) != block.branch for block in other.blocks)

    @property
    def repeats(self) -> bool:
        """Whether it stands in a loop."""
        return any(block.kind in {"for", "tablerow"} for block in self.blocks)


@dataclass(frozen=True)
class Markup:
    """What `read_markup` found.

    Attributes
    ----------
    tags : list of Tag
        In document order.
    raw : list of (str, int, int)
        The inside of every ``<script>`` and ``<style>``: which of them, from where, to where.
    text : str
        The masked source.
    unclosed : tuple of Block
        The Liquid blocks that nothing ends.
    """

    tags: list[Tag]
    raw: list[tuple[str, int, int]]
    text: str
    unclosed: tuple[Block, ...] = ()

    def raw_at(self, offset: int) -> str:
        """Return ``"script"`` or ``"style"`` where the offset is inside one, else nothing."""
        index = bisect_right(self._raw_starts, offset) - 1
        if index < 0:
            return ""
        name, _, end = self.raw[index]
        return name if offset < end else ""

    @cached_property
    def _raw_starts(self) -> list[int]:
        return [start for _, start, _ in self.raw]


def read_markup(source: str) -> Markup:
    """Read the tags of a template. Never fails: what is no HTML is read as a browser would, or left out.

    Examples
    --------
    >>> tag, = read_markup("{% if x %}<crowd-input name='a'></crowd-input>{% endif %}").tags
    >>> tag.name, tag.attributes, tag.offset, tag.blocks[0].kind
    ('crowd-input', {'name': 'a'}, 10, 'if')
    """
    text, starts, contexts = _mask(source)
    reader = _Reader(text, starts, contexts)
    try:
        # What follows the last bracket is no tag; html.parser would look for its end from every start again.
        reader.feed(text[: text.rfind(">") + 1])
        reader.close()
    except AssertionError:  # html.parser's word for a broken <![section]
        reader.end_of_file()
    reader.end_of_file()
    return Markup(reader.tags, reader.raw, text, contexts[-1])


def _mask(source: str) -> tuple[str, list[int], list[tuple[Block, ...]]]:
    """Return the source with Liquid masked, and from which offsets on which blocks are open."""
    parts: list[str] = []
    starts: list[int] = [0]
    contexts: list[tuple[Block, ...]] = [()]
    stack: list[Block] = []
    position = 0
    while found := _OPEN.search(source, position):
        start = found.start()
        end = source.find("}}" if found[0] == "{{" else "%}", found.end()) + 2
        if end == 1:  # nothing closes it
            break
        word = _WORD.match(source, start)
        kind = word[1] if word else ""
        parts += [source[position:start], _blank(source[start:end])]
        position = end
        if kind in {"comment", "raw"}:
            closing = _END[kind].search(source, end)
            position = closing.start() if closing else len(source)
            parts.append(_blank(source[end:position]) if kind == "comment" else source[end:position])
        elif _turn(stack, kind, start):
            starts.append(end)
            contexts.append(tuple(stack[:_DEPTH]))
    parts.append(source[position:])
    return "".join(parts), starts, contexts


def _turn(stack: list[Block], kind: str, offset: int) -> bool:
    """Open, branch or close a block, and say whether the tag does any of it."""
    if kind in _BLOCKS:
        stack.append(Block(offset, kind))
    elif not stack or kind in {"endcomment", "endraw"}:
        return False
    elif kind in _BRANCHES:
        stack[-1] = Block(stack[-1].offset, stack[-1].kind, stack[-1].branch + 1)
    elif kind.startswith("end"):
        stack.pop()
    else:
        return False
    return True


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", DYNAMIC, text)


@dataclass
class _Reader(HTMLParser):
    text: str
    starts: list[int]
    contexts: list[tuple[Block, ...]]
    tags: list[Tag] = field(default_factory=list)
    raw: list[tuple[str, int, int]] = field(default_factory=list)
    open: list[Tag] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        super().__init__()
        self.lines = [0, *(found.end() for found in re.finditer("\n", self.text))]

    def here(self) -> int:
        line, column = self.getpos()
        return self.lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.start(tag, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.start(tag, attrs, self_closing=True)

    def start(self, name: str, attrs: list[tuple[str, str | None]], *, self_closing: bool = False) -> None:
        attributes: dict[str, str] = {}
        for attribute, value in attrs:
            if plain := attribute.strip(DYNAMIC):
                attributes.setdefault(plain, value or "")
        offset = self.here()
        tag = Tag(
            name=name.strip(DYNAMIC),
            attributes=attributes,
            offset=offset,
            text=self.get_starttag_text() or "",
            inside=frozenset(watched for watched in _WATCHED if self.counts[watched]),
            blocks=self.contexts[bisect_right(self.starts, offset) - 1],
            self_closing=self_closing,
        )
        self.tags.append(tag)
        if tag.name not in _VOID:
            self.open.append(tag)
            self.counts[tag.name] += 1

    def handle_endtag(self, tag: str) -> None:
        if not self.counts[tag]:
            return
        while True:
            last = self.open.pop()
            self.counts[last.name] -= 1
            if last.name == tag:
                break
        last.closed = True
        if tag in {"script", "style"}:
            self.raw.append((tag, last.offset + len(last.text), self.here()))

    def end_of_file(self) -> None:
        """Take a script that nothing ends as going on to the end."""
        if self.open and self.open[-1].name in {"script", "style"}:
            last = self.open.pop()
            self.raw.append((last.name, last.offset + len(last.text), len(self.text)))
