"""The door for what else a strategy may be given: each input comes in as anything array-like, and out as an array.

Probabilities have a door of their own (`sampling.probabilities`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from a2i_al.compute.threads import row_blocks
from a2i_al.errors import InvalidInput, InvalidProbabilities
from a2i_al.sampling.probabilities import check_proba

Floats = npt.NDArray[np.floating[Any]]

_BLOCK_ROWS = 65_536
# How many dimensions an input has, and which of them counts the items.
_DIMENSIONS = {"committee": (2, 3), "predictions": (1,), "costs": (1,), "scores": (1,)}
_LABELS = ("groups", "labelled_labels", "classes")


def checked_input(name: str, value: Any) -> npt.NDArray[Any]:
    """Return an input as an array of its kind.

    Parameters
    ----------
    name : str
        Its name in `registry.INPUTS`.
    value : array-like
        Numbers: a sparse matrix becomes a dense one, float32 stays, anything else becomes float64. Labels and groups:
        anything.

    Returns
    -------
    ndarray
        Of the documented number of dimensions.

    Raises
    ------
    InvalidInput
        If it cannot be read as numbers, has another number of dimensions, or a value that is missing or infinite; if
        a cost is not above 0, a label probability not between 0 and 1.
    InvalidProbabilities
        If a row of `labelled_proba` is no distribution.

    Examples
    --------
    >>> checked_input("features", [[1, 2]]).tolist()
    [[1.0, 2.0]]
    """
    if name in _LABELS:
        return _labels(name, value)
    if name == "labelled_proba":
        return _distributions(name, value)
    values = _floats(name, value)
    if values.ndim not in _DIMENSIONS.get(name, (2,)):
        raise InvalidInput(
            f"{name} has shape {values.shape}",
            expected=f"{' or '.join(map(str, _DIMENSIONS.get(name, (2,))))} dimensions",
            fix="for a single column, pass features.reshape(-1, 1)" if name.endswith("features") else "",
        )
    if name == "features" and not values.shape[1]:
        raise InvalidInput(f"features has shape {values.shape}", expected="a column or more", fix="leave features= out")
    for start, stop in () if _surely_finite(values) else row_blocks(len(values), _BLOCK_ROWS):
        # An item that a reviewer did not answer is no error.
        finite = np.isfinite(values[start:stop]) | (name == "answers")
        if not finite.all():
            at = start + int(np.argmin(finite.reshape(len(finite), -1).all(axis=1)))
            raise InvalidInput(f"{name} has a value that is missing or infinite, first in row {at}")
    if name == "costs" and len(values) and values.min() <= 0:
        raise InvalidInput(f"the smallest of the costs is {values.min():.6g}", expected="costs above 0")
    if name == "label_proba" and values.size and (values.min() < 0 or values.max() > 1):
        raise InvalidInput(
            f"the label probabilities go from {values.min():.6g} to {values.max():.6g}", expected="from 0 to 1"
        )
    return values


def _surely_finite(values: npt.NDArray[Any]) -> bool:
    """Whether no value is missing or infinite, by one number: any such value makes the sum of squares one, too."""
    flat = values.reshape(-1) if values.flags.c_contiguous and values.dtype.kind == "f" else np.array([np.nan])
    with np.errstate(over="ignore"):
        return bool(np.isfinite(np.dot(flat, flat)))


def is_text(value: Any) -> bool:
    """Return whether it is an array or a list of texts, or holds some.

    Examples
    --------
    >>> is_text(["a", "b"]), is_text([[1.0], [2.0]]), is_text(None)
    (True, False, False)
    """
    if value is None or isinstance(value, str) or hasattr(value, "toarray"):
        return False
    cells = np.asarray(value).reshape(-1)
    return cells.dtype.kind in "US" or (cells.dtype == object and any(isinstance(cell, str) for cell in cells))


def are_vectors(features: Any) -> bool:
    """Return whether features are a table of numbers, none of them missing: what strategies look for variety in.

    Examples
    --------
    >>> are_vectors([[0.5, 1.0]]), are_vectors([[np.nan, 1.0]]), are_vectors(["a text"])
    (True, False, False)
    """
    try:
        checked_input("features", features)
    except InvalidInput:
        return False
    return True


def check_labelled(inputs: Mapping[str, npt.NDArray[Any]]) -> None:
    """Refuse what is known of the labelled items if it does not fit together, or not to the pool.

    Parameters
    ----------
    inputs : mapping of str to ndarray
        Checked already, each by itself.

    Raises
    ------
    InvalidInput
        If the labelled items' inputs differ in length, or their features or probabilities from the pool's in width.

    Examples
    --------
    >>> check_labelled({"labelled_features": np.eye(2), "labelled_labels": np.array(["a", "b"])})
    """
    lengths = {name: len(values) for name, values in inputs.items() if name.startswith("labelled_")}
    if len(set(lengths.values())) > 1:
        found = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise InvalidInput(f"{found} rows", expected="one row per labelled item in each")
    for name in ("features", "proba"):
        if {name, f"labelled_{name}"} <= inputs.keys():
            wide, labelled = inputs[name].shape[1], inputs[f"labelled_{name}"].shape[1]
            if wide != labelled:
                raise InvalidInput(
                    f"labelled_{name} has {labelled} columns, {name} has {wide}", expected="the same columns in both"
                )


def is_empty(value: Any) -> bool:
    """Return whether it is a list or an array without an entry.

    Examples
    --------
    >>> is_empty([]), is_empty(np.empty((0, 3))), is_empty([[1.0]])
    (True, True, False)
    """
    return isinstance(value, (list, tuple, np.ndarray)) and not len(value)


def rows_of(name: str, values: npt.NDArray[Any]) -> int:
    """Return how many items an input is about: a committee's second dimension, any other's first.

    Examples
    --------
    >>> rows_of("committee", np.zeros((5, 100, 3)))
    100
    """
    return int(values.shape[1 if name == "committee" else 0])


def taken(name: str, values: npt.NDArray[Any], at: npt.NDArray[np.intp]) -> npt.NDArray[Any]:
    """Return an input restricted to some of its items.

    Examples
    --------
    >>> taken("costs", np.array([1.0, 2.0]), np.array([1])).tolist()
    [2.0]
    """
    return values[:, at] if name == "committee" else values[at]


def _floats(name: str, value: Any) -> Floats:
    try:
        values = np.asarray(value.toarray() if hasattr(value, "toarray") else value)
        return values if values.dtype in (np.float32, np.float64) else values.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"{name} cannot be read as numbers: {error}", expected="an array of numbers") from error


def _distributions(name: str, value: Any) -> Floats:
    try:
        return check_proba(value)
    except InvalidProbabilities as error:
        raise InvalidProbabilities(f"{name}: {error.found}", expected=error.expected, fix=error.fix) from error


def _labels(name: str, value: Any) -> npt.NDArray[Any]:
    values = np.asarray(value)
    if values.dtype.kind == "U" and not hasattr(value, "dtype"):
        # Of a list numpy would make texts, of a missing value "nan".
        kept = np.asarray(value, dtype=object)
        values = values if all(isinstance(each, str) for each in kept.reshape(-1)) else kept
    if values.ndim != 1:
        raise InvalidInput(f"{name} has shape {values.shape}", expected="one value per item")
    return values
