"""A plan, what the books have of its round, and a cap come in; the rows that are too many, and why, go out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any


def beyond(
    rows: Iterable[Mapping[str, Any]], there: Collection[str], spent: Mapping[int, int], most: int | None
) -> list[Mapping[str, Any]]:
    """Return the rows that exceed the cap of their round, in their order.

    Parameters
    ----------
    rows : iterable of mapping
        What is to be started: ``human_loop_name`` and ``round``. One that is there already costs nothing more.
    there : collection of str
        Names of those that were started or may have been.
    spent : mapping of int to int
        Round to how many loops of the flow definition were started in it or may have been.
    most : int or None
        Loops per round.

    Examples
    --------
    >>> rows = [{"human_loop_name": name, "round": 0} for name in "abc"]
    >>> beyond(rows, there={"a"}, spent={0: 2}, most=3)
    [{'human_loop_name': 'c', 'round': 0}]
    """
    if most is None:
        return []
    over, wanted = [], Counter(spent)
    for row in rows:
        if row["human_loop_name"] in there:
            continue
        if wanted[row["round"]] >= most:
            over.append(row)
        else:
            wanted[row["round"]] += 1
    return over


def why_over(most: int | None) -> str:
    """Say why a loop is beyond the cap of its round.

    Examples
    --------
    >>> why_over(100)
    'the cap for the round, 100 loops, is reached'
    """
    return f"the cap for the round, {most} loops, is reached"
