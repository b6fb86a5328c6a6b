"""What an estimate is: the number, its interval, how it was made and what it holds for; a row, and what is shown."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from a2i_al.metrics.markup import card

# No more rows than a notebook cell takes in at a glance.
_MOST_ROWS = 30


@dataclass(frozen=True)
class Estimate:
    """A number that holds for a pool of which only some items were reviewed.

    Attributes
    ----------
    metric : str
        What is estimated, such as "error rate".
    value, low, high : float
        The estimate and its interval. NaN and the widest possible where nothing is known.
    confidence : float
        Of the interval.
    naive : float
        The plain number over all reviewed items, which is biased by how they were chosen; for comparison.
    n : int
        Labelled items that the estimate rests on.
    size : int
        Items that it holds for.
    method : str
        How it was made.
    holds_for : str
        What it is about.
    group : str
        The part of the pool or the class; empty for the whole.
    is_share : bool
        Whether it is from 0 to 1.
    slope : float
        λ, how much of the model's own expectation was used: 0 none, 1 all of it.
    notes : tuple of str
        What should be known about it.
    """

    metric: str
    value: float
    low: float
    high: float
    confidence: float
    naive: float
    n: int
    size: int
    method: str
    holds_for: str
    group: str = ""
    is_share: bool = True
    slope: float = 0.0
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return one row: `metric`, `group`, `value`, `low`, `high`, `confidence`, `naive`, `n`, `size`, `method`."""
        return Estimates((self,)).to_frame()

    def __repr__(self) -> str:
        where = f" of {self.group}" if self.group else ""
        return (
            f"Estimate({self.metric}{where}: {_shown(self.value, self)} {_interval(self)}, "
            f"{self.n:,} labels for {self.size:,} items, {self.method})"
        )

    def _repr_html_(self) -> str:
        return Estimates((self,))._repr_html_()


@dataclass(frozen=True)
class Estimates:
    """Several estimates from one sample: by class, by group.

    Attributes
    ----------
    rows : tuple of Estimate
        In the order of their groups.
    """

    rows: tuple[Estimate, ...]

    def __iter__(self) -> Iterator[Estimate]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, group: str) -> Estimate:
        """Return the estimate of a group.

        Raises
        ------
        KeyError
            If there is none.
        """
        found = [row for row in self.rows if row.group == group]
        if not found:
            raise KeyError(f"no group {group!r}; there are {', '.join(repr(row.group) for row in self.rows)}")
        return found[0]

    def to_frame(self) -> pd.DataFrame:
        """Return one row per estimate, with the columns that `Estimate.to_frame` has."""
        columns = ["metric", "group", "value", "low", "high", "confidence", "naive", "n", "size", "method"]
        table = pd.DataFrame([[getattr(row, name) for name in columns] for row in self.rows], columns=columns)
        floats = dict.fromkeys(["value", "low", "high", "confidence", "naive"], "float64")
        return table.astype({**floats, "n": "int64", "size": "int64"})

    def __repr__(self) -> str:
        each = (f"{row.group or row.metric}: {_shown(row.value, row)} {_interval(row)}" for row in self)
        return f"Estimates({', '.join(each)})"

    def _repr_html_(self) -> str:
        """Return a table of the estimates; what a notebook shows. It takes the notebook's own text colour."""
        if not self.rows:
            return card("estimate", "No estimate", [])
        first = self.rows[0]
        grouped = any(row.group for row in self.rows)
        head = ["Of"] * grouped + ["Estimate", f"{100 * first.confidence:g} % interval", "Naive", "Labels", "Items"]
        rows = [
            [row.group] * grouped
            + [_shown(row.value, row), _interval(row), _shown(row.naive, row), f"{row.n:,}", f"{row.size:,}"]
            for row in self.rows[:_MOST_ROWS]
        ]
        used = f" (λ = {first.slope:.2f})" if first.slope and len(self.rows) == 1 else ""
        notes = dict.fromkeys([f"{_capital(first.method)}{used}. Holds for {first.holds_for}."])
        notes |= dict.fromkeys(note for row in self.rows for note in row.notes)
        if len(self.rows) > _MOST_ROWS:
            notes |= {f"And {len(self.rows) - _MOST_ROWS} more; see to_frame().": None}
        return card("estimate", _capital(first.metric), rows, head=head, texts=int(grouped), notes=notes)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _shown(value: float, row: Estimate) -> str:
    if math.isnan(value):
        return "–"
    if not row.is_share:
        return f"{value:.4g}"
    digits = 2 if abs(row.high - row.low) < 0.02 else 1  # noqa: PLR2004 - under two points, tenths say little
    return f"{100 * value:.{digits}f} %"


def _interval(row: Estimate) -> str:
    return "–" if math.isnan(row.low) else f"[{_shown(row.low, row)}, {_shown(row.high, row)}]"
