"""Predicted numbers of several regressors in, one number per item out, higher where they disagree."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from a2i_al.compute.threads import row_blocks
from a2i_al.errors import InvalidInput

_BLOCK_VALUES = 1_000_000


def regression_variance(committee: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Score how far the members' predictions are apart: their variance.

    Good where the members differ for lack of data: the trees of a forest, models of bootstrap samples. It is
    blind to noise that all members agree on, and rises with the target's own scale in skewed data; predict the
    logarithm there.

    Parameters
    ----------
    committee : array-like of shape (c, m), c >= 2
        Predictions of c members for m items.

    Returns
    -------
    ndarray of shape (m,), float64
        In the target's unit, squared: the mean squared distance to the members' mean. Time O(c m).

    Raises
    ------
    InvalidInput
        If it is not such an array, or a value is missing or infinite.

    References
    ----------
    A. Krogh and J. Vedelsby, "Neural network ensembles, cross validation, and active learning", NIPS 1994; R.
    Burbidge, J. Rowland and R. King, "Active learning for regression based on query by committee", IDEAL 2007.

    Examples
    --------
    >>> regression_variance([[1.0, 5.0], [3.0, 5.0]]).tolist()
    [1.0, 0.0]
    """
    values = _checked(committee)
    scores = np.empty(values.shape[1])
    for start, stop in row_blocks(values.shape[1], max(1, _BLOCK_VALUES // len(values))):
        block = values[:, start:stop].astype(np.float64)
        if not np.isfinite(block).all():
            member, item = np.argwhere(~np.isfinite(block))[0].tolist()
            raise InvalidInput(
                f"member {member} of the committee predicts {block[member, item]} for item {start + item}",
                expected="finite numbers",
            )
        # From the first member's predictions on, so that members who agree to the bit score exactly 0.
        with np.errstate(over="ignore"):
            scores[start:stop] = (block - block[0]).var(axis=0)
    return scores


def _checked(committee: npt.ArrayLike) -> npt.NDArray[np.floating[Any]]:
    expected = "a (c, m) array of predictions: c >= 2 members, m >= 1 items"
    try:
        values = np.asarray(committee)
        values = values if values.dtype in (np.float32, np.float64) else values.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"the committee cannot be read as numbers: {error}", expected=expected) from error
    if values.ndim != 2 or values.shape[0] < 2 or values.shape[1] < 1:  # noqa: PLR2004 - as said
        raise InvalidInput(
            f"the committee has shape {values.shape}",
            expected=expected,
            fix="for a forest: np.stack([tree.predict(features) for tree in forest.estimators_])",
        )
    return values
