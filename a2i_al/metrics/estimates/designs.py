"""A pool, its picks and which have labels in; the ways to estimate the pool out, best first, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al.errors import InvalidInput, NotRandom
from a2i_al.metrics.estimates.plan import Plan
from a2i_al.metrics.estimates.pooled import pooled
from a2i_al.metrics.estimates.ranking import pool_scores, within_tolerance
from a2i_al.metrics.estimates.sizes import (
    SAME,
    UNIFORM,
    candidates,
    check_candidates,
    check_one_draw,
    equal,
    places,
    stand_for,
    tolerance,
)
from a2i_al.metrics.weights import checked_chances

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass
class Designs:
    """The plans for a pool, best first, and what should be said of them.

    Attributes
    ----------
    plans : list of Plan
        The first that serves a part of the pool is taken.
    notes : list of str
        For the reader.
    """

    plans: list[Plan] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def plan_for(self, part: Flags) -> Plan | None:
        """Return the best plan that has labels in every stratum of a part of the pool; None if no draw fell into it."""
        return next((plan for plan in self.plans if plan.serves(part)), None)


def designs(pool: pd.DataFrame, labelled: Flags, picks: pd.DataFrame, scores: npt.ArrayLike | None = None) -> Designs:
    """Work out what a table of picks allows to conclude about the pool.

    Parameters
    ----------
    pool : DataFrame
        Predictions, one row per item of the pool, indexed by `item_id`.
    labelled : ndarray of shape (N,), bool
        Which of the items have a label.
    picks : DataFrame
        Checked. Of several rounds, the last one that drew is taken for the sample; what earlier ones asked about was no
        candidate any more, and counts as known.
    scores : array-like of shape (N,), optional
        By which the strategy chose.

    Returns
    -------
    Designs

    Raises
    ------
    NotRandom
        If nothing was drawn at random.
    InvalidInput
        If the picks are not of this pool.

    Notes
    -----
    `sample` draws the audit slice A, a items of the N candidates, before the strategy takes the k best of the rest, T.
    A alone is a uniform draw. It is wrong to take T for a stratum of its own and A for a draw from what is left, N − k:
    A was drawn from all, T is what A left over. But given T, everything that scores above the lowest of T was reviewed,
    by T or by A, and was bound to be: it counts as itself. What A has below, c items, can be any c of the N − m items
    that score below, all sets alike: a uniform draw. Items that tie with the lowest of T are in T by a random key, so
    the reviewed ones among them are a uniform draw of those, too. Three strata, each with known counts, none with a
    bias (tests/metrics/estimates enumerates all samples of small pools). If all of A scores above the lowest of T,
    c = 0, nothing is known of what is below, and A alone has to do; with k = 40 and a = 10 of a thousand that is once
    in 10^13.
    """
    now, earlier = _last_draw(picks)
    drawn = now[now["inclusion_probability"].notna()].set_index("item_id")
    chosen = now[now["inclusion_probability"].isna()].set_index("item_id")
    checked_chances(drawn["inclusion_probability"], len(drawn))
    check_one_draw(drawn)
    at, at_chosen = places(pool, drawn.index), places(pool, chosen.index)
    picked = np.zeros(len(pool), dtype=np.bool_)
    picked[at] = picked[at_chosen] = True
    before = np.zeros(len(pool), dtype=np.bool_)
    at_before = pool.index.get_indexer(earlier["item_id"])  # those that left the pool since are no part of it
    before[at_before[at_before >= 0]] = True
    found = Designs()
    _say_what_is_missing(found, labelled[at], "drawn")
    chances = np.full(len(pool), np.nan)
    chances[at] = drawn["inclusion_probability"].to_numpy()
    strategies = set(drawn["strategy"])
    check_candidates(candidates(drawn), len(pool), len(pool) - int(before.sum()))
    if not equal(chances[at]):
        _say_what_is_missing(found, labelled[before], "earlier")
        found.plans += _of_unequal_chances(pool, labelled, chances, before, strategies)
        found.notes += [_not_used(chosen)] if len(chosen) else []
        return found
    known = _not_candidates(len(pool), chances[at], strategies, before, before | (labelled & ~picked))
    _say_what_is_missing(found, labelled[known], "earlier")
    # Where nothing is known of them yet, the draws stand for them, too.
    known = known & labelled.any(where=known)
    uniform = Plan(known.astype(np.intp), labelled & (known | ~np.isnan(chances)), None, "uniform draw")
    if len(chosen):
        given = pool_scores(pool, chosen, scores)
        better = certain_part(given, at_chosen, ~known, picked, labelled)
        if better is None:
            found.notes.append(_not_used(chosen))
        else:
            _say_what_is_missing(found, labelled[at_chosen], "chosen")
            found.plans.append(better)
    found.plans.append(uniform)
    return found


def all_rounds(
    pool: pd.DataFrame, labelled: Flags, picks: pd.DataFrame, scores: npt.ArrayLike | None = None
) -> Designs:
    """Work out what the draws of all rounds allow to conclude about the pool together.

    Parameters, errors and result are those of `designs`; `a2i_al.metrics.estimates.pooled` tells how.
    """
    last, earlier = _last_draw(picks)
    drawn = picks[picks["inclusion_probability"].notna()]
    if len(set(drawn["round"])) == 1:
        return designs(pool, labelled, picks, scores)
    for number, one in drawn.groupby("round"):
        check_one_draw(one)
        check_candidates(candidates(one), len(pool), len(pool) - int((picks["round"] < number).sum()))
    found = Designs([pooled(pool, labelled, picks)])
    chosen = last[last["inclusion_probability"].isna()]
    for some, how in ((drawn, "drawn"), (earlier[earlier["inclusion_probability"].isna()], "chosen")):
        _say_what_is_missing(found, labelled[places(pool, pd.Index(some["item_id"]))], how)
    if len(chosen):
        found.notes.append(f"The {len(chosen)} items that a strategy chose in the last round are not used.")
    return found


def _last_draw(picks: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    rounds = picks.loc[picks["inclusion_probability"].notna(), "round"]
    if rounds.empty:
        names = ", ".join(map(repr, picks["strategy"].dropna().unique()[:3])) or "a strategy"
        raise NotRandom(
            f"all {len(picks)} picks were chosen by {names}, none was drawn at random"
            if len(picks)
            else "there are no picks",
            expected="picks with an inclusion_probability: what was chosen as difficult says nothing of the rest",
            fix="sample with audit_fraction=0.2, or with strategy='importance' and scores=estimation_scores(...)",
        )
    last = rounds.max()
    return picks[picks["round"] == last], picks[picks["round"] < last]


def _not_candidates(size: int, chances: Floats, strategies: set[str], before: Flags, known: Flags) -> Flags:
    """Return which items were no candidates of a uniform draw: of the ways to count, the one that gives its number."""
    drawn_from = stand_for(chances)
    ways = before, known, np.zeros(size, dtype=np.bool_)
    # The very number first: where the draw's size may be chance, several ways are near enough.
    for off in (SAME, tolerance(chances, strategies)):
        for left_out in ways:
            if abs(size - left_out.sum() - drawn_from) < off:
                return left_out
    if chances[0] == 1 and not strategies <= UNIFORM:
        raise NotRandom(
            f"all {len(chances)} draws were certain, of {size:,} items: none of the others was drawn at random",
            expected="picks of which some had a chance below 1",
            fix="a larger sample: a rule such as Percentage(5), of all decisions",
        )
    raise InvalidInput(
        f"the draw was from {drawn_from:,.0f} candidates, and the predictions are of {size:,} items, "
        f"{int(known.sum()):,} of which were known before",
        expected="predictions of the whole pool, one row per item that could be drawn or was known already",
        fix="give all candidates' predictions, and the picks of earlier rounds if their items were excluded",
    )


def _of_unequal_chances(
    pool: pd.DataFrame, labelled: Flags, chances: Floats, before: Flags, strategies: set[str]
) -> list[Plan]:
    used = labelled & (before | ~np.isnan(chances))
    drawn = ~np.isnan(chances)
    stands_for, size = stand_for(chances[drawn]), len(pool) - int(before.sum())
    if abs(stands_for - size) > tolerance(chances[drawn], strategies) or size <= drawn.sum():
        raise InvalidInput(
            f"{int(drawn.sum())} draws stand for about {stands_for:,.0f} items, and the predictions are of {size:,}",
            expected="predictions of the whole pool, one row per item that could be drawn",
        )
    plans = []
    if strategies == {"stratified"}:
        # The draw's strata are the predicted classes, unless it was given groups: then a class has several chances.
        stratum = pd.factorize(pool["predicted_label"])[0]
        spread = pd.Series(chances[drawn]).groupby(stratum[drawn]).agg(np.ptp)
        if not (spread > 1e-9).any():  # noqa: PLR2004 - equal, up to rounding
            stratum = np.where(before, stratum.max() + 1, stratum).astype(np.intp)
            plans.append(Plan(stratum, used, None, "stratified draw"))
    answered = float(labelled[drawn].mean())
    whole = np.where(before, 1.0, np.minimum(chances, 1.0) * answered)
    # A known item without a label is like the others: it is among those that were not drawn.
    return [*plans, Plan(np.zeros(len(pool), dtype=np.intp), used, whole, "draw with unequal chances")]


def certain_part(
    given: Floats | None, at_chosen: npt.NDArray[np.intp], candidate: Flags, picked: Flags, labelled: Flags
) -> Plan | None:
    """Return the plan in which what scores above the lowest of the chosen is certain; None if they are no such top."""
    if given is None:
        return None
    lowest = float(given[at_chosen].min())
    apart = within_tolerance(lowest)
    above, ties = given > lowest + apart, np.abs(given - lowest) <= apart
    if (above & candidate & ~picked).any():
        return None
    stratum = np.where(candidate, np.where(above, 2, np.where(ties, 3, 0)), 1).astype(np.intp)
    used = labelled & (picked | ~candidate)
    return Plan(stratum, used, None, "audit slice, and all that scores above the lowest of the chosen")


def _not_used(chosen: pd.DataFrame) -> str:
    names = ", ".join(map(repr, chosen["strategy"].dropna().unique()))
    return (
        f"The {len(chosen)} items chosen by {names} are not used: the draws alone speak for the pool. If these are the "
        "items that score highest, give scores=, those of the whole pool."
    )


def _say_what_is_missing(found: Designs, labelled: Flags, how: str) -> None:
    missing = int((~labelled).sum())
    if missing:
        found.notes.append(f"{missing} of {len(labelled)} {how} items have no label; taken to be like the others.")
