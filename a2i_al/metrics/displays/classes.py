"""Precision and recall of each class, as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from a2i_al import arguments
from a2i_al.metrics.displays.figure import COLOURS, FigureDisplay, drawable, legend_above
from a2i_al.metrics.displays.rates import draw_intervals, name_rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from a2i_al.metrics.comparison import Comparison

# Colour and shape say the same.
_LOOKS = {"precision": (COLOURS[0], "o", -0.14), "recall": (COLOURS[1], "s", 0.14)}
_MOST_CLASSES = 60


class ClassesDisplay(FigureDisplay):
    """Precision and recall of each class with their intervals, the commonest class first.

    Parameters
    ----------
    table : DataFrame
        As `Comparison.by_class` gives it.

    Attributes
    ----------
    ax_, figure_ : matplotlib Axes and Figure

    Raises
    ------
    InvalidInput
        If the table has no rows, or is no such table.

    Examples
    --------
    >>> from a2i_al.metrics import compare
    >>> predictions = pd.DataFrame({"item_id": ["i", "j"], "predicted_label": ["cat", "dog"], "model_version": "v1"})
    >>> labels = pd.DataFrame({"item_id": ["i", "j"], "label": ["cat", "dog"]})
    >>> ClassesDisplay.from_comparison(compare(predictions, labels)).ax_.get_xlabel()
    'Share (%)'
    """

    def __init__(self, table: pd.DataFrame) -> None:
        shares = [f"{name}{end}" for name in _LOOKS for end in ("", "_low", "_high")]
        drawable("table", table, names=["label"], numbers=["n_people", *shares], such_as="comparison.by_class()")
        self.table = table

    @classmethod
    def from_comparison(cls, comparison: Comparison, *, ax: Axes | None = None) -> ClassesDisplay:
        """Draw the classes of a comparison of one model version."""
        arguments.able("comparison", comparison, "by_class", "what a2i_al.compare() gives")
        return cls(comparison.by_class()).plot(ax=ax)

    def plot(self, *, ax: Axes | None = None) -> ClassesDisplay:
        """Draw, into the given axes or a figure of its own, and return this Display.

        Of more than sixty classes the commonest are drawn, and the axis says so.
        """
        table = self.table.sort_values(["n_people", "label"], ascending=[False, True], ignore_index=True)
        hidden = len(table) - _MOST_CLASSES
        table = table.head(_MOST_CLASSES)
        ax = self._begin(ax, 6.4, 1.6 + 0.34 * len(table))
        rows = pd.Series(np.arange(len(table)), index=table.index, dtype=float)
        for name, (colour, marker, off) in _LOOKS.items():
            draw_intervals(ax, rows + off, table, name, colour, marker, name)
        name_rows(ax, table["label"].tolist(), [f"n = {n:,}" for n in table["n_people"]])
        ax.set_xlim(-0.02, 1.02)
        ax.set_xlabel("Share (%)" + (f", {hidden} rarer classes are not shown" if hidden > 0 else ""))
        legend_above(ax, columns=2)
        return self
