"""Ratings in, Krippendorff's alpha out, at four levels of measurement, in time that grows with the ratings alone."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.metrics.agreement.ratings import Floats, Ratings, ratings

LEVELS: Final = ("nominal", "ordinal", "interval", "ratio")
_CHUNK = 1 << 22  # distances between categories that are in memory at once: 32 MB


def krippendorff_alpha(
    data: Any, field: str | None = None, *, level: str = "nominal", categories: Iterable[Any] | None = None
) -> float:
    """Measure how far any number of raters agree beyond chance, where not everybody has rated everything.

    It lives in `a2i_al.metrics.agreement.alpha`, and is exported by `a2i_al.metrics`.

    Parameters
    ----------
    data : DataFrame or array
        The answers table, together with `field`; or, without, a reliability matrix as the package ``krippendorff`` has
        it: a row per rater, a column per item, NaN or None where a rater has not seen the item.
    field : str, optional
        Name of the form element. A worker's several answers to an item count once, as the latest submitted; empty
        answers do not count.
    level : {"nominal", "ordinal", "interval", "ratio"}
        How far apart two ratings are: equal or not; by the ratings that lie between them; by their difference; by
        their difference relative to their sum. Other than nominal, ratings are numbers.
    categories : iterable, optional
        For ordinal ratings that are no numbers: all of them, in ascending order.

    Returns
    -------
    float
        1 for full agreement, 0 for what chance gives, negative below that. NaN where it is not defined: where no item
        has two ratings, and where all ratings are the same.

    Raises
    ------
    InvalidTable, InvalidInput
        If `data` is neither form, no answer has that field, the level is unknown, or ratings are not what it needs.

    References
    ----------
    K. Krippendorff, "Computing Krippendorff's alpha-reliability", University of Pennsylvania, 2011.

    Examples
    --------
    >>> round(krippendorff_alpha([[1, 2, 3, 3], [1, 2, 3, 4], [None, 2, None, 3]], level="interval"), 3)
    0.893
    """
    arguments.one_of("level", level, LEVELS)
    if categories is not None and level in ("interval", "ratio"):
        raise InvalidInput(f"categories= have no distance for level={level!r}", expected="numbers as ratings")
    return alpha(ratings(data, field, categories, numeric=level != "nominal"), level)


def alpha(rated: Ratings, level: str = "nominal", weights: Floats | None = None) -> float:
    """Return alpha of ratings whose items count `weights` times; see `krippendorff_alpha`."""
    raters = rated.raters_per_item
    # How often each item counts: a single rating can be paired with none.
    often = (raters >= 2) * (1.0 if weights is None else weights)  # noqa: PLR2004
    marginals = rated.summed(often)
    total = float(marginals.sum())
    if np.count_nonzero(marginals) < 2:  # noqa: PLR2004 - nobody ever chose differently
        return math.nan
    share = often / np.maximum(raters - 1, 1)
    if level == "nominal":
        observed, expected = float((share * (raters**2 - rated.squares)).sum()), total**2 - float(marginals @ marginals)
    elif level == "ratio":
        values = _values(rated)
        observed, expected = _ratio_within(rated, values, share), _ratio_between(marginals, values)
    else:
        # Ordinal distances are squares too: between the middles of the ranks that each category takes up.
        at = np.cumsum(marginals) - marginals / 2 if level == "ordinal" else _values(rated)
        at = at - marginals @ at / total
        observed, expected = _squares_within(rated, at, share), 2 * total * float(marginals @ at**2)
    return 1 - (total - 1) * observed / expected


def _values(rated: Ratings) -> Floats:
    return np.asarray(rated.categories, dtype=np.float64)


def _squares_within(rated: Ratings, at: Floats, share: Floats) -> float:
    """Sum the squared distances within items from moments: no pair is ever formed."""
    place = at[rated.classes]
    first, second = (np.bincount(rated.items, place**power) for power in (1, 2))
    return float(2 * (share * (rated.raters_per_item * second - first**2)).sum())


def _ratio(a: Floats, b: Floats) -> Floats:
    total = a + b
    return np.divide(a - b, total, out=np.zeros(np.broadcast(a, b).shape), where=total != 0) ** 2


def _ratio_within(rated: Ratings, values: Floats, share: Floats) -> float:
    """Sum over pairs of different values of one item; cells are sorted by item, so partners are neighbours."""
    item, code, n = rated.cells
    values = values[code]
    observed, lag = 0.0, 1
    while True:
        same = np.flatnonzero(item[lag:] == item[: len(item) - lag])
        if not len(same):
            return observed
        there = same + lag
        pairs = 2 * share[item[same]] * n[same] * n[there]
        observed += float((pairs * _ratio(values[same], values[there])).sum())
        lag += 1


def _ratio_between(marginals: Floats, values: Floats) -> float:
    if values[0] < 0:
        raise InvalidInput(f"a rating is {values[0]}", expected="numbers from 0, for level='ratio'")
    rows = max(1, _CHUNK // len(values))
    blocks = range(0, len(values), rows)
    return float(
        sum(marginals[i : i + rows] @ (_ratio(values[i : i + rows, None], values[None]) @ marginals) for i in blocks)
    )
