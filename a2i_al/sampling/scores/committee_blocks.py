"""A committee in, checked, and its scores out: block by block, so that what is made on the way stays in the cache.

Small committees are left to numpy, which is loaded already; large ones to the compiled loops of `committee_kernels`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from a2i_al.compute.threads import in_threads, row_blocks
from a2i_al.errors import InvalidInput, InvalidProbabilities
from a2i_al.sampling.probabilities import SUM_TOLERANCE, check_proba, surely_distributions
from a2i_al.sampling.scores.exact_sums import exact_sums, grid_shift

Floats = npt.NDArray[np.floating[Any]]
Scores = npt.NDArray[np.float64]

# From so many probabilities on the compiled loops repay that they must be loaded.
_LARGE = 2**21
# Values of a block: 0.8 to 1.6 MB, a processor's second-level cache; half as many measured slower. Compiled loops make
# smaller blocks themselves, and are handed so many values at a time.
_BLOCK_VALUES, _HANDED_OVER = 200_000, 2**19


def scored(committee: npt.ArrayLike, score: str) -> Scores:
    """Check a committee and score its items.

    Parameters
    ----------
    committee : array-like of shape (c, m, k), c >= 2, k >= 2
        Class probabilities of c members for m items.
    score : {"vote_entropy", "variation_ratio", "consensus_entropy", "mutual_information"}
        Which.

    Returns
    -------
    ndarray of shape (m,), float64
        Not below 0.

    Raises
    ------
    InvalidInput
        If there are fewer than two members or another number of dimensions.
    InvalidProbabilities
        If a member's rows are not class probabilities.

    Examples
    --------
    >>> scored([[[1.0, 0.0]], [[0.0, 1.0]]], "variation_ratio").tolist()
    [0.5]
    """
    values = _as_committee(committee)
    members, rows, classes = values.shape
    scores = np.empty(rows)
    large = values.size >= _LARGE
    fill = (_compiled if large else _by_numpy)(values, score, scores)
    size = (_HANDED_OVER if large else _BLOCK_VALUES) // (members * classes)
    if not all(in_threads(fill, row_blocks(rows, max(size, 16)))):
        # Or not: what is a rounding away from a sum that is refused is looked at exactly.
        _check_members(values)
    return scores


def _by_numpy(values: Floats, score: str, scores: Scores) -> Callable[[tuple[int, int]], bool]:
    function = _FUNCTIONS[score]

    def fill(block: tuple[int, int]) -> bool:
        here = slice(*block)
        part = np.ascontiguousarray(values[:, here])
        if not surely_distributions(part.reshape(-1, values.shape[2])):
            _check_members(values)
        # Rounding can bring a score of 0 a little below it; the sum turns a minus zero into zero.
        scores[here] = np.maximum(function(part), 0) + 0.0
        return True

    return fill


def _compiled(values: Floats, score: str, scores: Scores) -> Callable[[tuple[int, int]], bool]:
    from a2i_al.sampling.scores import committee_kernels as kernels  # noqa: PLC0415 - numba loads here

    compiled, form, kind = kernels.scores_for(values.dtype), kernels.FORMS[values.dtype], list(_FUNCTIONS).index(score)
    classes, number = values.shape[2], values.dtype.type
    # What a sum of k numbers in this precision can be off by.
    tolerance = number(SUM_TOLERANCE - classes * float(np.finfo(values.dtype).eps))
    shift = grid_shift(classes)

    def fill(block: tuple[int, int]) -> bool:
        start, stop = block
        part, first, rows = values, start, values.shape[1]
        if not values.flags.c_contiguous:
            part, first, rows = np.ascontiguousarray(values[:, start:stop]), 0, stop - start
        cells = part.reshape(-1)
        bits = cells.view(type(form.shift))
        last, here = first + stop - start, scores[start - first :]
        return compiled(cells, bits, rows, classes, first, last, kind, form, tolerance, shift, here)

    return fill


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
    return -exact_sums(_p_log_p(p).astype(np.float64, copy=False))


def _mutual_information(block: Floats) -> Floats:
    mean = block.sum(axis=0)
    mean /= len(block)
    gain, own = _p_log_p(mean), _p_log_p(block).sum(axis=0)
    own /= len(block)
    gain -= own
    return -exact_sums(gain.astype(np.float64, copy=False))


def _p_log_p(p: Floats) -> Floats:
    # The smallest positive number in place of 0: times 0 it is 0, the limit of p ln p.
    logs = np.maximum(p, np.finfo(p.dtype).tiny)
    np.log(logs, out=logs)
    logs *= p
    return logs


# In the order of the compiled loops' numbers for them.
_FUNCTIONS: dict[str, Callable[[Floats], Floats]] = {
    "vote_entropy": lambda block: _entropy(_votes(block)),
    "variation_ratio": lambda block: 1 - _votes(block).max(axis=1),
    "consensus_entropy": lambda block: _entropy(block.mean(axis=0)),
    "mutual_information": _mutual_information,
}
