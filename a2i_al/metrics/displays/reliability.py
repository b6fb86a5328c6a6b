"""A reliability diagram: what the model was sure of against what people confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from a2i_al import arguments
from a2i_al.metrics.calibration import summary
from a2i_al.metrics.displays.figure import COLOURS, GREY, INK, FigureDisplay, drawable, in_percent, legend_above, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from a2i_al.metrics.comparison import Comparison
    from a2i_al.metrics.measured import Strategy

# More bars than this leave no room for a number over each.
_MOST_NUMBERED = 12


class ReliabilityDisplay(FigureDisplay):
    """Reliability diagram: accuracy by confidence with Wilson's 95 % intervals, over the count of items per bin.

    Points under the diagonal are bins in which the model is surer than people's answers warrant.

    Parameters
    ----------
    table : DataFrame
        As `Comparison.by_confidence` gives it.

    Attributes
    ----------
    ax_, ax_histogram_ : matplotlib Axes
        The diagram, and the counts below it.
    figure_ : matplotlib Figure

    References
    ----------
    M. DeGroot and S. Fienberg, "The comparison and evaluation of forecasters", The Statistician 32, 1983.

    Examples
    --------
    >>> from a2i_al.metrics.calibration import reliability
    >>> table = reliability(pd.Series([0.9, 0.8, 0.4]), pd.Series([True, False, True]), bins=5)
    >>> ReliabilityDisplay(table).plot().ax_.get_ylabel()
    'Confirmed by people (%)'
    """

    ax_histogram_: Axes

    def __init__(self, table: pd.DataFrame) -> None:
        numbers = ["low", "high", "n", "confidence", "accuracy", "accuracy_low", "accuracy_high"]
        drawable("table", table, numbers=numbers, such_as="comparison.by_confidence()")
        self.table = table

    @classmethod
    def from_comparison(
        cls, comparison: Comparison, *, bins: int = 10, strategy: Strategy = "uniform", ax: Axes | None = None
    ) -> ReliabilityDisplay:
        """Draw the reliability diagram of a comparison of one model version; bins as in its `by_confidence`."""
        arguments.able("comparison", comparison, "by_confidence", "what a2i_al.compare() gives")
        return cls(comparison.by_confidence(bins, strategy=strategy)).plot(ax=ax)

    def plot(self, *, ax: Axes | None = None) -> ReliabilityDisplay:
        """Draw, into the given axes or a figure of its own, and return this Display."""
        # Here and not at the top: matplotlib comes with the first plot.
        from mpl_toolkits.axes_grid1 import make_axes_locatable  # type: ignore[import-untyped]  # noqa: PLC0415

        ax = self._begin(ax, 5.2, 5.6)
        filled = self.table[self.table["n"] > 0]
        below = filled["accuracy"] - filled["accuracy_low"]
        above = filled["accuracy_high"] - filled["accuracy"]
        ax.plot([0, 1], [0, 1], linestyle="--", color=GREY, linewidth=1, label="perfectly calibrated")
        ax.errorbar(
            filled["confidence"],
            filled["accuracy"],
            yerr=np.stack([below, above]),
            color=COLOURS[0],
            marker="o",
            markersize=5,
            linewidth=1.5,
            elinewidth=1,
            capsize=3,
            label="model, 95 % interval",
        )
        result = summary(self.table)
        error = f", expected calibration error {100 * result['ece']:.1f} %" if len(filled) else ""
        ax.set_title(f"n = {int(result['n']):,} items{error}", fontsize="medium", color=INK, pad=24)
        ax.set(xlim=(0, 1), ylim=(-0.02, 1.02), ylabel="Confirmed by people (%)")
        ax.yaxis.set_major_formatter(in_percent)
        legend_above(ax, columns=2)
        plain(ax, grid="both")
        self.ax_histogram_ = make_axes_locatable(ax).append_axes("bottom", size="24%", pad=0.15, sharex=ax)
        self._draw_counts(self.ax_histogram_)
        self.ax_histogram_.xaxis.set_major_formatter(in_percent)
        ax.tick_params(labelbottom=False)
        return self

    def _draw_counts(self, ax: Axes) -> None:
        table = self.table
        widths = table["high"] - table["low"]
        bars = ax.bar(table["low"], table["n"], width=widths, align="edge", color=COLOURS[5], edgecolor="white")
        if len(table) <= _MOST_NUMBERED:
            numbers = [f"{n:,}" if n else "" for n in table["n"]]
            ax.bar_label(bars, numbers, fontsize="x-small", color=INK, padding=1)
            ax.margins(y=0.28)
        ax.set(xlim=(0, 1), xlabel="Model's confidence (%)", ylabel="Items")
        ax.locator_params(axis="y", integer=True, nbins=2)
        plain(ax)
