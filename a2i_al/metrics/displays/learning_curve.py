"""Learning curves: what a metric gained with every label that was bought."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle
from typing import TYPE_CHECKING

import pandas as pd

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.metrics.displays.figure import COLOURS, MARKERS, FigureDisplay, in_percent, named_curves, plain, shown
from a2i_al.tables import ROUNDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D


class LearningCurveDisplay(FigureDisplay):
    """Learning curves of one or several cycles over the labels bought, such as a strategy against a random choice.

    Parameters
    ----------
    rounds : mapping of str to DataFrame
        A rounds table per curve, under the curve's name.
    metric : str, default "accuracy"
        The column to draw, a share from 0 to 1. Where the columns `<metric>_low` and `<metric>_high` have values,
        they are drawn as a band.

    Attributes
    ----------
    ax_, figure_ : matplotlib Axes and Figure
    lines_ : list of Line2D
        One per curve, in order.

    Raises
    ------
    InvalidInput
        If there is no curve, or one lacks the metric.

    Examples
    --------
    >>> margin = pd.DataFrame({"round": [0, 1], "labels_bought": [20, 40], "accuracy": [0.7, 0.9]})
    >>> LearningCurveDisplay.from_rounds({"margin": margin}).ax_.get_xlabel()
    'Labels bought (items)'
    """

    lines_: list[Line2D]

    def __init__(self, rounds: Mapping[str, pd.DataFrame], *, metric: str = "accuracy") -> None:
        given = named_curves(rounds, 'a rounds table per curve: {"margin": rounds}')
        self.rounds = {name: ROUNDS.check(table).sort_values("round") for name, table in given.items()}
        self.metric = arguments.text("metric", metric)
        for name, table in self.rounds.items():
            if metric not in table.columns or table[metric].isna().all():
                numeric = table.select_dtypes("number").dropna(axis="columns", how="all").columns
                raise InvalidInput(
                    f"the rounds of {name!r} have no {metric!r}", expected=f"one of {', '.join(map(repr, numeric))}"
                )

    @classmethod
    def from_rounds(
        cls, rounds: Mapping[str, pd.DataFrame], *, ax: Axes | None = None, metric: str = "accuracy"
    ) -> LearningCurveDisplay:
        """Draw a curve per rounds table."""
        return cls(rounds, metric=metric).plot(ax=ax)

    def plot(self, *, ax: Axes | None = None) -> LearningCurveDisplay:
        """Draw, into the given axes or a figure of its own, and return this Display."""
        # Here and not at the top: matplotlib comes with the first plot.
        from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

        ax = self._begin(ax, 6.4, 4.0)
        bought = all(table["labels_bought"].any() for table in self.rounds.values())
        x = "labels_bought" if bought else "round"
        looks = zip(cycle(COLOURS), cycle(MARKERS), strict=False)
        self.lines_ = [
            self._draw(table[x], table, label=shown(name), color=look[0], marker=look[1])
            for (name, table), look in zip(self.rounds.items(), looks, strict=False)
        ]
        ax.set_xlabel("Labels bought (items)" if bought else "Round")
        ax.set_ylabel(f"{self.metric.replace('_', ' ').capitalize()} (%)")
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
        ax.yaxis.set_major_formatter(in_percent)
        ax.legend(frameon=False)
        plain(ax, grid="y")
        return self

    def _draw(self, x: pd.Series, table: pd.DataFrame, *, label: str, color: str, marker: str) -> Line2D:
        known = table[self.metric].notna()
        (line,) = self.ax_.plot(
            x[known], table[self.metric][known], label=label, color=color, marker=marker, markersize=5, linewidth=1.8
        )
        low, high = f"{self.metric}_low", f"{self.metric}_high"
        if {low, high} <= set(table.columns):
            self.ax_.fill_between(x[known], table[low][known], table[high][known], color=color, alpha=0.15, linewidth=0)
        return line
