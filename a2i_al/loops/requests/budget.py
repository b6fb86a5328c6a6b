"""Prices and caps of a budget come in; how many loops a round may have goes out."""

from __future__ import annotations

import math
from dataclasses import dataclass

from a2i_al import arguments
from a2i_al.errors import InvalidInput

_SLACK = 1e-9  # of a loop: 1.2 / 0.012 is 99.99999999999999


@dataclass(frozen=True)
class Prices:
    """What a human loop costs, in whatever currency.

    A2I charges per object reviewed, however many people see it, and a work team of a vendor or of Mechanical Turk per
    person (https://aws.amazon.com/augmented-ai/pricing/). No price is assumed: what is left out costs nothing here.

    Parameters
    ----------
    per_object, per_worker : float, optional
        Per loop, and per person who answers it.

    Examples
    --------
    >>> round(Prices(0.08, 0.012).of_loop(reviewers=3), 3)
    0.116
    >>> Prices().of_loop(reviewers=3)
    nan
    """

    per_object: float | None = None
    per_worker: float | None = None

    def __post_init__(self) -> None:
        for name, price in (("price_per_object", self.per_object), ("price_per_worker", self.per_worker)):
            if price is not None:
                arguments.amount(name, price, "a price from 0 up")

    @property
    def known(self) -> bool:
        """Whether any price was given."""
        return self.per_object is not None or self.per_worker is not None

    def of_loop(self, reviewers: int) -> float:
        """Return what one loop costs; NaN if no price was given."""
        return (self.per_object or 0.0) + reviewers * (self.per_worker or 0.0) if self.known else math.nan


def most_loops(max_loops: int | None, max_cost: float | None, prices: Prices, reviewers: int) -> int | None:
    """Return how many loops a round may have under both caps; None without a cap.

    Raises
    ------
    InvalidInput
        If a cap is negative, or the cost is capped and no price is known.

    Examples
    --------
    >>> most_loops(200, 1.2, Prices(per_worker=0.012), reviewers=1)
    100
    """
    caps: list[int] = []
    if max_loops is not None:
        arguments.amount("max_loops", max_loops, "a number of loops from 0 up")
        caps.append(math.floor(max_loops))
    if max_cost is not None:
        arguments.amount("max_cost", max_cost, "an amount from 0 up, in the currency of the prices")
        if not prices.known:
            raise InvalidInput(
                f"max_cost is {max_cost:g}, and no price is known",
                expected="price_per_object= or price_per_worker=, or both",
                fix="take them from https://aws.amazon.com/augmented-ai/pricing/ and your work team",
            )
        price = prices.of_loop(reviewers)
        if price:
            caps.append(math.floor(max_cost / price + _SLACK))
    return min(caps, default=None)
