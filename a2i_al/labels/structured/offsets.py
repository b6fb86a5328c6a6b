"""Positions in a text as a page counts them in, positions as Python counts them out, and back.

What unit A2I's crowd-entity-annotation counts in is not documented. JavaScript counts in UTF-16 code units, this
package's own element does too, and so does everything here unless told otherwise: an emoji is two units long.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import Final

from a2i_al.arguments import one_of

UNITS: Final = ("utf-16", "code points")
_BEYOND = 0xFFFF  # code points above take two units


class Offsets:
    """The places between a text's characters, in one unit.

    Parameters
    ----------
    text : str
        The text that was marked.
    unit : {"utf-16", "code points"}
        What its offsets count.

    Raises
    ------
    InvalidInput
        If the unit is unknown.

    Examples
    --------
    >>> places = Offsets("🙂 Ann", "utf-16")
    >>> places.length, places.to_python(3), places.to_page(2)
    (6, 2, 3)
    """

    def __init__(self, text: str, unit: str = "utf-16") -> None:
        check_unit(unit)
        widths = (1 + (unit == "utf-16" and ord(character) > _BEYOND) for character in text)
        self._starts = [0, *accumulate(widths)]

    @property
    def length(self) -> int:
        """Of the text, in the unit."""
        return self._starts[-1]

    def to_python(self, offset: int, *, end: bool = False) -> int:
        """Return the position in the Python string; of half a surrogate pair the start, or as an `end` what follows."""
        place = bisect_right(self._starts, offset) - 1
        return place + (end and self._starts[place] != offset)

    def to_page(self, position: int) -> int:
        """Return the offset of a position in the Python string."""
        return self._starts[position]


def check_unit(unit: str) -> None:
    """Refuse a unit that offsets do not come in.

    Raises
    ------
    InvalidInput
        Naming those that there are.

    Examples
    --------
    >>> check_unit("utf-16")
    """
    one_of("offsets", unit, UNITS)
