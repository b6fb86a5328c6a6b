"""Numbers in, their median or robust mean out, with how far they spread."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, median, stdev
from typing import Any, Final

from a2i_al.arguments import amount, one_of
from a2i_al.labels.structured.deciding import Decision, Method, Unreadable, pairwise

CENTRES: Final = ("median", "robust_mean", "mean")
# Iglewicz and Hoaglin's modified z-score: 0.6745 MADs are a normal distribution's standard deviation.
_CONSISTENT, _OUTLYING = 0.6745, 3.5
_LARGEST: Final = 1e150  # so that squares are finite too


def numbers(*, centre: str = "median", tolerance: float = 0.0) -> Method[float]:
    """Take the middle of what people said; a number is never tied.

    Parameters
    ----------
    centre : {"median", "robust_mean", "mean"}
        The robust mean leaves out what lies more than 3.5 scaled median deviations from the median.
    tolerance : float, default 0
        Two numbers that are no further apart agree. `agreement` is the share of pairs of answers that do,
        `confidence` the share of answers that agree with the result.

    Returns
    -------
    Method
        Its `detail` has `median`, `mean`, `sd` (NaN-free: None for one answer), `mad` (median absolute deviation),
        `low`, `high`, and `left_out`, the numbers that the robust mean leaves out.

    Raises
    ------
    InvalidInput
        If the centre is unknown or the tolerance negative.

    References
    ----------
    B. Iglewicz, D. Hoaglin, "How to Detect and Handle Outliers", 1993.

    Examples
    --------
    >>> method = numbers(centre="robust_mean")
    >>> method.decide("i", [3, 4, 4, 5, 400]).value
    4
    """
    one_of("centre", centre, CENTRES)
    amount("tolerance", tolerance)

    def decide(_: str, said: Sequence[float]) -> Decision:
        said = sorted(said)
        middle = median(said)
        deviation = median(abs(x - middle) for x in said)
        kept = [x for x in said if _CONSISTENT * abs(x - middle) <= _OUTLYING * deviation] if deviation else said
        value = _plain({"median": middle, "mean": fmean(said), "robust_mean": fmean(kept)}[centre], said)
        detail = {
            "median": _plain(middle, said),
            "mean": fmean(said),
            "sd": stdev(said) if len(said) > 1 else None,
            "mad": deviation,
            "low": said[0],
            "high": said[-1],
            "left_out": [x for x in said if x not in kept] if centre == "robust_mean" else [],
        }
        near = sum(abs(x - value) <= tolerance for x in said) / len(said)
        return Decision(value, near, pairwise(said, lambda a, b: float(abs(a - b) <= tolerance)), detail)

    return Method(read_number, decide)


def read_number(value: Any) -> float:
    """Return a number, or the number that a text is: every crowd-input and plain input answers with text.

    Examples
    --------
    >>> read_number(3), read_number(" 2.5 ")
    (3, 2.5)
    """
    if getattr(value, "ndim", None) == 0:  # numpy's own numbers
        value = value.item()
    number = value
    if isinstance(value, str):
        try:
            number = int(value) if value.strip().lstrip("+-").isdecimal() else float(value)
        except ValueError:
            raise Unreadable(f"{value!r:.80} is no number") from None
    if isinstance(number, bool) or not isinstance(number, int | float) or not abs(number) < _LARGEST:
        raise Unreadable(f"{value!r:.80} is no finite number")
    return number


def _plain(number: float, said: Sequence[float]) -> float:
    """Return 4 for 4.0 where everybody answered in whole numbers."""
    whole = float(number).is_integer() and all(isinstance(x, int) for x in said)
    return int(number) if whole else number
