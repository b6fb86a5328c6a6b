"""The prices of a review and of an error in, the threshold under which both together cost least out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.metrics.thresholds.risk_coverage import risk_coverage
from a2i_al.metrics.weights import finite

Floats = npt.NDArray[np.float64]


def expected_costs(
    confidence: npt.ArrayLike,
    errors: npt.ArrayLike,
    *,
    review_cost: float,
    error_cost: float,
    weights: npt.ArrayLike | None = None,
    pool_confidence: npt.ArrayLike | None = None,
) -> pd.DataFrame:
    """Return what each threshold costs per item: reviews of what is below it, errors in what is not.

    A review is taken to find the right answer.

    Parameters
    ----------
    confidence, errors : array-like of shape (n,)
        Of the labelled items: the model's confidence, and whether people found its answer wrong.
    review_cost, error_cost : float
        Of one review, and of one error that nobody notices; in any unit, at least 0.
    weights : array-like of shape (n,), optional
        What each labelled item counts: 1 / inclusion probability.
    pool_confidence : array-like of shape (N,), optional
        The confidences of the whole pool, by which reviews are counted; by default those of the labelled items.

    Returns
    -------
    DataFrame
        `threshold` (descending, from infinite: all are reviewed; to the least confidence: none is), `reviewed` (share
        of the items), `error` (errors left, by items), `cost` per item.

    Raises
    ------
    InvalidInput
        If a price is negative, or both are 0.

    References
    ----------
    C. Chow, "On optimum recognition error and reject tradeoff", IEEE Transactions on Information Theory 16, 1970.

    Examples
    --------
    An error costs ten times what a review does, so what is wrong more often than in one of ten cases is reviewed:

    >>> expected_costs([0.9, 0.9, 0.6, 0.6], [0, 0, 1, 0], review_cost=1, error_cost=10)
       threshold  reviewed  error  cost
    0        inf       1.0   0.00   1.0
    1        0.9       0.5   0.00   0.5
    2        0.6       0.0   0.25   2.5
    """
    review_cost = arguments.amount("review_cost", review_cost)
    error_cost = arguments.amount("error_cost", error_cost)
    if review_cost == error_cost == 0:
        raise InvalidInput("review_cost and error_cost are 0", expected="a price, for something to weigh")
    curve = risk_coverage(confidence, errors, weights)
    thresholds = np.concatenate([[np.inf], curve.thresholds])
    left = np.concatenate([[0.0], curve.risk * curve.coverage])
    if pool_confidence is None:
        reviewed = np.concatenate([[1.0], 1 - curve.coverage])
    else:
        reviewed = 1 - share_taken(pool_confidence, thresholds)
    reviewed = np.maximum(reviewed, 0.0)
    cost = review_cost * reviewed + error_cost * left
    return pd.DataFrame({"threshold": thresholds, "reviewed": reviewed, "error": left, "cost": cost})


def share_taken(pool_confidence: npt.ArrayLike, thresholds: npt.ArrayLike) -> Floats:
    """Return the share of a pool that is at least as sure as each threshold.

    Examples
    --------
    >>> share_taken([0.5, 0.7, 0.9, 0.9], [0.9, 0.6]).tolist()
    [0.5, 0.75]
    """
    pool = np.sort(finite(pool_confidence, "pool_confidence"))
    below = np.searchsorted(pool, np.asarray(thresholds, dtype=np.float64), side="left")
    return np.asarray(1 - below / len(pool), dtype=np.float64)
