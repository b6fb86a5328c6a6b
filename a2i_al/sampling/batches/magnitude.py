"""Feature vectors in, the same out with numbers whose squares a float can hold; distances keep their proportions."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]

# Squares and their sums over thousands of columns stay far from float32's limits, 1e-38 and 3e38.
_SMALLEST, _LARGEST = 1e-12, 1e12


def tame(features: Floats, *others: Floats) -> tuple[Floats, ...]:
    """Divide tables by their common largest number if it is extreme; else return them as they are, not copied.

    Parameters
    ----------
    features, *others : ndarrays of shape (m, d), (l, d), ...
        float32 or float64, finite; m >= 1, the others may be empty.

    Returns
    -------
    tuple of ndarrays
        As many as were given.

    Examples
    --------
    >>> tame(np.array([[1e30, 0.0]]), np.array([[5e29, 0.0]]))
    (array([[1., 0.]]), array([[0.5, 0. ]]))
    """
    tables = (features, *others)
    largest = max(float(max(table.max(), -table.min())) for table in tables if table.size)
    if _SMALLEST < largest < _LARGEST or largest == 0:
        return tables
    return tuple(table / largest for table in tables)
