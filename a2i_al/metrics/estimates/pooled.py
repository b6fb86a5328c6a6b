"""Draws of several rounds, each from what the rounds before had left, in; one plan that uses all of them out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al.errors import InvalidInput
from a2i_al.metrics.estimates.generalised import Drawn
from a2i_al.metrics.estimates.plan import Parted, Plan
from a2i_al.metrics.estimates.sizes import SAME, candidates, places, stand_for, tolerance
from a2i_al.metrics.weights import checked_chances

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Pooled(Plan):
    """Rounds of draws from one pool, put together.

    Attributes
    ----------
    stands_for : ndarray of shape (N,), float64
        How many items of the pool each labelled item stands for; 0 where it is not used.
    by_chance : ndarray of shape (N,), float64
        What of its variance is left by chance, relative to the square of that: 0 for what was bound to be reviewed.
    """

    stands_for: Floats
    by_chance: Floats

    def serves(self, part: Flags) -> bool:
        """Return whether a draw fell into a part of the pool, or all of it is known."""
        rows = part & self.used
        return bool((self.by_chance[rows] > 0).any()) or bool(part.any() and (self.stands_for[part] == 1).all())

    def parted(self, part: Flags, values: Floats, proxy: Floats | None) -> Parted:
        """Tell what is known of a part of the pool; what only later rounds count as known is so by their share."""
        rows = np.flatnonzero(part & self.used)
        random = self.by_chance[rows] > 0
        known, drawn = rows[~random], rows[random]
        share = self.stands_for[known]
        total, left_over = float(share @ values[known]), float(part.sum()) - float(share.sum())
        if not len(drawn):
            return Parted(total, left_over, None)
        weights = len(drawn) * self.stands_for[drawn] / left_over
        if not part.all():
            weights /= weights.mean()
        mean = 0.0 if proxy is None else (float(proxy[part].sum()) - float(share @ proxy[known])) / left_over
        seen = None if proxy is None else proxy[drawn]
        return Parted(total, left_over, Drawn(values[drawn], weights, self.by_chance[drawn], seen, mean))


@dataclass(frozen=True)
class _Round:
    """A draw: rows that have a label, their chances, and how many items these stand for; all that is known by then."""

    rows: npt.NDArray[np.intp]
    chances: Floats
    size: int
    known: Flags


def pooled(pool: pd.DataFrame, labelled: Flags, picks: pd.DataFrame) -> Pooled:
    """Put the draws of all rounds together.

    Parameters
    ----------
    pool : DataFrame
        Predictions, one row per item of the pool, indexed by `item_id`.
    labelled : ndarray of shape (N,), bool
        Which of the items have a label.
    picks : DataFrame
        Checked, of all rounds: whatever was asked about in a round was no candidate of later ones.

    Returns
    -------
    Pooled

    Raises
    ------
    InvalidInput
        If a round's draws do not fit to the number of items that the rounds before had left.

    Notes
    -----
    When round r draws, what was labelled before is known, and its n_r draws stand for the other N_r items: the known
    sum and Horvitz and Thompson's for the others is an estimate of the pool without bias, whatever the strategies and
    models of all rounds learnt from labels before. The differences of these estimates from the truth are therefore
    uncorrelated, and so their mean with weights that do not depend on this round's labels has no bias, and a variance
    that is the weighted sum of the rounds'. The weights here are n_r/(N_r (N_r − n_r)), in proportion to what a uniform
    draw of the size tells. With one draw a round that is the levelled estimator of active testing (`lure_weights`), and
    uniform draws alone from ever fewer items are one uniform draw again, to the last digit. Put by items: a draw of
    round r stands for ω_r/π items and, as it is known later, for the sum of later rounds' ω; a strategy's choice for
    the latter alone. The values must not depend on the draws: what a model has learnt from them it knows by heart.

    References
    ----------
    S. Farquhar, Y. Gal and T. Rainforth, ICLR 2021; J. Kossen, S. Farquhar, Y. Gal and T. Rainforth, "Active testing:
    sample-efficient model evaluation", ICML 2021.
    """
    drawn = _rounds(pool, labelled, picks)
    information = np.array([len(each.rows) / each.size / max(each.size - len(each.rows), 1e-9) for each in drawn])
    share = information / information.sum()
    stands_for, by_chance = np.zeros(len(pool)), np.zeros(len(pool))
    for each, weight in zip(drawn, share, strict=True):
        stands_for[each.known] += weight
        stands_for[each.rows] += weight / each.chances
        by_chance[each.rows] = (1 - each.chances) * (weight / each.chances) ** 2
    squares = stands_for**2
    by_chance = np.divide(by_chance, squares, out=np.zeros(len(pool)), where=squares > 0)
    used, chances = stands_for > 0, np.where(stands_for > 0, 1 / np.maximum(stands_for, 1e-300), np.nan)
    how = f"draw in {len(drawn)} rounds"
    return Pooled(np.zeros(len(pool), dtype=np.intp), used, chances, how, stands_for, by_chance)


def _rounds(pool: pd.DataFrame, labelled: Flags, picks: pd.DataFrame) -> list[_Round]:
    """Return the rounds that drew and have an answer, in their order."""
    at = places(pool, pd.Index(picks["item_id"]))
    asked_in = np.full(len(pool), np.inf)
    asked_in[at] = picks["round"].to_numpy(dtype=np.float64)
    chance = np.full(len(pool), np.nan)
    chance[at] = picks["inclusion_probability"].to_numpy(dtype=np.float64)
    names = np.full(len(pool), "", dtype=object)
    names[at] = picks["strategy"].fillna("").to_numpy(dtype=object)
    numbers = sorted({float(number) for number in asked_in[~np.isnan(chance)]})
    had_chance = {number: candidates(picks[picks["round"] == number]) for number in numbers}
    otherwise = labelled & np.isinf(asked_in)
    # The very numbers first: where a draw's size may be chance, both ways to count are near enough.
    for exact, elsewhere in product((True, False), (otherwise, np.zeros(len(pool), dtype=np.bool_))):
        found = [
            _round(asked_in, chance, names, labelled, elsewhere, number, exact=exact, of=had_chance[number])
            for number in numbers
        ]
        if all(isinstance(each, _Round) for each in found):
            return [each for each in found if isinstance(each, _Round) and len(each.rows)]
    number, told, left = next(each for each in found if not isinstance(each, _Round))
    raise InvalidInput(
        f"the draws of round {number:.0f} stand for {told:,.0f} items, and the rounds before had left {left:,} of "
        f"{len(pool):,}",
        expected="the picks of all rounds, and predictions of every item that could be drawn in the first of them",
        fix="al.sample(..., round=r, exclude=earlier_picks) records what is needed; or take the last round alone, "
        "rounds='last'",
    )


def _round(  # noqa: PLR0917 - columns of one table
    asked_in: Floats,
    chance: Floats,
    names: npt.NDArray[np.object_],
    labelled: Flags,
    elsewhere: Flags,
    number: float,
    *,
    exact: bool,
    of: int | None,
) -> _Round | tuple[float, float, int]:
    """Return a round; or its number, what it stands for and what was left, where these do not agree."""
    before = (asked_in < number) | elsewhere
    rows = np.flatnonzero((asked_in == number) & ~np.isnan(chance))
    chances, left = checked_chances(chance[rows], len(rows)), int((~before).sum())
    told = stand_for(chances)
    off = SAME if exact else tolerance(chances, set(names[rows]))
    # What was asked before may have been decided on again.
    other = of is not None and of not in (left, left + int((asked_in < number).sum()))
    if other or abs(told - left) > off or left < len(rows):
        return number, told, left
    known = before & labelled
    size, answered = len(before) - int(known.sum()), rows[labelled[rows]]
    # What has no answer is taken to be like the others: fewer were drawn, and they stand for it, too.
    fewer = len(answered) / len(rows) * left / size
    scaled = np.where(chance[answered] < 1, np.minimum(chance[answered] * fewer, 1), 1.0)
    return _Round(answered, scaled, size, known)
