"""How the labelled items of a pool came to be chosen: the draws in each stratum, for estimates of any part of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from a2i_al.metrics.estimates.generalised import Drawn
from a2i_al.metrics.estimates.means import SHARE, Mean, Scale, combined

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# Chances that are 1, up to rounding.
_CERTAIN = 1 - 1e-12


@dataclass(frozen=True)
class Parted:
    """A part of a pool: what is known of it for certain, and what was drawn from the rest.

    Attributes
    ----------
    known_total : float
        Sum of the values that are known.
    drawn_from : float
        How many items the others are.
    drawn : Drawn or None
        None if there are no others.
    """

    known_total: float
    drawn_from: float
    drawn: Drawn | None


@dataclass(frozen=True)
class Plan:
    """The strata of a pool, and which of their items were drawn and have a label.

    Attributes
    ----------
    stratum : ndarray of shape (N,), intp
        Of every item of the pool, from 0.
    used : ndarray of shape (N,), bool
        The drawn items that have a label.
    chances : ndarray of shape (N,), float64, or None
        Inclusion probabilities of the used items, where they differ within a stratum; otherwise each stratum's draws
        are uniform, n_h of N_h.
    how : str
        For the reader: "uniform draw", "audit slice and certain part", ...
    """

    stratum: npt.NDArray[np.intp]
    used: Flags
    chances: Floats | None
    how: str

    def serves(self, part: Flags) -> bool:
        """Return whether every stratum of a part of the pool has a label in it, by a draw if others have none."""
        if self.chances is not None:
            drawn = self.chance_of(part)
            return len(drawn) > 0 and (bool((drawn < _CERTAIN).any()) or len(drawn) == int(part.sum()))
        there, seen = np.bincount(self.stratum[part]), np.bincount(self.stratum[part & self.used])
        seen = np.pad(seen, (0, len(there) - len(seen)))
        return len(there) > 0 and bool((seen[there > 0] > 0).all())

    def chance_of(self, part: Flags) -> Floats:
        """Return the inclusion probabilities of the used items of a part of the pool."""
        rows = np.flatnonzero(part & self.used)
        if self.chances is not None:
            return self.chances[rows]
        there = np.bincount(self.stratum[part])
        seen = np.bincount(self.stratum[rows], minlength=len(there))
        return np.asarray((seen / np.maximum(there, 1))[self.stratum[rows]], dtype=np.float64)

    def parted(self, part: Flags, values: Floats, proxy: Floats | None) -> Parted:
        """Tell what is known of a part of the pool from what was drawn.

        Parameters
        ----------
        part, values, proxy
            As for `mean_of`.
        """
        rows, chances = np.flatnonzero(part & self.used), self.chance_of(part)
        sure = chances >= _CERTAIN
        known, rest = rows[sure], rows[~sure]
        total, left_over = float(values[known].sum()), int(part.sum()) - len(known)
        if not len(rest):
            return Parted(total, left_over, None)
        weights = len(rest) / (left_over * chances[~sure])
        if self.chances is not None and not part.all():
            weights /= weights.mean()  # how many of the draws fall into the part is chance, and known by now
        proxy_mean = 0.0
        if proxy is not None:
            proxy_mean = (float(proxy[part].sum()) - float(proxy[known].sum())) / left_over
        strata = np.unique(self.stratum[rest], return_inverse=True)[1] if self.chances is None else None
        seen = None if proxy is None else proxy[rest]
        return Parted(total, left_over, Drawn(values[rest], weights, 1 - chances[~sure], seen, proxy_mean, strata))


def mean_of(
    plan: Plan, part: Flags, values: Floats, proxy: Floats | None, *, confidence: float, scale: Scale = SHARE
) -> Mean:
    """Estimate the mean of a quantity over a part of the pool.

    Parameters
    ----------
    plan : Plan
        Serves the part.
    part : ndarray of shape (N,), bool
        The items that the mean is of.
    values : ndarray of shape (N,), float64
        The quantity; only that of used items is looked at.
    proxy : ndarray of shape (N,), float64, or None
        What the model expects it to be, of every item of the pool.
    confidence : float
        Of the interval.
    scale : Scale
        What the values can be.

    Returns
    -------
    Mean

    Notes
    -----
    Items that were reviewed for certain count as themselves. The others are estimated from those that were drawn, and
    the two are added: the sum has no error but that of the second.
    """
    found, size = plan.parted(part, values, proxy), int(part.sum())
    if found.drawn is None:
        value = found.known_total / size
        return Mean(value, value, value, 0.0)
    return combined(found.drawn, found.drawn_from, found.known_total, size, confidence, scale)
