"""A plan, what the books have of its round, and a cap come in; the rows that are too many, and why, go out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def beyond(
    rows: Iterable[Mapping[str, Any]], there: Iterable[tuple[str, int]], most: int | None
) -> list[Mapping[str, Any]]:
    """Return the rows that exceed the cap of their round, in their order.

    Parameters
    ----------
    rows : iterable of mapping
        What is to be started: ``human_loop_name`` and ``round``. One that is there already costs nothing more.
    there : iterable of (str, int)
        Name and round of every loop of the flow definition that was started or may have been.
    most : int or None
        Loops per round.

    Examples
    --------
    >>> rows = [{"human_loop_name": name, "round": 0} for name in "abc"]
    >>> beyond(rows, [("a", 0), ("z", 0)], most=3)
    [{'human_loop_name': 'c', 'round': 0}]
    """
    if most is None:
        return []
    names, spent = set[str](), dict[int, int]()
    for name, round_ in there:
        names.add(name)
        spent[round_] = spent.get(round_, 0) + 1
    over = []
    for row in rows:
        if row["human_loop_name"] in names:
            continue
        if spent.get(row["round"], 0) >= most:
            over.append(row)
        else:
            spent[row["round"]] = spent.get(row["round"], 0) + 1
    return over


def why_over(most: int | None) -> str:
    """Say why a loop is beyond the cap of its round.

    Examples
    --------
    >>> why_over(100)
    'the cap for the round, 100 loops, is reached'
    """
    return f"the cap for the round, {most} loops, is reached"
