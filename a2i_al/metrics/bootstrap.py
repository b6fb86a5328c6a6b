"""Rows in cells with weights in, the cells' weighted sums in every bootstrap replicate out: intervals for any metric.

A rate, a confusion matrix and all that follows from one are functions of such sums, so a replicate never touches a row.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.metrics.weights import checked_weights

Floats = npt.NDArray[np.float64]

# Up to so many counts, numpy draws them within a fifth of a second; a compiled loop over the rows is faster beyond.
_MOST_COUNTS = 4_000_000
# Sums that fit into a gigabyte.
_MOST_SUMS = 2**27


def bootstrap_sums(
    cells: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    *,
    n_cells: int | None = None,
    n_resamples: int = 1_000,
    random_state: int | np.random.Generator | None = None,
) -> Floats:
    """Resample weighted rows, and return what each cell weighs in every replicate.

    Parameters
    ----------
    cells : array-like of shape (n,), int
        The cell that each row belongs to, from 0: ``label * k + predicted`` for a confusion matrix of k classes, 0 or 1
        for a rate.
    weights : array-like of shape (n,), optional
        What each row counts, at least 0: 1 / inclusion probability. By default 1.
    n_cells : int, optional
        How many cells there are; by default up to the largest that occurs.
    n_resamples : int, default 1000
        How many replicates.
    random_state : int, numpy.random.Generator or None
        The same seed gives the same replicates, on any number of processors.

    Returns
    -------
    ndarray of shape (n_resamples, n_cells), float64
        Sums of weights. A metric of these, computed along the first axis, has the bootstrap distribution of the metric.

    Raises
    ------
    InvalidInput
        If there is no row, a cell is no whole number from 0 to n_cells - 1, a weight is negative or missing, or the
        sums take more than a gigabyte.

    Notes
    -----
    Rows of one cell and one weight are counted together, and the counts are drawn from the multinomial distribution.
    Where weights are too varied for that, every row is drawn with a Poisson(1) count in a compiled loop on all
    processors: 0.5 ns per row and replicate. The total then varies by 1/sqrt(n), which cancels in every rate.

    References
    ----------
    B. Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7, 1979; with Poisson counts in
    N. Chamandy et al., "Estimating uncertainty for massive data streams", Google, 2012.

    Examples
    --------
    Three of four rows are right; the wrong one stands for three rows of the pool:

    >>> sums = bootstrap_sums([1, 1, 1, 0], [1, 1, 1, 3], n_resamples=2_000, random_state=0)
    >>> rates = sums[:, 1] / sums.sum(axis=1)
    >>> bool(abs(rates.mean() - 0.5) < 0.1), sums.shape
    (True, (2000, 2))
    """
    rows, count = _checked_cells(cells, n_cells)
    heavy = checked_weights(weights, len(rows))
    n_resamples = arguments.whole("n_resamples", n_resamples, least=1)
    if n_resamples * count > _MOST_SUMS:
        raise InvalidInput(
            f"{n_resamples:,} replicates of {count:,} cells are {n_resamples * count / 2**27:.1f} GiB",
            expected="up to 1 GiB",
            fix="give cells that the metric needs: hits and misses per class rather than the whole confusion matrix",
        )
    rng = arguments.generator(random_state)
    cell, weight, times = _grouped(rows, heavy)
    if len(cell) * n_resamples <= _MOST_COUNTS:
        counts = rng.multinomial(len(rows), times / len(rows), size=n_resamples)
        return _summed(cell, weight, counts, count)
    # Here and not at the top: the loops load numba.
    from a2i_al.metrics.resampling import resampled  # noqa: PLC0415

    return resampled(rows, heavy, count, n_resamples, int(rng.integers(2**63)))


def bootstrap_interval(replicates: npt.ArrayLike, confidence: float = 0.95) -> tuple[Any, Any]:
    """Return the percentile interval of a metric from its replicates.

    Parameters
    ----------
    replicates : array-like of shape (n_resamples, ...)
        The metric in each; NaN where a replicate has no value, such as the recall of a class that was not drawn.
    confidence : float, default 0.95
        Of the interval.

    Returns
    -------
    low, high : float, or ndarrays of the metric's shape
        NaN where fewer than half of the replicates have a value: too few rows for a bootstrap to say anything.

    Raises
    ------
    InvalidInput
        If there is no replicate, or the confidence is no share.

    References
    ----------
    B. Efron and R. Tibshirani, "An introduction to the bootstrap", 1993, section 13.3.

    Examples
    --------
    >>> bootstrap_interval(np.arange(101.0), confidence=0.5)
    (25.0, 75.0)
    """
    values = np.atleast_1d(arguments.floats("replicates", replicates))
    if not values.size:
        raise InvalidInput("there is no replicate", expected="the metric in each of the replicates")
    arguments.share("confidence", confidence)
    known = ~np.isnan(values)
    enough = 2 * known.sum(axis=0) >= len(values)
    # Where all are missing, numpy would warn of what is answered with NaN here.
    filled = np.where(known | enough, values, 0.0)
    ends = np.nanquantile(filled, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
    low, high = np.where(enough, ends, math.nan)
    return (float(low), float(high)) if values.ndim == 1 else (low, high)


def _checked_cells(cells: npt.ArrayLike, n_cells: int | None) -> tuple[npt.NDArray[np.int64], int]:
    rows = np.asarray(cells)
    if rows.ndim != 1 or not rows.size:
        raise InvalidInput(f"cells have shape {rows.shape}", expected="one cell for each row, at least one row")
    if rows.dtype.kind not in "iub":
        raise InvalidInput(f"cells are {rows.dtype}", expected="whole numbers from 0", fix="pandas.factorize(labels)")
    count = int(rows.max()) + 1 if n_cells is None else arguments.whole("n_cells", n_cells, 1)
    if rows.min() < 0 or rows.max() >= count:
        raise InvalidInput(f"cells are from {rows.min()} to {rows.max()}", expected=f"from 0 to {count - 1}")
    return rows.astype(np.int64), count


def _grouped(rows: npt.NDArray[np.int64], weights: Floats) -> tuple[npt.NDArray[np.int64], Floats, Floats]:
    levels, level = np.unique(weights, return_inverse=True)
    keys, times = np.unique(rows * len(levels) + level, return_counts=True)
    return keys // len(levels), levels[keys % len(levels)], times.astype(np.float64)


def _summed(cell: npt.NDArray[np.int64], weight: Floats, counts: npt.NDArray[np.int64], n_cells: int) -> Floats:
    # Groups are sorted by cell: each cell's are one slice.
    starts = np.flatnonzero(np.diff(cell, prepend=-1))
    sums = np.zeros((len(counts), n_cells))
    sums[:, cell[starts]] = np.add.reduceat(counts * weight, starts, axis=1)
    return sums
