"""A pool, the ways to estimate it and a metric in; its estimate for the whole, a group or each class out."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al.errors import EstimateWarning, InvalidInput
from a2i_al.metrics.estimates.designs import Designs
from a2i_al.metrics.estimates.intervals import exact_interval
from a2i_al.metrics.estimates.means import Mean
from a2i_al.metrics.estimates.plan import Plan, mean_of
from a2i_al.metrics.estimates.quantities import Quantity, quantity
from a2i_al.metrics.estimates.ratios import macro_f1, ratio
from a2i_al.metrics.estimates.result import Estimate, Estimates

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# Of so few labels most of what an interval says is what was assumed before.
_FEW = 5


def groups(pool: pd.DataFrame, by: str) -> Iterator[tuple[str, Flags]]:
    """Give the values of a column, sorted as text, and which items have each."""
    names = pool[by].map(str)
    for name in sorted(names.unique()):
        yield name, (names == name).to_numpy(dtype=np.bool_)


@dataclass(frozen=True)
class Question:
    """What is asked of a pool.

    Attributes
    ----------
    pool : DataFrame
        Predictions and labels, by item.
    ways : Designs
        How it can be estimated.
    labelled : ndarray of shape (N,), bool
        Which items have a label.
    confidence : float
        Of the intervals.
    exact : bool
        Whether the coverage is to be guaranteed.
    proxy : str, array-like or None
        As given to `estimate`.
    """

    pool: pd.DataFrame
    ways: Designs
    labelled: Flags
    confidence: float
    exact: bool = False
    proxy: str | npt.ArrayLike | None = "auto"

    def mean(self, wanted: Quantity, part: Flags, group: str = "") -> Estimate:
        """Return the estimate of a quantity's mean over a part of the pool."""
        plan = self.ways.plan_for(part)
        if plan is None:
            mean = Mean(math.nan, *((0.0, 1.0) if wanted.scale.is_share else (-math.inf, math.inf)), 0.0)
            return self._as_estimate(wanted.name, mean, math.nan, None, part, group, is_share=wanted.scale.is_share)
        if self.exact:
            found, how = _exact(plan, part, wanted, self.confidence), f"{plan.how}, exact"
        else:
            found = mean_of(plan, part, wanted.numbers, wanted.proxy, confidence=self.confidence, scale=wanted.scale)
            how = plan.how if wanted.proxy is None else f"{plan.how}, with the model's predictions"
        naive = float(wanted.numbers[part & self.labelled].mean())
        share = wanted.scale.is_share
        return self._as_estimate(wanted.name, found, naive, (plan, how), part, group, is_share=share)

    def ratio(self, metric: str, by: str | None) -> Estimate | Estimates:
        """Return recall, precision or F1 of every class, or the mean of the classes' F1.

        Raises
        ------
        InvalidInput
            If groups are asked for by class, or an exact interval.
        """
        if self.exact:
            raise InvalidInput(f"there is no exact interval of {metric}", expected="exact=False")
        named = self.pool[["label", "predicted_label"]]
        labels = sorted(pd.unique(named.to_numpy(dtype=object).ravel()[named.notna().to_numpy().ravel()]))
        everything = np.ones(len(self.pool), dtype=np.bool_)
        if metric == "macro_f1":
            if by is None:
                return self._macro(labels, everything, "")
            return Estimates(tuple(self._macro(labels, part, name) for name, part in groups(self.pool, by)))
        if by is not None:
            raise InvalidInput(
                f"metric {metric!r} is by class, and by={by!r}", expected="by=None", fix="take one segment"
            )
        if metric == "precision":
            # How often the model is right where it says so: the accuracy of a part of the pool that is known.
            right = replace(quantity(self.pool, "accuracy", self.proxy), name="precision")
            said = ((label, (self.pool["predicted_label"] == label).to_numpy(dtype=np.bool_)) for label in labels)
            return Estimates(tuple(self.mean(right, part, label) for label, part in said if part.any()))
        return Estimates(tuple(self._of_class(metric, label, everything) for label in labels))

    def _of_class(self, metric: str, label: str, part: Flags) -> Estimate:
        plan = self.ways.plan_for(part)
        if plan is None:
            return self._as_estimate(metric, Mean(math.nan, 0.0, 1.0, 0.0), math.nan, None, part, label)
        found = ratio(self.pool, label, metric, plan, part, confidence=self.confidence, proxy=self.proxy is not None)
        naive = _naive(self.pool[self.labelled & part], label, metric)
        return self._as_estimate(metric, found, naive, (plan, f"{plan.how}, linearised"), part, label)

    def _macro(self, labels: list[str], part: Flags, group: str) -> Estimate:
        plan = self.ways.plan_for(part)
        if plan is None:
            return self._as_estimate("macro F1", Mean(math.nan, 0.0, 1.0, 0.0), math.nan, None, part, group)
        found = macro_f1(self.pool, labels, plan, part, confidence=self.confidence, proxy=self.proxy is not None)
        each = [_naive(self.pool[self.labelled & part], label, "f1") for label in labels]
        naive = float(np.nanmean(each)) if not np.isnan(each).all() else math.nan
        return self._as_estimate("macro F1", found, naive, (plan, f"{plan.how}, linearised"), part, group)

    def _as_estimate(  # noqa: PLR0917 - all that an estimate is made of
        self,
        metric: str,
        mean: Mean,
        naive: float,
        way: tuple[Plan, str] | None,
        part: Flags,
        group: str,
        *,
        is_share: bool = True,
    ) -> Estimate:
        n = 0 if way is None else int((way[0].used & part).sum())
        notes = list(self.ways.notes)
        where = f"{group!r}" if group else "the pool"
        if n == 0 or math.isnan(mean.value):
            warnings.warn(
                f"{metric} of {where}: no drawn label says anything about it, the value is NaN",
                EstimateWarning,
                stacklevel=4,
            )
            notes.append(f"No drawn label says anything about {where}.")
        elif math.isinf(mean.low):
            warnings.warn(
                f"{metric} of {where}: a single draw says nothing of the spread, the interval is infinite",
                EstimateWarning,
                stacklevel=4,
            )
        if 0 < n < _FEW:
            notes.append(f"Only {n} label{'s' if n > 1 else ''} for {where}: the interval is mostly caution.")
        return Estimate(
            metric=metric,
            value=mean.value,
            low=mean.low,
            high=mean.high,
            confidence=self.confidence,
            naive=naive,
            n=n,
            size=int(part.sum()),
            method=way[1] if way else "nothing to go by",
            holds_for="the pool that the predictions are of" + (", by group" if group else ""),
            group=group,
            is_share=is_share,
            slope=mean.slope,
            notes=tuple(notes),
        )


def _exact(plan: Plan, part: Flags, wanted: Quantity, confidence: float) -> Mean:
    rows, chances, size = np.flatnonzero(part & plan.used), plan.chance_of(part), int(part.sum())
    sure = chances >= 1 - 1e-12
    values = wanted.numbers[rows]
    if plan.chances is not None or len(np.unique(plan.stratum[rows[~sure]])) > 1 or not np.isin(values, (0, 1)).all():
        raise InvalidInput(
            f"there is no exact interval of {wanted.name} from a {plan.how}",
            expected="a quantity that is 0 or 1, and a uniform draw",
            fix="exact=False",
        )
    total, left = values[sure].sum(), size - int(sure.sum())
    if not (~sure).any():
        return Mean(total / size, total / size, total / size, 0.0)
    drawn = values[~sure]
    low, high = exact_interval(int(drawn.sum()), len(drawn), left, confidence)
    value, low, high = ((float(total) + left * end) / size for end in (float(drawn.mean()), low, high))
    return Mean(value, low, high, 0.0)


def _naive(labelled: pd.DataFrame, label: str, metric: str) -> float:
    truly, said = labelled["label"] == label, labelled["predicted_label"] == label
    hits = int((truly & said).sum())
    of = {"recall": truly.sum(), "f1": (truly.sum() + said.sum()) / 2}[metric]
    return float(hits / of) if of else math.nan
