"""Outcomes in the order of time in; a confidence sequence for their rate out, which holds at every look at once."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al import arguments
from a2i_al.metrics.outcomes import checked_outcomes

Floats = npt.NDArray[np.float64]

# Halvings after which the bounds are exact to a float.
_HALVINGS = 55


def confidence_sequence(outcomes: npt.ArrayLike, confidence: float = 0.95, *, most: int = 2_000) -> pd.DataFrame:
    """Bound the rate after every outcome, all bounds at once: look as often as you like, stop when you like.

    An interval such as Wilson's holds at one look that was planned; looked at after every item, it misses the rate
    sooner or later.

    Parameters
    ----------
    outcomes : array-like of bool, shape (n,)
        In the order of time.
    confidence : float, default 0.95
        That the rate is within all the bounds.
    most : int, default 2000
        Rows at most, evenly spaced; the last outcome is always among them.

    Returns
    -------
    DataFrame
        `n` outcomes so far, `rate`, `low`, `high`.

    Raises
    ------
    InvalidInput
        If the confidence is no share or `most` is below 1.

    Notes
    -----
    A rate is within the bounds as long as betting against it has not multiplied the stake by 1 / (1 - confidence). The
    bets are mixed with Jeffreys' prior, which for outcomes of 0 and 1 has a closed form.

    References
    ----------
    I. Waudby-Smith and A. Ramdas, "Estimating means of bounded random variables by betting", Journal of the Royal
    Statistical Society B 86, 2024; the mixture is H. Robbins's, "Statistical methods related to the law of the iterated
    logarithm", Annals of Mathematical Statistics 41, 1970.

    Examples
    --------
    >>> confidence_sequence([True, False] * 50).iloc[-1].round(2).to_dict()
    {'n': 100.0, 'rate': 0.5, 'low': 0.34, 'high': 0.66}
    """
    # Here and not at the top: SciPy comes with the first call.
    from scipy.special import betaln  # noqa: PLC0415

    arguments.share("confidence", confidence)
    arguments.whole("most", most, 1, of="row")
    seen = checked_outcomes(outcomes)
    n = (
        np.unique(np.linspace(1, len(seen), min(most, len(seen))).round().astype(np.int64))
        if len(seen)
        else np.arange(0)
    )
    hits = np.cumsum(seen)[n - 1].astype(np.float64)
    misses = n - hits
    # What the log-likelihood of a rate may fall short of the mixture's.
    least = betaln(hits + 0.5, misses + 0.5) - betaln(0.5, 0.5) + math.log(1 - confidence)
    rate = hits / np.maximum(n, 1)
    return pd.DataFrame(
        {
            "n": n,
            "rate": rate,
            "low": _bound(hits, misses, least, rate, np.zeros(len(n))),
            "high": _bound(hits, misses, least, rate, np.ones(len(n))),
        }
    )


def _bound(hits: Floats, misses: Floats, least: Floats, inside: Floats, outside: Floats) -> Floats:
    from scipy.special import xlog1py, xlogy  # noqa: PLC0415

    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        good = xlogy(hits, middle) + xlog1py(misses, -middle) >= least
        inside, outside = np.where(good, middle, inside), np.where(good, outside, middle)
    # An end that is possible itself, such as 0 without a hit, is where the halving leads.
    return np.where(np.isin(outside, (0.0, 1.0)), outside, inside)
