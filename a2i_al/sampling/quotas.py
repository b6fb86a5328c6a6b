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
from a2i_al.sampling.draws.stratified import numbered

Positions = npt.NDArray[np.intp]

_NO_QUOTA, _SHOWN = object(), 10


class Quotas:
    """Each row's group, as a number, and how many of each group may still be chosen.

    Parameters
    ----------
    groups : ndarray of shape (N,)
        Each row's group.
    quotas : int, or mapping or Series of group to int
        The most of every group, or of each; a group that the mapping does not name is not limited. A name that is no
        group is one if its text is: ``"7"`` for the group 7.

    Raises
    ------
    InvalidInput
        If a group is missing, a quota is no whole number or below 0, or a quota names what is no group of these rows.

    Examples
    --------
    >>> Quotas(np.array(["b", "a", "b"]), {"b": 1}).room.tolist()
    [1, 1]
    """

    def __init__(self, groups: npt.NDArray[Any], quotas: int | Mapping[Any, int] | pd.Series) -> None:
        self.codes, sizes, names = numbered(groups)
        if isinstance(quotas, (Mapping, pd.Series)):
            limits = _by_group(dict(quotas.items()), names, sizes)
        else:
            limits = [arguments.whole("quotas", quotas, 0)] * len(names)
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


def _by_group(quotas: Mapping[Any, int], names: npt.NDArray[Any], sizes: npt.NDArray[np.int64]) -> list[int]:
    """Return each group's quota, its size where it has none; refuse a quota that would limit nothing."""
    as_text = {str(key): key for key in quotas}
    keys = [name if name in quotas else as_text.get(str(name), _NO_QUOTA) for name in names]
    used = set(keys)
    strangers = [key for key in quotas if key not in used]
    if strangers:
        more = ", ..." if len(names) > _SHOWN else ""
        raise InvalidInput(
            f"{len(strangers)} of {len(quotas)} quotas are for what is no group of the pool, first {strangers[0]!r}",
            expected=f"some of {', '.join(map(str, names[:_SHOWN]))}{more}",
            fix="leave out the quotas of groups that have no item",
        )
    return [int(size) if key is _NO_QUOTA else quotas[key] for key, size in zip(keys, sizes, strict=True)]
