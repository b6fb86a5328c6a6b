"""A comparison table's rows: of which model versions, what each counts, and which have a confidence."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al.errors import InvalidInput
from a2i_al.metrics import cautions

Floats = npt.NDArray[np.float64]


class Rows:
    """Base of what is read off a comparison table.

    Attributes
    ----------
    table : DataFrame
        The comparison table.
    """

    table: pd.DataFrame

    @property
    def model_versions(self) -> list[str]:
        """The model versions that are compared, sorted."""
        return sorted(self.table["model_version"].unique())

    @property
    def weighted(self) -> bool:
        """Whether every item was drawn with a known chance: rates are then weighted, and estimate those of the pool."""
        return bool(len(self.table)) and bool(self.table["weight"].notna().all())

    def _versions(self) -> list[tuple[str, pd.DataFrame]]:
        versions = self.model_versions
        if len(versions) == 1:
            return [(versions[0], self.table)]
        return [(version, self.table[self.table["model_version"] == version]) for version in versions]

    def _weights(self, part: pd.DataFrame) -> Floats:
        return part["weight"].to_numpy(dtype=np.float64) if self.weighted else np.ones(len(part))

    def _known(self, part: pd.DataFrame) -> pd.DataFrame:
        known = part["confidence"].notna()
        cautions.about_confidence(known)
        return part if known.all() else part[known]

    def _one_version(self) -> pd.DataFrame:
        versions = self.model_versions
        if len(versions) > 1:
            raise InvalidInput(
                f"the comparison holds {len(versions)} model versions: {', '.join(map(repr, versions))}",
                expected="one, for a result about one model",
                fix=f"comparison.only(model_version={versions[-1]!r})",
            )
        return self.table
