"""How well the marks of several answers fit in; which of them are the same thing out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from a2i_al.labels.structured.marks import Marks

Floats = npt.NDArray[np.float64]
Fit = Callable[[Marks, Marks], Floats]


def assign(fit: Floats) -> list[tuple[int, int]]:
    """Pair rows with columns so that the fits add up to the most; pairs that do not fit at all are left out.

    Parameters
    ----------
    fit : array of float, shape (n, m)
        0 where two cannot be the same thing, else the higher the better.

    Examples
    --------
    >>> assign(np.array([[0.9, 0.8], [0.7, 0.0]]))
    [(0, 1), (1, 0)]
    """
    if not fit.size or not fit.any():
        return []
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - loads with the first match

    rows, columns = linear_sum_assignment(fit, maximize=True)
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if fit[i, j] > 0]


def things(answers: Sequence[Marks], fit: Fit) -> list[list[tuple[int, int]]]:
    """Find the things that were marked: each mark of each answer belongs to one, and no thing has two of one answer.

    The answer that fits the others best stands first: its marks are things, and the others' are assigned to them. What
    is left over is treated in the same way until nothing is. The result depends on the answers, not on their order, as
    far as these differ.

    Parameters
    ----------
    answers : sequence of Marks
        In an order that does not depend on who gave them.
    fit : callable
        Two answers → how well each mark of one fits each of the other, see `assign`; symmetric.

    Returns
    -------
    list of list of (answer, mark)
        As positions in `answers` and in their marks.
    """
    n = len(answers)
    fits = {(a, b): fit(answers[a], answers[b]) for a in range(n) for b in range(a + 1, n)}
    left = [np.arange(len(marks.labels)) for marks in answers]
    found: list[list[tuple[int, int]]] = []
    while any(len(rest) for rest in left):
        pairs = {(a, b): assign(whole[np.ix_(left[a], left[b])]) for (a, b), whole in fits.items()}
        worth = np.zeros(n)
        for (a, b), matched in pairs.items():
            gained = sum(fits[a, b][left[a][i], left[b][j]] for i, j in matched)
            worth[[a, b]] += gained
        # Rounding must not tell two equally good answers apart.
        first = int(np.argmax(np.where([len(rest) > 0 for rest in left], worth.round(9), -1)))
        groups = {i: [(first, int(mark))] for i, mark in enumerate(left[first])}
        taken: list[set[int]] = [set() for _ in range(n)]
        taken[first] = {*range(len(left[first]))}
        for other in range(n):
            for i, j in pairs.get((first, other), []) or [(i, j) for j, i in pairs.get((other, first), [])]:
                groups[i].append((other, int(left[other][j])))
                taken[other].add(j)
        found += [sorted(group) for group in groups.values()]
        left = [rest[[i not in gone for i in range(len(rest))]] for rest, gone in zip(left, taken, strict=True)]
    return found


def remembered(fit: Fit) -> Fit:
    """Return a fit that compares no two answers twice, for as long as these are kept."""
    known: dict[tuple[int, int], Floats] = {}

    def compared(a: Marks, b: Marks) -> Floats:
        if (id(a), id(b)) not in known:
            known[id(a), id(b)] = fit(a, b)
        return known[id(a), id(b)]

    return compared


def f1(a: Marks, b: Marks, fit: Fit) -> float:
    """Return twice the pairs that fit and have one label, over all marks of two answers; 1 where neither has any."""
    total = len(a.labels) + len(b.labels)
    same = sum(a.labels[i] == b.labels[j] for i, j in assign(fit(a, b)))
    return 2 * same / total if total else 1.0
