"""A method's name and options in, the method out; and which kind of answer asks for which method."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any, Final

import pandas as pd

from a2i_al.errors import InvalidInput
from a2i_al.labels.counting.votes import as_text
from a2i_al.labels.structured.deciding import Method, decided

# Name → the function that makes the method, as module and name: scipy and others load with the method that needs them.
METHODS: Final[Mapping[str, str]] = {
    "borda": "rankings:borda",
    "boxes": "boxes:boxes",
    "kemeny": "rankings:kemeny",
    "key_values": "key_values:key_values",
    "keypoints": "keypoints:keypoints",
    "masks": "masks:masks",
    "medoid": "text:medoid",
    "multi_label": "multi_label:multi_label",
    "numbers": "numeric:numbers",
    "polygons": "polygons:polygons",
    "spans": "spans:spans",
    "text": "text:text",
}

# Kinds of `a2i_al.harvest.kinds`; what is not here is one label of several, or compared as a whole.
BY_KIND: Final[Mapping[str, str]] = {
    "boxes": "boxes",
    "choices": "multi_label",
    "flags": "multi_label",
    "key_values": "key_values",
    "keypoints": "keypoints",
    "mask": "masks",
    "moderation_labels": "multi_label",
    "number": "numbers",
    "polygons": "polygons",
    "spans": "spans",
    "text": "text",
}


def by_kind(rows: pd.DataFrame, otherwise: str) -> str:
    """Return the method that the kinds of a field's answers ask for.

    Parameters
    ----------
    rows : DataFrame
        The field's rows of the answers table, with their `kind` if it is known; empty answers are of none.
    otherwise : str
        The method for answers of unknown kind, and for single labels.

    Raises
    ------
    InvalidInput
        If answers of several kinds ask for several methods.

    Examples
    --------
    >>> by_kind(pd.DataFrame({"value": [3, None, ""], "kind": ["number", "other", "text"]}), "majority")
    'numbers'
    """
    if "kind" not in rows.columns:
        return otherwise
    blank = rows["value"].map(lambda value: not isinstance(value, list | dict) and as_text(value) is None)
    kinds = rows["kind"].mask(blank | (rows["kind"] == "other")).dropna().value_counts()
    methods = {kind: BY_KIND.get(kind, otherwise) for kind in sorted(kinds.index)}
    wanted = {*methods.values()}
    if wanted <= {otherwise, "text"} and len(wanted) > 1:  # a list of choices that became a free text, or the reverse
        return otherwise
    if len(wanted) > 1:
        found = ", ".join(f"{int(kinds[kind])} of kind {kind!r}" for kind in methods)
        raise InvalidInput(
            f"the field has answers of several kinds: {found}",
            expected="one kind, for a method to be chosen by it",
            fix=f"name one: method={min(wanted)!r}; answers that it cannot read then do not count",
        )
    return wanted.pop() if wanted else otherwise


def make(name: str, options: Mapping[str, Any]) -> Method[Any]:
    """Return a method with its options.

    Raises
    ------
    InvalidInput
        If the method has no such option, or an option's value is out of range.

    Examples
    --------
    >>> make("numbers", {"tolerance": 1}).decide("i", [3, 4]).confidence
    1.0
    """
    module, function = METHODS[name].split(":")
    maker: Callable[..., Method[Any]] = getattr(import_module(f"a2i_al.labels.structured.{module}"), function)
    check_options(name, maker, options)
    return maker(**options)


def check_options(name: str, function: Callable[..., Any], options: Mapping[str, Any]) -> None:
    """Refuse options that a method's function does not have.

    Raises
    ------
    InvalidInput
        Naming the first, and those that there are.

    Examples
    --------
    >>> check_options("numbers", lambda *, tolerance: tolerance, {"tolerance": 1})
    """
    known = [p.name for p in inspect.signature(function).parameters.values() if p.kind is p.KEYWORD_ONLY]
    unknown = sorted(set(options) - set(known))
    if unknown:
        raise InvalidInput(
            f"method {name!r} has no option {unknown[0]!r}",
            expected=f"one of {', '.join(map(repr, known))}" if known else "no options",
        )


def consolidated(
    cast: pd.DataFrame, name: str, options: Mapping[str, Any], offered: Iterable[str] | None = None
) -> pd.DataFrame:
    """Return what a method makes of votes, see `decided`."""
    return decided(cast, make(name, options), offered)
