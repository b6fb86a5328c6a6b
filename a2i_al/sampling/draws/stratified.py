"""The stratified draw: a uniform sample from every predicted class or group, with exact chances."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al.errors import InvalidInput
from a2i_al.sampling.draws.allocation import expected_shares, whole_shares
from a2i_al.sampling.draws.drawn import Drawn
from a2i_al.sampling.ids import Hashes, draw_seed, keys


def stratified(
    proba: npt.NDArray[np.floating[Any]] | None = None,
    *,
    groups: npt.NDArray[Any] | None = None,
    hashes: Hashes,
    n: int,
    rng: np.random.Generator,
    allocation: str = "proportional",
    at_most: npt.NDArray[np.int64] | None = None,
) -> Drawn:
    """Draw uniformly within each group, or each predicted class, so that none is left out or crowded by chance.

    Parameters
    ----------
    proba : ndarray of shape (m, k), optional
        Class probabilities; the strata are the predicted classes, unless there are groups.
    groups : ndarray of shape (m,), optional
        Each candidate's stratum.
    hashes : ndarray of shape (m,), uint64
        From `sampling.ids.hash_ids`.
    n : int
        How many, at most m.
    rng : numpy.random.Generator
        Source of randomness.
    allocation : str, default "proportional"
        To the sizes of the strata, or ``"equal"``: as many from each, as far as they go.
    at_most : ndarray of shape (m,), int64, optional
        The most that each candidate's stratum may give.

    Returns
    -------
    Drawn
        In random order. The chance in a stratum of size N_h is E[n_h]/N_h, where E[n_h] is its share of n; a share
        that is no whole number is rounded up or down at random, so that every candidate has a chance.

    Raises
    ------
    InvalidInput
        If there are neither probabilities nor groups, a group is missing, or the strata cannot give n.

    Notes
    -----
    O(m log m). Good for estimates that must hold for small classes; as a strategy it learns like a random draw.

    References
    ----------
    J. Neyman, "On the two different aspects of the representative method", Journal of the Royal Statistical Society
    97, 1934.

    Examples
    --------
    >>> from a2i_al.sampling.ids import hash_ids
    >>> groups, hashes = np.array(["a", "a", "a", "b"]), hash_ids(["1", "2", "3", "4"])
    >>> drawn = stratified(groups=groups, hashes=hashes, n=2, allocation="equal", rng=np.random.default_rng(0))
    >>> sorted(groups[drawn.positions].tolist()), sorted(drawn.inclusion_probability.round(3).tolist())
    (['a', 'b'], [0.333, 1.0])
    """
    if groups is None and proba is None:
        raise InvalidInput("strategy 'stratified' has no strata", fix="pass probabilities first, or groups=")
    strata, sizes, _ = numbered(np.asarray(groups) if proba is None or groups is not None else proba.argmax(axis=1))
    room = None if at_most is None else at_most[np.unique(strata, return_index=True)[1]]
    shares = expected_shares(sizes, n, allocation=allocation, at_most=room)
    counts = whole_shares(shares, rng)
    order = np.lexsort((keys(hashes, draw_seed(rng)), strata))
    place = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    chosen = order[place < np.repeat(counts, sizes)]
    # By keys of their own: those that decided are smaller where fewer were taken of a stratum, which would come first.
    chosen = chosen[np.argsort(keys(hashes[chosen], draw_seed(rng)), kind="stable")].astype(np.intp)
    return Drawn(chosen, (shares / sizes)[strata[chosen]])


def numbered(groups: npt.NDArray[Any]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.int64], npt.NDArray[Any]]:
    """Return groups as numbers in the sorted order of their names as text, not of their first rows.

    Parameters
    ----------
    groups : ndarray of shape (m,)
        Each row's group.

    Returns
    -------
    tuple of ndarray
        Each row's number (m,), and the sizes (g,) and the names (g,) of the groups by number.

    Raises
    ------
    InvalidInput
        If a group is missing.

    Examples
    --------
    >>> rows, sizes, names = numbered(np.array(["b", "a", "b"]))
    >>> rows.tolist(), sizes.tolist(), names.tolist()
    ([1, 0, 1], [1, 2], ['a', 'b'])
    """
    codes, found = pd.factorize(groups)
    require_groups(codes < 0)
    names = np.asarray(found)
    order = np.argsort(np.array([str(name) for name in names], dtype=object), kind="stable")
    rows = np.asarray(np.argsort(order)[codes], dtype=np.intp)
    return rows, np.bincount(rows, minlength=len(names)).astype(np.int64), names[order]


def require_groups(missing: npt.NDArray[np.bool_]) -> None:
    """Refuse groups of which one is missing: an item without a group is in no stratum and under no quota.

    Raises
    ------
    InvalidInput
        Naming the first such row.

    Examples
    --------
    >>> require_groups(np.array([False, False]))
    """
    if missing.any():
        raise InvalidInput(f"the group of row {int(missing.argmax())} is missing", expected="a group in every row")
