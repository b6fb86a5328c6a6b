"""k-DPP: features in, a random batch out whose chance is the squared volume that its feature vectors span."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from a2i_al.compute.threads import in_threads, row_blocks
from a2i_al.sampling.batches.blas import multiplied
from a2i_al.sampling.batches.distances import FloatArray, IntArray, Shuffled, shuffled

Vector = npt.NDArray[np.float64]

_ROWS = 2**14
# A direction of no more than so many roundings is none.
_ROUNDINGS = 4


def k_dpp(
    features: FloatArray, labelled_features: FloatArray | None = None, *, n: int, rng: np.random.Generator
) -> npt.NDArray[np.intp]:
    """Draw a diverse batch: a set of n items with a probability proportional to the determinant of its kernel matrix.

    Items alike hardly ever come together, and long vectors, far from the pool's centre, come more often. A draw that
    explores; it knows neither density nor uncertainty.

    Parameters
    ----------
    features : ndarray of shape (m, d), float
        Embeddings of the candidates; the kernel is the product of two, measured from the pool's mean.
    labelled_features : ndarray of shape (l, d), float, optional
        Embeddings of the labelled items. The kernel then is the covariance that they leave a linear model with noise as
        large as the mean variance of a column: directions that are known have less volume.
    n : int
        How many to choose, 1 <= n <= m.
    rng : numpy.random.Generator
        Draws.

    Returns
    -------
    ndarray of shape (n,), intp
        Distinct positions, in the order they were drawn.

    Notes
    -----
    Exact sampling, through the dual representation where there are more items than features: by the eigenvectors of
    the smaller one of the d × d matrix of the features and the m × m kernel. A direction counts as long as it is more
    than rounding, with standardised columns or not: its spread may be 1e-7 of the largest, 1e-6 in float32. A set of
    more items than the rank r of the centred features, at most d, has no volume: then sets of r items are drawn, each
    from what the ones before have left, until there are n; and once all that is left is one point, the rest are drawn
    uniformly. Time O(m d min(m, d) + m n²) for each set, and O(d l min(d, l)) for what is labelled; memory O(m (d + n))
    and the smaller matrix.

    References
    ----------
    A. Kulesza and B. Taskar, "k-DPPs: fixed-size determinantal point processes", ICML 2011, with the dual of
    "Determinantal point processes for machine learning", Foundations and Trends in Machine Learning 5, 2012, section
    3.3.

    Examples
    --------
    >>> features = np.array([[1.0, 0.0], [1.0, 0.0], [-1.0, 1.0], [-1.0, -1.0]])
    >>> len({0, 1} & set(k_dpp(features, n=2, rng=np.random.default_rng(0)).tolist())) < 2
    True
    """
    pool = shuffled(features, rng, labelled_features)
    rows, left = _unknown(pool.rows, pool.labelled), np.arange(len(pool.rows))
    noise = _noise(pool)
    drawn: list[IntArray] = []
    while wanted := n - sum(map(len, drawn)):
        values, vectors = _directions(rows, noise)
        if not len(values):
            # Rows in random order: the first are a uniform draw.
            drawn.append(left[:wanted])
            break
        size = min(wanted, len(values))
        picked = _drawn_from(rows, values, vectors, size, rng)
        drawn.append(left[picked])
        rows, left = np.delete(rows, picked, axis=0), np.delete(left, picked)
    return pool.order[np.concatenate(drawn)]


def _noise(pool: Shuffled) -> float:
    """Return the mean square of what rounding adds to a row, in any direction: much in float32 and far off zero."""
    return (_ROUNDINGS * float(np.finfo(pool.rows.dtype).eps) * float(np.hypot(1, pool.centre))) ** 2


def _unknown(rows: FloatArray, labelled: FloatArray) -> FloatArray:
    """Return rows whose products are their covariances given what is labelled."""
    if not len(labelled):
        return rows
    dimensions = rows.shape[1]
    known = labelled.astype(np.float64)
    if len(known) < dimensions:
        # With L L' d = U (root² - 1) U', what is to be taken off is L' U (d / (root² + root)) U' L.
        values, vectors = np.linalg.eigh(known @ known.T * dimensions)
        root = np.sqrt(1 + np.maximum(values, 0))
        turned = (known.T @ (vectors * np.sqrt(dimensions / (root * (root + 1))))).astype(rows.dtype)
        return np.asarray(rows - multiplied(multiplied(rows, turned), turned.T))
    values, vectors = np.linalg.eigh(known.T @ known * dimensions)
    # Rounding can take a zero eigenvalue below zero.
    shrunk = (vectors / np.sqrt(1 + np.maximum(values, 0))) @ vectors.T
    covariant: FloatArray = multiplied(rows, shrunk.astype(rows.dtype))
    return covariant


def _directions(rows: FloatArray, noise: float) -> tuple[Vector, Vector]:
    """Return the eigenvalues that are not zero, largest first, and the smaller matrix's eigenvectors: (d, r) or (m, r).

    With m rows fewer than d columns, the kernel's eigenvectors are the rows' coordinates in those of the d × d matrix.
    """
    if not len(rows):
        return np.empty(0), np.empty((rows.shape[1], 0))
    matrix = _kernel(rows) if len(rows) < rows.shape[1] else _covariance(rows)
    values, vectors = np.linalg.eigh(matrix)
    rounding = _ROUNDINGS * np.finfo(np.float64).eps * (len(matrix) + np.sqrt(len(rows)))
    kept = np.flatnonzero(values > max(rounding * max(float(values[-1]), 0.0), noise * len(rows)))[::-1]
    return values[kept], vectors[:, kept]


def _covariance(rows: FloatArray) -> Vector:
    def block_matrix(block: tuple[int, int]) -> Vector:
        here = rows[slice(*block)].astype(np.float64, copy=False)
        matrix: Vector = here.T @ here
        return matrix

    return np.asarray(np.sum(in_threads(block_matrix, row_blocks(len(rows), _ROWS)), axis=0))


def _kernel(rows: FloatArray) -> Vector:
    wide = rows.astype(np.float64, copy=False)
    return multiplied(wide, wide.T).astype(np.float64, copy=False)


def _drawn_from(rows: FloatArray, values: Vector, vectors: Vector, size: int, rng: np.random.Generator) -> IntArray:
    """Draw `size` rows, at most the rank: first so many directions, then one row for each of them."""
    kept = _chosen_directions(values, size, rng)
    # Orthonormal columns: the elementary process of these directions.
    if len(rows) < rows.shape[1]:
        coordinates = vectors[:, kept].astype(rows.dtype)
    else:
        coordinates = multiplied(rows, (vectors[:, kept] / np.sqrt(values[kept])).astype(rows.dtype))
    mass = np.einsum("ij,ij->i", coordinates, coordinates).astype(np.float64)
    spanned = np.zeros((size, size))
    positions = np.empty(size, dtype=np.intp)
    for i in range(size):
        np.maximum(mass, 0, out=mass)
        mass[positions[:i]] = 0
        positions[i] = _one(mass, positions[:i], rng)
        direction = coordinates[positions[i]].astype(np.float64)
        # Twice: one pass of Gram–Schmidt leaves rounding that the mass of the last rows would show.
        for _ in range(2):
            direction -= spanned[:i].T @ (spanned[:i] @ direction)
        spanned[i] = direction / max(float(np.linalg.norm(direction)), np.finfo(np.float64).tiny)
        mass -= np.square(multiplied(coordinates, spanned[i].astype(rows.dtype)), dtype=np.float64)
    return positions


def _one(mass: Vector, taken: IntArray, rng: np.random.Generator) -> int:
    """Draw a position in proportion to its mass; uniformly from those not taken if rounding has left no mass."""
    if not mass.any():
        mass = np.ones(len(mass))
        mass[taken] = 0
    cumulated = np.cumsum(mass)
    drawn = int(np.searchsorted(cumulated, rng.random() * cumulated[-1], side="right"))
    # A product that is rounded up to the whole lies behind the last position with any mass.
    return drawn if drawn < len(mass) else int(np.flatnonzero(mass)[-1])


def _chosen_directions(values: Vector, size: int, rng: np.random.Generator) -> IntArray:
    """Draw `size` eigenvectors, a set with a probability proportional to the product of its eigenvalues."""
    # Logarithms of the elementary symmetric polynomials: [j, i] of degree j in the first i eigenvalues.
    logs = np.log(values / values.mean())
    symmetric = np.full((size + 1, len(values) + 1), -np.inf)
    symmetric[0] = 0.0
    for i, log in enumerate(logs, start=1):
        symmetric[1:, i] = np.logaddexp(symmetric[1:, i - 1], log + symmetric[:-1, i - 1])
    chosen: list[int] = []
    for i in range(len(values), 0, -1):
        missing = size - len(chosen)
        if not missing:
            break
        chance = np.exp(logs[i - 1] + symmetric[missing - 1, i - 1] - symmetric[missing, i])
        # The last ones are needed whatever the rounding of the chance.
        if missing == i or rng.random() < chance:
            chosen.append(i - 1)
    return np.array(chosen, dtype=np.intp)
