"""Items and chances in; where they are in a pool, how many items they stand for, and by how much that may be off."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al import arguments
from a2i_al.errors import InvalidInput

Floats = npt.NDArray[np.float64]

# Draws in which all have the same chance.
UNIFORM = frozenset({"audit", "random"})

# And those that take a number that is fixed before.
_FIXED_SIZE = UNIFORM | {"importance", "stratified"}
# A draw that decides on each item by itself.
_BY_ITSELF = {"router"}
# Numbers that are nearer than this are the same whole number.
SAME = 0.5
# Fewer draws than this do not tell how far chances differ.
_ENOUGH = 20
# So many standard errors between the pool's size and what the draws say of it are no accident.
_NO_ACCIDENT = 6.0


def places(pool: pd.DataFrame, ids: pd.Index) -> npt.NDArray[np.intp]:
    """Return the rows of items in a pool that is indexed by their ids.

    Raises
    ------
    InvalidInput
        If one is not in it.
    """
    at = pool.index.get_indexer(ids)
    if (at < 0).any():
        raise InvalidInput(
            f"{int((at < 0).sum())} of {len(at)} picks are not in the predictions, such as {ids[at < 0][0]!r}",
            expected="predictions of the whole pool that was sampled, one row per item",
        )
    return np.asarray(at, dtype=np.intp)


def equal(chances: Floats) -> bool:
    """Return whether all chances are the same, up to rounding.

    Examples
    --------
    >>> equal(np.array([0.1, 0.1])), equal(np.array([0.1, 0.2]))
    (True, False)
    """
    return bool(np.ptp(chances) <= 1e-9 * chances.max())


def stand_for(chances: Floats) -> float:
    """Return how many items the drawn ones stand for: the sum of 1/π.

    Examples
    --------
    >>> stand_for(np.array([0.5, 0.1]))
    12.0
    """
    return float((1 / chances).sum())


def tolerance(chances: Floats, strategies: set[str]) -> float:
    """Return by how much that may be off: for a uniform draw not at all, otherwise by what is no accident.

    Parameters
    ----------
    chances : ndarray of shape (n,), float64
    strategies : set of str
        What drew. The draws of `sample` take as many as they are asked for. A router decides on each item by itself,
        and their number is chance; so it may be for others, if chances differ.

    Examples
    --------
    >>> tolerance(np.array([0.1, 0.1]), {"audit"}), round(tolerance(np.array([0.5, 0.1]), {"a router"}), 1)
    (0.5, 58.5)
    """
    if equal(chances) and strategies != _BY_ITSELF:
        return SAME
    if strategies <= _FIXED_SIZE and len(chances) >= _ENOUGH:
        return _NO_ACCIDENT * float(np.sqrt(len(chances)) * (1 / chances).std()) + 1
    return _NO_ACCIDENT * float(np.sqrt(((1 - chances) / chances**2).sum())) + 1


def candidates(picks: pd.DataFrame) -> int | None:
    """Return how many items had a chance to be among the picks of a round, where these say so, as a router's do.

    Parameters
    ----------
    picks : DataFrame
        Of one round. The extra column `n_candidates` is the same in all rows, if there is one.

    Returns
    -------
    int or None
        None where they say nothing, or were put together from several tables, each of which begins with rank 1.

    Examples
    --------
    >>> candidates(pd.DataFrame({"rank": [1, 2], "n_candidates": 90})), candidates(pd.DataFrame({"item_id": ["7"]}))
    (90, None)
    """
    if "n_candidates" not in picks.columns or picks["rank"].duplicated().any():
        return None
    told = arguments.floats("picks.n_candidates", picks["n_candidates"].dropna().unique())
    return int(told[0]) if len(told) == 1 else None


def check_candidates(told: int | None, *sizes: int) -> None:
    """Check that a number of candidates is one of those that it may be.

    Raises
    ------
    InvalidInput
        If some of the predictions never had a chance, or some that had one are missing.

    Examples
    --------
    >>> check_candidates(90, 100, 90)
    """
    if told is None or told in sizes:
        return
    raise InvalidInput(
        f"the picks say that {told:,} items had a chance of a review, and the predictions are of {sizes[0]:,}",
        expected="predictions of all that had a chance, and of nothing else: nothing is known of the rest",
        fix="ids = decisions.loc[decisions['inclusion_probability'] > 0, 'item_id']; "
        "predictions[predictions['item_id'].isin(ids)], and picks of all of these decisions together",
    )


def check_one_draw(picks: pd.DataFrame) -> None:
    """Check that the draws of a round can be one draw.

    Parameters
    ----------
    picks : DataFrame
        What was drawn in a round: `strategy`, `inclusion_probability`, `round`.

    Raises
    ------
    InvalidInput
        If uniform draws have several chances: then they are draws from several pools, or of several rounds.
    """
    chances = picks["inclusion_probability"].to_numpy(dtype=np.float64)
    if len(chances) and set(picks["strategy"].dropna()) and set(picks["strategy"].dropna()) <= UNIFORM:
        if equal(chances):
            return
        raise InvalidInput(
            f"the uniform draws of round {picks['round'].iloc[0]} have chances from {chances.min():.4g} to "
            f"{chances.max():.4g}: that is more than one draw",
            expected="one chance for all, or a column `round` that tells the draws apart",
            fix="al.sample(..., round=1) for the second; or picks.assign(round=...)",
        )
