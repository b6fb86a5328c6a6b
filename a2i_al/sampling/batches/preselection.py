"""Class probabilities in, the few candidates out among which a batch is chosen: those with the least margins."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from a2i_al.errors import InvalidInput
from a2i_al.sampling.draws.uniform import top_positions
from a2i_al.sampling.ids import draw_seed, hash_ids
from a2i_al.sampling.scores.top import LARGE, top_n
from a2i_al.sampling.scores.uncertainty import margin


def least_margins(
    proba: npt.NDArray[np.floating[Any]],
    n: int,
    *,
    beta: float,
    rng: np.random.Generator,
    chosen: npt.NDArray[np.intp] | None = None,
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    """Take the beta * n candidates with the least margins, or all there are; among ties at the cut chance decides.

    Parameters
    ----------
    proba : ndarray of shape (m, k), float
        Class probabilities. Large pools are read once, at the speed of memory.
    n : int
        The size of the batch.
    beta : float
        At least 1: how many candidates there shall be for each place in the batch, rounded up in all.
    rng : numpy.random.Generator
        Breaks ties.
    chosen : ndarray of shape (c,), intp, optional
        Positions that are in the batch already: they are left out, and their places count.

    Returns
    -------
    positions : ndarray of shape (min(m - c, ceil(beta * (n + c))),), intp
        Distinct, ascending.
    scores : ndarray of the same shape, float64
        Their margin scores.

    Raises
    ------
    InvalidInput
        If beta is below 1.

    Examples
    --------
    >>> proba = np.array([[0.9, 0.1], [0.5, 0.5], [0.7, 0.3], [0.6, 0.4]])
    >>> positions, scores = least_margins(proba, 1, beta=2, rng=np.random.default_rng(0))
    >>> positions.tolist(), scores.round(2).tolist()
    ([1, 3], [1.0, 0.8])
    """
    if not beta >= 1:
        raise InvalidInput(f"beta is {beta}", expected="at least 1: candidates for each place in the batch")
    if chosen is not None and len(chosen):
        left = np.flatnonzero(is_open(chosen, len(proba)))
        positions, scores = least_margins(proba[left], n + len(chosen), beta=beta, rng=rng)
        return left[positions], scores
    wanted = int(min(len(proba), np.ceil(beta * n)))
    if len(proba) >= LARGE and wanted <= len(proba) // 10:
        positions, scores = top_n(proba, margin, wanted, seed=draw_seed(rng), hashes=hash_ids)
        ascending = np.argsort(positions)
        return positions[ascending], scores[ascending]
    scores = margin(proba)
    best = top_positions(scores, wanted)
    cut = scores[best].min()
    above, at_cut = best[scores[best] > cut], best[scores[best] == cut]
    positions = np.sort(np.concatenate([above, rng.choice(at_cut, wanted - len(above), replace=False)]))
    return positions, scores[positions]


def is_open(chosen: npt.NDArray[np.intp] | None, m: int) -> npt.NDArray[np.bool_]:
    """Return for each of m positions whether it is not among the chosen ones.

    Examples
    --------
    >>> is_open(np.array([1]), 3).tolist()
    [True, False, True]
    """
    left = np.ones(m, dtype=np.bool_)
    if chosen is not None:
        left[chosen] = False
    return left
