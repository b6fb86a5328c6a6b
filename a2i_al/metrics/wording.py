"""Numbers in, the words and signs that people read them by out."""

from __future__ import annotations

import math


def percent(share: float) -> str:
    """Return a share in percent; a dash where it is missing.

    Examples
    --------
    >>> percent(0.931), percent(float("nan"))
    ('93.1 %', '–')
    """
    return "–" if math.isnan(share) else f"{100 * share:.1f} %"


def interval(low: float, high: float) -> str:
    """Return the bounds of a share in percent; a dash where they are missing.

    Examples
    --------
    >>> interval(0.1, 0.25)
    '[10.0 %, 25.0 %]'
    """
    return "–" if math.isnan(low) else f"[{percent(low)}, {percent(high)}]"


def count(n: float, what: str) -> str:
    """Return a number of things.

    Examples
    --------
    >>> count(1, "item"), count(1200, "item")
    ('1 item', '1,200 items')
    """
    return f"{int(n):,} {what}" + ("" if n == 1 else "s")


def duration(seconds: float) -> str:
    """Return a duration in the unit that suits it; a dash where it is missing.

    Examples
    --------
    >>> duration(4.2), duration(60), duration(5400), duration(260_000), duration(float("nan"))
    ('4.2 s', '1 min', '1.5 h', '3 days', '–')
    """
    if math.isnan(seconds):
        return "–"
    for unit, name in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= (2 if unit == 86_400 else 1) * unit:  # noqa: PLR2004 - a day and a half is 36 h
            return f"{seconds / unit:.2g} {name}"
    return f"{seconds:.2g} s"
