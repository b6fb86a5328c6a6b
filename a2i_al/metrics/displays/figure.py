"""What every Display shares: axes of its own or the caller's, the picture that a notebook shows, and the colours."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import pandas as pd

from a2i_al import arguments
from a2i_al.errors import InvalidInput

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Curve = TypeVar("Curve")

# M. Okabe and K. Ito's palette ("Color universal design", 2008), told apart under every common colour blindness.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS = "os^DvPX"
INK, GREY, FAINT = "#222222", "#767676", "#DDDDDD"

# Twice the logical size, so that the picture stays sharp on dense screens.
_DPI, _DENSITY = 96, 2
_LONGEST = 24
# Of Debian, Windows and macOS, for what DejaVu Sans lacks: Chinese, Japanese, Korean, Indic scripts, emoji.
_FURTHER_FONTS = (
    "Noto Sans CJK JP",
    "Noto Sans CJK SC",
    "WenQuanYi Zen Hei",
    "Yu Gothic",
    "Microsoft YaHei",
    "Malgun Gothic",
    "Hiragino Sans",
    "PingFang SC",
    "Apple SD Gothic Neo",
    "Noto Sans Devanagari",
    "Nirmala UI",
    "Noto Sans",
    "Arial Unicode MS",
    "Noto Emoji",
    "Segoe UI Emoji",
)


class FigureDisplay:
    """Base of the Displays: after `plot`, the axes are `ax_` and their figure `figure_`."""

    ax_: Axes
    figure_: Figure
    _ours = False

    def _begin(self, ax: Axes | None, width: float, height: float) -> Axes:
        """Take the caller's axes, or make a figure of this size in inches."""
        from matplotlib.figure import Figure  # noqa: PLC0415 - matplotlib comes with the first plot

        if ax is not None:
            arguments.able("ax", ax, "figure", "matplotlib Axes")
        self._ours = ax is None
        if ax is None:
            ax = Figure(figsize=(width, height), dpi=_DPI, layout="tight").add_subplot()
        self.ax_, self.figure_ = ax, ax.figure.figure  # of a subfigure, the figure that it is part of
        return ax

    def __repr__(self) -> str:
        # What stands beside the picture in a saved notebook is the same from run to run.
        return f"{type(self).__name__}()"

    def _repr_png_(self) -> tuple[bytes, dict[str, Any]] | None:
        # The caller's own figure is shown by whoever made it; a second picture would double it.
        if not self._ours:
            return None
        return drawn(self.figure_, "png"), {"width": round(self.figure_.get_figwidth() * _DPI)}


def drawn(figure: Figure, form: Literal["png", "svg"]) -> bytes:
    """Return a figure's picture, on white.

    A sign that matplotlib's own font lacks is drawn in another installed one; where none has it, as a box, which says
    as much as matplotlib's warning does.
    """
    from matplotlib import rc_context  # noqa: PLC0415
    from matplotlib.font_manager import fontManager  # noqa: PLC0415
    from matplotlib.text import Text  # noqa: PLC0415

    installed = {font.name for font in fontManager.ttflist}
    further = [name for name in _FURTHER_FONTS if name in installed]
    for text in figure.findobj(Text):
        if not text.get_text().isascii():
            text.set_fontfamily(list(dict.fromkeys([*text.get_fontfamily(), *further])))
    picture = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        # The same figure gives the same file.
        with rc_context({"svg.hashsalt": "a2i_al"}):
            dated = {"Date": None} if form == "svg" else None
            figure.savefig(picture, format=form, dpi=_DENSITY * _DPI, facecolor="white", metadata=dated)
    return picture.getvalue()


def plain(ax: Axes, *, grid: Literal["x", "y", "both"] | None = None) -> None:
    """Leave out the frame's upper and right side, quieten the rest, and draw faint lines at the ticks of an axis."""
    if grid is not None:
        ax.grid(axis=grid, color=FAINT, linewidth=0.6)
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["left", "bottom"]].set_color(GREY)
    ax.tick_params(colors=INK, length=3)


def legend_above(ax: Axes, columns: int = 1) -> None:
    """Explain the lines above the axes: inside, any corner may hold one of them."""
    ax.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=columns, fontsize="small")


def drawable(name: str, table: Any, *, names: Iterable[str] = (), numbers: Iterable[str] = (), such_as: str) -> None:
    """Refuse what is no table of these names and numbers.

    Raises
    ------
    InvalidInput
        If it is no DataFrame, lacks a column or has it twice, has no rows, a name is missing, or a number is none.
    """
    if not isinstance(table, pd.DataFrame):
        raise InvalidInput(f"{name} is {arguments.told(table)}", expected=f"a DataFrame, such as {such_as}")
    lacking = [column for column in (*names, *numbers) if column not in table.columns]
    if lacking:
        raise InvalidInput(f"the {name} lacks {', '.join(map(repr, lacking))}", expected=f"a table such as {such_as}")
    if table.empty or not table.columns.is_unique:
        found = "no row to draw" if table.empty else "a column twice"
        raise InvalidInput(f"the {name} has {found}", expected=f"a table such as {such_as}")
    for column in names:
        if not all(isinstance(value, str) for value in table[column]):
            raise InvalidInput(f"{name}[{column!r}] is not text throughout", expected=f"a table such as {such_as}")
    for column in numbers:
        if not pd.api.types.is_numeric_dtype(table[column]):
            raise InvalidInput(f"{name}[{column!r}] is {table[column].dtype}", expected="numbers")


def named_curves(curves: Mapping[str, Curve], expected: str) -> dict[str, Curve]:
    """Return what a Display draws a line each of, by name.

    Raises
    ------
    InvalidInput
        If it is no mapping, or an empty one.
    """
    if not isinstance(curves, Mapping) or not curves:
        given = "" if isinstance(curves, Mapping) else f", a {type(curves).__name__} was given"
        raise InvalidInput(f"there is no curve to draw{given}", expected=expected)
    return {str(name): curve for name, curve in curves.items()}


def shown(label: str) -> str:
    r"""Return a label as it can be drawn: cut to the room there is, and never read as a formula.

    The cut is in the middle, as long labels often differ in how they end.

    Examples
    --------
    >>> shown("cost in $"), shown("complaint about delivery, late")
    ('cost in \\$', 'complaint ab…ivery, late')
    """
    half = _LONGEST // 2
    short = label if len(label) <= _LONGEST else f"{label[:half]}…{label[1 - half :]}"
    return short.replace("$", r"\$")


def in_percent(share: float, _position: float | None = None) -> str:
    """Return a share as a tick label in percent, without the sign: that stands beside the axis.

    Examples
    --------
    >>> in_percent(0.07), in_percent(0.125)
    ('7', '12.5')
    """
    return f"{100 * share:.6g}"
