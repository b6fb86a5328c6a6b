"""Rates with their intervals, one below the other: by segment, by class, by whatever a table of rates has rows for."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from a2i_al import arguments
from a2i_al.metrics.displays.figure import (
    COLOURS,
    GREY,
    INK,
    MARKERS,
    FigureDisplay,
    drawable,
    in_percent,
    legend_above,
    plain,
    shown,
)
from a2i_al.metrics.scopes import ALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from a2i_al.metrics.comparison import Comparison

# More rows than a person compares at a glance.
_MOST_ROWS = 60
_ROW = 0.3


class RatesDisplay(FigureDisplay):
    """How often model and people differ in each part of the items: a point with its interval, and n beside it.

    Parameters
    ----------
    table : DataFrame
        As `Comparison.by_segment` gives it; any table with `segment`, `n`, `rate`, `low` and `high` will do, and with
        `model_version` where there are several.
    overall : float, optional
        The rate of all items, drawn as a line.

    Attributes
    ----------
    ax_, figure_ : matplotlib Axes and Figure

    Raises
    ------
    InvalidInput
        If the table has no rows or lacks a column.

    Examples
    --------
    >>> table = pd.DataFrame({"segment": ["de", "en"], "n": [10, 90], "rate": [0.3, 0.1], "low": [0.1, 0.06],
    ...     "high": [0.6, 0.18]})
    >>> RatesDisplay(table).plot().ax_.get_xlabel()
    'Model and people differ (%)'
    """

    def __init__(self, table: pd.DataFrame, *, overall: float | None = None) -> None:
        such_as = "comparison.by_segment('language')"
        drawable("table", table, names=["segment"], numbers=["n", "rate", "low", "high"], such_as=such_as)
        if overall is not None:
            arguments.number("overall", overall, lambda rate: 0 <= rate <= 1, "a rate, 0 to 1")
        self.table = table
        self.overall = overall

    @classmethod
    def from_comparison(cls, comparison: Comparison, column: str, *, ax: Axes | None = None) -> RatesDisplay:
        """Draw the rates of the segments of a column."""
        arguments.able("comparison", comparison, "disagreement", "what a2i_al.compare() gives")
        rates = comparison.disagreement()
        overall = rates.loc[rates["scope"] == ALL, "rate"]
        return cls(comparison.by_segment(column), overall=overall.iloc[0] if len(overall) == 1 else None).plot(ax=ax)

    def plot(self, *, ax: Axes | None = None) -> RatesDisplay:
        """Draw, into the given axes or a figure of its own, and return this Display.

        Of more than sixty parts those with most items are drawn, and the axis says so.
        """
        parts = self.table.groupby("segment", sort=False)["n"].max()
        kept = parts[parts.rank(method="first", ascending=False) <= _MOST_ROWS].index
        table = self.table[self.table["segment"].isin(kept)]
        ax = self._begin(ax, 6.4, 1.5 + _ROW * len(kept))
        versions = list(table["model_version"].unique()) if "model_version" in table.columns else [None]
        place = {segment: row for row, segment in enumerate(kept)}
        looks = zip(cycle(COLOURS), cycle(MARKERS), strict=False)
        for number, (version, (colour, marker)) in enumerate(zip(versions, looks, strict=False)):
            rows = table if version is None else table[table["model_version"] == version]
            off = 0.5 * (number + 0.5) / len(versions) - 0.25
            draw_intervals(ax, rows["segment"].map(place) + off, rows, "rate", colour, marker, str(version))
        if self.overall is not None:
            ax.axvline(self.overall, color=GREY, linestyle="--", linewidth=1, zorder=0)
        name_rows(ax, [str(segment) for segment in kept], [f"n = {parts[segment]:,}" for segment in kept])
        more = f", the {_MOST_ROWS} largest of {len(parts)} parts" if len(parts) > _MOST_ROWS else ""
        ax.set_xlabel(f"Model and people differ (%){more}")
        ax.set_xlim(0, max(0.02, min(1.0, float(table["high"].max()) * 1.05)))
        if len(versions) > 1:
            legend_above(ax, columns=3)
        return self


def draw_intervals(  # noqa: PLR0917 - what, where and how it looks
    ax: Axes, y: pd.Series, rows: pd.DataFrame, name: str, colour: str, marker: str, label: str = ""
) -> None:
    """Draw points with their intervals: the columns ``low`` and ``high``, or ``<name>_low`` and ``<name>_high``."""
    own = f"{name}_low" in rows.columns
    low, high = (f"{name}_low", f"{name}_high") if own else ("low", "high")
    known = rows[name].notna()
    value = rows[name][known]
    # A bootstrap interval of a skewed metric need not hold its value.
    below = np.maximum(value - rows[low][known].fillna(value), 0)
    above = np.maximum(rows[high][known].fillna(value) - value, 0)
    ax.errorbar(
        value, y[known], xerr=np.stack([below, above]), linestyle="none", color=colour, marker=marker, markersize=5,
        elinewidth=1.2, capsize=2.5, label=label,
    )  # fmt: skip


def name_rows(ax: Axes, names: list[str], notes: list[str]) -> None:
    """Write the names of the rows to the left, a note on each to the right, from top to bottom."""
    from matplotlib.transforms import blended_transform_factory  # noqa: PLC0415

    ax.set_yticks(range(len(names)), [shown(name) for name in names])
    ax.set_ylim(len(names) - 0.4, -0.6)
    beside = blended_transform_factory(ax.transAxes, ax.transData)
    for row, note in enumerate(notes):
        ax.text(1.02, row, note, transform=beside, va="center", ha="left", fontsize="small", color=GREY)
    ax.xaxis.set_major_formatter(in_percent)
    plain(ax, grid="x")
    ax.tick_params(axis="y", length=0, colors=INK)
