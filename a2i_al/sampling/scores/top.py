"""The best n of millions of rows of probabilities: one pass at the speed of memory, the same picks as the slow way.

Threads scan blocks of rows with a compiled kernel that keeps what could still be among the best. What is left has the
scores of the plain functions of `scores.uncertainty`, and ties go by the random keys of the ids, so that neither the
kernel's rounding nor the order of the threads or of the rows shows in the result.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from a2i_al.compute.threads import in_threads, row_blocks
from a2i_al.sampling.draws.uniform import Positions, top_positions
from a2i_al.sampling.ids import Hashes, keys
from a2i_al.sampling.probabilities import SUM_TOLERANCE, check_proba
from a2i_al.sampling.scores import uncertainty
from a2i_al.sampling.scores.uncertainty import Scores

Proba = npt.NDArray[np.floating[Any]]

# Below this many rows numpy is fast enough, and loading numba takes longer than scoring.
LARGE = 100_000
# The functions that the kernel knows, in the order of its numbers for them.
KINDS = (uncertainty.least_confidence, uncertainty.margin, uncertainty.ratio, uncertainty.entropy)
# The score, bit for bit, from how far the kernel says that a row is from the best; of entropy it takes the logarithms
# otherwise than numpy.
_SCORES: dict[Callable[..., Scores], Callable[[Scores], Scores]] = {
    uncertainty.least_confidence: lambda highest: 1.0 - highest,
    uncertainty.margin: lambda difference: 1.0 - difference,
    uncertainty.ratio: np.negative,
}

_CHUNK_ROWS, _CHUNK_BYTES = 65_536, 2**22
# Room for the rounding of float32, relative, and for what float64 cannot tell apart near 1, absolute.
_RELATIVE, _ABSOLUTE = 1e-6, 1e-12


def top_n(
    proba: Proba,
    score: Callable[..., Scores],
    n: int,
    *,
    seed: int,
    hashes: Callable[[Positions], Hashes],
    skip: npt.NDArray[np.bool_] | None = None,
) -> tuple[Positions, Scores]:
    """Return the positions and scores of the n best rows, best first, having checked every row.

    Parameters
    ----------
    proba : ndarray of shape (m, k), float32 or float64
        Class probabilities, not checked yet. Neither copied nor written to.
    score : callable
        One of `KINDS`.
    n : int
        How many; far fewer than m, or there is nothing to gain.
    seed : int
        Of the keys that break ties, see `sampling.ids.keys`.
    hashes : callable
        From positions to the hashes of these items' ids.
    skip : ndarray of shape (m,), bool, optional
        True for rows that are checked but not chosen; at least n are not.

    Returns
    -------
    tuple of ndarray
        Positions (n,), intp, and scores (n,), float64.

    Raises
    ------
    InvalidProbabilities
        If a row is no distribution over the classes, a skipped one included.

    Notes
    -----
    O(m k), two times the reading of the array or less; memory O(n + chunk), whatever m. Entropy takes logarithms only
    of rows whose sum of squares leaves room for enough of it, see `sum_of_squares_at`.

    Examples
    --------
    >>> from a2i_al.sampling.ids import hash_ids
    >>> proba = np.array([[0.9, 0.1], [0.5, 0.5], [0.8, 0.2]])
    >>> top_n(proba, uncertainty.margin, 2, seed=0, hashes=hash_ids)[0].tolist()
    [1, 2]
    """
    best = _Best(proba, score, n, seed, hashes)
    scan = _Scan(proba, KINDS.index(score), skip, best)
    # A small first chunk gives a cut that spares the others most of their candidates.
    start = min(len(proba), max(4 * n, 16_384))
    rows = max(1, min(_CHUNK_ROWS, _CHUNK_BYTES // (proba.shape[1] * proba.itemsize)))
    for at in row_blocks(start, rows):
        scan(at)
    in_threads(scan, [(start + first, start + last) for first, last in row_blocks(len(proba) - start, rows)])
    return best.finished()


def check_large(proba: Proba) -> None:
    """Check that every row of a large pool is a distribution, at the speed of memory.

    Raises
    ------
    InvalidProbabilities
        As `check_proba`.

    Examples
    --------
    >>> check_large(np.array([[0.9, 0.1]]))
    """
    best = _Best(proba, uncertainty.least_confidence, 0, 0, lambda at: np.zeros(len(at), dtype=np.uint64))
    best.cut = -1.0  # no highest probability is below it
    rows = max(1, min(_CHUNK_ROWS, _CHUNK_BYTES // (proba.shape[1] * proba.itemsize)))
    in_threads(_Scan(proba, 0, None, best), row_blocks(len(proba), rows))


class _Scan:
    """The work of one thread on one range of rows: copy it if it must be, scan it, hand over what was found."""

    def __init__(self, proba: Proba, kind: int, skip: npt.NDArray[np.bool_] | None, best: _Best) -> None:
        from a2i_al.sampling.scores import kernels  # noqa: PLC0415 - numba loads here

        self.proba, self.kind, self.best = proba, kind, best
        self.skip = np.empty(0, dtype=np.bool_) if skip is None else skip
        self.kernel, self.entropy = kernels.scan_for(proba.dtype, proba.shape[1], kind), kind == kernels.ENTROPY
        # What a sum of k numbers in this precision can be off by: such rows are looked at again, exactly.
        self.tolerance = SUM_TOLERANCE - proba.shape[1] * float(np.finfo(proba.dtype).eps)

    def __call__(self, at: tuple[int, int]) -> None:
        start, stop = at
        block, k = np.ascontiguousarray(self.proba[start:stop]), self.proba.shape[1]
        rows, badness = np.empty(stop - start, dtype=np.int64), np.empty(stop - start)
        cut = self.best.cut
        square_cut = sum_of_squares_at(-cut, k) if self.entropy else math.inf
        found, sound = self.kernel(
            block.reshape(-1),
            k,
            self.kind,
            cut,
            square_cut,
            self.tolerance,
            self.skip[start:stop],
            rows,
            badness,
        )
        if not sound:
            # The whole array, for an error that names the row as the caller counts it.
            check_proba(block if _passes(block) else self.proba)
        if found:
            self.best.offer(rows[:found] + start, badness[:found])


class _Best:
    """What could still be among the n best, and the cut that others must reach; shared by the threads."""

    def __init__(
        self, proba: Proba, score: Callable[..., Scores], n: int, seed: int, hashes: Callable[[Positions], Hashes]
    ) -> None:
        self.proba, self.score, self.n, self.seed, self.hashes = proba, score, n, seed, hashes
        self.cut = math.inf
        self._room = 2 * n + 1_024
        self._rows, self._badness = np.empty(0, dtype=np.int64), np.empty(0)
        self._lock = Lock()

    def offer(self, rows: npt.NDArray[np.int64], badness: npt.NDArray[np.float64]) -> None:
        with self._lock:
            self._rows = np.concatenate([self._rows, rows])
            self._badness = np.concatenate([self._badness, badness])
            if len(self._rows) > 2 * self.n:
                self._tighten()

    def _tighten(self) -> None:
        nth = float(np.partition(self._badness, self.n - 1)[self.n - 1])
        self.cut = min(self.cut, nth + abs(nth) * _RELATIVE + _ABSOLUTE)
        self._keep(self._badness <= self.cut)
        if len(self._rows) > self._room:
            # So many within a rounding of the cut are ties: exact scores and keys decide now, and memory stays small.
            kept = np.zeros(len(self._rows), dtype=np.bool_)
            kept[self._ranked()[0]] = True
            self._keep(kept)

    def _keep(self, mask: npt.NDArray[np.bool_]) -> None:
        self._rows, self._badness = self._rows[mask], self._badness[mask]

    def _ranked(self) -> tuple[Positions, Scores]:
        given = _SCORES.get(self.score)
        scores = self.score(self.proba[self._rows]) if given is None else given(self._badness)
        at = top_positions(scores, self.n)
        ranks = np.lexsort((keys(self.hashes(self._rows[at]), self.seed), -scores[at]))[: self.n]
        return at[ranks], scores[at[ranks]]

    def finished(self) -> tuple[Positions, Scores]:
        at, scores = self._ranked()
        return self._rows[at].astype(np.intp), scores


def sum_of_squares_at(entropy: float, k: int) -> float:
    """Return the sum of squared probabilities above which no row of k classes reaches an entropy.

    Parameters
    ----------
    entropy : float
        In nats.
    k : int
        Number of classes.

    Returns
    -------
    float
        Rounded up; rows may sum to 1 within the tolerance of `check_proba`.

    References
    ----------
    P. Harremoës and F. Topsøe, "Inequalities between entropy and index of coincidence derived from information
    diagrams", IEEE Transactions on Information Theory 47, 2001: of all rows with one sum of squares, the one with the
    highest entropy has one probability above the others, and these equal.

    Examples
    --------
    >>> round(sum_of_squares_at(math.log(2), 2), 3), sum_of_squares_at(-1.0, 2)
    (0.503, inf)
    """
    highest = 1 + SUM_TOLERANCE
    # What the row's shares of its own sum must reach at least: H(p) = s H(p/s) - s ln s for a row that sums to s.
    reached = entropy / highest + math.log(1 - SUM_TOLERANCE)
    if reached <= 0:
        return math.inf
    low, high = 1 / k, 1.0
    for _ in range(50):
        p = (low + high) / 2
        others = (1 - p) / (k - 1)
        most = -p * math.log(p) - ((1 - p) * math.log(others) if others > 0 else 0.0)
        low, high = (p, high) if most >= reached else (low, p)
    return highest**2 * (high**2 + (1 - high) ** 2 / (k - 1)) * (1 + _RELATIVE)


def _passes(block: Proba) -> bool:
    from a2i_al.errors import InvalidProbabilities  # noqa: PLC0415

    try:
        check_proba(block)
    except InvalidProbabilities:
        return False
    return True
