"""How the time grows with the pool: measured for our strategies, drawn on logarithmic axes."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from a2i_al.metrics.displays.figure import COLOURS, FAINT, GREY, INK, MARKERS, plain
from speed.batches import Pool
from speed.clock import alone, raced
from speed.scores import READ, STRATEGIES, fastest, score_race

# Rows to seconds, by name.
Curves = dict[str, dict[int, float]]

SCORE_ROWS, BATCH_ROWS = (10_000, 100_000, 1_000_000, 10_000_000), (10_000, 100_000, 1_000_000)
COLUMNS, CHOSEN = 64, 100
# From here on a slope says how the work grows, not what a call costs at least.
LARGE = 100_000
# The height of a line of text, as a share of the panel's.
_LINE = 0.045
BATCHES = ("weighted_k_means", "badge", "k_center", "clue", "typiclust", "prob_cover", "max_herding")
PEER = "the fastest peer, margin"


def score_curves(rows: tuple[int, ...] = SCORE_ROWS) -> Curves:
    """Return the seconds of each score, of the peer that is fastest by margin, and of one read of the array."""
    curves: Curves = {name: {} for name in (*STRATEGIES, PEER, READ)}
    for count in rows:
        race = alone(partial(score_race, peers=False), count) | alone(score_race, count, ("margin",))
        for strategy in STRATEGIES:
            curves[strategy][count] = race[strategy]["ours"].seconds
        margin = race["margin"]
        curves[PEER][count], curves[READ][count] = margin[fastest(margin)].seconds, margin[READ].seconds
    return curves


def batch_curves(rows: tuple[int, ...] = BATCH_ROWS) -> Curves:
    """Return the seconds of the batch strategies, 100 chosen by 64 columns."""
    curves: Curves = {name: {} for name in BATCHES}
    for count in rows:
        for name, seconds in alone(_batches, count).items():
            curves[name][count] = seconds
    return curves


def exponent(curve: dict[int, float]) -> float:
    """Return the slope on logarithmic axes from 100,000 rows, or the first size, on: 1 is linear."""
    sizes = [rows for rows in curve if rows >= LARGE] or list(curve)
    slope, _ = np.polyfit(np.log(sizes), np.log([curve[rows] for rows in sizes]), 1)
    return float(slope)


def draw(scores: Curves, batches: Curves, file: Path) -> None:
    """Draw both families of curves into a picture."""
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(11, 4.8), dpi=150, layout="constrained")
    left, right = figure.subplots(1, 2)
    _panel(left, scores, "1,000 of N × 10 probabilities")
    _panel(right, batches, f"{CHOSEN} of N × {COLUMNS} features")
    figure.savefig(file, facecolor="white")


def _batches(rows: int) -> dict[str, float]:
    pool = Pool(rows, COLUMNS)
    rounds = 3 if rows < BATCH_ROWS[-1] else 1
    return {name: raced({name: pool.ours(name, CHOSEN)}, rounds)[name].seconds for name in BATCHES}


def _panel(ax: Any, curves: Curves, title: str) -> None:
    quiet = (PEER, READ)
    loud = [name for name in curves if name not in quiet]
    looks = {name: {"color": COLOURS[at], "marker": MARKERS[at]} for at, name in enumerate(loud)}
    looks |= {PEER: {"color": GREY, "linestyle": "--"}, READ: {"color": GREY, "linestyle": ":"}}
    for name, curve in curves.items():
        ax.loglog(list(curve), list(curve.values()), linewidth=1.6, markersize=5, **looks[name])
    _name_the_ends(ax, curves, looks)
    ax.set_title(title, loc="left", color=INK, fontsize=11)
    ax.set_xlabel("items in the pool, N")
    ax.set_ylabel("seconds")
    ax.grid(which="major", color=FAINT, linewidth=0.6)
    plain(ax)


def _name_the_ends(ax: Any, curves: Curves, looks: dict[str, dict[str, str]]) -> None:
    """Write each name where its curve ends, moved up or down no farther than its neighbours need."""
    from sklearn.isotonic import isotonic_regression  # noqa: PLC0415

    low, high = np.log(ax.get_ylim())
    names = sorted(curves, key=lambda name: list(curves[name].values())[-1])
    ends = np.log([list(curves[name].values())[-1] for name in names])
    # Heights that rise by so much from name to name, as near to the ends as they can be.
    apart = _LINE * (high - low) * np.arange(len(names))
    heights = np.exp(isotonic_regression(ends - apart) + apart)
    for name, height in zip(names, heights, strict=True):
        ax.annotate(
            name.replace("_", " "),
            (max(curves[name]), height),
            (8, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            color=looks[name]["color"],
            annotation_clip=False,
        )
