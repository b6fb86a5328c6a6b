"""A chosen threshold among its neighbours: how much is taken, what is wrong of it, and what it costs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from a2i_al import arguments
from a2i_al.metrics.displays.figure import COLOURS, GREY, INK, FigureDisplay, in_percent, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

    from a2i_al.metrics.thresholds.choice import ThresholdChoice

# Of so few items the risk is a matter of single errors, and the line would jump about.
_FEWEST = 5


class ThresholdDisplay(FigureDisplay):
    """Risk or expected cost over the threshold, and below it the share of answers that needs a review.

    Parameters
    ----------
    choice : ThresholdChoice
        As `choose_threshold` gives it.

    Attributes
    ----------
    ax_, ax_reviews_ : matplotlib Axes
        Risk or cost, and the share that is reviewed below it.
    figure_ : matplotlib Figure
    line_ : Line2D
        Risk or cost.

    Examples
    --------
    >>> from a2i_al.metrics.thresholds.choice import ThresholdChoice
    >>> from a2i_al.metrics.thresholds.risk_coverage import risk_coverage
    >>> curve = risk_coverage([0.9, 0.8, 0.6], [0, 0, 1])
    >>> choice = ThresholdChoice(0.8, 0.67, 0.0, 0.1, 0.95, float("nan"), float("nan"), 3, "learn then test", curve)
    >>> ThresholdDisplay.from_choice(choice).ax_reviews_.get_xlabel()
    'Threshold: answers at least as sure are taken (confidence, %)'
    """

    ax_reviews_: Axes
    line_: Line2D

    def __init__(self, choice: ThresholdChoice) -> None:
        arguments.able("choice", choice, "curve", "what a2i_al.choose_threshold() gives")
        self.choice = choice

    @classmethod
    def from_choice(cls, choice: ThresholdChoice, *, ax: Axes | None = None) -> ThresholdDisplay:
        """Draw a chosen threshold."""
        return cls(choice).plot(ax=ax)

    def plot(self, *, ax: Axes | None = None) -> ThresholdDisplay:
        """Draw, into the given axes or a figure of its own, and return this Display."""
        # Here and not at the top: matplotlib comes with the first plot.
        from mpl_toolkits.axes_grid1 import make_axes_locatable  # type: ignore[import-untyped]  # noqa: PLC0415

        ax = self._begin(ax, 6.4, 5.0)
        by_cost = self.choice.costs is not None
        reviewed = self._draw_cost(ax) if by_cost else self._draw_risk(ax)
        below = make_axes_locatable(ax).append_axes("bottom", size="38%", pad=0.15, sharex=ax)
        below.plot(*reviewed, color=COLOURS[2], linewidth=1.8, drawstyle="steps-pre")
        below.fill_between(*reviewed, step="pre", color=COLOURS[2], alpha=0.15, linewidth=0)
        below.set(
            ylim=(0, 1), ylabel="Reviewed (%)", xlabel="Threshold: answers at least as sure are taken (confidence, %)"
        )
        for each in (ax, below):
            if math.isfinite(self.choice.threshold):
                each.axvline(self.choice.threshold, color=COLOURS[1], linewidth=1.2)
            plain(each, grid="y")
        below.xaxis.set_major_formatter(in_percent)
        below.yaxis.set_major_formatter(in_percent)
        ax.tick_params(labelbottom=False)
        ax.set_title(self._title(), fontsize="medium", color=INK)
        self.ax_reviews_ = below
        return self

    def _draw_risk(self, ax: Axes) -> tuple[np.ndarray, np.ndarray]:
        choice, curve = self.choice, self.choice.curve
        drawn = curve.counts >= min(_FEWEST, curve.counts[-1])
        (self.line_,) = ax.plot(
            curve.thresholds[drawn], curve.risk[drawn], color=COLOURS[0], linewidth=1.8, label="wrong of what is taken"
        )
        if not math.isnan(choice.bound):
            ax.plot(
                choice.threshold, choice.bound, "v", color=COLOURS[1], markersize=7, zorder=3, clip_on=False,
                label=f"promised at most, {100 * choice.confidence:g} % sure",
            )  # fmt: skip
        ax.set_ylabel("Wrong of what is taken (%)")
        ax.set_ylim(bottom=0)
        ax.yaxis.set_major_formatter(in_percent)
        ax.legend(frameon=False, fontsize="small")
        return curve.thresholds, 1 - curve.coverage

    def _draw_cost(self, ax: Axes) -> tuple[np.ndarray, np.ndarray]:
        table = self.choice.costs
        assert table is not None  # noqa: S101 - for the type checker: the caller looked
        finite = table[np.isfinite(table["threshold"])]
        (self.line_,) = ax.plot(
            finite["threshold"], finite["cost"], color=COLOURS[0], linewidth=1.8, label="reviews and errors together"
        )
        ax.axhline(float(table["cost"].iloc[0]), color=GREY, linewidth=1, linestyle="--", label="everything reviewed")
        ax.axhline(float(table["cost"].iloc[-1]), color=GREY, linewidth=1, linestyle=":", label="nothing reviewed")
        ax.set_ylabel("Cost per item")
        ax.set_ylim(bottom=0)
        ax.legend(frameon=False, fontsize="small")
        return finite["threshold"].to_numpy(), finite["reviewed"].to_numpy()

    def _title(self) -> str:
        choice = self.choice
        if math.isinf(choice.threshold):
            return "No threshold: everything is reviewed"
        daily = "" if math.isnan(choice.reviews_per_day) else f", {choice.reviews_per_day:,.0f} a day"
        return f"Confidence ≥ {choice.threshold:.3g} is taken; {100 * choice.reviewed:.1f} % reviewed{daily}"
