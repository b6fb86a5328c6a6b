"""Feature vectors in, squared Euclidean distances out: block by block through BLAS, never a pool × pool matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from a2i_al.compute.threads import in_threads, row_blocks

FloatArray = npt.NDArray[np.floating[Any]]
IntArray = npt.NDArray[np.intp]

# Distances of a block: 1 MB of float32, which a processor's second-level cache holds for what comes after the product.
_BLOCK = 2**18


@dataclass(frozen=True)
class Shuffled:
    """A pool's features made ready for a batch strategy, by `shuffled`.

    Parameters
    ----------
    rows : array of shape (m, d)
        A copy of the features in random order, C-contiguous, centred, and divided by one number, so that the mean
        squared distance to the centre is 1. Distances keep their proportions.
    order : array of shape (m,), intp
        ``rows[i]`` is what the caller gave as row ``order[i]``.
    labelled : array of shape (l, d)
        The labelled items' features, moved and scaled alike. One that is more than 54 times as far from the centre as
        the remotest row (8,192 times in float64) is drawn in to there: beside its square, those of the others would be
        rounding, or infinite.
    unit : float
        The distance that is 1 here, in the features' own units.
    centre : float
        How far from zero the pool's centre was, in this unit: what was rounded then is so much larger now.
    """

    rows: FloatArray
    order: IntArray
    labelled: FloatArray
    unit: float = 1.0
    centre: float = 0.0


def shuffled(features: FloatArray, rng: np.random.Generator, labelled: FloatArray | None = None) -> Shuffled:
    """Copy features in random order, centred and scaled: then "the first of the equal ones" is a uniform choice.

    Parameters
    ----------
    features : array of shape (m, d)
        Any numbers, finite; float32 stays float32, everything else becomes float64.
    rng : numpy.random.Generator
        Draws the order.
    labelled : array of shape (l, d), optional
        Features of the labelled items.

    Returns
    -------
    Shuffled
        With `labelled` of shape (0, d) if none are given.

    Examples
    --------
    >>> pool = shuffled(np.array([[1e6, 0.0], [1e6, 4.0]]), np.random.default_rng(0))
    >>> sorted(pool.rows.tolist()), sorted(pool.order.tolist())
    ([[0.0, -1.0], [0.0, 1.0]], [0, 1])
    """
    features = floating(features)
    order = rng.permutation(len(features))
    rows = np.empty(features.shape, features.dtype)
    if labelled is None or not len(labelled):
        labelled = np.empty((0, features.shape[1]))
    blocks = [slice(*block) for block in row_blocks(len(rows), block_rows(features.shape[1]))]

    def taken(here: slice) -> float:
        rows[here] = features[order[here]]
        return max(float(rows[here].max()), -float(rows[here].min()))

    def scaled(here: slice) -> npt.NDArray[np.float64]:
        rows[here] /= largest
        return np.asarray(rows[here].sum(axis=0, dtype=np.float64))

    def centred(here: slice) -> tuple[float, float]:
        rows[here] -= origin
        norms = squared_norms(rows[here])
        return float(norms.sum(dtype=np.float64)), float(norms.max())

    # By the largest first: what is left cannot overflow when it is squared, in float32 neither.
    largest = max(in_threads(taken, blocks)) or 1.0
    origin = (np.sum(in_threads(scaled, blocks), axis=0) / len(rows)).astype(rows.dtype)
    lengths, remotest = zip(*in_threads(centred, blocks), strict=True)
    spread = float(np.sqrt(np.sum(lengths) / len(rows))) or 1.0
    reach = max(float(np.sqrt(max(remotest))) / spread, 1.0) * float(np.finfo(rows.dtype).eps) ** -0.25
    labelled = _placed(labelled, largest, origin, spread, reach)
    in_threads(lambda here: np.divide(rows[here], spread, out=rows[here]), blocks)
    centre = float(np.linalg.norm(origin.astype(np.float64))) / spread
    return Shuffled(rows, order.astype(np.intp, copy=False), labelled, largest * spread, centre)


def _placed(labelled: FloatArray, largest: float, origin: FloatArray, spread: float, reach: float) -> FloatArray:
    """Return labelled items moved and scaled as the pool was, those beyond reach in their direction."""
    with np.errstate(over="ignore", invalid="ignore"):
        placed = (np.array(labelled, dtype=origin.dtype, order="C") / largest - origin) / spread
        far = ~(squared_norms(placed) <= reach**2)
    if far.any():
        beyond = np.asarray(labelled[far], dtype=np.float64)
        size = np.maximum(np.abs(beyond).max(axis=1, keepdims=True), largest)
        away = beyond / size - origin * (largest / size)
        length = np.sqrt(squared_norms(away))[:, None]
        placed[far] = away * (reach / np.maximum(length, np.finfo(np.float64).tiny))
    return placed


def floating(features: npt.ArrayLike) -> FloatArray:
    """Return features as they are if they are float32 or float64, else as float64.

    Examples
    --------
    >>> floating(np.eye(2, dtype=np.float32)).dtype, floating([[1, 2]]).dtype
    (dtype('float32'), dtype('float64'))
    """
    array = np.asarray(features)
    return array if array.dtype in (np.float32, np.float64) else array.astype(np.float64)


def squared_norms(rows: FloatArray) -> FloatArray:
    """Return the squared length of every row: shape (m,), of the rows' dtype.

    Examples
    --------
    >>> squared_norms(np.array([[3.0, 4.0], [0.0, 1.0]])).tolist()
    [25.0, 1.0]
    """
    norms: FloatArray = np.einsum("ij,ij->i", rows, rows)
    return norms


def squared_distances(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return |a_i − b_j|² for two sets of rows: one matrix product.

    Parameters
    ----------
    a : array of shape (r, d)
        A block of rows: the result has r × s numbers.
    b : array of shape (s, d)
        Usually few: centres, or what was chosen.

    Returns
    -------
    array of shape (r, s)
        Never below zero. Both sides are moved to the mean of `b` first: |a|² + |b|² − 2ab loses all digits when the
        offset of raw columns is large beside their spread.

    Examples
    --------
    >>> squared_distances(np.array([[0.0, 0.0], [3.0, 4.0]]), np.array([[0.0, 0.0]])).tolist()
    [[0.0], [25.0]]
    """
    origin = b.mean(axis=0, dtype=np.float64).astype(b.dtype)
    a, b = a - origin, b - origin
    distances: FloatArray = a @ (-2 * b).T
    distances += squared_norms(a)[:, None]
    distances += squared_norms(b)
    return np.maximum(distances, 0, out=distances)


def block_rows(columns: int) -> int:
    """Return how many rows a block may have when each brings so many distances.

    Examples
    --------
    >>> block_rows(512)
    512
    """
    return min(max(_BLOCK // max(columns, 1), 256), 2**16)


def nearest(features: FloatArray, centres: FloatArray) -> tuple[IntArray, FloatArray]:
    """Find for every row the nearest of a few centres.

    Parameters
    ----------
    features : array of shape (m, d)
        The rows; read block by block.
    centres : array of shape (s, d)
        At least one.

    Returns
    -------
    index : array of shape (m,), intp
        Which centre; the first of equally near ones.
    distance : array of shape (m,)
        The squared distance to it.

    Examples
    --------
    >>> index, distance = nearest(np.array([[0.0], [9.0]]), np.array([[1.0], [10.0]]))
    >>> index.tolist(), distance.tolist()
    ([0, 1], [1.0, 1.0])
    """
    index = np.empty(len(features), dtype=np.intp)
    distance = np.empty(len(features), dtype=features.dtype)
    centres = centres.astype(features.dtype, copy=False)
    # As in `squared_distances`; but |a|² is added to the least |b|² − 2ab only.
    origin = centres.mean(axis=0, dtype=np.float64).astype(centres.dtype)
    moved = centres - origin
    norms, turned = squared_norms(moved), -2 * moved.T

    def fill(block: tuple[int, int]) -> None:
        here = slice(*block)
        rows = features[here] - origin
        products = rows @ turned
        products += norms
        index[here] = products.argmin(axis=1)
        distance[here] = np.take_along_axis(products, index[here, None], axis=1)[:, 0]
        distance[here] += squared_norms(rows)

    in_threads(fill, row_blocks(len(features), block_rows(len(centres))))
    return index, np.maximum(distance, 0, out=distance)
