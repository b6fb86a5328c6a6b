"""Probabilities of labels that may apply together in, one number per item out, higher meaning more useful to review."""

from __future__ import annotations

from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from a2i_al.compute.threads import row_blocks
from a2i_al.errors import InvalidInput, InvalidProbabilities

Aggregate = Literal["mean", "max", "min"]

_BLOCK_ROWS = 65_536


def multilabel_uncertainty(label_proba: npt.ArrayLike, *, aggregate: Aggregate = "mean") -> npt.NDArray[np.float64]:
    """Score how unsure a model is of an item's labels: of each label alone, then of all together.

    For a label of probability p the uncertainty is 1 - abs(2 p - 1): 0 if it certainly applies or certainly does not, 1
    if that is open.

    Parameters
    ----------
    label_proba : array-like of shape (m, k), k >= 1
        The probability of each label by itself, from 0 to 1; a row need not sum to 1.
    aggregate : {"mean", "max", "min"}, default "mean"
        ``"mean"``: a page with many open labels is worth more than one with a single one. ``"max"``: one open label is
        enough; it suits many labels of which few apply, where the mean hides it. ``"min"``: all must be open.

    Returns
    -------
    ndarray of shape (m,), float64
        From 0 to 1. Time O(m k).

    Raises
    ------
    InvalidProbabilities
        If there is no row or no label, or a value is not from 0 to 1.
    InvalidInput
        If there is no such aggregate.

    References
    ----------
    A. Esuli and F. Sebastiani, "Active learning strategies for multi-label text classification", ECIR 2009 (the three
    aggregates); K. Brinker, "On active learning in multi-label classification", 2006 (the most uncertain label).

    Examples
    --------
    >>> proba = [[0.5, 0.0, 1.0], [0.75, 0.25, 0.75]]
    >>> multilabel_uncertainty(proba).round(3).tolist(), multilabel_uncertainty(proba, aggregate="max").tolist()
    ([0.333, 0.5], [1.0, 0.5])
    """
    if aggregate not in get_args(Aggregate):
        raise InvalidInput(
            f"aggregate is {aggregate!r}", expected=f"one of {', '.join(map(repr, get_args(Aggregate)))}"
        )
    values = _checked(label_proba)
    scores = np.empty(len(values))
    # In blocks: the copies in double precision stay small.
    for start, stop in row_blocks(len(values), _BLOCK_ROWS):
        uncertainty = 1 - np.abs(2 * values[start:stop].astype(np.float64) - 1)
        scores[start:stop] = getattr(uncertainty, aggregate)(axis=1)
    return scores


def _checked(label_proba: npt.ArrayLike) -> npt.NDArray[np.floating[Any]]:
    expected = "an (m, k) array: one row per item, one column per label, each value from 0 to 1"
    try:
        values = np.asarray(label_proba)
        values = values if values.dtype in (np.float32, np.float64) else values.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidProbabilities(f"label_proba cannot be read as numbers: {error}", expected=expected) from error
    if values.ndim != 2 or 0 in values.shape:  # noqa: PLR2004 - rows and columns
        raise InvalidProbabilities(f"label_proba has shape {values.shape}", expected=expected)
    for start, stop in row_blocks(len(values), _BLOCK_ROWS):
        block = values[start:stop]
        bad = ~((block >= 0) & (block <= 1)).all(axis=1)
        if bad.any():
            row = int(bad.argmax())
            raise InvalidProbabilities(
                f"row {start + row} of label_proba has a value that is missing or not from 0 to 1: {block[row, :6]}",
                expected=expected,
                fix="turn logits into probabilities with a sigmoid first",
            )
    return values
