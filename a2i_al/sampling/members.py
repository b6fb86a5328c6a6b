"""One member of a committee and some rows in, what it says of them out, in the columns of all classes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt

from a2i_al.errors import InvalidInput

Labels = npt.NDArray[Any]


def taken(table: Any, rows: Any, columns: Any) -> Any:
    """Return some rows, or else some columns (None: all), of an array, a sparse matrix, a DataFrame or a list.

    Examples
    --------
    >>> taken([[1, 2], [3, 4]], None, [1]).tolist()
    [[2], [4]]
    """
    if rows is None and columns is None:
        return table
    table = table.tocsr() if hasattr(table, "tocsr") else table
    indexed = getattr(table, "iloc", table if hasattr(table, "shape") else np.asarray(table))
    return indexed[rows] if columns is None else indexed[:, columns]


def proba_of(member: Any, asked: Any, classes: Labels) -> npt.NDArray[np.float32]:
    """Return the member's probabilities in the columns of `classes`, 0 for those it does not know.

    One that has no probabilities, as a linear support vector machine in a bagging ensemble, votes: 1 for its class.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> member = DummyClassifier().fit([[0], [1]], ["yes", "yes"])
    >>> proba_of(member, [[2]], np.array(["no", "yes"])).tolist()
    [[0.0, 1.0]]
    """
    column = {label: position for position, label in enumerate(classes.tolist())}
    aligned = np.zeros((asked.shape[0] if hasattr(asked, "shape") else len(asked), len(classes)), dtype=np.float32)
    if hasattr(member, "predict_proba"):
        aligned[:, [column[label] for label in member.classes_.tolist()]] = member.predict_proba(asked)
    else:
        votes = [column[label] for label in np.asarray(member.predict(asked)).tolist()]
        aligned[np.arange(len(aligned)), votes] = 1
    return aligned


def require_object(estimator: Any) -> None:
    """Refuse a class in place of an estimator: it has all the methods, and can do nothing.

    Raises
    ------
    InvalidInput
        Saying how to make one of it.

    Examples
    --------
    >>> require_object("no class")
    """
    if isinstance(estimator, type):
        name = estimator.__name__
        raise InvalidInput(f"the estimator is the class {name}", expected="an object of it", fix=f"{name}()")


@contextmanager
def naming(estimator: Any, doing: str, fix: str = "") -> Iterator[None]:
    """Tell an estimator's own error as one of this package: whose it is, and what it was doing.

    Raises
    ------
    InvalidInput
        Instead of what an estimator raises of data that does not suit it.

    Examples
    --------
    >>> with naming(object(), "on the pool"):
    ...     raise ValueError("too wide")
    Traceback (most recent call last):
    ...
    a2i_al.errors.InvalidInput: object failed on the pool: too wide.
    """
    try:
        yield
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        if isinstance(error, InvalidInput):
            raise
        raise InvalidInput(f"{type(estimator).__name__} failed {doing}: {error}", fix=fix) from error
