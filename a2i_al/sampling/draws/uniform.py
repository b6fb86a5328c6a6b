"""The uniform draw, and the best scores with ties broken at random.

Both go by the random keys of the items' ids (`sampling.ids`), so that the seed decides and the order in which the pool
was read does not.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from a2i_al.sampling.draws.drawn import Drawn
from a2i_al.sampling.ids import Hashes, draw_seed, hash_ids, keys

Positions = npt.NDArray[np.intp]
Ids = npt.NDArray[np.object_]


def random(hashes: Hashes, *, n: int, rng: np.random.Generator) -> Drawn:
    """Draw n of the candidates uniformly without replacement: each has the chance n/m.

    Parameters
    ----------
    hashes : ndarray of shape (m,), uint64
        From `sampling.ids.hash_ids`, m >= n.
    n : int
        How many.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    Drawn
        In random order; every inclusion probability is n/m.

    Notes
    -----
    O(m). What is learnt from the sample holds for the pool without weights; it is the yardstick of every strategy.

    References
    ----------
    B. Rosén, "Asymptotic theory for order sampling", Journal of Statistical Planning and Inference 62, 1997: a sample
    of fixed size by the smallest of random keys, which with equal chances is the simple random sample.

    Examples
    --------
    >>> random(hash_ids(["a", "b", "c"]), n=3, rng=np.random.default_rng(0)).inclusion_probability.tolist()
    [1.0, 1.0, 1.0]
    """
    return Drawn(smallest(keys(hashes, draw_seed(rng)), n), np.full(n, n / len(hashes)))


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
    return random(hash_ids(ids), n=n, rng=rng).positions


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
    seed = draw_seed(rng)
    return best_first(scores, n, lambda at: keys(hash_ids(ids[at]), seed))


def best_first(
    scores: npt.NDArray[np.float64], n: int, tie_keys: Callable[[Positions], Hashes]
) -> npt.NDArray[np.intp]:
    """Return the positions of the n highest scores, best first; among equal scores the smallest keys.

    Parameters
    ----------
    scores : ndarray of shape (m,), float64
        No NaN.
    n : int
        How many, 0 <= n <= m.
    tie_keys : callable
        From positions to their keys; asked for those that may be chosen.

    Returns
    -------
    ndarray of shape (n,), intp

    Examples
    --------
    >>> best_first(np.array([0.5, 0.9, 0.5, 0.5]), 2, lambda at: (10 - at).astype(np.uint64)).tolist()
    [1, 3]
    """
    at = top_positions(scores, n)
    values, by_key = scores[at], tie_keys(at)
    if len(at) > n:
        # Of all that tie at the cut only those that have a place are put in order: votes leave thousands behind.
        above, tied = np.flatnonzero(values > values.min()), np.flatnonzero(values == values.min())
        kept = np.concatenate([above, tied[smallest(by_key[tied], n - len(above))]])
        at, values, by_key = at[kept], values[kept], by_key[kept]
    return at[np.lexsort((by_key, -values))]


def top_positions(scores: npt.NDArray[np.float64], n: int) -> Positions:
    """Return the positions of all scores that are not below the n-th highest: n of them, and the ties at the cut.

    Examples
    --------
    >>> top_positions(np.array([0.5, 0.1, 0.5, 0.9]), 2).tolist()
    [0, 2, 3]
    """
    if n == 0:
        return np.empty(0, dtype=np.intp)
    # A partition finds the cut in one pass; only what lies at or above it is sorted.
    return np.flatnonzero(scores >= np.partition(scores, -n)[-n])


def smallest(values: Hashes, n: int) -> Positions:
    """Return the positions of the n smallest values, smallest first.

    Examples
    --------
    >>> smallest(np.array([30, 10, 20], dtype=np.uint64), 2).tolist()
    [1, 2]
    """
    if n == 0:
        return np.empty(0, dtype=np.intp)
    at = np.argpartition(values, n - 1)[:n] if n < len(values) else np.arange(len(values))
    return np.asarray(at[np.argsort(values[at], kind="stable")], dtype=np.intp)
