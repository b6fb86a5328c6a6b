"""Committee scores: class probabilities of several models in, one number per item out, higher where they disagree.

All work in blocks that fit a processor's cache; a sum over the classes is a product with ones, numpy's fastest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from a2i_al.compute.threads import in_threads, row_blocks
from a2i_al.errors import InvalidInput, InvalidProbabilities
from a2i_al.sampling.pools.probabilities import SUM_TOLERANCE, check_proba

Floats = npt.NDArray[np.floating[Any]]
Scores = npt.NDArray[np.float64]

# Values of a block: 0.8 to 1.6 MB, a processor's second-level cache. Half as many measured slower.
_BLOCK_VALUES = 200_000


def vote_entropy(committee: npt.ArrayLike) -> Scores:
    """Score how spread out the members' votes are: the entropy of the shares of votes that the classes get.

    Parameters
    ----------
    committee : array-like of shape (c, m, k), c >= 2, k >= 2
        Class probabilities of c members for m items. A member votes for its most probable class; where several are
        equally probable, its vote is shared between them, so that the order of the classes does not matter.

    Returns
    -------
    ndarray of shape (m,), float64
        From 0 (unanimous) to ln min(c, k) (nats) for undivided votes. Time O(c m k).

    Raises
    ------
    InvalidInput
        If there are fewer than two members or another number of dimensions.
    InvalidProbabilities
        If a member's rows are not class probabilities.

    References
    ----------
    I. Dagan and S. Engelson, "Committee-based sampling for training probabilistic classifiers", ICML 1995.

    Examples
    --------
    >>> vote_entropy([[[0.9, 0.1], [0.9, 0.1]], [[0.6, 0.4], [0.2, 0.8]]]).round(4).tolist()
    [0.0, 0.6931]
    """
    return _by_blocks(committee, lambda block: _entropy(_votes(block)))


def variation_ratio(committee: npt.ArrayLike) -> Scores:
    """Score the share of members that vote against the most popular class.

    Parameters
    ----------
    committee : array-like of shape (c, m, k), c >= 2, k >= 2
        Class probabilities of c members for m items; votes as in `vote_entropy`.

    Returns
    -------
    ndarray of shape (m,), float64
        From 0 (unanimous) to 1 - 1/min(c, k) for undivided votes. Time O(c m k).

    Raises
    ------
    InvalidInput
        If there are fewer than two members or another number of dimensions.
    InvalidProbabilities
        If a member's rows are not class probabilities.

    References
    ----------
    L. Freeman, "Elementary applied statistics", 1965; for the passes of a network with dropout Y. Gal, R. Islam and
    Z. Ghahramani, "Deep Bayesian active learning with image data", ICML 2017.

    Examples
    --------
    >>> variation_ratio([[[0.9, 0.1], [0.9, 0.1]], [[0.6, 0.4], [0.2, 0.8]]]).tolist()
    [0.0, 0.5]
    """
    return _by_blocks(committee, lambda block: 1 - _votes(block).max(axis=1))


def consensus_entropy(committee: npt.ArrayLike) -> Scores:
    """Score how uncertain the members are together: the entropy of their mean probabilities.

    It is high both where the members disagree and where all of them are unsure; `bald` is the first part alone.

    Parameters
    ----------
    committee : array-like of shape (c, m, k), c >= 2, k >= 2
        Class probabilities of c members for m items.

    Returns
    -------
    ndarray of shape (m,), float64
        From 0 to ln k, in nats. Time O(c m k).

    Raises
    ------
    InvalidInput
        If there are fewer than two members or another number of dimensions.
    InvalidProbabilities
        If a member's rows are not class probabilities.

    References
    ----------
    B. Settles, "Active learning literature survey", 2009, section 3.2 ("soft" vote entropy).

    Examples
    --------
    >>> consensus_entropy([[[1.0, 0.0], [1.0, 0.0]], [[1.0, 0.0], [0.0, 1.0]]]).round(4).tolist()
    [0.0, 0.6931]
    """
    return _by_blocks(committee, lambda block: _entropy(block.mean(axis=0)))


def kl_to_consensus(committee: npt.ArrayLike) -> Scores:
    """Score how far the members are from what they say together: their mean divergence from the mean probabilities.

    This mean of Kullback-Leibler divergences is the same number as `bald`, reached from the other side.

    Parameters
    ----------
    committee : array-like of shape (c, m, k), c >= 2, k >= 2
        Class probabilities of c members for m items.

    Returns
    -------
    ndarray of shape (m,), float64
        From 0 (all say the same) to ln min(c, k), in nats. Time O(c m k).

    Raises
    ------
    InvalidInput
        If there are fewer than two members or another number of dimensions.
    InvalidProbabilities
        If a member's rows are not class probabilities.

    References
    ----------
    A. McCallum and K. Nigam, "Employing EM and pool-based active learning for text classification", ICML 1998.

    Examples
    --------
    >>> kl_to_consensus([[[1.0, 0.0], [0.5, 0.5]], [[0.0, 1.0], [0.5, 0.5]]]).round(4).tolist()
    [0.6931, 0.0]
    """
    return _by_blocks(committee, _mutual_information)


def bald(committee: npt.ArrayLike) -> Scores:
    """Score what a label would tell about the model: the mutual information of label and committee member.

    It is the entropy of the mean minus the mean entropy: low where all members are unsure alike, as noise makes them.

    Parameters
    ----------
    committee : array-like of shape (c, m, k), c >= 2, k >= 2
        Class probabilities of c members for m items.

    Returns
    -------
    ndarray of shape (m,), float64
        From 0 to ln min(c, k), in nats. Time O(c m k).

    Raises
    ------
    InvalidInput
        If there are fewer than two members or another number of dimensions.
    InvalidProbabilities
        If a member's rows are not class probabilities.

    References
    ----------
    N. Houlsby, F. Huszár, Z. Ghahramani and M. Lengyel, "Bayesian active learning for classification and preference
    learning", arXiv:1112.5745, 2011, equation 2.

    Examples
    --------
    >>> bald([[[1.0, 0.0], [0.5, 0.5]], [[0.0, 1.0], [0.5, 0.5]]]).round(4).tolist()
    [0.6931, 0.0]
    """
    return _by_blocks(committee, _mutual_information)


def _by_blocks(committee: npt.ArrayLike, function: Callable[[Floats], Floats]) -> Scores:
    """Check the committee and score it, block by block: `function` takes (c, rows, k) and gives (rows,)."""
    values = _as_committee(committee)
    members, rows, classes = values.shape
    scores = np.empty(rows)

    def fill(block: tuple[int, int]) -> None:
        start, stop = block
        part = np.ascontiguousarray(values[:, start:stop])
        if not _all_distributions(part):
            _check_members(values)
        # Rounding can bring a score of 0 a little below it; the sum turns a minus zero into zero.
        scores[start:stop] = np.maximum(function(part), 0) + 0.0

    in_threads(fill, row_blocks(rows, int(np.clip(_BLOCK_VALUES // (members * classes), 16, 4096))))
    return scores


def _over_classes(values: Floats) -> Floats:
    return np.asarray(values @ np.ones(values.shape[-1], dtype=values.dtype))


def _all_distributions(block: Floats) -> bool:
    # A value that is missing or infinite fails the comparison of its sum; numpy need not warn as well.
    with np.errstate(invalid="ignore", over="ignore"):
        off = np.abs(_over_classes(block) - 1)
        return bool(off.max() <= SUM_TOLERANCE and block.min() >= 0)


def _check_members(committee: Floats) -> None:
    for position, member in enumerate(committee):
        try:
            check_proba(member)
        except InvalidProbabilities as error:
            found = f"member {position} of the committee: {error.found}"
            raise InvalidProbabilities(found, expected=error.expected, fix=error.fix) from error


def _as_committee(committee: npt.ArrayLike) -> Floats:
    expected = "a (c, m, k) array: c >= 2 members, m >= 1 items, k >= 2 classes"
    try:
        values = np.asarray(committee)
        values = values if values.dtype in (np.float32, np.float64) else values.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"the committee cannot be read as numbers: {error}", expected=expected) from error
    if values.ndim != 3 or values.shape[0] < 2 or values.shape[1] < 1 or values.shape[2] < 2:  # noqa: PLR2004 - as said
        raise InvalidInput(
            f"the committee has shape {values.shape}",
            expected=expected,
            fix="make one with a2i_al.sampling.committees.committee_proba(estimator, features, ...)",
        )
    return values


def _votes(block: Floats) -> Floats:
    """Return the share of votes of each class: (c, rows, k) to (rows, k)."""
    # numpy is quick along many rows, and slow along few classes.
    by_class = np.ascontiguousarray(block.transpose(0, 2, 1))
    best = by_class == by_class.max(axis=1, keepdims=True)
    members, rows, _ = block.shape
    if np.count_nonzero(best) == members * rows:
        # No member's vote is shared: counting is half of the work.
        shares = best.sum(axis=0, dtype=np.int32) / block.dtype.type(members)
    else:
        shares = (best / best.sum(axis=1, keepdims=True)).mean(axis=0)
    return np.ascontiguousarray(shares.T, dtype=block.dtype)


def _entropy(p: Floats) -> Floats:
    return -_over_classes(_p_log_p(p))


def _mutual_information(block: Floats) -> Floats:
    mean = block.sum(axis=0)
    mean /= len(block)
    gain, own = _p_log_p(mean), _p_log_p(block).sum(axis=0)
    own /= len(block)
    gain -= own
    return -_over_classes(gain)


def _p_log_p(p: Floats) -> Floats:
    # The smallest positive number in place of 0: times 0 it is 0, the limit of p ln p.
    logs = np.maximum(p, np.finfo(p.dtype).tiny)
    np.log(logs, out=logs)
    logs *= p
    return logs
