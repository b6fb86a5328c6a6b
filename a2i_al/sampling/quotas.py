"""At most so many items per group: quotas come in as a number or by group, and every choice keeps to them."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.sampling.draws.stratified import sorted_codes

Positions = npt.NDArray[np.intp]


class Quotas:
    """Each row's group, as a number, and how many of each group may still be chosen.

    Parameters
    ----------
    groups : ndarray of shape (N,)
        Each row's group.
    quotas : int, or mapping of group to int
        The most of every group, or of each; a group that the mapping does not name is not limited.

    Raises
    ------
    InvalidInput
        If a group is missing, or a quota is no whole number or below 0.

    Examples
    --------
    >>> Quotas(np.array(["b", "a", "b"]), {"b": 1}).room.tolist()
    [1, 1]
    """

    def __init__(self, groups: npt.NDArray[Any], quotas: int | Mapping[Any, int]) -> None:
        codes, names = pd.factorize(groups)
        if (codes < 0).any():
            raise InvalidInput(f"the group of row {int(np.argmin(codes))} is missing", expected="a group in every row")
        order = np.argsort(np.array([str(name) for name in names], dtype=object), kind="stable")
        self.codes, sizes = sorted_codes(codes, names)
        if not isinstance(quotas, Mapping):
            arguments.whole("quotas", quotas, 0)
        limits = [quotas.get(name, size) if isinstance(quotas, Mapping) else quotas
                  for name, size in zip(np.asarray(names)[order], sizes.tolist(), strict=True)]  # fmt: skip
        try:
            self.room = np.array([operator.index(limit) for limit in limits], dtype=np.int64)
        except TypeError as error:
            raise InvalidInput(f"the quotas are {quotas!r}", expected="whole numbers") from error
        if (self.room < 0).any():
            raise InvalidInput(f"the quotas are {quotas!r}", expected="whole numbers, 0 or more")

    def take(self, rows: Positions) -> None:
        """Count these rows as chosen, whether or not their groups had room."""
        used = np.bincount(self.codes[rows], minlength=len(self.room))
        self.room = np.maximum(self.room - used, 0)

    def within(self, rows: Positions, n: int) -> Positions:
        """Return the first n of the rows, in their order, that fit into the room their groups have left."""
        place = pd.Series(self.codes[rows]).groupby(self.codes[rows]).cumcount().to_numpy()
        return np.asarray(rows[place < self.room[self.codes[rows]]][:n], dtype=np.intp)

    def has_room(self, rows: Positions) -> npt.NDArray[np.bool_]:
        """Return for each of the rows whether its group has room left."""
        return np.asarray(self.room[self.codes[rows]] > 0)

    def check(self, rows: Positions, n: int) -> None:
        """Refuse n that these rows cannot give under the quotas.

        Raises
        ------
        InvalidInput
            Says how many they can give.
        """
        possible = int(np.minimum(np.bincount(self.codes[rows], minlength=len(self.room)), self.room).sum())
        if possible < n:
            raise InvalidInput(
                f"{n} items are to be chosen, and the quotas allow {possible}",
                fix="ask for fewer items or raise the quotas",
            )
