"""Values with their chances or weights in, the mean of what they were drawn from out: without any table."""

from __future__ import annotations

import math
import warnings

import numpy as np
import numpy.typing as npt

from a2i_al import arguments
from a2i_al.errors import EstimateWarning, InvalidInput
from a2i_al.metrics.estimates.generalised import Drawn
from a2i_al.metrics.estimates.means import NUMBER, SHARE, Mean, combined
from a2i_al.metrics.estimates.result import Estimate
from a2i_al.metrics.weights import checked_chances, checked_weights, finite

Floats = npt.NDArray[np.float64]


def estimate_mean(
    values: npt.ArrayLike,
    inclusion_probability: npt.ArrayLike | None = None,
    *,
    weights: npt.ArrayLike | None = None,
    pool_size: int | None = None,
    proxy: npt.ArrayLike | None = None,
    pool_proxy: npt.ArrayLike | None = None,
    bounded: bool | None = None,
    confidence: float = 0.95,
    name: str = "mean",
) -> Estimate:
    """Estimate the mean of a pool from values of the items that were drawn from it.

    Parameters
    ----------
    values : array-like of shape (n,)
        Of the drawn items: errors as 0 and 1, or any numbers.
    inclusion_probability : array-like of shape (n,)
        The chance that each had of being drawn; 1 for what was reviewed for certain.
    weights : array-like of shape (n,), optional
        Instead of these, weights with mean about 1, as `lure_weights` gives them.
    pool_size : int, optional
        Items in the pool. By default as many as `pool_proxy` has, or as the inclusion probabilities say.
    proxy, pool_proxy : array-like of shape (n,) and (pool_size,), optional
        What a model expects the values to be, of the drawn items and of all items of the pool, drawn ones included.
    bounded : bool, optional
        Whether values are from 0 to 1 by their nature. By default, whether these are.
    confidence : float, default 0.95
        Of the interval.
    name : str, default "mean"
        Of what is estimated.

    Returns
    -------
    Estimate

    Raises
    ------
    InvalidInput
        If lengths differ, a number is missing, a chance is not above 0 and at most 1, there are neither chances nor
        weights or both, or more values than items in the pool.

    Warns
    -----
    EstimateWarning
        Where a single draw of an unbounded quantity gives no interval.

    Examples
    --------
    An item reviewed for certain and two draws: by Hájek's estimator, the draws' mean of ½ holds for the other 20 items.

    >>> found = estimate_mean([1, 0, 1], [1, 0.1, 0.1])
    >>> found.size, round(found.value, 4), round((1 + 20 * 0.5) / 21, 4)
    (21, 0.5238, 0.5238)
    """
    y = finite(values, "values")
    if (inclusion_probability is None) == (weights is None):
        raise InvalidInput(
            "there are no chances" if weights is None else "there are both chances and weights",
            expected="inclusion_probability= or weights=",
        )
    arguments.share("confidence", confidence)
    arguments.text("name", name)
    if bounded is not None:
        arguments.flags(bounded=bounded)
    if pool_size is not None:
        arguments.whole("pool_size", pool_size, 1)
    seen, of_all = _proxies(proxy, pool_proxy, len(y))
    size = pool_size if pool_size is not None else None if of_all is None else len(of_all)
    if weights is None:
        chances = checked_chances(np.asarray(inclusion_probability), len(y))
        size = max(len(y), round(float((1 / chances).sum()))) if size is None else size
    else:
        heavy = checked_weights(weights, len(y))
    if size is None or size < len(y) or (of_all is not None and len(of_all) != size):
        raise InvalidInput(
            f"{len(y)} values of a pool of {size}"
            + ("" if of_all is None else f", and {len(of_all)} predictions of it"),
            expected="pool_size=, at least as many items as values, and a prediction of each if any",
        )
    scale = SHARE if (bool(((y >= 0) & (y <= 1)).all()) if bounded is None else bounded) else NUMBER
    if weights is not None:
        mean = 0.0 if of_all is None else float(of_all.mean())
        drawn = Drawn(y, heavy, np.full(len(y), 1 - len(y) / size), seen, mean)
        found = combined(drawn, size, 0.0, size, confidence, scale) if len(y) < size else _census(y)
    else:
        found = _from_chances(y, chances, size, seen, of_all, confidence, scale is SHARE)
    if math.isinf(found.low):
        warnings.warn(f"{name}: a single draw says nothing of the spread", EstimateWarning, stacklevel=2)
    how = "weighted draws" if weights is not None else "draws with known chances"
    return Estimate(
        metric=name,
        value=found.value,
        low=found.low,
        high=found.high,
        confidence=confidence,
        naive=float(y.mean()),
        n=len(y),
        size=size,
        method=how if seen is None else f"{how}, with predictions",
        holds_for="the pool that was drawn from",
        is_share=scale is SHARE,
        slope=found.slope,
    )


def _from_chances(  # noqa: PLR0917 - checked arrays
    y: Floats,
    chances: Floats,
    size: int,
    seen: Floats | None,
    of_all: Floats | None,
    confidence: float,
    is_share: bool,  # noqa: FBT001
) -> Mean:
    sure = chances >= 1 - 1e-12
    left = size - int(sure.sum())
    if sure.all() or left == 0:
        return _census(y) if left == 0 else _nothing_drawn(left)
    rest = ~sure
    mean = 0.0
    if of_all is not None and seen is not None:
        mean = (float(of_all.sum()) - float(seen[sure].sum())) / left
    weights = rest.sum() / (left * chances[rest])
    drawn = Drawn(y[rest], weights, 1 - chances[rest], None if seen is None else seen[rest], mean)
    return combined(drawn, left, float(y[sure].sum()), size, confidence, SHARE if is_share else NUMBER)


def _nothing_drawn(left: int) -> Mean:
    raise InvalidInput(
        f"every value has the chance 1, and {left} items of the pool had none",
        expected="a draw from the others",
        fix="sample with audit_fraction=0.2",
    )


def _census(y: Floats) -> Mean:
    value = float(y.mean())
    return Mean(value, value, value, 0.0)


def _proxies(
    proxy: npt.ArrayLike | None, pool_proxy: npt.ArrayLike | None, n: int
) -> tuple[Floats | None, Floats | None]:
    if proxy is None and pool_proxy is None:
        return None, None
    if proxy is None or pool_proxy is None:
        raise InvalidInput("there is one of proxy and pool_proxy", expected="both: of the drawn items, and of the pool")
    return finite(proxy, "proxy", n), finite(pool_proxy, "pool_proxy")
