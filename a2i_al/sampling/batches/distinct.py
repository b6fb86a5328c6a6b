"""Items and centres in, an item of its own out for every centre: what clusters stand for in a batch."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from a2i_al.compute.threads import in_threads, row_blocks
from a2i_al.sampling.batches.distances import FloatArray, IntArray, block_rows, squared_distances

# Blocks whose findings are put together at a time, and the least rows of one.
_TOGETHER, _ROWS = 16, 256
# Pairs of a centre and an item that are held when centres compete: 64 MB.
_LOOKED_AT = 2**22


def nearest_distinct(features: FloatArray, centres: FloatArray) -> IntArray:
    """Find for every centre an item of its own, the nearest one that is to be had.

    Of the centres that want the same item the nearest gets it; the others look among what is free then. Time O(m·s·d),
    and more only for centres that compete; memory O(s·block), at most 64 MB for what competing centres look at.

    Parameters
    ----------
    features : array of shape (m, d)
        The items; in random order (see `shuffled`) the first of equally near ones is a uniform choice.
    centres : array of shape (s, d)
        At most m; any number of them may coincide.

    Returns
    -------
    array of shape (s,), intp
        Distinct positions, in the order of the centres.

    Examples
    --------
    >>> nearest_distinct(np.array([[0.0], [1.0], [5.0]]), np.array([[0.1], [0.0], [4.0]])).tolist()
    [1, 0, 2]
    """
    chosen = np.full(len(centres), -1, dtype=np.intp)
    free = np.ones(len(features), dtype=bool)
    items, distances = _nearest_free(features, centres, free, 1)
    _give(items, distances, [[centre] for centre in range(len(centres))], chosen, free)
    # Most centres have an item to themselves; the others look at so many that few rounds are enough for any number.
    wanted = 16
    while len(open_ := np.flatnonzero(chosen < 0)):
        # Centres that coincide look together.
        _, first, place = np.unique(centres[open_], axis=0, return_index=True, return_inverse=True)
        wanted = min(wanted, int(free.sum()))
        looking = np.sort(first)[: max(_LOOKED_AT // (wanted + _TOGETHER * min(wanted, _ROWS)), 1)]
        members = [open_[place.reshape(-1) == place.reshape(-1)[each]].tolist() for each in looking]
        items, distances = _nearest_free(features, centres[open_[looking]], free, wanted)
        _give(items, distances, members, chosen, free)
        wanted *= 16 if len(looking) == len(first) else 1
    return chosen


def _give(
    items: IntArray, distances: FloatArray, members: list[list[int]], chosen: IntArray, free: npt.NDArray[np.bool_]
) -> None:
    """Give items to the centres that look at them, the nearest pair first; of centres that coincide in their order."""
    waiting = [iter(centres) for centres in members]
    left = sum(map(len, members))
    for pair in np.argsort(distances, axis=None, kind="stable"):
        item = items.flat[pair]
        if free[item] and (centre := next(waiting[pair // items.shape[1]], None)) is not None:
            chosen[centre] = item
            free[item] = False
            left -= 1
            if not left:
                break


def _nearest_free(
    features: FloatArray, centres: FloatArray, free: npt.NDArray[np.bool_], wanted: int
) -> tuple[IntArray, FloatArray]:
    """Return the `wanted` nearest free items of each centre and their squared distances: (s, wanted), unordered."""
    centres = centres.astype(features.dtype, copy=False)
    items = np.empty((len(centres), 0), dtype=np.intp)
    distances = np.empty((len(centres), 0), dtype=features.dtype)

    def look(block: tuple[int, int]) -> tuple[IntArray, FloatArray]:
        start, stop = block
        here = np.ascontiguousarray(squared_distances(features[start:stop], centres).T)
        here[:, ~free[start:stop]] = np.inf
        return _smallest(np.broadcast_to(np.arange(start, stop), here.shape), here, wanted)

    blocks = row_blocks(len(features), block_rows(len(centres)))
    for start, stop in row_blocks(len(blocks), _TOGETHER):
        found = in_threads(look, blocks[start:stop])
        items = np.concatenate([items, *(block_items for block_items, _ in found)], axis=1)
        distances = np.concatenate([distances, *(block_distances for _, block_distances in found)], axis=1)
        items, distances = _smallest(items, distances, wanted)
    return items, distances


def _smallest(items: IntArray, distances: FloatArray, wanted: int) -> tuple[IntArray, FloatArray]:
    """Return the items of the `wanted` smallest distances in each row, and these; the first of equals if it is one."""
    if distances.shape[1] <= wanted:
        return items, distances
    best = distances.argmin(axis=1)[:, None] if wanted == 1 else np.argpartition(distances, wanted - 1, axis=1)
    best = best[:, :wanted]
    return np.take_along_axis(items, best, axis=1), np.take_along_axis(distances, best, axis=1)
