"""A pool and a similarity in, the items out that together are most similar to all of it: greedy maximum coverage.

What `max_herding`, `prob_cover` and `facility_location` share; they differ in the similarity.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from a2i_al.compute.threads import in_threads, row_blocks
from a2i_al.sampling.batches.distances import FloatArray, IntArray, Shuffled, block_rows, squared_distances

Matrix = npt.NDArray[np.float32]
# From squared distances, which it may overwrite, to similarities of the same shape.
Similarity = Callable[[FloatArray], FloatArray]

# A round looks at so many items, to be chosen or to be covered: 128 MB of similarities, however large the pool.
_CANDIDATES, _TARGETS = 8192, 4096
# Picks in a round: each then stands for sixteen targets or more.
_PICKS, _ROUNDS = 256, 32
# Gains are brought up to date so many at first, and twice as many each time that this does not settle a pick.
_BATCH = 32


def cover(pool: Shuffled, similarity: Similarity, n: int) -> tuple[IntArray, npt.NDArray[np.float64]]:
    """Choose items one after another, each adding most to the mean similarity of targets to their nearest known item.

    Up to 4,096 items all are candidates and targets, and the greedy choice is exact. A larger pool is taken in rounds
    of 256 picks (or n/32), each with fresh random items: 8,192 candidates and 4,096 targets; of more than 4,096 picks
    in a round twice as many candidates, and as many fewer targets. Time per round is that of 3e7 distances and of those
    from the targets to what is known, whatever the size of the pool.

    Parameters
    ----------
    pool : Shuffled
        What `shuffled` returned: with its labelled items counting as known.
    similarity : callable
        Turns squared distances into similarities. Those of 0 or more start from 0 when nothing is known; negative ones
        from the least similar candidate.
    n : int
        How many to choose.

    Returns
    -------
    positions : array of shape (n,), intp
        Rows of the pool as shuffled, in the order of choice. Ties go to the first, which is a uniform choice.
    gains : array of shape (n,), float64
        What each added to the mean similarity.

    References
    ----------
    Minoux, Accelerated greedy algorithms for maximizing submodular set functions, 1978: gains only shrink, so one that
    is out of date is an upper bound. Nemhauser, Wolsey and Fisher, 1978: greedy reaches 1 - 1/e of the best coverage.

    Examples
    --------
    >>> from a2i_al.sampling.batches.distances import shuffled
    >>> pool = shuffled(np.array([[0.0], [0.1], [0.2], [5.0]]), np.random.default_rng(0))
    >>> positions, _ = cover(pool, lambda squared: np.exp(-squared), 2)
    >>> pool.order[positions].tolist()
    [1, 3]
    """
    rows = pool.rows
    per_round = n if len(rows) <= _TARGETS else max(_PICKS, -(-n // _ROUNDS))
    chosen, gains = np.empty(n, dtype=np.intp), np.empty(n)
    taken = np.zeros(len(rows), dtype=bool)
    # There must be a choice in every round.
    some = max(_CANDIDATES, 2 * per_round)
    aims = max(_CANDIDATES * _TARGETS // some, 1)
    for turn, start in enumerate(range(0, n, per_round)):
        stop = min(start + per_round, n)
        targets = rows[_window(len(rows), turn, aims)]
        free = np.flatnonzero(~taken)
        candidates = free[_window(len(free), turn, some)]
        values = _similarities(rows[candidates], targets, similarity)
        known = np.concatenate([pool.labelled, rows[chosen[:start]]])
        covered = np.full(len(targets), -np.inf, np.float32) if len(known) else np.minimum(values.min(axis=0), 0)
        for block in row_blocks(len(known), block_rows(len(targets))):
            known_values = similarity(squared_distances(known[slice(*block)], targets))
            np.maximum(covered, known_values.max(axis=0), out=covered, casting="same_kind")
        picks, gains[start:stop] = _lazy_greedy(values, covered, stop - start)
        chosen[start:stop] = candidates[picks]
        taken[chosen[start:stop]] = True
    return chosen, gains


def _window(rows: int, turn: int, size: int) -> IntArray:
    """Return the turn-th run of positions: of rows in random order, a random sample; all rows if there are no more."""
    if rows <= size:
        return np.arange(rows)
    return (turn * size + np.arange(size)) % rows


def _similarities(candidates: FloatArray, targets: FloatArray, similarity: Similarity) -> Matrix:
    values = np.empty((len(candidates), len(targets)), dtype=np.float32)

    def fill(block: tuple[int, int]) -> None:
        here = slice(*block)
        values[here] = similarity(squared_distances(candidates[here], targets))

    in_threads(fill, row_blocks(len(candidates), block_rows(len(targets))))
    return values


def _lazy_greedy(values: Matrix, covered: Matrix, n: int) -> tuple[IntArray, npt.NDArray[np.float64]]:
    chosen, gains = np.empty(n, dtype=np.intp), np.empty(n)
    bounds = np.empty(len(values), dtype=np.float32)
    _update(bounds, values, covered, np.arange(len(values)))
    for step in range(n):
        # The first step has just been brought up to date; and what has nothing to add cannot add less.
        stale = (bounds > 0) & (step > 0)
        size = _BATCH
        while stale[best := int(bounds.argmax())]:
            rivals = np.flatnonzero(stale & (bounds >= bounds.max(where=~stale, initial=0)))
            if len(rivals) > size:
                rivals = rivals[np.argpartition(-bounds[rivals], size)[:size]]
            _update(bounds, values, covered, rivals)
            stale[rivals] = False
            size *= 2
        chosen[step], gains[step] = best, bounds[best] / values.shape[1]
        np.maximum(covered, values[best], out=covered)
        bounds[best] = -np.inf
    return chosen, gains


def _update(bounds: Matrix, values: Matrix, covered: Matrix, which: IntArray) -> None:
    """Set the bounds of some candidates to their gains: the sum over targets of what each is more similar by."""

    def fill(block: tuple[int, int]) -> None:
        here = which[slice(*block)]
        more = values[here]
        more -= covered
        bounds[here] = np.maximum(more, 0, out=more).sum(axis=1)

    in_threads(fill, row_blocks(len(which), 128))
