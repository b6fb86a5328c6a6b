"""A step that maps numbers to better ones in, the numbers that it leaves as they are out, in fewer steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Step = Callable[[Numbers], tuple[Numbers, float]]

# Earlier steps to learn from, and how many numbers to keep them in at most.
_MEMORY, _KEPT = 8, 2**21
_SINGULAR = 1e-9
_EXACT_BITS = 52
# The first steps choose which of several ends is reached; they are taken as they are.
_PLAIN = 10
# Objectives that differ by less, relatively, differ by rounding.
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Found:
    """Where the iteration ended.

    Attributes
    ----------
    values : ndarray
        As the last step returned them.
    steps : int
        How many it took.
    converged : bool
        Whether the last step changed less than the tolerance.
    """

    values: Numbers
    steps: int
    converged: bool


def fixed_point(step: Step, start: Numbers, *, tolerance: float = 1e-5, most: int = 1_000) -> Found:
    """Iterate an EM step to its end, each time extrapolating from what the last steps changed (Anderson acceleration).

    Parameters
    ----------
    step : callable
        Values, none negative → the next values, and the objective of those given. Steps never lower the objective;
        where an extrapolation did, the iteration goes back to the last step and learns anew.
    start : ndarray
        First values.
    tolerance : float
        Done when no value v changes by more than this times (1 + v).
    most : int
        Steps after which to stop all the same.

    Returns
    -------
    Found
        The values, and whether they are final.

    References
    ----------
    H. Walker, P. Ni, "Anderson acceleration for fixed-point iterations", SIAM Journal on Numerical Analysis 49(4),
    2011; restarted by the objective as in N. Henderson, R. Varadhan, "Damped Anderson acceleration with restarts and
    monotonicity control for accelerating EM", Journal of Computational and Graphical Statistics 28(4), 2019.

    Examples
    --------
    >>> slow = lambda x: (0.99 * x + 0.01, -abs(float(x[0]) - 1))
    >>> found = fixed_point(slow, np.zeros(1))
    >>> found.values.round(6).tolist(), found.steps < 15
    ([1.0], True)
    """
    past = _Past(min(_MEMORY, _KEPT // max(start.size, 1)))
    values, best, after = start, -np.inf, start
    for taken in range(1, most + 1):
        reached, objective = step(values)
        if objective < best - _ROUNDING * abs(best) and past.bends:
            values, best, past = after, -np.inf, _Past(past.memory)
            continue
        best, after = max(best, objective), reached
        change = reached - values
        if float(np.max(np.abs(change) / (1 + values), initial=0.0)) <= tolerance:
            return Found(reached, taken, converged=True)
        past.add(reached, change)
        values = past.extrapolated() if past.bends and taken > _PLAIN else reached
    return Found(after, most, converged=False)


class _Past:
    """The last steps: how what they reached differed, and how what they changed did, with its inner products."""

    def __init__(self, memory: int) -> None:
        self.memory = memory
        self.moves: list[Numbers] = []
        self.bends: list[Numbers] = []
        self.gram: npt.NDArray[np.float64] = np.zeros((0, 0))
        self.reached: Numbers | None = None
        self.change = self.weight = np.zeros(0)

    def add(self, reached: Numbers, change: Numbers) -> None:
        """Take in a step; the oldest beyond the memory is forgotten."""
        if self.reached is None:
            # Where a value is large, a change of it counts for less.
            self.weight = 1 / (1 + reached)
        elif self.memory:
            self.moves.append(reached - self.reached)
            self.bends.append(change * self.weight - self.change)
            row = np.array([_dot(self.bends[-1], other) for other in self.bends])
            self.gram = np.block([[self.gram, row[:-1, None]], [row]])
            if len(self.bends) > self.memory:
                del self.moves[0], self.bends[0]
                self.gram = self.gram[1:, 1:]
        self.reached, self.change = reached, change * self.weight

    def extrapolated(self) -> Numbers:
        """Return where the steps lead if changes go on as they did: least squares over how changes differed."""
        aims = np.array([_dot(bend, self.change) for bend in self.bends])
        parts = np.linalg.lstsq(self.gram, aims, rcond=_SINGULAR)[0]
        out: Numbers = np.array(self.reached)
        for part, move in zip(parts, self.moves, strict=True):
            out -= part * move
        np.maximum(out, 0.0, out=out)
        return out


def _dot(a: Numbers, b: Numbers) -> float:
    """Return the inner product, in any order the same to the last bit: products are rounded so that sums are exact."""
    products = a * b
    grain = float(np.abs(products).max()) * 2.0 ** (len(products).bit_length() - _EXACT_BITS)
    return float(np.rint(products / grain).sum()) * grain if grain else 0.0
