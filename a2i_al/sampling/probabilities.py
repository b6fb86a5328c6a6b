"""The door of this stage: class probabilities come in, a float array comes out, anything else is refused by row."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from a2i_al.errors import InvalidProbabilities

# Wide enough for float32 sums over thousands of classes and for values written with four decimals.
SUM_TOLERANCE = 1e-3

_EXPECTED = "an (n, k) array, k >= 2: one row per item, one column per class, each row summing to 1"


def check_proba(proba: npt.ArrayLike) -> npt.NDArray[np.floating[Any]]:
    """Check that every row is a distribution over classes, and return the rows as floats.

    Parameters
    ----------
    proba : array-like or DataFrame of shape (n, k)
        Class probabilities, as ``predict_proba`` gives them; n >= 1, k >= 2.

    Returns
    -------
    ndarray of shape (n, k), float32 or float64
        float32 stays float32, and an array that was right already is not copied.

    Raises
    ------
    InvalidProbabilities
        If it is not two-dimensional, is empty, has one column, or a row has a value that is missing, infinite or
        negative or does not sum to 1 within 0.001. The message names the first such row, counted from 0.

    Examples
    --------
    >>> check_proba([[0.9, 0.1], [0.5, 0.5]]).shape
    (2, 2)
    >>> check_proba([[0.9, 0.1], [0.9, 0.9]])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    a2i_al.errors.InvalidProbabilities: row 1 of proba sums to 1.8: [0.9, 0.9]. Expected: ...
    """
    values = _as_floats(proba)
    _check_shape(values)
    _refuse_first(values, ~np.isfinite(values).all(axis=1), "has a value that is missing or infinite")
    _refuse_first(values, np.asarray((values < 0).any(axis=1)), "has a negative value")
    sums = values.sum(axis=1, dtype=np.float64)
    off = np.asarray(np.abs(sums - 1) > SUM_TOLERANCE)
    if off.any():
        _refuse_first(values, off, f"sums to {sums[off.argmax()]:.6g}")
    return values


def _as_floats(proba: npt.ArrayLike) -> npt.NDArray[np.floating[Any]]:
    try:
        values = np.asarray(proba)
        return values if values.dtype in (np.float32, np.float64) else values.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidProbabilities(f"proba cannot be read as numbers: {error}", expected=_EXPECTED) from error


def _check_shape(values: npt.NDArray[np.floating[Any]]) -> None:
    if values.ndim != 2:  # noqa: PLR2004 - rows and columns
        raise InvalidProbabilities(
            f"proba has shape {values.shape}",
            expected=_EXPECTED,
            fix="for one probability p per item, pass np.column_stack([1 - p, p])",
        )
    if values.shape[0] == 0:
        raise InvalidProbabilities(f"proba is empty: shape {values.shape}", expected=_EXPECTED)
    if values.shape[1] < 2:  # noqa: PLR2004 - a choice needs two classes
        raise InvalidProbabilities(
            f"proba has {values.shape[1]} column(s)",
            expected=_EXPECTED,
            fix="for one probability p per item, pass np.column_stack([1 - p, p])",
        )


def _refuse_first(values: npt.NDArray[np.floating[Any]], bad: npt.NDArray[np.bool_], what: str) -> None:
    if not bad.any():
        return
    row = int(bad.argmax())
    shown = ", ".join(f"{value:.6g}" for value in values[row, :6]) + (", ..." if values.shape[1] > 6 else "")  # noqa: PLR2004 - a line's worth
    others = f" ({int(bad.sum())} such rows)" if bad.sum() > 1 else ""
    raise InvalidProbabilities(
        f"row {row} of proba {what}: [{shown}]{others}",
        expected=_EXPECTED,
        fix="pass predict_proba's output; turn logits into probabilities with a softmax first",
    )
