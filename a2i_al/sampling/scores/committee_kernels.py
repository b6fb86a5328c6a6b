"""Compiled loops for large committees: one pass over the members' probabilities that checks and scores them.

All arithmetic is in the precision of the probabilities and in a fixed order, without liberties for the compiler, so
that a row's score is the same wherever it lies. Numba is imported here.
"""

# ruff: noqa: FURB136, PLR0917 - max() looks for NaN when it is compiled; compiled calls are positional

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numba import from_dtype, typeof, types

from a2i_al.compute.compiling import compiled

VOTE_ENTROPY, VARIATION_RATIO, CONSENSUS_ENTROPY, MUTUAL_INFORMATION = range(4)

# Cells worked on at a time: what is read and what becomes of it stay in a processor's nearest caches.
_CELLS = 4096


class Form(NamedTuple):
    """How a precision lays out a number, and how many terms a logarithm takes in it; see `logarithms`."""

    series: Any
    ln2: Any
    root_half: Any
    shift: Any


def _form(number: Any, whole: Any, mantissa: int, terms: int) -> Form:
    series = tuple(number(2 / (2 * at + 1)) for at in range(terms, 0, -1))
    return Form(series, number(math.log(2)), whole(np.array(math.sqrt(0.5), number).view(whole)), whole(mantissa))


# So many terms leave an error below a quarter of the last bit.
FORMS = {
    np.dtype(np.float32): _form(np.float32, np.int32, 23, 4),
    np.dtype(np.float64): _form(np.float64, np.int64, 52, 9),
}


@cache
def scores_for(dtype: np.dtype[np.floating[Any]]) -> Callable[..., bool]:
    """Return the compiled scores for float32 or float64; compiled once, then kept on disk.

    They are called with the cells of the members one after the other (c * rows * k,), the same memory as whole numbers,
    the number of rows, of classes k, the first and one after the last of the rows to score, which of the scores, the
    precision's `FORMS`, the tolerance of a row's sum, the `grid_shift` of k classes, and an array (rows,) for the
    scores. They return whether every row is surely a distribution.

    Examples
    --------
    >>> cells, scores, form = np.array([1.0, 0.0, 0.0, 1.0]), np.empty(1), FORMS[np.dtype(np.float64)]
    >>> score = scores_for(cells.dtype)
    >>> score(cells, cells.view(np.int64), 1, 2, 0, 1, CONSENSUS_ENTROPY, form, 1e-3, 1.5, scores)
    True
    >>> scores.round(4).tolist()
    [0.6931]
    """
    form = FORMS[dtype]
    number, whole = from_dtype(dtype), from_dtype(np.dtype(type(form.shift)))
    cells, bits = (types.Array(each, 1, "C", readonly=True) for each in (number, whole))
    precision = typeof(form)  # type: ignore[no-untyped-call]
    signature = types.boolean(cells, bits, *[types.int64] * 5, precision, number, types.float64, types.float64[::1])
    return compiled(_scored, signature)


def _logarithms(bits: Any, form: Form, near: Any, powers: Any, logs: Any) -> None:
    """Write the logarithms of numbers from 0 to 1, given by their bits, for all of them at once: there is no branch.

    A number is 2^e m, m from √½ to √2, and ln m = 2 artanh s = 2 (s + s³/3 + s⁵/5 + ...), s = (m - 1)/(m + 1). Within
    2 units in the last place; for 0, minus zero and subnormals some finite number, which times them is 0 or nearly.
    """
    number, near_bits = near.dtype.type, near.view(bits.dtype)
    for i in range(bits.size):
        power = (bits[i] - form.root_half) >> form.shift
        powers[i] = power
        near_bits[i] = bits[i] - (power << form.shift)
    one, first = number(1), form.series[0]
    for i in range(bits.size):
        # Unlike the operator, np.divide raises nothing if the divisor is 0: so the loop becomes vector instructions.
        s = np.divide(near[i] - one, near[i] + one)
        square = s * s
        rest = first
        for term in form.series[1:]:
            rest = rest * square + term
        logs[i] = (s + s) + s * square * rest + number(powers[i]) * form.ln2


logarithms = compiled(_logarithms)


def _add_up(block: Any, sums: Any) -> None:
    """Sum each row, two columns at a time, each loop across the rows: the compiler makes vector instructions of it."""
    rows, k = block.shape
    zero = sums.dtype.type(0)
    for r in range(rows):
        sums[r] = block[r, 0] if k % 2 else zero
    for j in range(k % 2, k, 2):
        for r in range(rows):
            sums[r] += block[r, j] + block[r, j + 1]


add_up = compiled(_add_up)


def _are_distributions(block: Any, bits: Any, sums: Any, tolerance: Any) -> bool:
    """Return whether rows are surely distributions; a NaN or an infinity makes its row's sum one."""
    add_up(block, sums)
    right, one = 0, block.dtype.type(1)
    for r in range(len(block)):
        right += abs(sums[r] - one) <= tolerance
    signs = bits[0]
    for i in range(bits.size):
        signs |= bits[i]
    return right == len(block) and signs >= 0


are_distributions = compiled(_are_distributions)


def _vote(block: Any, shares: Any) -> None:
    """Add a member's votes: one for its most probable class, parts of one for several that are equally probable."""
    rows, k = block.shape
    one = block.dtype.type(1)
    for r in range(rows):
        best, which = block[r, 0], 0
        for j in range(1, k):
            if block[r, j] > best:
                best, which = block[r, j], j
        among = 0
        for j in range(k):
            among += block[r, j] == best
        if among == 1:
            shares[r * k + which] += one
        else:
            for j in range(k):
                if block[r, j] == best:
                    shares[r * k + j] += np.divide(one, block.dtype.type(among))


vote = compiled(_vote)


def _highest(block: Any, best: Any) -> None:
    rows, k = block.shape
    for r in range(rows):
        best[r] = block[r, 0]
    for j in range(1, k):
        for r in range(rows):
            best[r] = block[r, j] if block[r, j] > best[r] else best[r]


highest = compiled(_highest)


def _add_member(cells: Any, bits: Any, k: int, kind: int, form: Form, room: Any, together: Any, own: Any) -> None:
    """Add what a member says to what all say, and its p ln p to its own."""
    if kind in (VOTE_ENTROPY, VARIATION_RATIO):
        vote(cells.reshape(-1, k), together)
        return
    for i in range(cells.size):
        together[i] += cells[i]
    if kind == MUTUAL_INFORMATION:
        logarithms(bits, form, *room)
        for i in range(cells.size):
            own[i] += cells[i] * room[2][i]


add_member = compiled(_add_member)


def _finish(
    members: Any,
    k: int,
    kind: int,
    form: Form,
    shift: float,
    room: Any,
    together: Any,
    own: Any,
    terms: Any,
    scores: Any,
) -> None:
    """Turn what was added up into the rows' scores, by sums in double precision that are those of `exact_sums`."""
    for i in range(together.size):
        together[i] = np.divide(together[i], members)
    if kind == VARIATION_RATIO:
        highest(together.reshape(-1, k), scores)
        for r in range(scores.size):
            scores[r] = 1.0 - scores[r]
        return
    logarithms(together.view(room[1].dtype), form, *room)
    if kind == MUTUAL_INFORMATION:
        for i in range(together.size):
            terms[i] = (np.float64(np.divide(own[i], members) - together[i] * room[2][i]) + shift) - shift
    else:
        for i in range(together.size):
            terms[i] = (np.float64(-together[i] * room[2][i]) + shift) - shift
    add_up(terms.reshape(-1, k), scores)
    for r in range(scores.size):
        # Rounding can bring a score of 0 a little below it.
        scores[r] = scores[r] if scores[r] > 0 else 0.0


finish = compiled(_finish)


def _scored(
    cells: Any,
    bits: Any,
    rows: int,
    k: int,
    start: int,
    stop: int,
    kind: int,
    form: Form,
    tolerance: Any,
    shift: float,
    scores: Any,
) -> bool:
    """Score the rows `start` to `stop` of (c, rows, k) cells; return whether all of them are surely distributions."""
    tile, members, sound = max(16, _CELLS // k), cells.size // (rows * k), True
    zero, count = cells.dtype.type(0), cells.dtype.type(members)
    sums, wide = np.empty(tile, cells.dtype), tile * k
    room = np.empty(wide, cells.dtype), np.empty(wide, bits.dtype), np.empty(wide, cells.dtype)
    whole, whole_own, terms = np.empty(wide, cells.dtype), np.empty(wide, cells.dtype), np.empty(wide)
    for at in range(start, stop, tile):
        b = min(tile, stop - at)
        together, own = whole[: b * k], whole_own[: b * k]
        together[:], own[:] = zero, zero
        for member in range(members):
            here = (member * rows + at) * k
            flat, its_bits = cells[here : here + b * k], bits[here : here + b * k]
            sound = are_distributions(flat.reshape(b, k), its_bits, sums, tolerance) and sound
            add_member(flat, its_bits, k, kind, form, room, together, own)
        finish(count, k, kind, form, shift, room, together, own, terms[: b * k], scores[at : at + b])
    return sound
