"""What is known of the labelled items in, the pool's probabilities at another temperature out.

Labelled items come as the pool does, as arrays or as tables: here their columns are put in the order of the pool's, and
their labels are found among the classes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from numbers import Integral
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.sampling.pools.frames import proba_and_ids
from a2i_al.sampling.pools.inputs import check_labelled, checked_input
from a2i_al.sampling.probabilities import check_proba

Positions = npt.NDArray[np.intp]
Inputs = dict[str, npt.NDArray[Any]]


def aligned(known: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs with `labelled_proba`, if it is a table, in the columns of the pool's classes.

    Parameters
    ----------
    known : mapping of str to Any
        The inputs by name; `classes` if the pool's columns have names. Where they are but numbered, `classes` are then
        those of the table.

    Raises
    ------
    InvalidInput
        If the table has other classes than the pool.

    Examples
    --------
    >>> table = pd.DataFrame({"proba_yes": [0.2], "proba_no": [0.8]})
    >>> aligned({"labelled_proba": table, "classes": ["no", "yes"]})["labelled_proba"].to_numpy().tolist()
    [[0.8, 0.2]]
    """
    if not isinstance(known.get("labelled_proba"), pd.DataFrame):
        return dict(known)
    table, _ = proba_and_ids(known["labelled_proba"])
    names, classes = table.columns.tolist(), _classes(known, table.shape[1])
    find = _finder(names)
    at = [find(each) for each in classes]
    if None not in at and len(names) == len(classes) == len({*at}):
        return {**known, "labelled_proba": table.iloc[:, at]}
    numbered = [each for each in (names, classes) if each == list(range(len(each)))]
    if not numbered:
        raise InvalidInput(
            f"labelled_proba has the columns {_some(names)}, the pool {_some(classes)}",
            expected="the same classes in both, in any order",
        )
    return {**known, "labelled_proba": table, "classes": np.asarray(classes if names in numbered else names)}


def calibrate(inputs: Inputs, known: Mapping[str, Any], temperature: Any) -> Inputs:
    """Return the inputs with their probabilities at a temperature, which may have to be fitted first.

    Parameters
    ----------
    inputs : dict of str to ndarray
        What the strategy uses; `proba` is needed.
    known : mapping of str to Any
        All that the caller gave: for ``"fit"``, `labelled_proba`, aligned, and `labelled_labels`.
    temperature : "fit" or float
        As in `sample`.

    Raises
    ------
    InvalidInput
        If there are no probabilities, the temperature is neither, or what it is to be fitted on is missing or unfit.

    Examples
    --------
    >>> calibrate({"proba": np.array([[0.8, 0.2]])}, {}, 2.0)["proba"].round(3).tolist()
    [[0.667, 0.333]]
    """
    from a2i_al.sampling.scores.calibration import fit_temperature, scale  # noqa: PLC0415 - only on demand

    if "proba" not in inputs:
        raise InvalidInput(
            f"temperature is {arguments.told(temperature)}, and there are no probabilities", fix="leave it 'off'"
        )
    if isinstance(temperature, str) and temperature == "fit":
        fitted = fit_temperature(*_labelled(inputs["proba"], known))
    else:
        fitted = arguments.number(
            "temperature", temperature, lambda each: 0 < each < math.inf, "'off', 'fit' or a number above 0"
        )
    scaled = {name: scale(check_proba(inputs[name]), fitted) for name in ("proba", "labelled_proba") if name in inputs}
    return inputs | scaled


def columns_of(labels: npt.NDArray[Any], classes: Sequence[Any]) -> Positions:
    """Return the column of each label: that of the class it is, or whose text it has; or its number itself.

    Parameters
    ----------
    labels : ndarray of shape (l,)
        Classes. Or whole numbers, none of which is a class: then they are the numbers of columns.
    classes : sequence of length k
        In the order of the columns.

    Raises
    ------
    InvalidInput
        If a label is missing, or is neither.

    Examples
    --------
    >>> columns_of(np.array(["yes", "no"]), ["no", "yes"]).tolist(), columns_of(np.array([1, 0]), ["0", "1"]).tolist()
    ([1, 0], [1, 0])
    >>> columns_of(np.array([1, 0]), ["no", "yes"]).tolist()
    [1, 0]
    """
    codes, found = pd.factorize(labels)
    if (codes < 0).any():
        raise InvalidInput(f"the label of labelled item {int(codes.argmin())} is missing", expected="a label for each")
    distinct, find = pd.Index(found).tolist(), _finder(classes)
    columns = [find(label) for label in distinct]
    numbers = all(isinstance(label, Integral) and not isinstance(label, bool) for label in distinct)
    if numbers and all(column is None for column in columns):
        columns = [label if 0 <= label < len(classes) else None for label in distinct]
    if None in columns:
        raise InvalidInput(
            f"labelled_labels has {distinct[columns.index(None)]!r}, which is no class",
            expected=f"one of {_some(classes)}, or the numbers of their columns",
        )
    return np.asarray(np.array(columns, dtype=np.intp)[codes])


def _labelled(proba: npt.NDArray[Any], known: Mapping[str, Any]) -> tuple[npt.NDArray[Any], Positions]:
    if "labelled_proba" not in known or "labelled_labels" not in known:
        raise InvalidInput(
            "temperature is 'fit', and there is nothing to fit it on",
            expected="the model's probabilities for the labelled items, and their labels",
            fix="pass labelled_proba= and labelled_labels=",
        )
    labelled = {name: checked_input(name, known[name]) for name in ("labelled_proba", "labelled_labels")}
    check_labelled({"proba": proba, **labelled})
    return labelled["labelled_proba"], columns_of(labelled["labelled_labels"], _classes(known, proba.shape[1]))


def _classes(known: Mapping[str, Any], columns: int) -> list[Any]:
    return list(pd.Index(known.get("classes", range(columns))).tolist())


def _finder(classes: Sequence[Any]) -> Callable[[Any], int | None]:
    """Return what finds the position of a class, by its value or else by its text."""
    by_value = {each: at for at, each in enumerate(classes)}
    by_text = {_text(each): at for at, each in enumerate(classes)}
    return lambda label: by_value.get(label, by_text.get(_text(label)))


def _text(label: Any) -> str:
    # Whole numbers become floats wherever a column has a missing value.
    return str(int(label)) if isinstance(label, (float, np.floating)) and label.is_integer() else str(label)


def _some(names: Sequence[Any]) -> str:
    return f"{', '.join(repr(each) for each in names[:5])}{', ...' if len(names) > 5 else ''}"  # noqa: PLR2004 - as many as are shown
