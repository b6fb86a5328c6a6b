"""A caller's argument of any kind in, the same checked out; an InvalidInput names it and says what it should be."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Collection, Iterable, Mapping
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

from a2i_al.errors import InvalidInput

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_LONGEST = 60


def number(name: str, value: Any, allowed: Callable[[float], bool], expected: str) -> float:
    """Return a number that is allowed.

    Examples
    --------
    >>> number("price", 2, lambda price: price >= 0, "a price of 0 or more")
    2.0
    """
    if not isinstance(value, bool) and isinstance(value, Real):
        try:
            given = float(value)
        except OverflowError:  # of a whole number without end
            given = math.inf if operator.gt(value, 0) else -math.inf
        if allowed(given):
            return given
    raise InvalidInput(f"{name} is {told(value)}", expected=expected)


def share(name: str, value: Any, such_as: float = 0.95) -> float:
    """Return a share between 0 and 1, such as the confidence of an interval.

    Examples
    --------
    >>> share("confidence", 0.9)
    0.9
    """
    return number(name, value, lambda part: 0 < part < 1, f"a share between 0 and 1, such as {such_as}")


def fraction(name: str, value: Any, of: str = "") -> float:
    """Return a number from 0 to 1, both of which it may be; `of` says what it is a part of.

    Examples
    --------
    >>> fraction("audit_fraction", 0)
    0.0
    """
    return number(name, value, lambda part: 0 <= part <= 1, f"a number from 0 to 1{of and f', a part of {of}'}")


def amount(name: str, value: Any, expected: str = "a number, 0 or more") -> float:
    """Return a price, a budget or a count that need not be whole: finite, 0 or more; `expected` says which it is.

    Examples
    --------
    >>> amount("error_cost", 5)
    5.0
    """
    return number(name, value, lambda much: 0 <= much < math.inf, expected)


def seconds(name: str, value: Any) -> float:
    """Return a time to wait, which may be infinite.

    Examples
    --------
    >>> seconds("timeout", 60)
    60.0
    """
    return number(name, value, lambda long: long >= 0, "seconds, 0 or more")


def whole(name: str, value: Any, least: int, of: str = "") -> int:
    """Return a whole number that is large enough; `of` says what it counts.

    Examples
    --------
    >>> whole("bins", 10, least=1)
    10
    """
    try:
        count = least - 1 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        count = least - 1
    if count < least:
        raise InvalidInput(f"{name} is {told(value)}", expected=f"at least {least}{of and f' {of}'}")
    return count


def one_of(name: str, value: Any, options: Collection[str]) -> str:
    """Return one of some names.

    Examples
    --------
    >>> one_of("direction", "up", ("up", "down"))
    'up'
    """
    if isinstance(value, str) and value in options:
        return value
    raise InvalidInput(f"{name} is {told(value)}", expected=f"one of {', '.join(map(repr, options))}")


def flags(**given: Any) -> None:
    """Refuse what is neither True nor False, by the names of the arguments.

    Examples
    --------
    >>> flags(proba=True, exact=False)
    """
    for name, value in given.items():
        # Of numpy as well, which need not be loaded to tell.
        if type(value).__name__ not in {"bool", "bool_"}:
            raise InvalidInput(f"{name} is {told(value)}", expected="True or False")


def able(name: str, value: Any, needed: str, expected: str) -> None:
    """Refuse an object that lacks the attribute which is needed of it, and a class in place of an object.

    Examples
    --------
    >>> able("estimator", "no model", "strip", "a text")
    """
    if isinstance(value, type) or not hasattr(value, needed):
        raise InvalidInput(f"{name} is {told(value)}", expected=expected)


def floats(name: str, values: Any) -> npt.NDArray[np.float64]:
    """Return numbers as an array of floats, whatever its shape.

    Examples
    --------
    >>> floats("errors", [True, False]).tolist()
    [1.0, 0.0]
    """
    import numpy as np  # noqa: PLC0415 - routing checks its arguments without it

    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"{name} are no numbers: {error}", expected="numbers") from error


def generator(random_state: Any) -> np.random.Generator:
    """Return the generator that a `random_state` stands for.

    Examples
    --------
    >>> bool(generator(0).integers(10) == generator(0).integers(10))
    True
    """
    import numpy as np  # noqa: PLC0415 - routing checks its arguments without it

    try:
        return np.random.default_rng(random_state)
    except (TypeError, ValueError) as error:
        raise InvalidInput(
            f"random_state is {told(random_state)}", expected="a whole number from 0, a numpy Generator, or None"
        ) from error


def text(name: str, value: Any) -> str:
    """Return a text.

    Examples
    --------
    >>> text("title", "Week 3")
    'Week 3'
    """
    if not isinstance(value, str):
        raise InvalidInput(f"{name} is {told(value)}", expected="a text")
    return value


def mapping(name: str, value: Any, of: str) -> Mapping[Any, Any]:
    """Return a mapping; `of` says of what.

    Examples
    --------
    >>> mapping("per_class", {"cancel": 0.9}, "label to threshold")
    {'cancel': 0.9}
    """
    if not isinstance(value, Mapping):
        raise InvalidInput(f"{name} is {told(value)}", expected=f"a mapping of {of}")
    return value


def path(name: str, value: Any) -> Path:
    """Return the path of a file or a folder.

    Examples
    --------
    >>> path("directory", "week-3").name
    'week-3'
    """
    try:
        found = Path(value)
    except TypeError as error:
        raise InvalidInput(f"{name} is {told(value)}", expected="a path") from error
    if value == "":  # the folder one happens to be in, to `pathlib`
        raise InvalidInput(f"{name} is empty", expected="a path", fix="'.' is the current folder")
    if "\0" in str(found):
        raise InvalidInput(f"{name} is {told(value)}", expected="a path: no character of code 0")
    return found


def texts(name: str, values: Any) -> list[str]:
    """Return several texts: a single one is not taken for its letters.

    Examples
    --------
    >>> texts("segments", ("language", "customer"))
    ['language', 'customer']
    """
    return [text(f"one of {name}", value) for value in several(name, values, "texts")]


def several(name: str, values: Any, of: str) -> Iterable[Any]:
    """Return what can be gone through: no text for its letters, no table for the names of its columns.

    Examples
    --------
    >>> several("exclude", ["a", 7], "item ids")
    ['a', 7]
    """
    if isinstance(values, (str, bytes)) or hasattr(values, "columns") or not isinstance(values, Iterable):
        raise InvalidInput(f"{name} is {told(values)}", expected=f"a list of {of}")
    return values


def told(value: Any) -> str:
    """Return a value as an error tells it: short, and the kind of what is large.

    Examples
    --------
    >>> told("mean"), told(0.5), told([1, 2])
    ("'mean'", '0.5', 'a list')
    """
    if isinstance(value, Real):
        try:
            text = str(value)
        except ValueError:  # of more digits than Python prints
            text = "a number of thousands of digits"
    elif isinstance(value, type):
        text = f"the class {value.__name__}"
    elif value is None or isinstance(value, (str, bytes)):
        text = repr(value)
    else:
        text = f"a {type(value).__name__}"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
