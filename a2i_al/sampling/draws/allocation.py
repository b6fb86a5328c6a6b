"""How a sample of n is shared out among strata: expected shares first, then whole numbers that meet them on average."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from a2i_al.errors import InvalidInput

Counts = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]

_WHOLE = 1e-9


def expected_shares(
    sizes: Counts, n: int, *, allocation: str = "proportional", at_most: Counts | None = None
) -> Shares:
    """Return how many of the n each stratum gets on average: its share, or what it has and may give if that is less.

    Parameters
    ----------
    sizes : ndarray of shape (g,), int64
        Candidates per stratum, each at least 1.
    n : int
        How many are drawn.
    allocation : str
        ``"proportional"`` to the sizes, or ``"equal"``.
    at_most : ndarray of shape (g,), int64, optional
        The most that a stratum may give.

    Returns
    -------
    ndarray of shape (g,), float64
        Sums to n.

    Raises
    ------
    InvalidInput
        If the allocation is another, or the strata cannot give n.

    Examples
    --------
    >>> expected_shares(np.array([80, 20]), 10).tolist()
    [8.0, 2.0]
    >>> expected_shares(np.array([80, 2]), 10, allocation="equal").tolist()
    [8.0, 2.0]
    """
    if allocation not in ("proportional", "equal"):
        raise InvalidInput(f"allocation is {allocation!r}", expected="'proportional' or 'equal'")
    room = sizes if at_most is None else np.minimum(sizes, at_most)
    if room.sum() < n:
        raise InvalidInput(f"n is {n}, and the strata can give {int(room.sum())}", fix="ask for fewer items")
    weights = sizes.astype(np.float64) if allocation == "proportional" else np.ones(len(sizes))
    weights[room == 0] = 0.0
    shares, full = np.zeros(len(sizes)), room == 0
    while True:
        left = n - shares[full].sum()
        # What the full ones cannot take goes to the others, by the same weights.
        shares[~full] = left * weights[~full] / weights[~full].sum() if (~full).any() else 0.0
        over = ~full & (shares >= room)
        if not over.any():
            return shares
        shares[over] = room[over]
        full |= over


def whole_shares(shares: Shares, rng: np.random.Generator) -> Counts:
    """Round shares to whole numbers, up or down at random, so that the sum is kept and each is met on average.

    Parameters
    ----------
    shares : ndarray of shape (g,), float64
        Their sum is a whole number.
    rng : numpy.random.Generator
        Decides which are rounded up.

    Returns
    -------
    ndarray of shape (g,), int64

    References
    ----------
    W. Madow, "On the theory of systematic sampling, II", Annals of Mathematical Statistics 20, 1949.

    Examples
    --------
    >>> int(whole_shares(np.array([0.5, 0.25, 1.25]), np.random.default_rng(0)).sum())
    2
    """
    order = rng.permutation(len(shares))
    nearest = np.rint(shares[order])
    # Shares are whole within rounding where they are a stratum's all.
    exact = np.where(np.abs(shares[order] - nearest) <= _WHOLE, nearest, shares[order])
    least = np.floor(exact)
    ends = np.cumsum(exact - least)
    left = np.rint(ends[-1])
    # However many there are, they sum to a whole number: the rounding of a long sum would lose one now and then.
    ends = np.where(ends == ends[-1], left, ends * (left / max(ends[-1], 1.0)))
    marks = np.minimum(np.floor(ends + rng.random()), left)
    whole = np.empty(len(shares), dtype=np.int64)
    whole[order] = least + np.diff(marks, prepend=0)
    return whole
