"""Scores that somebody worked out already: in and out as they are, so that `sample` can choose by them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


def given_scores(scores: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.float64]:
    """Choose by scores of one's own: of token sequences, of pictures with boxes, of another program.

    Parameters
    ----------
    scores : ndarray of shape (m,), float
        Higher means more useful.

    Returns
    -------
    ndarray of shape (m,), float64
        The same numbers.

    References
    ----------
    B. Settles, "Active learning literature survey", University of Wisconsin, 2009, section 3: a strategy is a measure
    of an item's worth, and choosing by it is apart.

    Examples
    --------
    >>> given_scores(np.array([0.5, 2.0], dtype=np.float32)).tolist()
    [0.5, 2.0]
    """
    return np.asarray(scores, dtype=np.float64)
