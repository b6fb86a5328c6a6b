"""What every rule looks at: the template read in all ways, computed once, and the way to report a place in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from a2i_al.errors import A2IError
from a2i_al.templates.linting.findings import Finding, Severity
from a2i_al.templates.markup import Markup, Tag, read_markup
from a2i_al.templates.rendering import Rendered
from a2i_al.templates.uses import Use

_WIDTH = 100  # characters of a line that a finding shows


@dataclass(frozen=True)
class Subject:
    """A template under the lint.

    Attributes
    ----------
    source : str
        The template.
    sample : mapping or None
        An item to try it with.
    uses : tuple of Use
        What it reads; empty where it does not parse.
    rendered : Rendered or None
        The page of the sample; none without a sample, or where it cannot be rendered.
    allow_hosts : tuple of str
        Hosts that its pages may load from.
    """

    source: str
    sample: Mapping[str, Any] | None = None
    uses: tuple[Use, ...] = ()
    rendered: Rendered | None = None
    allow_hosts: tuple[str, ...] = ()

    @cached_property
    def markup(self) -> Markup:
        """The template's tags."""
        return read_markup(self.source)

    @cached_property
    def tags(self) -> list[Tag]:
        """The template's tags, in document order."""
        return self.markup.tags

    @cached_property
    def page(self) -> Markup | None:
        """The tags of the rendered page."""
        return read_markup(self.rendered.html) if self.rendered else None

    def at(
        self, offset: int, code: str, severity: Severity, found: str, *, expected: str = "", fix: str = ""
    ) -> Finding:
        """Return a finding about what stands at an offset of the source."""
        line, column, excerpt = self.place(offset)
        return Finding(code, severity, str(A2IError(found, expected=expected, fix=fix)), line, column, excerpt)

    def place(self, offset: int) -> tuple[int, int, str]:
        """Return line and column from 1, and the line with a caret below; of a long line, the part around it."""
        line = bisect_right(self._lines, offset)
        column = offset - self._lines[line - 1]
        end = self._lines[line] - 1 if line < len(self._lines) else len(self.source)
        text = self.source[self._lines[line - 1] : end].rstrip("\r").expandtabs(1)
        start = max(0, min(column - _WIDTH // 2, len(text) - _WIDTH))
        shown = text[start : start + _WIDTH]
        return line, column + 1, f"    {shown}\n    {' ' * (column - start)}^"

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(index + 1 for index, character in enumerate(self.source) if character == "\n")]

    def crowd(self, *names: str) -> Iterator[Tag]:
        """Yield the tags of these names, or all ``crowd-`` ones."""
        return (tag for tag in self.tags if (tag.name in names if names else tag.name.startswith("crowd-")))
