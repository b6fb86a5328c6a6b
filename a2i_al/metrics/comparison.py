"""Predictions and labels in, where model and people differ out, with what the way of choosing lets one conclude."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from a2i_al import arguments, places
from a2i_al.errors import ComparisonWarning
from a2i_al.metrics.drift import Drift, detect_change
from a2i_al.metrics.drift.alarms import Direction
from a2i_al.metrics.groups import window_of
from a2i_al.metrics.joining import join
from a2i_al.metrics.measured import Measured
from a2i_al.metrics.scopes import Scoped
from a2i_al.metrics.summary import to_html, to_line
from a2i_al.metrics.versions import PairedComparison, pair
from a2i_al.tables import ITEMS, LABELS, PICKS, PREDICTIONS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from a2i_al.metrics.displays import ConfusionDisplay


def compare(
    predictions: pd.DataFrame,
    labels: pd.DataFrame,
    picks: pd.DataFrame | None = None,
    *,
    items: pd.DataFrame | None = None,
) -> Comparison:
    """Compare what models said with what people decided.

    Parameters
    ----------
    predictions : DataFrame
        The predictions table, of one model version or several.
    labels : DataFrame
        The labels table. Rows whose status is not ``agreed`` are counted, not compared; without statuses, every row
        with a label is compared.
    picks : DataFrame, optional
        The picks table: which of the items were drawn at random, and which a strategy chose.
    items : DataFrame, optional
        The items table: its columns can be segments to compare by, such as a language or a customer.

    Returns
    -------
    Comparison

    Raises
    ------
    InvalidTable
        If a table is not what it should be.
    InvalidInput
        If no labelled item has a prediction.

    Warns
    -----
    ComparisonWarning
        If the picks are draws of several rounds: what is weighted by their chances is then no estimate of one pool.

    Examples
    --------
    >>> predictions = pd.DataFrame({"item_id": ["i", "j"], "predicted_label": ["cat", "dog"], "model_version": "v1"})
    >>> labels = pd.DataFrame({"item_id": ["i", "j"], "label": ["cat", "cat"], "status": "agreed"})
    >>> compare(predictions, labels)
    Comparison(2 items, 1 disagreement: 50.0 % [9.5 %, 90.5 %])
    """
    predictions, labels = PREDICTIONS.check(predictions), LABELS.check(labels)
    picks = None if picks is None else PICKS.check(picks)
    table, left_out = join(predictions, labels, picks, None if items is None else ITEMS.check(items))
    drawn_in = set(table.loc[table["weight"].notna(), "round"])
    if len(drawn_in) > 1:
        warnings.warn(
            f"the audit slice was drawn in {len(drawn_in)} rounds, each from what was left: weighted, it describes "
            "the draws, and estimates no pool. Give the picks of one round, or take al.estimate(..., rounds='all')",
            ComparisonWarning,
            stacklevel=2,
        )
    return Comparison(table, left_out, picked=picks is not None)


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Measured, Scoped):
    """Where models and people differ, item by item; made by `compare`.

    Attributes
    ----------
    table : DataFrame
        The comparison table: one row per labelled item and model version. `weight` is 1 / inclusion_probability, NaN
        where the choice was no draw or is unknown. With picks, the extra column `strategy` names what chose the item.
    left_out : mapping of str to int
        How many items could not be compared, by reason: the label's status (``tied``, ``abstained``, ``incomplete``),
        ``no label``, ``no prediction``, and ``no label yet`` for picks that nobody has answered.
    picked : bool
        Whether picks were given, so that the audit slice can be told from the strategy's choices.

    Examples
    --------
    >>> said = {"item_id": ["i", "j", "k"], "predicted_label": ["cat", "dog", "cat"], "model_version": "v1"}
    >>> decided = {"item_id": ["i", "j", "k"], "label": ["cat", "cat", None], "status": ["agreed", "agreed", "tied"]}
    >>> comparison = compare(pd.DataFrame(said), pd.DataFrame(decided))
    >>> comparison.table[["item_id", "predicted_label", "label", "disagrees"]]
      item_id predicted_label label  disagrees
    0       i             cat   cat      False
    1       j             dog   cat       True
    >>> comparison.left_out
    {'tied': 1}
    >>> comparison.disagreement()[["scope", "n", "rate"]]
              scope  n  rate
    0  all reviewed  2   0.5
    """

    def against(self, a: str, b: str) -> PairedComparison:
        """Put two model versions side by side on the labels that both predicted, to see whether b is better.

        Raises
        ------
        InvalidInput
            If there is no such version, or they have no labelled item in common.
        """
        return pair(self.table, a, b, weighted=self.weighted)

    def drift(
        self,
        time: str = "round",
        *,
        baseline: float | None = None,
        reference: int | None = None,
        alpha: float = 0.05,
        direction: Direction = "both",
        average_run_length: int | None = None,
    ) -> Drift:
        """Look for a change of how often model and people differ, in the order of a column of times.

        The test may be looked at after every item; parameters and result are those of
        `a2i_al.metrics.drift.detect_change`. It goes by the reviewed items, unweighted: if their choice changes with
        time, so does the rate. ``only(scope="audit slice")`` is about the pool.

        Raises
        ------
        InvalidInput
            If the comparison holds several model versions, the column is not there or incomplete, no item is left to
            watch, or an argument is out of range.

        Warns
        -----
        ComparisonWarning
            If items were chosen in different ways, or with different chances.
        """
        table = self._one_version()
        window_of(table, time, 1)  # says what is wrong with the column
        if self.picked and len(table["weight"].unique()) > 1:
            warnings.warn(
                "the items were chosen in different ways: the rate moves with the mixture, not only with the model",
                ComparisonWarning,
                stacklevel=2,
            )
        ordered = table.sort_values([time, "item_id"])
        return detect_change(
            ordered["disagrees"].astype(bool),
            times=ordered[time],
            baseline=baseline,
            reference=reference,
            alpha=alpha,
            direction=direction,
            average_run_length=average_run_length,
        )

    def plot(self, ax: Axes | None = None) -> ConfusionDisplay:
        """Draw the confusion matrix; see `a2i_al.metrics.ConfusionDisplay`."""
        # Here and not at the top: matplotlib comes with the first plot, not with the first comparison.
        from a2i_al.metrics.displays import ConfusionDisplay  # noqa: PLC0415

        return ConfusionDisplay.from_comparison(self, ax=ax)

    def to_html(
        self,
        path: str | Path | None = None,
        *,
        title: str = "Model against people",
        segments: Sequence[str] = (),
        time: str | None = None,
        model_version: str | None = None,
    ) -> str:
        """Return all of it as one self-contained HTML page, to read, print or mail.

        Parameters
        ----------
        path : str or Path, optional
            Where to write it as well.
        title : str
        segments : sequence of str
            Columns of the table to part the items by.
        time : str, optional
            A column of times, for whether the rate has changed.
        model_version : str, optional
            The one that the details are about; by default the last.

        Raises
        ------
        InvalidInput
            If there is no such column or model version, or the path cannot be written.
        """
        from a2i_al.metrics.page import page  # noqa: PLC0415  # matplotlib comes with the first page

        file = None if path is None else places.file("path", path)
        text = page(
            self,
            title=arguments.text("title", title),
            segments=arguments.texts("segments", segments),
            time=time,
            model_version=model_version,
        )
        if file is not None:
            with places.written("path", file):
                file.write_text(text, encoding="utf-8")
        return text

    def __repr__(self) -> str:
        return to_line(self.disagreement())

    def _repr_html_(self) -> str:
        return to_html(
            self.table,
            self.disagreement(),
            left_out=self.left_out,
            picked=self.picked,
            kappa=self.kappa() if len(self.model_versions) == 1 else None,
        )
