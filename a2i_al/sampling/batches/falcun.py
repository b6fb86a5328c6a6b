"""Falcun: class probabilities in, a batch out that is uncertain and, in what the model says of it, varied."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from a2i_al.compute.threads import row_blocks
from a2i_al.errors import InvalidInput
from a2i_al.sampling.scores.uncertainty import margin

Floats = npt.NDArray[np.floating[Any]]

# Probabilities of a block: their differences stay in the second-level cache while they are summed.
_BLOCK_VALUES = 65_536
# The least margin score that is not 0 is 1e-16: up to this power, it is a float.
_TAME = 16


def falcun(
    proba: Floats,
    chosen: npt.NDArray[np.intp] | None = None,
    *,
    n: int,
    rng: np.random.Generator,
    gamma: float = 10.0,
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    """Draw items by uncertainty plus distance, in probabilities, from those drawn before.

    An item's relevance is its margin score plus its diversity: at first the margin score again, then the smallest L1
    distance between its probabilities and those of an item drawn, stretched to reach from 0 to 1 after every draw.
    Items are drawn one by one, with a chance proportional to relevance ** gamma. Needs no embeddings, so it is fast
    and does not depend on them; it cannot tell apart items of which the model says the same.

    Parameters
    ----------
    proba : ndarray of shape (m, k), float
        Class probabilities.
    chosen : ndarray of shape (c,), intp, optional
        Positions of the batch's first items, chosen before: the others keep away from them, too. `sample` gives them
        where quotas have cut a batch.
    n : int
        How many to draw, 1 <= n <= m.
    rng : numpy.random.Generator
        Draws them.
    gamma : float, default 10.0
        0 or more; 10 is the paper's. 0 draws uniformly; the larger, the closer to taking the most relevant.

    Returns
    -------
    positions : ndarray of shape (n,), intp
        Distinct, in the order of the draw.
    scores : ndarray of shape (n,), float64
        The relevance when drawn, from 0 to 2.

    Raises
    ------
    InvalidInput
        If gamma is below 0 or infinite.

    Notes
    -----
    Time O(n m k), memory O(m k).

    References
    ----------
    S. Gilhuber, A. Beer, Y. Ma and T. Seidl, "FALCUN: A simple and efficient deep active learning strategy", ECML
    PKDD 2024, equations 1 to 6.

    Examples
    --------
    >>> proba = np.array([[0.5, 0.5], [0.55, 0.45], [0.99, 0.01], [0.01, 0.99]])
    >>> positions, scores = falcun(proba, n=2, rng=np.random.default_rng(0))
    >>> positions.tolist(), scores.round(2).tolist()
    ([0, 1], [2.0, 1.9])
    """
    if not 0 <= gamma < np.inf:
        raise InvalidInput(f"gamma is {gamma}", expected="0 or more, and finite; 10 is the paper's")
    by_class = np.ascontiguousarray(proba.T)
    uncertainty = margin(proba)
    diversity = uncertainty.copy()
    free = np.ones(len(proba))
    for drawn in () if chosen is None else chosen.tolist():
        uncertainty[drawn] = free[drawn] = 0
        _approach(diversity, by_class, drawn)
    positions, scores = np.empty(n, dtype=np.intp), np.empty(n)
    for draw in range(n):
        # What is drawn has no distance from itself, so both are 0 there.
        chance = uncertainty + diversity
        if gamma > _TAME:
            # As shares of the largest, lest all be too small for a float, or one too large.
            chance /= chance.max() or 1.0
        np.power(chance, gamma, out=chance)
        chance *= free
        cumulative = np.cumsum(chance)
        if not cumulative[-1] > 0:
            cumulative = np.cumsum(free)
        drawn = _draw(cumulative, rng)
        positions[draw], scores[draw] = drawn, uncertainty[drawn] + diversity[drawn]
        uncertainty[drawn] = free[drawn] = 0
        _approach(diversity, by_class, drawn)
    return positions, scores


def _draw(cumulative: npt.NDArray[np.float64], rng: np.random.Generator) -> int:
    # Strictly below the total: the product can round up to it, which lies behind the last item that has a chance.
    threshold = min(rng.random() * cumulative[-1], np.nextafter(cumulative[-1], 0))
    return int(np.searchsorted(cumulative, threshold, side="right"))


def _approach(diversity: npt.NDArray[np.float64], by_class: Floats, drawn: int) -> None:
    """Shorten the distances to those from the item just drawn where these are shorter, and stretch them to 0..1."""
    for start, stop in row_blocks(len(diversity), max(256, _BLOCK_VALUES // len(by_class))):
        gaps = by_class[:, start:stop] - by_class[:, drawn, None]
        distances = np.abs(gaps, out=gaps).sum(axis=0)
        np.minimum(diversity[start:stop], distances, out=diversity[start:stop])
    diversity -= diversity.min()
    largest = diversity.max()
    if largest > 0:
        diversity /= largest
