"""The two ways to choose: uniformly at random, or the best scores with ties broken at random.

Candidates are put in the order of their ids before anything random happens, so that the seed decides and the order in
which the pool was read does not.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Positions = npt.NDArray[np.intp]
Ids = npt.NDArray[np.object_]


def draw(ids: Ids, n: int, rng: np.random.Generator) -> Positions:
    """Draw n positions uniformly without replacement, in the order of the draw.

    Parameters
    ----------
    ids : ndarray of str, shape (m,)
        The candidates, m >= n.
    n : int
        How many.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    ndarray of shape (n,), intp
        Distinct positions in `ids`; every candidate has the chance n/m.

    Examples
    --------
    >>> ids = np.array(["c", "a", "b"], dtype=object)
    >>> sorted(draw(ids, 3, np.random.default_rng(0)).tolist())
    [0, 1, 2]
    """
    by_id = np.argsort(ids, kind="stable")
    return np.asarray(by_id[rng.choice(len(ids), size=n, replace=False)], dtype=np.intp)


def best(scores: npt.NDArray[np.float64], ids: Ids, n: int, rng: np.random.Generator) -> Positions:
    """Return the positions of the n highest scores, best first; among equal scores chance decides.

    Parameters
    ----------
    scores : ndarray of shape (m,), float64
        No NaN.
    ids : ndarray of str, shape (m,)
        The candidates the scores belong to, m >= n.
    n : int
        How many; 0 gives none.
    rng : numpy.random.Generator
        Breaks ties: those at the cut, and the order of the others.

    Returns
    -------
    ndarray of shape (n,), intp
        Distinct positions.

    Examples
    --------
    >>> ids = np.array(["a", "b", "c"], dtype=object)
    >>> best(np.array([0.1, 0.9, 0.5]), ids, 2, np.random.default_rng(0)).tolist()
    [1, 2]
    """
    if n == 0:
        return np.empty(0, dtype=np.intp)
    # A partition finds the cut in one pass; only what lies at or above it is sorted.
    cut = np.partition(scores, -n)[-n]
    above, at_cut = np.flatnonzero(scores > cut), np.flatnonzero(scores == cut)
    chosen = np.concatenate([above, at_cut[draw(ids[at_cut], n - len(above), rng)]])
    shuffled = chosen[draw(ids[chosen], n, rng)]
    return np.asarray(shuffled[np.argsort(-scores[shuffled], kind="stable")], dtype=np.intp)
