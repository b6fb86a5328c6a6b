"""Query strategies by name: a strategy is any function from class probabilities to one score per item."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from a2i_al.errors import InvalidInput
from a2i_al.sampling.scores import entropy, least_confidence, margin

ScoreFunction = Callable[[npt.NDArray[np.floating[Any]]], npt.ArrayLike]

# No scores: `random` is the uniform draw itself, `audit` the uniform slice taken beside every other strategy.
RANDOM = "random"
AUDIT = "audit"

_BUILT_IN: dict[str, ScoreFunction] = {"entropy": entropy, "least_confidence": least_confidence, "margin": margin}
_registered: dict[str, ScoreFunction] = {}


def register(name: str, function: ScoreFunction) -> None:
    """Make a score function available to `sample` under a name.

    Parameters
    ----------
    name : str
        Goes into the picks' `strategy` column. Registering it again replaces the function, so that a notebook cell
        can be run twice; the built-in names cannot be taken.
    function : callable
        Takes an (n, k) float array of class probabilities and returns n scores, higher meaning more useful.

    Raises
    ------
    InvalidInput
        If the name is empty or built in, or the function cannot be called.

    Examples
    --------
    >>> register("second_guess", lambda proba: np.sort(proba, axis=1)[:, -2])
    >>> "second_guess" in known_names()
    True
    """
    if not isinstance(name, str) or not name.strip():
        raise InvalidInput(f"the strategy's name is {name!r}", expected="a text that is not empty")
    if name in {*_BUILT_IN, RANDOM, AUDIT}:
        raise InvalidInput(f"the strategy name {name!r} is built in", fix="register the function under another name")
    if not callable(function):
        raise InvalidInput(
            f"strategy {name!r} is a {type(function).__name__}", expected="a function: probabilities to scores"
        )
    _registered[name] = function


def known_names() -> list[str]:
    """Return the names that `sample` takes as its strategy, sorted.

    Examples
    --------
    >>> {"entropy", "least_confidence", "margin", "random"} <= set(known_names())
    True
    """
    return sorted({*_BUILT_IN, *_registered, RANDOM})


def resolve(strategy: str | ScoreFunction) -> tuple[str, ScoreFunction | None]:
    """Return a strategy's name and its score function; the uniform draw `random` has none.

    Raises
    ------
    InvalidInput
        If no strategy has that name.
    """
    if callable(strategy):
        return getattr(strategy, "__name__", type(strategy).__name__), strategy
    if strategy == RANDOM:
        return RANDOM, None
    function = _BUILT_IN.get(strategy) or _registered.get(strategy)
    if function is None:
        raise InvalidInput(
            f"there is no strategy {strategy!r}",
            expected=f"one of {', '.join(map(repr, known_names()))}, or a function: probabilities to scores",
            fix="call register(name, function) for one of your own",
        )
    return strategy, function


def score(function: ScoreFunction, name: str, proba: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.float64]:
    """Score the rows, and hold the function to its promise: one number per row, none missing.

    Raises
    ------
    InvalidInput
        If the function returned another shape, something that is no number, or NaN.
    """
    expected = f"{len(proba)} scores, one number per row of proba"
    try:
        scores = np.asarray(function(proba), dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"strategy {name!r} failed: {error}", expected=expected) from error
    if scores.shape != (len(proba),):
        raise InvalidInput(f"strategy {name!r} returned shape {scores.shape}", expected=expected)
    missing = np.isnan(scores)
    if missing.any():
        raise InvalidInput(
            f"strategy {name!r} returned NaN for {int(missing.sum())} of {len(scores)} rows, "
            f"first for row {int(missing.argmax())}",
            expected=expected,
            fix="return a low score for items that should not be chosen",
        )
    return scores
