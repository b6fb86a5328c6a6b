"""Predictions and labels in, where model and people differ out, with what the way of choosing lets one conclude."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from a2i_al.errors import InvalidInput
from a2i_al.metrics import calibration, joining
from a2i_al.metrics.agreement import cohen_kappa
from a2i_al.metrics.intervals import wilson
from a2i_al.metrics.summary import to_html, to_line
from a2i_al.tables import LABELS, PICKS, PREDICTIONS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from a2i_al.metrics.displays import ConfusionDisplay

ALL, AUDIT, CHOSEN = "all reviewed", "audit slice", "chosen by strategy"


def compare(predictions: pd.DataFrame, labels: pd.DataFrame, picks: pd.DataFrame | None = None) -> Comparison:
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

    Returns
    -------
    Comparison

    Raises
    ------
    InvalidTable
        If a table is not what it should be.
    InvalidInput
        If no labelled item has a prediction.

    Examples
    --------
    >>> predictions = pd.DataFrame({"item_id": ["i", "j"], "predicted_label": ["cat", "dog"], "model_version": "v1"})
    >>> labels = pd.DataFrame({"item_id": ["i", "j"], "label": ["cat", "cat"], "status": "agreed"})
    >>> compare(predictions, labels)
    Comparison(2 items, 1 disagreement: 50.0 % [9.5 %, 90.5 %])
    """
    predictions, labels = PREDICTIONS.check(predictions), LABELS.check(labels)
    picks = None if picks is None else PICKS.check(picks)
    table = joining.join(predictions, labels[joining.usable(labels)], picks)
    return Comparison(table, joining.left_out(predictions, labels, picks), picked=picks is not None)


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
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
    """

    table: pd.DataFrame
    left_out: Mapping[str, int] = field(default_factory=dict)
    picked: bool = False

    @property
    def model_versions(self) -> list[str]:
        """The model versions that are compared, sorted."""
        return sorted(self.table["model_version"].unique())

    def only(self, *, scope: str = ALL, model_version: str | None = None) -> Comparison:
        """Return the comparison over some of the rows.

        Parameters
        ----------
        scope : {"all reviewed", "audit slice", "chosen by strategy"}
            The audit slice is what was drawn at random.
        model_version : str, optional
            One of `model_versions`; all of them by default.

        Raises
        ------
        InvalidInput
            If there is no such scope or model version.
        """
        scopes = self._scopes()
        if scope not in scopes:
            raise InvalidInput(
                f"there is no scope {scope!r}",
                expected=f"one of {', '.join(map(repr, scopes))}",
                fix="" if self.picked else "give compare() the picks to tell draws from the strategy's choices",
            )
        versions = self.model_versions
        if model_version is not None and model_version not in versions:
            raise InvalidInput(
                f"there is no model version {model_version!r}", expected=f"one of {', '.join(map(repr, versions))}"
            )
        rows = scopes[scope]
        if model_version is not None:
            rows = rows & (self.table["model_version"] == model_version).to_numpy()
        return replace(self, table=self.table[rows].reset_index(drop=True))

    def disagreement(self, confidence: float = 0.95) -> pd.DataFrame:
        """Return how often model and people differ, with Wilson's interval, by how the items were chosen.

        Parameters
        ----------
        confidence : float, default 0.95
            Of the interval.

        Returns
        -------
        DataFrame
            `scope`, `n` items, `disagreements`, `rate`, `low`, `high`, `model_version`: per model version a row
            ``all reviewed`` and, if picks were given, ``audit slice`` and ``chosen by strategy``. The audit slice was
            drawn at random, so its rate is the one that estimates the pool's; the others describe the reviewed items
            only. It is not weighted: within one round every draw has the same chance.
        """
        rows = []
        for version in self.model_versions:
            for scope in self._scopes():
                differs = self.only(scope=scope, model_version=version).table["disagrees"]
                n, k = len(differs), int(differs.sum())
                rows.append((scope, n, k, k / n if n else math.nan, *wilson(k, n, confidence), version))
        return pd.DataFrame(rows, columns=["scope", "n", "disagreements", "rate", "low", "high", "model_version"])

    def confusion(self) -> pd.DataFrame:
        """Return counts: people's label (rows) against the model's (columns), over the classes of both, sorted.

        Raises
        ------
        InvalidInput
            If the comparison holds several model versions.
        """
        table = self._one_version()
        classes = sorted({*table["label"], *table["predicted_label"]})
        counts = pd.crosstab(table["label"], table["predicted_label"])
        return counts.reindex(index=classes, columns=classes, fill_value=0).astype("int64")

    def by_confidence(self, bins: int = 10) -> pd.DataFrame:
        """Return how often people confirm the model, by the confidence that it had.

        Parameters and result are those of `a2i_al.metrics.calibration.reliability`. For items that a strategy chose
        for their low confidence the table is about such items; ``only(scope="audit slice")`` is about the pool.

        Raises
        ------
        InvalidInput
            If the comparison holds several model versions, or no confidence between 0 and 1.
        """
        table = self._one_version()
        return calibration.reliability(table["confidence"], ~table["disagrees"].astype(bool), bins)

    def calibration(self, bins: int = 10) -> pd.Series:
        """Return `n`, mean `confidence`, `accuracy`, and the expected and maximum calibration error `ece` and `mce`.

        Raises
        ------
        InvalidInput
            As `by_confidence`.
        """
        return calibration.summary(self.by_confidence(bins))

    def kappa(self) -> float:
        """Return Cohen's kappa of model and people: agreement beyond chance; NaN where it is not defined.

        Raises
        ------
        InvalidInput
            If the comparison holds several model versions.
        """
        table = self._one_version()
        return cohen_kappa(table["label"], table["predicted_label"])

    def plot(self, ax: Axes | None = None) -> ConfusionDisplay:
        """Draw the confusion matrix; see `a2i_al.metrics.ConfusionDisplay`."""
        # Here and not at the top: matplotlib comes with the first plot, not with the first comparison.
        from a2i_al.metrics.displays import ConfusionDisplay  # noqa: PLC0415

        return ConfusionDisplay.from_comparison(self, ax=ax)

    def _scopes(self) -> dict[str, np.ndarray]:
        everything = {ALL: np.ones(len(self.table), dtype=bool)}
        if not self.picked:
            return everything
        drawn = self.table["weight"].notna().to_numpy()
        return everything | {AUDIT: drawn, CHOSEN: self.table["strategy"].notna().to_numpy() & ~drawn}

    def _one_version(self) -> pd.DataFrame:
        versions = self.model_versions
        if len(versions) > 1:
            raise InvalidInput(
                f"the comparison holds {len(versions)} model versions: {', '.join(map(repr, versions))}",
                expected="one, for a result about one model",
                fix=f"comparison.only(model_version={versions[-1]!r})",
            )
        return self.table

    def __repr__(self) -> str:
        return to_line(self.disagreement())

    def _repr_html_(self) -> str:
        return to_html(self)
