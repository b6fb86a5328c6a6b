"""Terms of a sum in, the same on a grid out: there they add up without rounding, so that no order of them shows.

Rounding gives votes of 2, 2 and 1 another entropy than votes of 1, 2 and 2. Scores that differ in their last digit are
no ties: which item of the pool is asked for would then go by the names of its classes, not by chance.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from a2i_al.compute.threads import row_blocks

# A product is numpy's fastest short sum, as long as it is too small for BLAS to start threads, which cost more.
_BLOCK_VALUES = 2**16


def grid_shift(classes: int) -> float:
    """Return the number that, added to a term of a row's entropy and subtracted again, puts it on the grid.

    Of a float64 it cuts off what a sum of up to ln k, for k classes, has no digits for: so the sum of what is left is
    exact, and no further from the sum of the terms than k roundings, as any sum one after the other is.

    Parameters
    ----------
    classes : int
        The number k of terms in a row, -p ln p for probabilities p that sum to 1 within 0.001.

    Returns
    -------
    float

    Examples
    --------
    >>> grid_shift(2), grid_shift(10)
    (1.5, 3.0)
    """
    # The sum is below 2^e, whose half is the lowest number with a last digit of 2^(e-53), like the shift's own.
    return 0.75 * 2.0 ** max(1, math.ceil(math.log2(1.01 * math.log(classes))))


def exact_sums(terms: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the sum of each row, the same for any order of its terms.

    Parameters
    ----------
    terms : ndarray of shape (m, k), float64
        Of entropies, see `grid_shift`; overwritten.

    Returns
    -------
    ndarray of shape (m,), float64

    Examples
    --------
    >>> terms = [[p * math.log(p) for p in row] for row in ([0.4, 0.4, 0.2], [0.2, 0.4, 0.4])]
    >>> first, second = exact_sums(np.array(terms)).tolist()
    >>> first == second
    True
    """
    rows, classes = terms.shape
    shift, ones, sums = grid_shift(classes), np.ones(classes), np.empty(rows)
    for start, stop in row_blocks(rows, max(_BLOCK_VALUES // classes, 1)):
        block = terms[start:stop]
        block += shift
        block -= shift
        np.matmul(block, ones, out=sums[start:stop])
    return sums
