"""A comparison table in; scores, classes, segments, windows and calibration out, weighted where the draws allow it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al import arguments
from a2i_al.metrics import calibration, cautions, groups, proper, scores
from a2i_al.metrics.agreement import cohen_kappa
from a2i_al.metrics.bootstrap import bootstrap_interval, bootstrap_sums
from a2i_al.metrics.cells import Cells
from a2i_al.metrics.rows import Rows
from a2i_al.metrics.scores import Margins
from a2i_al.tables import TEXT

Floats = npt.NDArray[np.float64]
Strategy = Literal["uniform", "quantile"]

_SCORE_COLUMNS = ["metric", "value", "low", "high", "n", "model_version"]
_FOR_CONFIDENCE = {"brier_score": proper.brier_score, "log_loss": proper.log_loss}


class Measured(Rows):
    """What can be read off a comparison table; `a2i_al.metrics.Comparison` has all of it."""

    def scores(
        self,
        confidence: float = 0.95,
        *,
        n_resamples: int = 0,
        random_state: int | np.random.Generator | None = None,
    ) -> pd.DataFrame:
        """Return accuracy, macro-averaged precision, recall and F1, Cohen's kappa, Brier score and log-loss.

        Parameters
        ----------
        confidence : float, default 0.95
            Of the intervals.
        n_resamples : int, default 0
            Take the intervals of what rests on the confusion matrix from so many bootstrap replicates. 0: from its
            linearised variance, which costs nothing and for accuracy is Wilson's.
        random_state : int, Generator or None
            Of the bootstrap.

        Returns
        -------
        DataFrame
            `metric`, `value`, `low`, `high`, `n` items, `model_version`. ``brier_score`` and ``log_loss`` are those of
            the model's confidence in its answer, and only there where one is known; ``class_brier_score`` and
            ``class_log_loss`` those of its columns ``proba_<label>``, where it has them.

        Warns
        -----
        ComparisonWarning
            If there is one class only, labels that the model cannot give, or items without confidence.
        """
        rows: list[tuple[object, ...]] = []
        for version, part in self._versions():
            cells = self._cells(part)
            drawn = self._replicates(cells, n_resamples, random_state)
            for name, score in scores.OVERALL.items():
                value, low, high = scores.overall_interval(score, cells, confidence)
                if drawn is not None:
                    low, high = bootstrap_interval(score.value(drawn), confidence)
                rows.append((name, value, low, high, len(part), version))
            known = self._known(part)
            right, heavy = ~known["disagrees"].astype(bool), self._weights(known)
            for name, of_confidence in _FOR_CONFIDENCE.items() if len(known) else ():
                ends = of_confidence(known["confidence"], right, heavy, interval=confidence)
                rows.append((name, *ends, len(known), version))
            rows += [
                (name, *ends, n, version)
                for name, ends, n in proper.class_scores_of(part, self._weights(part), confidence)
            ]
        return pd.DataFrame(rows, columns=_SCORE_COLUMNS)

    def by_class(
        self,
        confidence: float = 0.95,
        *,
        n_resamples: int = 0,
        random_state: int | np.random.Generator | None = None,
    ) -> pd.DataFrame:
        """Return precision, recall and F1 of each class, with intervals as in `scores`.

        Returns
        -------
        DataFrame
            `label`, `n_people` and `n_model` (items that either gave it to), then `precision`, `precision_low`,
            `precision_high`, and the same of `recall` and `f1`; NaN where it is not defined: the precision of a class
            that the model never names.

        Raises
        ------
        InvalidInput
            If the comparison holds several model versions.

        Warns
        -----
        ComparisonWarning
            As `scores`.
        """
        cells = self._cells(self._one_version())
        drawn = self._replicates(cells, n_resamples, random_state)
        people, model = cells.counts.sum(axis=1), cells.counts.sum(axis=0)
        columns: dict[str, object] = {"label": cells.classes, "n_people": people, "n_model": model}
        for name, (value, low, high) in scores.per_class_intervals(cells, confidence).items():
            ends = (low, high) if drawn is None else bootstrap_interval(scores.PER_CLASS[name](drawn), confidence)
            columns |= {name: value, f"{name}_low": ends[0], f"{name}_high": ends[1]}
        return pd.DataFrame(columns)

    def confusion(self, *, weighted: bool = False) -> pd.DataFrame:
        """Return counts: people's label (rows) against the model's (columns), over the classes of both, sorted.

        Parameters
        ----------
        weighted : bool, default False
            Sum what the items count instead: of how many items of the pool they tell, if all were drawn.

        Raises
        ------
        InvalidInput
            If the comparison holds several model versions.
        """
        arguments.flags(weighted=weighted)
        table = self._one_version()
        cells = Cells.of(table["label"], table["predicted_label"], self._weights(table))
        index, columns = (pd.Index(cells.classes, name=name) for name in ("label", "predicted_label"))
        return pd.DataFrame(cells.sums if weighted else cells.counts, index=index, columns=columns)

    def by_segment(self, *columns: str, confidence: float = 0.95) -> pd.DataFrame:
        """Return how often model and people differ in each part of the items, such as each language or customer.

        Parameters
        ----------
        *columns : str
            Extra columns of the comparison table. A number with more than a dozen values is cut into quarters.
        confidence : float, default 0.95
            Of the interval.

        Returns
        -------
        DataFrame
            `column`, `segment`, `n`, `disagreements`, `rate`, `low`, `high`, `model_version`; items without a value
            are the segment ``(missing)``.

        Raises
        ------
        InvalidInput
            If there is no such column, or its values are lists or dicts.
        """
        names = ["column", "segment", *groups.RATE_COLUMNS, "model_version"]
        parts = [
            self._rates("segment", partial(groups.segment_of, column=column), confidence).assign(column=column)
            for column in columns
        ]
        table = pd.concat(parts, ignore_index=True)[names] if parts else pd.DataFrame(columns=names)
        return table.assign(segment=table["segment"].astype(object).astype(TEXT))

    def over_time(
        self, time: str = "round", window: str | int | None = None, *, confidence: float = 0.95
    ) -> pd.DataFrame:
        """Return how often model and people differ, window after window; see `drift` for whether that has changed.

        Parameters
        ----------
        time : str, default "round"
            A column of the comparison table: of times, or of what sorts in time.
        window : str or int, optional
            Of times, their period: ``"1D"`` by default. Or a number of items in the order of the column.
        confidence : float, default 0.95
            Of the interval.

        Returns
        -------
        DataFrame
            `window` (its start, value or number), `n`, `disagreements`, `rate`, `low`, `high`, `model_version`.

        Raises
        ------
        InvalidInput
            If there is no such column, a value of it is missing, or the window does not fit.
        """
        return self._rates("window", partial(groups.window_of, time=time, window=window), confidence)

    def by_confidence(self, bins: int = 10, *, strategy: Strategy = "uniform") -> pd.DataFrame:
        """Return how often people confirm the model, by the confidence that it had.

        Parameters and result are those of `a2i_al.metrics.calibration.reliability`. For items that a strategy chose
        for their low confidence the table is about such items; ``only(scope="audit slice")`` is about the pool.

        Raises
        ------
        InvalidInput
            If the comparison holds several model versions, or no confidence between 0 and 1.

        Warns
        -----
        ComparisonWarning
            If some items have no confidence: they are left out.
        """
        known = self._known(self._one_version())
        right = ~known["disagrees"].astype(bool)
        return calibration.reliability(
            known["confidence"], right, bins, weights=self._weights(known), strategy=strategy
        )

    def calibration(self, bins: int = 10, *, strategy: Strategy = "uniform") -> pd.Series:
        """Return calibration errors, Brier score and log-loss of the model's confidence in its answer.

        Returns
        -------
        Series of float
            What `a2i_al.metrics.calibration.summary` gives, and `brier_score`, its part `within_bins` that the
            binning does not see (calibration_loss - resolution + uncertainty + within_bins is the score), `log_loss`.

        Raises
        ------
        InvalidInput, ComparisonWarning
            As `by_confidence`.
        """
        known = self._known(self._one_version())
        right, heavy = ~known["disagrees"].astype(bool), self._weights(known)
        found = calibration.summary(
            calibration.reliability(known["confidence"], right, bins, weights=heavy, strategy=strategy)
        )
        brier = proper.brier_score(known["confidence"], right, heavy)[0]
        seen = found["calibration_loss"] - found["resolution"] + found["uncertainty"]
        more = {"brier_score": brier, "within_bins": brier - seen}
        return pd.concat([found, pd.Series(more | {"log_loss": proper.log_loss(known["confidence"], right, heavy)[0]})])

    def kappa(self) -> float:
        """Return Cohen's kappa of model and people over these items, unweighted; NaN where it is not defined.

        Raises
        ------
        InvalidInput
            If the comparison holds several model versions.
        """
        table = self._one_version()
        return cohen_kappa(table["label"], table["predicted_label"])

    def _rates(self, name: str, group: Callable[[pd.DataFrame], pd.Series], confidence: float) -> pd.DataFrame:
        parts = [
            groups.rates(part["disagrees"].astype(bool), self._weights(part), group(part), confidence)
            .rename_axis(name)
            .reset_index()
            .assign(model_version=version)
            for version, part in self._versions()
        ]
        columns = [name, *groups.RATE_COLUMNS, "model_version"]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)

    def _cells(self, part: pd.DataFrame) -> Cells:
        cells = Cells.of(part["label"], part["predicted_label"], self._weights(part))
        cautions.about_classes(cells, part.columns)
        return cells

    def _replicates(
        self, cells: Cells, n_resamples: int, random_state: int | np.random.Generator | None
    ) -> Margins | None:
        if not arguments.whole("n_resamples", n_resamples, least=0) or not len(cells.cell):
            return None
        # Of many classes most cells are empty.
        occurs, place = np.unique(cells.cell, return_inverse=True)
        drawn = bootstrap_sums(
            place, cells.weights, n_cells=len(occurs), n_resamples=n_resamples, random_state=random_state
        )
        k = len(cells.classes)
        return Margins.of_cells(drawn, occurs // k, occurs % k, k)
