"""Two models' predictions for the same labelled items in; which one is better, and whether that may be chance, out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.metrics.bootstrap import bootstrap_interval, bootstrap_sums
from a2i_al.metrics.joining import positions
from a2i_al.metrics.scores import OVERALL, Margins

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from a2i_al.metrics.displays import VersionsDisplay

Floats = npt.NDArray[np.float64]

_RIGHT, _WRONG = "right", "wrong"


@dataclass(frozen=True, eq=False, repr=False)
class PairedComparison:
    """Two model versions on the labels that both predicted; made by `Comparison.against`.

    Attributes
    ----------
    a, b : str
        The model versions.
    table : DataFrame
        One row per item: `item_id`, `label`, `predicted_a`, `predicted_b`, `weight` (1 where not weighted).
    weighted : bool
        Whether every item was drawn with a known chance: differences are then those in the pool.
    unpaired : int
        Labelled items that only one of them predicted: they say nothing here.
    """

    a: str
    b: str
    table: pd.DataFrame
    weighted: bool
    unpaired: int

    def counts(self) -> pd.DataFrame:
        """Return how many items which of the models got right: model a per row, model b per column."""
        right_a, right_b = self._right()
        cells = [[int((one & other).sum()) for other in (right_b, ~right_b)] for one in (right_a, ~right_a)]
        index, columns = (pd.Index([_RIGHT, _WRONG], name=name) for name in (self.a, self.b))
        return pd.DataFrame(cells, index=index, columns=columns)

    def tests(self) -> pd.DataFrame:
        """Test whether the two are right equally often.

        Returns
        -------
        DataFrame
            `test`, `statistic`, `p_value`: McNemar's test on the items that one got right and the other wrong, exact
            and with the mid-p-value, which keeps to its level almost always and finds more; its statistic is how many
            of them `a` got right. With weights also the normal test of the weighted difference, which is the one about
            the pool.

        References
        ----------
        Q. McNemar, "Note on the sampling error of the difference between correlated proportions or percentages",
        Psychometrika 12, 1947. M. Fagerland, S. Lydersen and P. Laake, "The McNemar test for binary matched-pairs data:
        mid-p and asymptotic are better than exact conditional", BMC Medical Research Methodology 13, 2013.
        """
        from scipy.stats import binom  # noqa: PLC0415  # comes with the first call

        right_a, right_b = self._right()
        only_a, only_b = int((right_a & ~right_b).sum()), int((right_b & ~right_a).sum())
        least, n = min(only_a, only_b), only_a + only_b
        tail = float(binom.cdf(least, n, 0.5))
        middle = 2 * tail - float(binom.pmf(least, n, 0.5))
        rows: list[tuple[str, float, float]] = [
            ("McNemar, exact", only_a, min(2 * tail, 1.0)),
            ("McNemar, mid-p", only_a, min(middle, 1.0)),
        ]
        if self.weighted:
            difference, error = self._difference()
            z = difference / error if error else (0.0 if difference == 0 else math.copysign(math.inf, difference))
            rows.append(("weighted difference", z, 2 * (1 - NormalDist().cdf(abs(z)))))
        return pd.DataFrame(rows, columns=["test", "statistic", "p_value"]).astype({"statistic": "float64"})

    def differences(
        self,
        confidence: float = 0.95,
        *,
        n_resamples: int = 1_000,
        random_state: int | np.random.Generator | None = 0,
    ) -> pd.DataFrame:
        """Return how far b is ahead of a, with the interval of the paired bootstrap.

        Parameters
        ----------
        confidence : float, default 0.95
            Of the intervals.
        n_resamples : int, default 1000
            Replicates. An item comes into one with both predictions, so that what is hard for both cancels.
        random_state : int, Generator or None, default 0

        Returns
        -------
        DataFrame
            `metric`, `a`, `b`, `difference` (b - a), `low`, `high`; weighted if the comparison is.
        """
        seen = self._margins(self._patterns()[2][None])
        drawn = self._margins(self._drawn(n_resamples, random_state))
        rows = []
        for name, score in OVERALL.items():
            one, other = (float(score.value(side)[0]) for side in seen)
            gained = score.value(drawn[1]) - score.value(drawn[0])
            rows.append((name, one, other, other - one, *bootstrap_interval(gained, confidence)))
        return pd.DataFrame(rows, columns=["metric", "a", "b", "difference", "low", "high"])

    def plot(self, ax: Axes | None = None) -> VersionsDisplay:
        """Draw the differences; see `a2i_al.metrics.VersionsDisplay`."""
        from a2i_al.metrics.displays import VersionsDisplay  # noqa: PLC0415  # matplotlib comes with the first plot

        return VersionsDisplay.from_versions(self, ax=ax)

    def _right(self) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        label = self.table["label"]
        one, other = ((self.table[name] == label).to_numpy(dtype=bool) for name in ("predicted_a", "predicted_b"))
        return one, other

    def _difference(self) -> tuple[float, float]:
        """Return the weighted difference in accuracy and its standard error."""
        right_a, right_b = self._right()
        gained, weights = right_b.astype(float) - right_a.astype(float), self.table["weight"].to_numpy()
        difference = float(weights @ gained / weights.sum())
        return difference, float(np.sqrt((weights**2 * (gained - difference) ** 2).sum()) / weights.sum())

    def _codes(self) -> tuple[npt.NDArray[np.int64], int]:
        columns = ["label", "predicted_a", "predicted_b"]
        codes, classes = pd.factorize(pd.concat([self.table[name] for name in columns]), sort=True)
        return np.asarray(codes, dtype=np.int64).reshape(3, -1), len(classes)

    def _patterns(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Floats]:
        """Return each item's pattern of label and predictions, the distinct ones, and what they weigh."""
        (label, one, other), k = self._codes()
        distinct, pattern = np.unique((label * k + one) * k + other, return_inverse=True)
        weights = np.bincount(pattern, weights=self.table["weight"].to_numpy()).astype(np.float64)
        return pattern, distinct, weights

    def _drawn(self, n_resamples: int, random_state: int | np.random.Generator | None) -> Floats:
        pattern, distinct, _ = self._patterns()
        weights = self.table["weight"].to_numpy()
        return bootstrap_sums(
            pattern, weights, n_cells=len(distinct), n_resamples=n_resamples, random_state=random_state
        )

    def _margins(self, of_patterns: Floats) -> tuple[Margins, Margins]:
        """Return both models' margins of sums per pattern, shape (m, patterns)."""
        _, distinct, _ = self._patterns()
        k = self._codes()[1]
        label, one, other = distinct // (k * k), distinct // k % k, distinct % k
        return Margins.of_cells(of_patterns, label, one, k), Margins.of_cells(of_patterns, label, other, k)

    def __repr__(self) -> str:
        difference, p = self._difference()[0], self.tests()["p_value"].iloc[-1]
        return (
            f"PairedComparison({self.b!r} against {self.a!r}: {100 * difference:+.1f} points of accuracy on "
            f"{len(self.table)} items, p = {p:.3g})"
        )

    def _repr_html_(self) -> str:
        shown = self.differences().round(4).rename(columns={"a": self.a, "b": self.b})
        kind = "weighted to the pool" if self.weighted else "of these items"
        return (
            f'<div class="a2i-al-versions" style="line-height:1.4"><strong>{escape(self.b)} against {escape(self.a)}'
            f"</strong>, {len(self.table):,} items, {kind}{shown.to_html(index=False, border=0)}"
            f"{self.tests().round(4).to_html(index=False, border=0)}</div>"
        )


def pair(table: pd.DataFrame, a: str, b: str, *, weighted: bool) -> PairedComparison:
    """Put two model versions of a comparison table side by side.

    Parameters
    ----------
    table : DataFrame
        The comparison table.
    a, b : str
        Two model versions of it.
    weighted : bool
        Whether to use its weights.

    Raises
    ------
    InvalidInput
        If a version is not there, both are the same, or they have no item in common.
    """
    versions = sorted(table["model_version"].unique())
    if not (isinstance(a, str) and isinstance(b, str)) or a == b or not {a, b} <= set(versions):
        named = f"the versions are {arguments.told(a)} and {arguments.told(b)}"
        raise InvalidInput(named, expected=f"two of {', '.join(map(repr, versions))}")
    one, other = (table[table["model_version"] == version].reset_index(drop=True) for version in (a, b))
    found = positions(one["item_id"], other["item_id"])
    both = found >= 0
    if not both.any():
        raise InvalidInput(
            f"{a!r} and {b!r} have no labelled item in common", expected="predictions for the same items"
        )
    paired = one.loc[both, ["item_id", "label", "weight"]].reset_index(drop=True)
    paired = paired.assign(
        predicted_a=one.loc[both, "predicted_label"].to_numpy(dtype=object),
        predicted_b=other["predicted_label"].take(found[both]).to_numpy(dtype=object),
        weight=paired["weight"] if weighted else 1.0,
    )
    return PairedComparison(a, b, paired, weighted, len(one) + len(other) - 2 * len(paired))
