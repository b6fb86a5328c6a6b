"""What is known of a batch at one moment, as a record, a line of text and a table that stays in the notebook."""

from __future__ import annotations

import html
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import Any

_ORDER = ("Planned", "InProgress", "Stopping", "Completed", "Failed", "Stopped", "Deleted")
_FINAL = frozenset({"Completed", "Failed", "Stopped", "Deleted"})
_COLOURS = {"Completed": "#2e7d4f", "Failed": "#c0392b", "Stopped": "#8a6d1a"}
_MINUTE, _HOUR, _DAY = 60, 3600, 86400

_STYLE = """<style>
.a2i-al-watch { max-width: 640px; font: 14px/1.5 var(--jp-ui-font-family, system-ui, sans-serif); color: inherit; }
.a2i-al-watch .a2i-al-track { display: flex; height: 8px; border-radius: 4px; overflow: hidden; background: #8884; margin: 6px 0 10px; }
.a2i-al-watch .a2i-al-lists { display: flex; flex-wrap: wrap; gap: 8px 48px; margin: 0 0 8px; }
.a2i-al-watch .a2i-al-list { display: grid; grid-template-columns: auto auto; gap: 1px 24px; margin: 4px 0 0; }
.a2i-al-watch .a2i-al-id { overflow-wrap: anywhere; font-family: var(--jp-code-font-family, monospace); font-size: 13px; }
.a2i-al-watch .a2i-al-number { text-align: right; font-variant-numeric: tabular-nums; }
.a2i-al-watch .a2i-al-soft { opacity: .75; margin: 0; }
</style>"""  # noqa: E501 - one rule a line reads best


@dataclass(frozen=True)
class Progress:
    """How far a batch has come.

    Attributes
    ----------
    states : dict of str to int
        Loops by state, in the order of their life.
    workers : dict of str to int
        Answers by worker, of the loops whose output is there: of a loop that waits for a second reviewer, the first
        answer is not known yet.
    rate : float or None
        Loops finished per minute while this was watched; None until two looks differ.
    at : datetime
        Of the look, aware.
    note : str
        Why the watch has ended, or what hinders it.
    shown_in : object
        The notebook cell's run that shows it already: as that cell's value it is not shown twice.

    Examples
    --------
    >>> from datetime import UTC
    >>> progress = Progress({"InProgress": 3, "Completed": 9}, {"w": 9}, 6.0, datetime(2026, 1, 5, 9, 30, tzinfo=UTC))
    >>> progress
    Progress(9 of 12 finished · InProgress 3 · Completed 9 · 6.0 a minute · about 30 s left)
    >>> progress.open, progress.seconds_left
    (3, 30.0)
    """

    states: Mapping[str, int]
    workers: Mapping[str, int] = field(default_factory=dict)
    rate: float | None = None
    at: datetime = field(default_factory=lambda: datetime.now().astimezone())
    note: str = ""
    shown_in: object = field(default=None, repr=False, compare=False)

    @property
    def total(self) -> int:
        """How many loops there are."""
        return sum(self.states.values())

    @property
    def open(self) -> int:
        """How many of them are not final."""
        return sum(number for state, number in self.states.items() if state not in _FINAL)

    @property
    def seconds_left(self) -> float | None:
        """How long the open ones take at this rate; None where that is not known."""
        return _MINUTE * self.open / self.rate if self.rate and self.open else None

    def __repr__(self) -> str:
        return f"Progress({self.line()})"

    def line(self) -> str:
        """Return it as one line of text."""
        states = [f"{state} {number}" for state, number in _sorted(self.states)]
        return " · ".join([f"{self.total - self.open} of {self.total} finished", *states, *self._pace()])

    def _ipython_display_(self) -> None:
        if self.shown_in is None or self.shown_in != current_cell():
            _display()(self.bundle(), raw=True)

    def bundle(self) -> dict[str, str]:
        """Return it by MIME type, as notebooks keep it."""
        return {"text/plain": repr(self), "text/html": self._repr_html_()}

    def _repr_html_(self) -> str:
        done = self.total - self.open
        bars = "".join(
            f'<div style="width:{100 * self.states.get(state, 0) / max(1, self.total):.2f}%;background:{colour}"></div>'
            for state, colour in _COLOURS.items()
        )
        states = _list("Human loops", _sorted(self.states))
        workers = _list("Answers by worker", sorted(self.workers.items(), key=lambda kv: (-kv[1], kv[0])), ids=True)
        foot = " · ".join([*self._pace(), f"{self.at:%Y-%m-%d %H:%M:%S %Z}", *filter(None, [self.note])])
        return (
            f'{_STYLE}<div class="a2i-al-watch"><b>{done} of {self.total} finished</b>'
            f'<div class="a2i-al-track" role="img" aria-label="{done} of {self.total} finished">{bars}</div>'
            f'<div class="a2i-al-lists">{states}{workers}</div><p class="a2i-al-soft">{html.escape(foot)}</p></div>'
        )

    def _pace(self) -> list[str]:
        rate = [f"{self.rate:.1f} a minute"] if self.rate else []
        left = [f"about {_duration(self.seconds_left)} left"] if self.seconds_left is not None else []
        return rate + left


class Screen:
    """Shows one `Progress` after the other in the same place: a notebook's output, or lines in a terminal."""

    def __init__(self) -> None:
        self._handle: Any = None
        self._last = ""

    def show(self, progress: Progress) -> None:
        """Show the newest."""
        if current_cell() is None:
            line = " · ".join(filter(None, [progress.line(), progress.note]))
            if line != self._last:
                print(f"{progress.at:%H:%M:%S}  {line}", flush=True)  # noqa: T201 - it is asked for
            self._last = line
        elif self._handle is None:
            self._handle = _display()(progress.bundle(), raw=True, display_id=True)
        else:
            self._handle.update(progress.bundle(), raw=True)


def current_cell() -> object:
    """Return what tells the run of a notebook's cell from others; None outside a notebook."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return getattr(shell, "execution_count", None) if hasattr(shell, "kernel") else None


def _display() -> Any:
    return import_module("IPython.display").display  # untyped, and there only in a notebook


def _sorted(states: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(states.items(), key=lambda kv: (_ORDER.index(kv[0]) if kv[0] in _ORDER else len(_ORDER), kv[0]))


def _list(caption: str, rows: list[tuple[str, int]], *, ids: bool = False) -> str:
    if not rows:
        return ""
    of_id = ' class="a2i-al-id"' if ids else ""
    cells = "".join(
        f'<span{of_id}>{html.escape(name)}</span><span class="a2i-al-number">{number:,}</span>' for name, number in rows
    )
    return f'<div><b>{caption}</b><div class="a2i-al-list">{cells}</div></div>'


def _duration(seconds: float | None) -> str:
    seconds = seconds or 0
    for size, unit in ((_DAY, "days"), (_HOUR, "h"), (_MINUTE, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
