"""Warnings about results that are defined, but about less than they seem."""

from __future__ import annotations

import warnings
from collections.abc import Iterable

import pandas as pd

from a2i_al.errors import ComparisonWarning
from a2i_al.metrics.cells import Cells

# Before the class in the name of a column of its probabilities.
PROBA = "proba_"
# Labels that a message names.
_NAMED = 3


def about_classes(cells: Cells, columns: Iterable[str]) -> None:
    """Warn of labels that the model cannot give, as its probability columns tell, and of one class only.

    Warns
    -----
    ComparisonWarning
    """
    offered = {name.removeprefix(PROBA) for name in columns if name.startswith(PROBA)}
    given = [label for label, n in zip(cells.classes, cells.counts.sum(axis=1), strict=True) if n]
    strange = [label for label in given if label not in offered] if offered else []
    if strange:
        more = f" and {len(strange) - _NAMED} more" if len(strange) > _NAMED else ""
        _warn(
            f"people gave labels that the model cannot give, {strange[:_NAMED]}{more}: it is wrong there, their recall "
            "is 0"
        )
    if len(cells.classes) == 1:
        _warn(f"all items are {cells.classes[0]!r}, to people and model: kappa is not defined")


def about_confidence(known: pd.Series) -> None:
    """Warn of items without confidence, if others have one.

    Warns
    -----
    ComparisonWarning
    """
    if known.any() and not known.all():
        _warn(f"{int((~known).sum())} of {len(known)} items have no confidence: they are left out of what is about it")


def _warn(what: str) -> None:
    # At the line that asked the comparison: through here, the caution, the comparison's own step and its method.
    warnings.warn(what, ComparisonWarning, stacklevel=5)
