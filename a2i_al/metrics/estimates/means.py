"""What was drawn and what is known for certain in, the mean of both together and its interval out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from a2i_al.metrics.estimates.generalised import Drawn, fitted
from a2i_al.metrics.estimates.intervals import number_interval, share_interval

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Mean:
    """An estimated mean of a part of the pool."""

    value: float
    low: float
    high: float
    slope: float


@dataclass(frozen=True)
class Scale:
    """What values can be: shares from 0 to 1, or any number; and what share of the items they are about.

    Attributes
    ----------
    is_share : bool
        Whether the mean is from 0 to 1.
    about : float
        Of a ratio such as recall, the mean of its denominator.
    events : float or None
        How many of the rarer outcome were seen; None: they are counted from the values.
    """

    is_share: bool = True
    about: float = 1.0
    events: float | None = None


SHARE, NUMBER = Scale(), Scale(is_share=False)


def combined(  # noqa: PLR0917 - two parts of a pool, each a total and a size
    drawn: Drawn, drawn_from: float, known_total: float, size: float, confidence: float, scale: Scale = SHARE
) -> Mean:
    """Estimate the mean of a pool of which one part is known and the other was drawn from.

    Parameters
    ----------
    drawn : Drawn
        What was drawn.
    drawn_from : float
        Items that it was drawn from.
    known_total : float
        Sum of the values of the other items.
    size : float
        Items of both parts.
    confidence : float
        Of the interval.
    scale : Scale
        What the values can be.

    Returns
    -------
    Mean

    Examples
    --------
    Ten items are known, with three errors; of the other ninety, nine were drawn, without an error.

    >>> drawn = Drawn(np.zeros(9), np.ones(9), np.full(9, 0.9))
    >>> found = combined(drawn, 90, 3, 100, 0.95)
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3)
    (0.03, 0.03, 0.27)
    """
    y, n = drawn.values, len(drawn.values)
    fit = fitted(drawn, n / 2 if not scale.is_share else scale.events)
    known, share, left = known_total / size, drawn_from / size, 1 - n / drawn_from
    value = known + share * fit.mean
    if not scale.is_share:
        low, high = number_interval(fit, n, confidence)
        return Mean(value, known + share * low, known + share * high, fit.slope)
    if scale.about < 1:
        # A ratio: as many observations as its denominator has, and no bounds but its own.
        whole = replace(fit, mean=value, squares=fit.squares * scale.about**2, usual=fit.usual * scale.about)
        ends = share_interval(whole, n * scale.about / share, left, confidence)
        return Mean(min(max(value, 0.0), 1.0), *ends, fit.slope)
    seen = (bool((y > 0).any()), bool((y < 1).any()))
    low, high = _possible(share_interval(fit, n, left, confidence, seen=seen), y, drawn_from)
    return Mean(known + share * min(max(fit.mean, 0.0), 1.0), known + share * low, known + share * high, fit.slope)


def _possible(ends: tuple[float, float], y: Floats, size: float) -> tuple[float, float]:
    """Cut an interval to what the draws themselves leave possible."""
    return max(ends[0], float(y.sum()) / size), min(ends[1], 1 - float((1 - y).sum()) / size)
