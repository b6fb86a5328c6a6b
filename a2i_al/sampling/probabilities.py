"""The door of this stage: class probabilities come in, a float array comes out, anything else is refused by row."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from a2i_al.compute.threads import row_blocks
from a2i_al.errors import InvalidProbabilities

# Wide enough for float32 sums over thousands of classes and for values written with four decimals.
SUM_TOLERANCE = 1e-3

# What is computed on the way to the verdict stays small and in the cache, whatever the size of the pool.
_BLOCK_ROWS = 65_536

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
    values = as_rows(proba)
    first, count = None, 0
    for start, stop in row_blocks(len(values), _BLOCK_ROWS):
        block = values[start:stop]
        if surely_distributions(block):
            continue
        with np.errstate(invalid="ignore"):  # infinities of both signs in a row
            sums = block.sum(axis=1, dtype=np.float64)
        # A NaN or an infinity in the row makes its sum one.
        bad = np.flatnonzero(~((np.abs(sums - 1) <= SUM_TOLERANCE) & (block.min(axis=1) >= 0)))
        count += len(bad)
        if first is None and len(bad):
            first = start + int(bad[0])
    if first is not None:
        _refuse(values[first], first, count)
    return values


def surely_distributions(rows: npt.NDArray[np.floating[Any]]) -> bool:
    """Return whether every row is a distribution for sure: quick, and False where rounding leaves a doubt.

    Examples
    --------
    >>> surely_distributions(np.array([[0.9, 0.1]])), surely_distributions(np.array([[np.nan, 0.1]]))
    (True, False)
    """
    # What a sum of k numbers in this precision can be off by.
    tolerance = SUM_TOLERANCE - rows.shape[1] * float(np.finfo(rows.dtype).eps)
    # A NaN or an infinity makes its row's sum one, which is within no tolerance; einsum is numpy's fastest short sum.
    with np.errstate(invalid="ignore", over="ignore"):
        off = np.abs(np.einsum("ij->i", rows) - 1)
        return bool(off.max() <= tolerance and rows.min() >= 0)


def as_rows(proba: npt.ArrayLike) -> npt.NDArray[np.floating[Any]]:
    """Return the probabilities as a float array with rows and columns, whatever is in the rows.

    Raises
    ------
    InvalidProbabilities
        If they cannot be read as numbers, are not two-dimensional, are empty or have one column.

    Examples
    --------
    >>> as_rows([[1, 0]]).dtype
    dtype('float64')
    """
    values = _as_floats(proba)
    _check_shape(values)
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


def _refuse(values: npt.NDArray[np.floating[Any]], row: int, count: int) -> None:
    if not np.isfinite(values).all():
        what = "has a value that is missing or infinite"
    elif (values < 0).any():
        what = "has a negative value"
    else:
        what = f"sums to {values.sum(dtype=np.float64):.6g}"
    shown = ", ".join(f"{value:.6g}" for value in values[:6]) + (", ..." if len(values) > 6 else "")  # noqa: PLR2004 - a line's worth
    others = f" ({count} rows are wrong)" if count > 1 else ""
    raise InvalidProbabilities(
        f"row {row} of proba {what}: [{shown}]{others}",
        expected=_EXPECTED,
        fix="pass predict_proba's output; turn logits into probabilities with a softmax first",
    )
