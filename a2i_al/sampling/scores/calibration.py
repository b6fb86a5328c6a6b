"""Class probabilities and a few labels in, a temperature out: how much too sure of itself a model is, put right.

A temperature never changes which class is the most probable; it changes how items compare, and so which are chosen.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.sampling.probabilities import check_proba

# No model's probabilities are useful beyond these; a search must end somewhere.
LOWEST, HIGHEST = 0.05, 20.0

# A label of probability 0 would cost infinitely much at any temperature: it costs as much as one of this probability.
_FLOOR = 1e-6
# Labels that the model is credited with having predicted as well as it says: few labels move the temperature little.
_PRIOR_LABELS = 10.0


def fit_temperature(
    proba: npt.ArrayLike,
    labels: npt.ArrayLike,
    *,
    weights: npt.ArrayLike | None = None,
    prior_labels: float = _PRIOR_LABELS,
) -> float:
    """Find the temperature at which a model's probabilities fit the labels best.

    It minimises the log-loss of ``p ** (1 / T)``, normalised, over the labels and over `prior_labels` more that are
    spread over the items and their classes as the model itself says. These pull towards T = 1, so that 20 labels that
    are all predicted right do not make T vanish, and 1,000 labels hardly feel them. The loss is convex in 1 / T.

    Parameters
    ----------
    proba : array-like of shape (l, k), k >= 2
        Class probabilities of labelled items that the model was not trained on: on those it was, T comes out too low.
    labels : array-like of shape (l,), int
        The label of each row as the index of its column.
    weights : array-like of shape (l,), optional
        How much each row counts, >= 0; 1 if not given. An item with three answers can be three rows of weight 1/3.
    prior_labels : float, default 10.0
        >= 0; 0 is the plain temperature scaling of the paper.

    Returns
    -------
    float
        From 0.05 to 20. Above 1 the model is too sure of itself, below 1 not sure enough. 1.0 if no temperature makes
        a difference: all rows are uniform, or certain.

    Raises
    ------
    InvalidProbabilities
        If the rows are not class probabilities.
    InvalidInput
        If a label is no column, or there are not as many labels or weights as rows.

    Notes
    -----
    A label whose probability is below one in a million counts as if it had that probability. Time O(l k) for each of
    about ten steps.

    References
    ----------
    C. Guo, G. Pleiss, Y. Sun and K. Weinberger, "On calibration of modern neural networks", ICML 2017, section 4.2.

    Examples
    --------
    >>> proba = [[0.99, 0.01]] * 100  # it is right 80 times of 100
    >>> temperature = fit_temperature(proba, [0] * 80 + [1] * 20, prior_labels=0)
    >>> round(temperature, 2), scale([[0.99, 0.01]], temperature).round(2).tolist()
    (3.31, [[0.8, 0.2]])
    """
    rows = check_proba(proba).astype(np.float64)
    columns = _checked_labels(labels, rows.shape)
    counts = _checked_weights(weights, len(rows))
    prior_labels = arguments.amount("prior_labels", prior_labels, "a finite number, 0 or more")
    slope = _slope_of_the_loss(rows, columns, counts, prior_labels / len(rows))
    lowest, highest = math.log(1 / HIGHEST), math.log(1 / LOWEST)
    at_lowest, at_highest = slope(lowest), slope(highest)
    # Relative to the sizes of the sums: what is left of a slope that is zero is their rounding.
    if at_highest - at_lowest <= 1e-12 * (counts.sum() + prior_labels):
        return 1.0
    if at_lowest >= 0:
        return HIGHEST
    if at_highest <= 0:
        return LOWEST
    from scipy.optimize import brentq  # noqa: PLC0415 - light import

    return math.exp(-float(brentq(slope, lowest, highest, xtol=1e-10)))


def scale(proba: npt.ArrayLike, temperature: float) -> npt.NDArray[np.floating[Any]]:
    """Sharpen or soften class probabilities by a temperature: ``p ** (1 / T)``, normalised.

    Parameters
    ----------
    proba : array-like of shape (m, k), k >= 2
        Class probabilities; not changed.
    temperature : float
        Above 0. Below 1 sharpens, above 1 softens, 1 gives the same array back.

    Returns
    -------
    ndarray of shape (m, k)
        float32 stays float32. Zero stays zero, the order of a row's classes stays, equal ones stay equal.

    Raises
    ------
    InvalidProbabilities
        If the rows are not class probabilities.
    InvalidInput
        If the temperature is not a finite number above 0.

    References
    ----------
    C. Guo, G. Pleiss, Y. Sun and K. Weinberger, "On calibration of modern neural networks", ICML 2017, equation 9: a
    softmax of logits over T is the same as this power of the softmax of the logits.

    Examples
    --------
    >>> scale([[0.8, 0.2, 0.0]], 2.0).round(3).tolist()
    [[0.667, 0.333, 0.0]]
    """
    rows = check_proba(proba)
    temperature = arguments.number(
        "the temperature", temperature, lambda each: 0 < each < math.inf, "a finite number above 0"
    )
    if temperature == 1:
        return rows
    # By the largest first: its power is 1, so the sum of a row is neither 0 nor beyond the largest float.
    scaled = rows / rows.max(axis=1, keepdims=True)
    np.power(scaled, np.asarray(1 / temperature, dtype=scaled.dtype), out=scaled)
    scaled /= scaled.sum(axis=1, keepdims=True)
    return np.asarray(scaled)


def _slope_of_the_loss(
    rows: npt.NDArray[np.float64],
    columns: npt.NDArray[np.intp],
    counts: npt.NDArray[np.float64],
    prior_each: float,
) -> Callable[[float], float]:
    """Return the loss's derivative by 1/T, as a function of log(1/T); it only ever increases."""
    logs = np.log(rows, out=np.zeros_like(rows), where=rows > 0)
    possible = rows > 0
    # From the row's highest logarithm on, no power overflows.
    highest = np.log(rows.max(axis=1, keepdims=True))
    said = (rows * logs).sum(axis=1) / rows.sum(axis=1)
    of_label = np.log(np.maximum(rows[np.arange(len(rows)), columns], _FLOOR))
    observed = float(counts @ of_label + prior_each * said.sum())

    def slope(log_inverse: float) -> float:
        powers = np.exp(math.exp(log_inverse) * (logs - highest), where=possible, out=np.zeros_like(rows))
        expected = (powers * logs).sum(axis=1) / powers.sum(axis=1)
        return float((counts + prior_each) @ expected) - observed

    return slope


def _checked_labels(labels: npt.ArrayLike, shape: tuple[int, ...]) -> npt.NDArray[np.intp]:
    expected = f"{shape[0]} column indices, one per row of proba, from 0 to {shape[1] - 1}"
    given = np.asarray(labels)
    if given.shape != shape[:1] or given.dtype.kind not in "iu":
        raise InvalidInput(f"labels is an array of shape {given.shape} and type {given.dtype}", expected=expected)
    outside = (given < 0) | (given >= shape[1])
    if outside.any():
        at = int(outside.argmax())
        raise InvalidInput(f"label {at} is {given[at]}", expected=expected)
    return given.astype(np.intp)


def _checked_weights(weights: npt.ArrayLike | None, rows: int) -> npt.NDArray[np.float64]:
    if weights is None:
        return np.ones(rows)
    given = arguments.floats("weights", weights)
    if given.shape != (rows,) or not (np.isfinite(given) & (given >= 0)).all():
        raise InvalidInput(
            f"weights has shape {given.shape}, or a value below 0, missing or infinite",
            expected=f"{rows} finite numbers of 0 or more, one per row of proba",
        )
    return given
