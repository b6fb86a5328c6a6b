"""Ratings in, coefficients of agreement in every bootstrap replicate out, in time that does not grow with the items.

Items that were rated alike are interchangeable: three people and five classes make 35 kinds of items, however many
items there are. A replicate is how often each kind was drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from a2i_al.metrics.agreement.ratings import Codes, Floats, Ratings
from a2i_al.metrics.bootstrap import bootstrap_sums

# Ratings → coefficient, each item counted so many times.
Coefficient = Callable[[Ratings, Floats | None], float]

_CELLS = 1 << 22  # counts in memory at once: 32 MB
_PADDED = 8  # a table of items × raters is made while it is not much larger than the ratings


def replicates(
    rated: Ratings,
    coefficients: Sequence[Coefficient],
    n_resamples: int,
    random_state: int | np.random.Generator | None,
    *,
    ordered: bool = False,
) -> Floats:
    """Draw the items anew, with replacement, and work every coefficient out each time.

    Parameters
    ----------
    rated : Ratings
        Of at least one item.
    coefficients : sequence of callable
        Ratings and how often each item counts → value.
    n_resamples : int
        How many times.
    random_state : int, Generator or None
        The same seed gives the same replicates, whatever the order of the answers.
    ordered : bool, default False
        Whether it matters who gave which rating, as for two raters' kappa.

    Returns
    -------
    array of float, shape (n_resamples, n_coefficients)

    Examples
    --------
    >>> from a2i_al.metrics.agreement.alpha import alpha
    >>> from a2i_al.metrics.agreement.ratings import ratings
    >>> replicates(ratings(["aab", "aab"]), [lambda rated, often: alpha(rated, "nominal", often)], 4, 1).shape
    (4, 1)
    """
    kinds, kind = distinct(rated, ordered=ordered)
    rng = np.random.default_rng(random_state)
    block = max(1, _CELLS // kinds.n_items)
    found = np.empty((n_resamples, len(coefficients)))
    for first in range(0, n_resamples, block):
        size = min(block, n_resamples - first)
        drawn = bootstrap_sums(kind, n_cells=kinds.n_items, n_resamples=size, random_state=rng)
        for row, often in enumerate(drawn, start=first):
            found[row] = [coefficient(kinds, often) for coefficient in coefficients]
    return found


def distinct(rated: Ratings, *, ordered: bool = False) -> tuple[Ratings, Codes]:
    """Return one item for all that were rated alike, and the number of the one that stands for each item.

    Examples
    --------
    >>> from a2i_al.metrics.agreement.ratings import ratings
    >>> kinds, kind = distinct(ratings(["aaab", "abba"]))
    >>> kinds.n_items, kind.tolist()
    (2, [0, 1, 1, 1])
    """
    widest = int(rated.raters_per_item.max(initial=0))
    if rated.n_items * widest > _PADDED * len(rated.items):
        return rated, np.arange(rated.n_items)
    order = np.lexsort((rated.raters if ordered else rated.classes, rated.items))
    items, classes = rated.items[order], rated.classes[order]
    starts = np.cumsum(rated.raters_per_item) - rated.raters_per_item
    table = np.full((rated.n_items, widest), -1, dtype=np.intp)
    table[items, np.arange(len(items)) - starts[items].astype(np.intp)] = classes
    rows, kind = np.unique(table, axis=0, return_inverse=True)
    item, rater = np.nonzero(rows >= 0)
    return Ratings(item, rater, rows[item, rater], rated.categories, rated.workers, len(rows)), kind.ravel()
