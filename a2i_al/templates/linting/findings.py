"""What the lint found: single findings with their place, and all of them together as text, table and fields."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from textwrap import dedent
from typing import Any, Literal, overload

Severity = Literal["error", "warning", "note"]
_ORDER = ("error", "warning", "note")
_COLOURS = {"error": "#d64545", "warning": "#d9921f", "note": "#6b8cae"}


@dataclass(frozen=True)
class Finding:
    """One thing to look at.

    Attributes
    ----------
    code : str
        The rule, such as ``missing-form``.
    severity : str
        ``error``: the page will not work as it stands. ``warning``: it will, but probably not as meant. ``note``: good
        to know.
    message : str
        What was found, what is expected, what to do.
    line, column : int
        In the template, both from 1.
    excerpt : str
        The line of the template, and a caret below.
    """

    code: str
    severity: Severity
    message: str
    line: int = 1
    column: int = 1
    excerpt: str = ""

    def __str__(self) -> str:
        text = f"{self.line}:{self.column}: {self.severity}: {self.message} [{self.code}]"
        return f"{text}\n{self.excerpt}" if self.excerpt else text


@dataclass(frozen=True)
class Findings(Sequence[Finding]):
    """All findings about a template, in the order of its lines, and what its form will answer.

    Attributes
    ----------
    all : tuple of Finding
        Every finding; a `Findings` is also a sequence of them.
    fields : dict of str to str
        Answer field to kind, as `answer_fields` gives them; with a sample input also those whose name it decides.
    uses : tuple of str
        What the template reads of the item, such as ``task.input.text``.

    Examples
    --------
    >>> from a2i_al.templates import lint
    >>> found = lint("<crowd-input name='who'></crowd-input>")
    >>> [finding.code for finding in found.errors], found.ok, found.fields
    (['missing-form'], False, {'who': 'text'})
    """

    all: tuple[Finding, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)
    uses: tuple[str, ...] = ()

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Finding]: ...
    def __getitem__(self, index: int | slice) -> Finding | Sequence[Finding]:
        return self.all[index]

    def __len__(self) -> int:
        return len(self.all)

    @property
    def errors(self) -> list[Finding]:
        """Those that must be mended."""
        return [finding for finding in self.all if finding.severity == "error"]

    @property
    def warnings(self) -> list[Finding]:
        """Those that should be looked at."""
        return [finding for finding in self.all if finding.severity == "warning"]

    @property
    def ok(self) -> bool:
        """Whether there is no error."""
        return not self.errors

    def summary(self) -> str:
        """Return the counts in words.

        Examples
        --------
        >>> Findings().summary()
        'no findings'
        """
        counts = [(sum(f.severity == severity for f in self.all), severity) for severity in _ORDER]
        return ", ".join(f"{n} {word}{'s' * (n > 1)}" for n, word in counts if n) or "no findings"

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON can say it."""
        return {
            "ok": self.ok,
            "findings": [asdict(finding) for finding in self.all],
            "fields": dict(self.fields),
            "uses": list(self.uses),
        }

    def __repr__(self) -> str:
        lines = [str(finding) for finding in self.all]
        fields = ", ".join(f"{name} ({kind})" for name, kind in self.fields.items()) or "nothing"
        return "\n".join([*lines, f"{self.summary()}; the form answers {fields}"])

    def _repr_html_(self) -> str:
        # The text keeps the notebook's own colours, light or dark; the severity is the word and the stripe beside it.
        shown = "".join(
            f'<div style="border-left:4px solid {_COLOURS[f.severity]};margin:8px 0;padding:2px 0 2px 10px">'
            f"<b>{f.severity}</b> <code>{html.escape(f.code)}</code>, line {f.line}:{f.column}<br>"
            f"{html.escape(f.message)}"
            f'<pre style="margin:4px 0 0;overflow-x:auto;font-size:12px">{html.escape(dedent(f.excerpt))}</pre></div>'
            for f in self.all
        )
        fields = ", ".join(f"<code>{html.escape(n)}</code> ({html.escape(k)})" for n, k in self.fields.items())
        head = f"<p style='margin:0'><b>{self.summary()}</b>; the form answers {fields or 'nothing'}</p>"
        return f'<div style="max-width:60em;overflow-wrap:anywhere">{head}{shown}</div>'
