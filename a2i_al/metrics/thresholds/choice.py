"""A chosen threshold: what it takes, what it sends to review, and what is promised; a row, and what is shown."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import pandas as pd

from a2i_al.metrics.markup import card
from a2i_al.metrics.thresholds.risk_coverage import RiskCoverage


@dataclass(frozen=True, eq=False)
class ThresholdChoice:
    """The confidence from which answers are taken without a review.

    Attributes
    ----------
    threshold : float
        Answers with at least this confidence are taken; infinite: all are reviewed.
    taken : float
        Share of the stream that is taken.
    risk : float
        Estimated share of errors among what is taken; NaN if nothing is.
    bound : float
        The share of errors that is promised not to be exceeded; NaN without a promise.
    confidence : float
        Of the promise; NaN without one.
    cost : float
        Expected cost per item, reviews and errors left; NaN if no prices were given.
    reviews_per_day : float
        NaN if the items per day were not given.
    n : int
        Labelled items it was chosen by.
    method : str
        How.
    curve : RiskCoverage
        Of the labelled items.
    costs : DataFrame or None
        As `expected_costs` gives them, if there are prices.
    notes : tuple of str
        What should be known about it.
    """

    threshold: float
    taken: float
    risk: float
    bound: float
    confidence: float
    cost: float
    reviews_per_day: float
    n: int
    method: str
    curve: RiskCoverage
    costs: pd.DataFrame | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def reviewed(self) -> float:
        """Share of the stream that goes to people."""
        return 1 - self.taken

    def to_frame(self) -> pd.DataFrame:
        """Return one row, with a column for each number of the choice, and `method`."""
        numbers = ["threshold", "taken", "reviewed", "risk", "bound", "confidence", "cost", "reviews_per_day", "n"]
        names = [*numbers, "method"]
        return pd.DataFrame([[getattr(self, name) for name in names]], columns=names)

    def __repr__(self) -> str:
        if math.isinf(self.threshold):
            return f"ThresholdChoice(review everything; {self.method}, {self.n:,} labels)"
        return (
            f"ThresholdChoice(take confidence >= {self.threshold:.4g}: {_percent(self.taken)} of the stream, "
            f"{_percent(self.risk)} of it wrong{self._promise()}; {self.method}, {self.n:,} labels)"
        )

    def _promise(self) -> str:
        return "" if math.isnan(self.bound) else f", at most {_percent(self.bound)}"

    def _repr_html_(self) -> str:
        """Return a table of what the threshold does; what a notebook shows. It takes the notebook's own text colour."""
        nothing = math.isinf(self.threshold)
        rows = [("Taken without review", "nothing" if nothing else f"confidence ≥ {self.threshold:.4g}")]
        rows += [("Share of the stream", _percent(self.taken))] * (not nothing)
        rows += [("Wrong among these, estimated", _percent(self.risk))] * (not nothing)
        if not math.isnan(self.bound):
            rows.append((f"Promised, in {100 * self.confidence:g} of 100 samples", f"at most {_percent(self.bound)}"))
        rows.append(("Sent to review", _percent(self.reviewed)))
        rows += [("Reviews per day", f"{self.reviews_per_day:,.0f}")] * (not math.isnan(self.reviews_per_day))
        rows += [("Cost per item", f"{self.cost:.4g}")] * (not math.isnan(self.cost))
        notes = [f"{self.method[:1].upper()}{self.method[1:]}, by {self.n:,} labels.", *self.notes]
        return card("threshold", "Threshold", rows, texts=2, notes=notes)


def _percent(share: float) -> str:
    return "–" if math.isnan(share) else f"{100 * share:.1f} %"
