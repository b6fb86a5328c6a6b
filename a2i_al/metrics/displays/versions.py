"""One model against another, as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from a2i_al import arguments
from a2i_al.metrics.displays.figure import COLOURS, GREY, INK, FigureDisplay, drawable, shown
from a2i_al.metrics.displays.rates import draw_intervals, name_rows
from a2i_al.metrics.wording import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from a2i_al.metrics.versions import PairedComparison


class VersionsDisplay(FigureDisplay):
    """How far one model version is ahead of another in each metric, with the interval of the paired bootstrap.

    Parameters
    ----------
    table : DataFrame
        As `PairedComparison.differences` gives it.
    a, b : str
        The names of the versions.

    Attributes
    ----------
    ax_, figure_ : matplotlib Axes and Figure

    Examples
    --------
    >>> table = pd.DataFrame({"metric": ["accuracy"], "a": [0.8], "b": [0.9], "difference": [0.1], "low": [0.02],
    ...     "high": [0.18]})
    >>> VersionsDisplay(table, "v1", "v2").plot().ax_.get_xlabel()
    'v2 ahead of v1 (points)'
    """

    def __init__(self, table: pd.DataFrame, a: str, b: str) -> None:
        numbers = ["a", "b", "difference", "low", "high"]
        drawable("table", table, names=["metric"], numbers=numbers, such_as="comparison.against(a, b).differences()")
        self.table, self.a, self.b = table, arguments.text("a", a), arguments.text("b", b)

    @classmethod
    def from_versions(cls, versions: PairedComparison, *, ax: Axes | None = None) -> VersionsDisplay:
        """Draw the differences of two model versions."""
        arguments.able("versions", versions, "differences", "what comparison.against() gives")
        return cls(versions.differences(), versions.a, versions.b).plot(ax=ax)

    def plot(self, *, ax: Axes | None = None) -> VersionsDisplay:
        """Draw, into the given axes or a figure of its own, and return this Display."""
        table = self.table.reset_index(drop=True)
        ax = self._begin(ax, 6.8, 1.4 + 0.4 * len(table))
        rows = pd.Series(np.arange(len(table)), dtype=float)
        draw_intervals(ax, rows, table, "difference", COLOURS[0], "o")
        names = [name.replace("_", " ") for name in table["metric"]]
        known = table["a"].notna() & table["b"].notna()
        notes = [
            f"{percent(one)} → {percent(other)}" if there else "not defined"
            for one, other, there in zip(table["a"], table["b"], known, strict=True)
        ]
        name_rows(ax, names, notes)
        ax.axvline(0, color=GREY, linewidth=1.1, zorder=0)
        ax.set_xlabel(f"{shown(self.b)} ahead of {shown(self.a)} (points)", color=INK)
        widest = float(np.nanmax(np.abs(table[["low", "high", "difference"]].to_numpy()), initial=0.01))
        ax.set_xlim(-1.1 * widest, 1.1 * widest)
        return self
