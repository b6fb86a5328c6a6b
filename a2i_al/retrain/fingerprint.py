"""An estimator's settings and its training data come in, a model version goes out: the same on every day and machine.

The version is part of what is asked (`a2i_al.loops.requests.names`): if a kernel that is started again came to another
one, a round that was broken off would buy its reviews a second time. So nothing of this process may get in: no address
of an object, no order of a set.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import partial
from types import CellType, CodeType, FunctionType
from typing import Any

import numpy as np

_ADDRESS = re.compile(r" at 0x[0-9A-Fa-f]+")
_DIGITS = 12  # hex digits


def fingerprint(estimator: Any, features: np.ndarray, labels: np.ndarray) -> str:
    """Return the version of a model that is trained so.

    Parameters
    ----------
    estimator : scikit-learn estimator
        Not fitted; its parameters count, those of the estimators in it too.
    features : ndarray of shape (n, ...)
        A row per label, in any order.
    labels : ndarray of n str
        What they are to be told as.

    Returns
    -------
    str
        12 hex digits. A function counts by its code, its defaults and what it closes over, so one that is defined again
        by running a cell again is the same one; an object that has no repr of its own counts by its class.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> features, labels = np.eye(2), np.array(["no", "yes"])
    >>> version = fingerprint(LogisticRegression(), features, labels)
    >>> version == fingerprint(LogisticRegression(), features[::-1], labels[::-1])
    True
    >>> version == fingerprint(LogisticRegression(C=2), features, labels)
    False
    """
    digest = hashlib.sha256(stable_text(estimator).encode(errors="surrogatepass"))
    # Rows are sorted first: the same labels in another order of arrival make the same model, near enough, and must
    # make the same version, or a resumed round would ask everything again.
    rows = [np.ascontiguousarray(row).tobytes() + label.encode() for row, label in zip(features, labels, strict=True)]
    for row in sorted(rows):
        digest.update(row)
    return digest.hexdigest()[:_DIGITS]


def stable_text(value: Any) -> str:
    """Return what a value is, in words that are the same in every process.

    Examples
    --------
    >>> stable_text({"b", "a"})
    "{'a', 'b'}"
    >>> stable_text(lambda x: x + 1) == stable_text(lambda x: x + 1) != stable_text(lambda x: x + 2)
    True
    >>> stable_text(object())
    '<object object>'
    """
    return _text(value, frozenset())


def _text(value: Any, within: frozenset[int]) -> str:
    if id(value) in within:  # a function that closes over itself, a list that holds itself
        return "…"

    def text(part: Any) -> str:
        return _text(part, within | {id(value)})

    match value:
        case FunctionType():
            parts = [value.__defaults__, value.__kwdefaults__, [_content(cell) for cell in value.__closure__ or ()]]
            said = f"<{_code(value.__code__)} {text(parts)}>"
        case partial():
            said = f"partial({text([value.func, value.args, value.keywords])})"
        case np.ndarray() if value.dtype != object:
            said = f"<{value.dtype} {value.shape} {hashlib.sha256(value.tobytes()).hexdigest()}>"
        case set() | frozenset():
            said = f"{{{', '.join(sorted(map(text, value)))}}}"
        case list() | tuple():
            said = f"[{', '.join(map(text, value))}]"
        case Mapping():
            said = f"{{{', '.join(f'{text(key)}: {text(one)}' for key, one in value.items())}}}"
        case _ if hasattr(value, "get_params") and not isinstance(value, type):
            said = f"{type(value).__name__}{text(value.get_params(deep=False))}"
        case _:
            said = without_addresses(repr(value))
    return said


def without_addresses(text: str) -> str:
    """Return a repr without the addresses that Python writes into it, which are others in every process.

    Examples
    --------
    >>> without_addresses("<function twice at 0x7f3c2a1b>")
    '<function twice>'
    """
    return _ADDRESS.sub("", text)


def _content(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not filled yet
        return None


def _code(code: CodeType) -> str:
    constants = [_code(one) if isinstance(one, CodeType) else stable_text(one) for one in code.co_consts]
    return f"{code.co_code.hex()} {code.co_names} {code.co_varnames} {constants}"
