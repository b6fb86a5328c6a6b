"""A comparison table in; the parts of it that a rate can be about, by how items were chosen, and these rates out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
import pandas as pd

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.metrics.intervals import wilson_weighted
from a2i_al.metrics.rows import Rows

ALL, AUDIT, CHOSEN = "all reviewed", "audit slice", "chosen by strategy"


@dataclass(frozen=True, eq=False, repr=False)
class Scoped(Rows):
    """What a comparison knows of how its items were chosen; `a2i_al.metrics.Comparison` has all of it."""

    table: pd.DataFrame
    left_out: Mapping[str, int] = field(default_factory=dict)
    picked: bool = False

    def only(self, *, scope: str = ALL, model_version: str | None = None) -> Self:
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
        if not isinstance(scope, str) or scope not in scopes:
            raise InvalidInput(
                f"there is no scope {arguments.told(scope)}",
                expected=f"one of {', '.join(map(repr, scopes))}",
                fix="" if self.picked else "give compare() the picks to tell draws from the strategy's choices",
            )
        versions = self.model_versions
        if model_version is not None:
            arguments.one_of("model_version", model_version, versions)
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
            drawn at random, so its rate, weighted by the draws' chances, is the one that estimates the pool's; the
            others describe the reviewed items only, unless all of them were drawn.
        """
        rows = []
        for version in self.model_versions:
            for scope in self._scopes():
                part = self.only(scope=scope, model_version=version)
                differs = part.table["disagrees"].astype(bool)
                ends = wilson_weighted(differs, part._weights(part.table), confidence)  # noqa: SLF001 - of our own kind
                rows.append((scope, len(differs), int(differs.sum()), *ends, version))
        return pd.DataFrame(rows, columns=["scope", "n", "disagreements", "rate", "low", "high", "model_version"])

    def _scopes(self) -> dict[str, np.ndarray]:
        everything = {ALL: np.ones(len(self.table), dtype=bool)}
        if not self.picked:
            return everything
        drawn = self.table["weight"].notna().to_numpy()
        return everything | {AUDIT: drawn, CHOSEN: self.table["strategy"].notna().to_numpy() & ~drawn}
