"""The confusion matrix of model and people as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.metrics.displays.figure import GREY, INK, FigureDisplay, in_percent, shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.image import AxesImage

    from a2i_al.metrics.comparison import Comparison

# With more classes zeros are left out, or they would hide the rest.
_MOST_WITH_ZEROS = 12


class ConfusionDisplay(FigureDisplay):
    """Confusion matrix: people's label per row, the model's per column.

    The number in a cell is the count of items; its shade is the share of the row, so that a rare class is as legible
    as a common one.

    Parameters
    ----------
    matrix : DataFrame
        Square counts, as `Comparison.confusion` gives them.

    Attributes
    ----------
    ax_, figure_, im_ : matplotlib Axes, Figure and AxesImage
    text_ : ndarray of Text or None
        The number in each cell.

    Examples
    --------
    >>> matrix = pd.DataFrame([[8, 2], [1, 9]], index=["cat", "dog"], columns=["cat", "dog"])
    >>> ConfusionDisplay(matrix).plot().ax_.get_xlabel()
    "Model's label"
    """

    im_: AxesImage
    text_: np.ndarray

    def __init__(self, matrix: pd.DataFrame) -> None:
        if (
            not isinstance(matrix, pd.DataFrame)
            or matrix.shape[0] != matrix.shape[1]
            or not all(pd.api.types.is_integer_dtype(kind) for kind in matrix.dtypes)
        ):
            raise InvalidInput(
                f"matrix is {arguments.told(matrix)}",
                expected="a square DataFrame of counts, as comparison.confusion()",
            )
        self.matrix = matrix

    @classmethod
    def from_comparison(cls, comparison: Comparison, *, ax: Axes | None = None) -> ConfusionDisplay:
        """Draw the confusion matrix of a comparison of one model version."""
        arguments.able("comparison", comparison, "confusion", "what a2i_al.compare() gives")
        return cls(comparison.confusion()).plot(ax=ax)

    def plot(self, *, ax: Axes | None = None) -> ConfusionDisplay:
        """Draw, into the given axes or a figure of its own, and return this Display."""
        counts = self.matrix.to_numpy()
        classes = len(counts)
        side = float(np.clip(1.9 + 0.4 * classes, 3.6, 13))
        ax = self._begin(ax, side + 1.2, side)
        rows = counts.sum(axis=1, keepdims=True)
        share = counts / np.maximum(rows, 1)
        self.im_ = ax.imshow(share, cmap="Blues", vmin=0, vmax=1)
        self._label_axes(ax)
        self.text_ = self._write_counts(ax, counts, share)
        bar = self.figure_.colorbar(self.im_, ax=ax, fraction=0.046, pad=0.04, format=in_percent)
        bar.set_label("Share of the row (%)", color=INK)
        bar.outline.set_visible(False)
        bar.ax.tick_params(colors=INK)
        n = int(counts.sum())
        agree = f", {100 * np.trace(counts) / n:.1f} % agree" if n else ""
        ax.set_title(f"n = {n:,} items{agree}", fontsize="medium", color=INK, pad=10)
        return self

    def _label_axes(self, ax: Axes) -> None:
        classes = len(self.matrix)
        names = [shown(str(name)) for name in self.matrix.index]
        size = "small" if classes > _MOST_WITH_ZEROS else "medium"
        tilt = sum(map(len, names)) > 24 or classes > _MOST_WITH_ZEROS  # noqa: PLR2004 - letters that fit side by side
        ax.set_xticks(
            range(classes),
            names,
            rotation=45 if tilt else 0,
            ha="right" if tilt else "center",
            rotation_mode="anchor" if tilt else "default",
            fontsize=size,
        )
        ax.set_yticks(range(classes), names, fontsize=size)
        # White lines between the cells, drawn as the grid of minor ticks.
        ax.set_xticks(np.arange(classes - 1) + 0.5, minor=True)
        ax.set_yticks(np.arange(classes - 1) + 0.5, minor=True)
        ax.grid(which="minor", color="white", linewidth=1)
        ax.tick_params(which="minor", length=0)
        ax.tick_params(which="major", length=0, colors=INK)
        ax.spines[:].set_visible(False)
        ax.set_xlabel("Model's label")
        ax.set_ylabel("People's label")

    def _write_counts(self, ax: Axes, counts: np.ndarray, share: np.ndarray) -> np.ndarray:
        classes = len(counts)
        texts = np.full(counts.shape, None, dtype=object)
        cell = ax.get_window_extent().width / classes * 72 / self.figure_.dpi
        longest = max((len(str(n)) for n in counts.flat), default=1)
        size = float(np.clip(cell / (0.75 * max(longest, 2)), 4, 11))
        for (row, column), n in np.ndenumerate(counts):
            if n or classes <= _MOST_WITH_ZEROS:
                colour = _readable_on(self.im_.cmap(share[row, column])) if n else GREY
                texts[row, column] = ax.text(column, row, str(n), ha="center", va="center", color=colour, fontsize=size)
        return texts


def _readable_on(rgba: tuple[float, float, float, float]) -> str:
    red, green, blue, _ = rgba
    # Rec. 601 luma: what the eye makes of the three.
    return "white" if 0.299 * red + 0.587 * green + 0.114 * blue < 0.55 else INK  # noqa: PLR2004
