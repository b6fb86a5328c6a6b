"""What a draw returns: the positions that came up, and the chance each of them had."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Drawn:
    """A random sample with the chances behind it: what makes honest estimates from it possible.

    Parameters
    ----------
    positions : ndarray of shape (n,), intp
        Distinct positions of the candidates, in the order of the draw.
    inclusion_probability : ndarray of shape (n,), float64
        The chance that each of these had of being in the sample, above 0 and at most 1.

    Examples
    --------
    >>> Drawn(np.array([2]), np.array([0.25])).inclusion_probability.tolist()
    [0.25]
    """

    positions: npt.NDArray[np.intp]
    inclusion_probability: npt.NDArray[np.float64]
