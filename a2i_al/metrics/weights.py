"""Weights and inclusion probabilities as they are given in, checked arrays out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from a2i_al import arguments
from a2i_al.errors import InvalidInput

Floats = npt.NDArray[np.float64]


def checked_weights(weights: npt.ArrayLike | None, n: int, name: str = "weights") -> Floats:
    """Return one weight per row, 1 by default.

    Parameters
    ----------
    weights : array-like of shape (n,) or None
        At least 0, and not all of them 0.
    n : int
        Number of rows.
    name : str, default "weights"
        Of the argument, for the errors.

    Returns
    -------
    ndarray of shape (n,), float64

    Raises
    ------
    InvalidInput
        If there are more or fewer, one is negative, infinite or missing, or all are 0.

    Examples
    --------
    >>> checked_weights(None, 2).tolist()
    [1.0, 1.0]
    """
    if weights is None:
        return np.ones(n)
    values = numbers(weights, name, n)
    bad = ~(np.isfinite(values) & (values >= 0))
    if bad.any():
        raise InvalidInput(
            f"the weight of row {int(bad.argmax())} is {values[bad.argmax()]}",
            expected="finite and at least 0: 1 / inclusion_probability",
            fix="" if not np.isnan(values).any() else "leave out what was not drawn: it has no inclusion probability",
        )
    if n and not values.any():
        raise InvalidInput("all weights are 0", expected="a row that counts")
    return values


def checked_chances(chances: npt.ArrayLike, n: int) -> Floats:
    """Return one inclusion probability per row.

    Raises
    ------
    InvalidInput
        If there are more or fewer, or one is not above 0 and at most 1.

    Examples
    --------
    >>> checked_chances([0.1, 1], 2).tolist()
    [0.1, 1.0]
    """
    values = numbers(chances, "inclusion probabilities", n)
    bad = ~((values > 0) & (values <= 1))
    if bad.any():
        raise InvalidInput(
            f"the inclusion probability of row {int(bad.argmax())} is {values[bad.argmax()]}",
            expected="above 0 and at most 1 in every row",
            fix="" if not np.isnan(values).any() else "give what was drawn; a deterministic choice has no probability",
        )
    return values


def numbers(values: npt.ArrayLike, name: str, n: int | None = None) -> Floats:
    """Return values as a vector of floats.

    Raises
    ------
    InvalidInput
        If they are no numbers, no vector, or not n of them.

    Examples
    --------
    >>> numbers([True, False], "errors").tolist()
    [1.0, 0.0]
    """
    vector = arguments.floats(name, values)
    if vector.ndim != 1 or n not in (None, len(vector)):
        raise InvalidInput(f"{name} have shape {vector.shape}", expected=f"one per row, ({'n' if n is None else n},)")
    return vector


def finite(values: npt.ArrayLike, name: str, n: int | None = None) -> Floats:
    """Return values as a vector of floats, at least one and none of them missing.

    Raises
    ------
    InvalidInput
        If they are no numbers, not n of them, there is none, or one is missing or infinite.

    Examples
    --------
    >>> finite([1, 2], "values").tolist()
    [1.0, 2.0]
    """
    vector = numbers(values, name, n)
    if not len(vector):
        raise InvalidInput(f"{name} are empty", expected="at least one item")
    if not np.isfinite(vector).all():
        raise InvalidInput(
            f"{name}[{int((~np.isfinite(vector)).argmax())}] is missing or infinite", expected="a number for every item"
        )
    return vector
