"""A word of the command line in, a whole number in bounds out; anything else is wrong usage."""

from __future__ import annotations

import argparse
from collections.abc import Callable


def whole(least: int, most: int | None = None) -> Callable[[str], int]:
    """Return what argparse reads a whole number in these bounds with.

    Examples
    --------
    >>> whole(0, 65_535)("8470")
    8470
    """
    bounds = f"from {least}" + ("" if most is None else f" to {most}")

    def read(word: str) -> int:
        try:
            number = int(word)
        except ValueError:
            number = least - 1
        if number < least or (most is not None and number > most):
            raise argparse.ArgumentTypeError(f"{word!r} is no whole number {bounds}")
        return number

    return read
