"""How long people took, and how much was open, as pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.metrics.displays.figure import COLOURS, INK, FigureDisplay, in_percent, legend_above, plain
from a2i_al.metrics.wording import duration

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from a2i_al.metrics.reviewing import Operations

_LOOKS = {
    "pick_up": ("until a worker opened it", COLOURS[0], "-"),
    "answer": ("from opening until sending in", COLOURS[1], "--"),
    "turnaround": ("from the start until sending in", COLOURS[2], "-."),
}
# Round values on a clock's scale, seconds.
_TICKS = (0.1, 1, 10, 60, 600, 3_600, 6 * 3_600, 86_400, 7 * 86_400, 30 * 86_400, 365 * 86_400)


class _OfOperations(FigureDisplay):
    """What both pictures are made of."""

    def __init__(self, operations: Operations) -> None:
        arguments.able("operations", operations, "backlog", "what a2i_al.metrics.operations() gives")
        self.operations = operations

    @classmethod
    def from_operations(cls, operations: Operations, *, ax: Axes | None = None) -> Self:
        """Draw what `a2i_al.metrics.operations` measured."""
        return cls(operations).plot(ax=ax)

    def plot(self, *, ax: Axes | None = None) -> Self:
        """Draw, into the given axes or a figure of its own, and return this Display."""
        raise NotImplementedError


class OperationsDisplay(_OfOperations):
    """How many forms were opened and sent in within which time, on a clock's logarithmic scale.

    Parameters
    ----------
    operations : Operations

    Attributes
    ----------
    ax_, figure_ : matplotlib Axes and Figure

    Raises
    ------
    InvalidInput
        If no duration is known.

    Examples
    --------
    >>> import pandas as pd
    >>> from a2i_al.metrics import operations
    >>> answers = pd.DataFrame({"human_loop_name": ["l", "m"], "item_id": ["i", "j"], "worker_id": "u", "field": "ok",
    ...     "value": True, "seconds": [30.0, 90.0]})
    >>> operations(answers).plot().ax_.get_ylabel()
    'Forms (%)'
    """

    def plot(self, *, ax: Axes | None = None) -> Self:
        """Draw, into the given axes or a figure of its own, and return this Display."""
        table = self.operations.table
        known = {name: np.sort(table[name].dropna().to_numpy(dtype=float)) for name in _LOOKS}
        known = {name: np.maximum(seconds, _TICKS[0]) for name, seconds in known.items() if len(seconds)}
        if not known:
            raise InvalidInput("no duration is known", expected="answers with times or seconds, or loops with times")
        ax = self._begin(ax, 6.4, 3.8)
        for name, seconds in known.items():
            words, colour, line = _LOOKS[name]
            share = np.arange(1, len(seconds) + 1) / len(seconds)
            label = f"{words}: median {duration(float(np.median(seconds)))}"
            ax.step(
                np.concatenate([seconds[:1], seconds]), np.concatenate([[0.0], share]), where="post", color=colour,
                linestyle=line, linewidth=1.7, label=label,
            )  # fmt: skip
        self._clock(ax, min(map(np.min, known.values())), max(map(np.max, known.values())))
        ax.set_ylim(0, 1.02)
        ax.yaxis.set_major_formatter(in_percent)
        ax.set(xlabel="Time", ylabel="Forms (%)")
        legend_above(ax)
        plain(ax, grid="both")
        return self

    def _clock(self, ax: Axes, least: float, most: float) -> None:
        ax.set_xscale("log")
        ax.minorticks_off()
        within = [tick for tick in _TICKS if 0.7 * least <= tick <= 1.4 * most] or [least]
        ax.set_xticks(within, [duration(tick) for tick in within])
        ax.set_xlim(0.7 * least, 1.4 * most)


class BacklogDisplay(_OfOperations):
    """How many human loops were open over time, and how many finished.

    Parameters
    ----------
    operations : Operations
        With a loops table.

    Attributes
    ----------
    ax_, figure_ : matplotlib Axes and Figure

    Raises
    ------
    InvalidInput
        If there is no loops table, or no loop has a time.

    Examples
    --------
    >>> import pandas as pd
    >>> from a2i_al.metrics import operations
    >>> from a2i_al.tables import ANSWERS
    >>> loops = pd.DataFrame({"human_loop_name": ["l"], "item_id": ["i"], "status": ["InProgress"],
    ...     "created_at": ["2026-11-01T10:00Z"]})
    >>> BacklogDisplay.from_operations(operations(ANSWERS.empty(), loops, now="2026-11-02")).ax_.get_ylabel()
    'Human loops'
    """

    def plot(self, *, ax: Axes | None = None) -> Self:
        """Draw, into the given axes or a figure of its own, and return this Display."""
        from matplotlib.dates import AutoDateLocator, ConciseDateFormatter  # noqa: PLC0415

        table = self.operations.backlog_over_time(200)
        if table.empty:
            raise InvalidInput("no loop has a time", expected="loops with created_at")
        ax = self._begin(ax, 6.4, 3.6)
        times = table["time"].dt.tz_localize(None).to_numpy()
        ax.fill_between(times, table["open"], step="post", color=COLOURS[5], alpha=0.6, linewidth=0, label="open")
        ax.step(times, table["finished"], where="post", color=INK, linewidth=1.5, linestyle="--", label="finished")
        locator = AutoDateLocator(minticks=3, maxticks=7)  # type: ignore[no-untyped-call]
        ax.xaxis.set_major_locator(locator)
        ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
        ax.set(xlabel="Time (UTC)", ylabel="Human loops")
        ax.set_ylim(0)
        ax.locator_params(axis="y", integer=True)
        legend_above(ax, columns=2)
        plain(ax, grid="y")
        return self
