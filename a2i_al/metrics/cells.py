"""Labels of people and model in, the sums per cell of their confusion matrix out: what every score is a function of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Cells:
    """A confusion matrix with what its intervals need; people's label per row, the model's per column.

    Attributes
    ----------
    classes : list of str
        Of both, sorted.
    cell : ndarray of int64, shape (n,)
        The cell of each item: ``row * k + column``.
    weights : ndarray of float64, shape (n,)
        What each item counts.
    counts : ndarray of int64, shape (k, k)
        Items.
    sums : ndarray of float64, shape (k, k)
        Of their weights.
    squares : ndarray of float64, shape (k, k)
        Of their squared weights.
    """

    classes: list[str]
    cell: npt.NDArray[np.int64]
    weights: Floats
    counts: npt.NDArray[np.int64]
    sums: Floats
    squares: Floats

    @classmethod
    def of(cls, label: pd.Series, said: pd.Series, weights: Floats) -> Cells:
        """Count what people said against what the model said of the same items, in the same order.

        Examples
        --------
        >>> Cells.of(pd.Series(["cat", "dog"]), pd.Series(["cat", "cat"]), np.ones(2)).counts.tolist()
        [[1, 0], [1, 0]]
        """
        ours, names = pd.factorize(label)
        theirs, others = pd.factorize(said)
        classes = sorted({*map(str, names), *map(str, others)})
        place = {name: number for number, name in enumerate(classes)}
        k = len(classes)
        row = np.asarray([place[str(name)] for name in names], dtype=np.int64)[ours]
        column = np.asarray([place[str(name)] for name in others], dtype=np.int64)[theirs]
        cell = row * k + column

        size = (k, k)
        counts = np.bincount(cell, minlength=k * k).reshape(size).astype(np.int64)
        sums = np.bincount(cell, weights=weights, minlength=k * k).astype(np.float64).reshape(size)
        squares = np.bincount(cell, weights=weights**2, minlength=k * k).astype(np.float64).reshape(size)
        return cls(classes, cell, weights, counts, sums, squares)
