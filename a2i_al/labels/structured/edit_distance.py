"""Two sequences in, the least number of insertions, deletions and replacements that turn one into the other out."""

from __future__ import annotations

from collections.abc import Hashable, Sequence


def edit_distance(a: Sequence[Hashable], b: Sequence[Hashable]) -> int:
    """Return Levenshtein's distance of two texts, or of any two sequences, such as lists of words.

    A column of the table of partial distances is two whole numbers, one bit per element of `a`, and each element of
    `b` takes a few operations on them: texts of thousands of characters take milliseconds.

    References
    ----------
    G. Myers, "A fast bit-vector algorithm for approximate string matching based on dynamic programming", Journal of the
    ACM 46(3), 1999, in H. Hyyrö's form for distances (2001).

    Examples
    --------
    >>> edit_distance("kitten", "sitting"), edit_distance("to be or not".split(), "to be not".split())
    (3, 1)
    """
    if not a or not b:
        return len(a) or len(b)
    places: dict[Hashable, int] = {}
    for i, element in enumerate(a):
        places[element] = places.get(element, 0) | 1 << i
    full, last = (1 << len(a)) - 1, 1 << (len(a) - 1)
    rises, falls, distance = full, 0, len(a)
    for element in b:
        match = places.get(element, 0)
        same = (((match & rises) + rises) ^ rises) | match | falls
        up, down = falls | ~(same | rises) & full, rises & same
        distance += bool(up & last) - bool(down & last)
        up, down = (up << 1 | 1) & full, down << 1 & full
        rises, falls = down | ~(same | up) & full, up & same
    return distance


def similarity(a: Sequence[Hashable], b: Sequence[Hashable]) -> float:
    """Return 1 less the distance relative to the longer sequence: 1 for equal ones, 0 for nothing in common.

    Examples
    --------
    >>> similarity("abcd", "abxd"), similarity("", "")
    (0.75, 1.0)
    """
    longer = max(len(a), len(b))
    return 1 - edit_distance(a, b) / longer if longer else 1.0
