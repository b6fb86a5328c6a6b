"""Outcomes as they are given in, a checked array of true and false out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from a2i_al.errors import InvalidInput


def checked_outcomes(values: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Return outcomes as bool; what is neither true nor false is refused, as it would count as true.

    Parameters
    ----------
    values : array-like of bool, or of 0 and 1

    Returns
    -------
    ndarray of bool, of the same shape

    Raises
    ------
    InvalidInput
        If a value is missing, or neither true nor false.

    Examples
    --------
    >>> checked_outcomes([1, 0.0, True]).tolist()
    [True, False, True]
    """
    given = np.asarray(values)
    if given.dtype == bool:
        return given
    bad = ~(np.isin(given, (0, 1)) if given.dtype.kind in "iuf" else _each(given))
    if bad.any():
        raise InvalidInput(
            f"{int(bad.sum())} of {given.size} outcomes are neither true nor false, such as {given[bad].tolist()[0]!r}",
            expected="True or False for every item",
            fix="leave out items without an outcome",
        )
    return given.astype(bool)


def _each(given: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    """Say of objects which are 0 or 1; text and what is missing compare with neither."""
    numbers = (bool, np.bool_, int, float, np.number)
    fine = [isinstance(value, numbers) and value in (0, 1) for value in given.ravel().tolist()]
    return np.array(fine, dtype=bool).reshape(given.shape)
