"""Risk-coverage curves: what is still wrong among the answers that a model is surest of, the more of them are taken."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.metrics.displays.figure import COLOURS, GREY, FigureDisplay, in_percent, named_curves, plain, shown
from a2i_al.metrics.thresholds.risk_coverage import RiskCoverage, risk_coverage

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

    from a2i_al.metrics.thresholds.choice import ThresholdChoice

# Of so few items the risk is a matter of single errors, and the line would jump about.
_FEWEST = 5


class RiskCoverageDisplay(FigureDisplay):
    """Risk-coverage curves of one model or several; the lower, the better a model knows where it is wrong.

    Parameters
    ----------
    curves : mapping of str to RiskCoverage
        A curve under each name.
    point : tuple of float, optional
        Coverage and risk of a chosen threshold, to be marked.

    Attributes
    ----------
    ax_, figure_ : matplotlib Axes and Figure
    lines_ : list of Line2D
        One per curve, in order.

    Raises
    ------
    InvalidInput
        If there is no curve.

    References
    ----------
    Y. Geifman and R. El-Yaniv, "Selective classification for deep neural networks", NeurIPS 2017.

    Examples
    --------
    >>> RiskCoverageDisplay.from_predictions([0.9, 0.8, 0.6], [0, 0, 1]).ax_.get_xlabel()
    'Answers taken, the surest first (%)'
    """

    lines_: list[Line2D]

    def __init__(self, curves: Mapping[str, RiskCoverage], *, point: tuple[float, float] | None = None) -> None:
        self.curves = named_curves(curves, 'a curve per name: {"model": risk_coverage(...)}')
        for name, curve in self.curves.items():
            arguments.able(f"curves[{name!r}]", curve, "aurc", "what a2i_al.metrics.risk_coverage() gives")
        if point is not None and arguments.floats("point", point).shape != (2,):
            raise InvalidInput(f"point is {arguments.told(point)}", expected="(coverage, risk) of a threshold")
        self.point = point

    @classmethod
    def from_predictions(
        cls,
        confidence: npt.ArrayLike,
        errors: npt.ArrayLike,
        *,
        sample_weight: npt.ArrayLike | None = None,
        name: str = "model",
        ax: Axes | None = None,
    ) -> RiskCoverageDisplay:
        """Draw the curve of confidences and errors, weighted by 1 / inclusion probability."""
        return cls({arguments.text("name", name): risk_coverage(confidence, errors, sample_weight)}).plot(ax=ax)

    @classmethod
    def from_choice(
        cls, choice: ThresholdChoice, *, name: str = "model", ax: Axes | None = None
    ) -> RiskCoverageDisplay:
        """Draw the curve that a threshold was chosen by, and mark what it takes."""
        arguments.able("choice", choice, "curve", "what a2i_al.choose_threshold() gives")
        taken = choice.curve.thresholds >= choice.threshold
        at = int(np.flatnonzero(taken)[-1]) if taken.any() else None
        point = None if at is None else (float(choice.curve.coverage[at]), float(choice.curve.risk[at]))
        return cls({arguments.text("name", name): choice.curve}, point=point).plot(ax=ax)

    def plot(self, *, ax: Axes | None = None) -> RiskCoverageDisplay:
        """Draw, into the given axes or a figure of its own, and return this Display."""
        ax = self._begin(ax, 6.0, 4.0)
        self.lines_ = []
        for (name, curve), colour in zip(self.curves.items(), cycle(COLOURS), strict=False):
            drawn = curve.counts >= min(_FEWEST, curve.counts[-1])
            label = f"{shown(name)}, area {100 * curve.aurc:.2f} %"
            (line,) = ax.plot(curve.coverage[drawn], curve.risk[drawn], color=colour, linewidth=1.8, label=label)
            self.lines_.append(line)
            ax.axhline(curve.risk[-1], color=colour, linewidth=0.8, linestyle=":")
        if self.point is not None:
            ax.plot(*self.point, "o", color=COLOURS[1], markersize=7, label="chosen threshold", clip_on=False, zorder=3)
        ax.plot([], [], color=GREY, linewidth=0.8, linestyle=":", label="all answers taken")
        ax.set(xlim=(0, 1), xlabel="Answers taken, the surest first (%)", ylabel="Wrong among these (%)")
        ax.set_ylim(bottom=0)
        ax.xaxis.set_major_formatter(in_percent)
        ax.yaxis.set_major_formatter(in_percent)
        ax.legend(frameon=False, fontsize="small")
        plain(ax, grid="y")
        return self
