"""How a rate went over time, and where it was found to have changed, as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from a2i_al import arguments
from a2i_al.metrics.displays.figure import COLOURS, GREY, INK, FigureDisplay, in_percent, legend_above, plain
from a2i_al.metrics.groups import rates
from a2i_al.metrics.wording import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from a2i_al.metrics.drift import Drift

_WINDOWS = 24


class DriftDisplay(FigureDisplay):
    """The rate in windows of equally many items with Wilson's intervals, the baseline, and the alarm.

    Parameters
    ----------
    drift : Drift
    window : int, optional
        Items in a window; by default so many that there are about two dozen windows.

    Attributes
    ----------
    ax_, figure_ : matplotlib Axes and Figure

    Examples
    --------
    >>> from a2i_al.metrics.drift import detect_change
    >>> DriftDisplay.from_drift(detect_change([False] * 50 + [True] * 20, baseline=0.1)).ax_.get_xlabel()
    'Items in the order of time'
    """

    def __init__(self, drift: Drift, *, window: int | None = None) -> None:
        arguments.able("drift", drift, "bounds", "what comparison.drift() gives")
        self.drift = drift
        usual = max(1, round(len(drift.table) / _WINDOWS))
        self.window = usual if window is None else arguments.whole("window", window, 1, of="item")

    @classmethod
    def from_drift(cls, drift: Drift, *, ax: Axes | None = None, window: int | None = None) -> DriftDisplay:
        """Draw what `Comparison.drift` found."""
        return cls(drift, window=window).plot(ax=ax)

    def plot(self, *, ax: Axes | None = None) -> DriftDisplay:
        """Draw, into the given axes or a figure of its own, and return this Display."""
        ax = self._begin(ax, 7.2, 4.2)
        table, drift = self.drift.table, self.drift
        windows = rates(table["disagrees"], np.ones(len(table)), (table["item"] - 1) // self.window)
        middle = self._middles(windows)
        ends = np.stack([windows["rate"] - windows["low"], windows["high"] - windows["rate"]])
        ax.errorbar(
            middle, windows["rate"], yerr=ends, color=COLOURS[0], marker="o", markersize=4.5, linewidth=1.3,
            elinewidth=0.9, capsize=2, label=f"rate in {self.window:,} items, 95 % interval",
        )  # fmt: skip
        low, high = drift.bounds
        ax.axhline(
            drift.baseline, color=GREY, linestyle="--", linewidth=1.1, label=f"before: {percent(drift.baseline)}"
        )
        if high > low:
            ax.axhspan(low, high, color=GREY, alpha=0.14, linewidth=0, label="what the reference leaves possible")
        if drift.reference:
            ax.axvline(drift.reference + 0.5, color=GREY, linestyle=":", linewidth=1.1, label="end of the reference")
        self._draw_alarm(ax)
        ax.set(xlabel="Items in the order of time", ylabel="Model and people differ (%)")
        ax.set_xlim(0, len(table) + 1)
        ax.set_ylim(0, min(1.04, float(windows["high"].max()) * 1.08))
        ax.yaxis.set_major_formatter(in_percent)
        legend_above(ax, columns=2)
        plain(ax, grid="y")
        return self

    def _middles(self, windows: pd.DataFrame) -> np.ndarray:
        ends = np.cumsum(windows["n"].to_numpy())
        middles: np.ndarray = ends - windows["n"].to_numpy() / 2 + 0.5
        return middles

    def _draw_alarm(self, ax: Axes) -> None:
        alarm = self.drift.alarm
        if alarm is None:
            return
        ax.axvspan(alarm.since + 0.5, alarm.item, color=COLOURS[1], alpha=0.13, linewidth=0)
        ax.axvline(alarm.item, color=COLOURS[1], linewidth=1.6, label=f"alarm, at item {alarm.item:,}")
        early = alarm.item < len(self.drift.table) / 2
        ax.annotate(
            f"{'rise' if alarm.direction == 'up' else 'fall'} since about item {alarm.since + 1:,}",
            (alarm.item, 0.97), xycoords=("data", "axes fraction"), xytext=(6 if early else -6, 0),
            textcoords="offset points", ha="left" if early else "right", va="top", fontsize="small", color=INK,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 2},
        )  # fmt: skip
