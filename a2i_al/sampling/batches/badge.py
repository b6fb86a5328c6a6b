"""BADGE: probabilities and embeddings in, a batch out whose gradients are both large and different from one another.

The gradient of an item is an outer product, so its norms and inner products come from its two factors; the (m, k d)
matrix of gradients, a gigabyte for 100,000 items, is never made.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from a2i_al.compute.threads import in_threads, row_blocks
from a2i_al.sampling.batches.magnitude import tame

Floats = npt.NDArray[np.floating[Any]]
Positions = npt.NDArray[np.intp]

# Proposals of a round: what is accepted of them is one matrix product, and 64 columns are enough for BLAS's full speed.
_PROPOSALS = 64
# Rows of a product: 64 x 4096 float32 is 1 MB, which stays in the cache for the arithmetic after it.
_BLOCK_ROWS = 4096
# A squared distance below this many roundings of the squared norms is that of two equal gradients.
_ROUNDINGS = 16


def badge(
    proba: Floats, features: Floats, chosen: Positions | None = None, *, n: int, rng: np.random.Generator
) -> tuple[Positions, npt.NDArray[np.float64]]:
    """Choose items whose labels would change the model's last layer most, each in another direction.

    The gradient that an item would cause, were its predicted class the true one, is (p - onehot(y)) ⊗ h, with h its
    embedding: long where the model is unsure. The first item has the longest gradient; each further one is drawn with
    a chance proportional to its squared distance from the nearest gradient chosen so far, as k-means++ seeds clusters.
    Good with batches of any size and a model that is neither blind nor certain; needs embeddings that the model uses.
    Where all gradients left are chosen ones' equals, the rest of the batch is drawn uniformly.

    Parameters
    ----------
    proba : ndarray of shape (m, k), float
        Class probabilities.
    features : ndarray of shape (m, d), float
        The embeddings h: the input of the model's last layer, or the features of a linear model.
    chosen : ndarray of shape (c,), intp, optional
        Positions of the batch's first items, chosen before: the others keep away from them, too. `sample` gives them
        where quotas have cut a batch.
    n : int
        How many to choose, 1 <= n <= m.
    rng : numpy.random.Generator
        Draws the items and breaks the tie for the first.

    Returns
    -------
    positions : ndarray of shape (n,), intp
        Distinct, in the order of choice.
    scores : ndarray of shape (n,), float64
        The squared distance to the nearest gradient chosen before; for the first its squared length.

    Notes
    -----
    Time O(n m (d + k)), memory O(m k). Distances only shrink while items are chosen, so a round of proposals from the
    old distances, each accepted with the chance new / old, has exactly the distribution of one-by-one drawing, and
    brings the distances up to date in one matrix product.

    References
    ----------
    J. Ash, C. Zhang, A. Krishnamurthy, J. Langford and A. Agarwal, "Deep batch active learning by diverse, uncertain
    gradient lower bounds", ICLR 2020, algorithm 1.

    Examples
    --------
    >>> proba = np.array([[0.6, 0.4], [0.9, 0.1], [0.45, 0.55], [0.6, 0.4]])
    >>> features = np.array([[3.0, 0.0], [1.0, 1.0], [0.0, 2.0], [3.0, 0.0]])
    >>> positions, scores = badge(proba, features, n=2, rng=np.random.default_rng(0))
    >>> positions.tolist(), scores.round(2).tolist()
    ([3, 1], [2.88, 2.44])
    """
    gradients = _Gradients(proba, features)
    lengths = gradients.squared_norms
    before = np.empty(0, dtype=np.intp) if chosen is None else chosen
    nearest = np.full_like(lengths, np.inf)
    for start, stop in row_blocks(len(before), _PROPOSALS):
        gradients.shorten(nearest, before[start:stop])
    first = [] if len(before) else [int(rng.choice(np.flatnonzero(lengths == lengths.max())))]
    picked, scores, latest = [*first], lengths[first].tolist(), np.array(first, dtype=np.intp)
    while True:
        gradients.shorten(nearest, latest)
        if len(picked) == n:
            break
        cumulative = np.cumsum(nearest, dtype=np.float64)
        if cumulative[-1] <= 0:
            rest = np.setdiff1d(np.arange(len(nearest)), [*before, *picked])
            picked += rng.choice(rest, n - len(picked), replace=False).tolist()
            scores += [0.0] * (n - len(scores))
            break
        drawn = np.searchsorted(cumulative, rng.random(_PROPOSALS) * cumulative[-1], side="right")
        # The product can round up to the total, which lies behind the last item.
        proposals = np.minimum(drawn, len(nearest) - 1)
        accepted, distances = _accept(gradients.between(proposals), nearest[proposals], n - len(picked), rng)
        latest = proposals[accepted]
        picked += latest.tolist()
        scores += distances
    return np.array(picked, dtype=np.intp), np.array(scores)


def _accept(between: Floats, old: Floats, most: int, rng: np.random.Generator) -> tuple[list[int], list[float]]:
    """Go through the proposals in order; keep each with the chance that its distance has been left by those before."""
    accepted: list[int] = []
    distances: list[float] = []
    current = old.copy()
    for proposal, chance in enumerate(rng.random(len(old))):
        if len(accepted) < most and chance * old[proposal] < current[proposal]:
            accepted.append(proposal)
            distances.append(float(current[proposal]))
            np.minimum(current, between[proposal], out=current)
    return accepted, distances


class _Gradients:
    """The gradient embeddings by their factors: directions (m, k) and embeddings (m, d).

    Parameters
    ----------
    proba : ndarray of shape (m, k), float
    features : ndarray of shape (m, d), float
    """

    def __init__(self, proba: Floats, features: Floats) -> None:
        # Drawing does not depend on the unit of length.
        (self.features,) = tame(features)
        self.directions = proba.astype(features.dtype)
        self.directions[np.arange(len(proba)), proba.argmax(axis=1)] -= 1
        self.squared_norms = _squared_lengths(self.directions) * _squared_lengths(self.features)
        self._noise = _ROUNDINGS * np.finfo(features.dtype).eps * self.squared_norms

    def between(self, positions: Positions) -> Floats:
        """Return the squared distances between the gradients at `positions`, 0 for equal ones."""
        squared = self._from(positions, positions)
        squared += self.squared_norms[positions]
        squared[squared <= self._noise[positions]] = 0
        return squared

    def shorten(self, nearest: Floats, chosen: Positions) -> None:
        """Bring every gradient's squared distance to the nearest chosen one up to date, in place."""
        if not len(chosen):
            return

        def fill(block: tuple[int, int]) -> None:
            here = slice(*block)
            squared = self._from(chosen, here).min(axis=0)
            squared += self.squared_norms[here]
            squared[squared <= self._noise[here]] = 0
            np.minimum(nearest[here], squared, out=nearest[here])

        in_threads(fill, row_blocks(len(nearest), _BLOCK_ROWS))
        nearest[chosen] = 0

    def _from(self, chosen: Positions, others: Positions | slice) -> Floats:
        """Return |g|² - 2 g·g' for every chosen g and other g': squared distances but for the other's length."""
        products = self.features[chosen] @ self.features[others].T
        products *= self.directions[chosen] @ self.directions[others].T
        products *= -2
        products += self.squared_norms[chosen, None]
        return np.asarray(products)


def _squared_lengths(rows: Floats) -> Floats:
    return np.asarray(np.einsum("ij,ij->i", rows, rows))
