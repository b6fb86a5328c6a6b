"""A pool's predictions and the strategy that ranked it in, every item's score out, as far as it can be known."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al.errors import InvalidInput
from a2i_al.metrics.weights import numbers
from a2i_al.sampling.registry import AUTO, known_names, resolve

Floats = npt.NDArray[np.float64]

# Scores worked out again may differ in the last digits of a float32.
_TOLERANCE = 1e-5


def pool_scores(pool: pd.DataFrame, chosen: pd.DataFrame, scores: npt.ArrayLike | None = None) -> Floats | None:
    """Return the score of every item of the pool, by the strategy that chose some of them.

    Parameters
    ----------
    pool : DataFrame
        Predictions, one row per item, indexed by `item_id`.
    chosen : DataFrame
        The picks that a strategy chose, with their `score` and `strategy`, indexed by `item_id`.
    scores : array-like of shape (N,), optional
        The scores, if they are at hand.

    Returns
    -------
    ndarray of shape (N,), float64, or None
        None if they are not at hand, and no function of the columns `proba_<label>` or `confidence`; or are another
        model's.

    Examples
    --------
    >>> pool = pd.DataFrame({"proba_a": [0.9, 0.6], "proba_b": [0.1, 0.4]}, index=["i", "j"])
    >>> chosen = pd.DataFrame({"score": [0.8], "strategy": ["auto: margin"]}, index=["j"])
    >>> pool_scores(pool, chosen).round(3).tolist()
    [0.2, 0.8]
    """
    given = _worked_out(pool, chosen) if scores is None else numbers(scores, "scores", len(pool))
    if given is None or np.isnan(given).any():
        return None
    at = pool.index.get_indexer(chosen.index)
    told = chosen["score"].to_numpy(dtype=np.float64)
    same = np.isclose(given[at], told, rtol=_TOLERANCE, atol=_TOLERANCE) | np.isnan(told)
    if scores is not None and not same.all():
        raise InvalidInput(
            f"scores gives {chosen.index[int((~same).argmax())]!r} the score {given[at][~same][0]:g}, "
            f"the picks {told[~same][0]:g}",
            expected="the scores that the picks were chosen by, in the order of the predictions",
        )
    return given if same.all() else None


def within_tolerance(threshold: float) -> float:
    """Return how far scores may be apart and still be the same."""
    return _TOLERANCE * max(1.0, abs(threshold))


def _worked_out(pool: pd.DataFrame, chosen: pd.DataFrame) -> Floats | None:
    names = chosen["strategy"].dropna().unique()
    columns = [name for name in pool.columns if str(name).startswith("proba_")]
    if len(names) != 1:
        return None
    name = str(names[0]).removeprefix(f"{AUTO}: ")
    if name == "least_confidence" and not columns:
        return np.asarray(1 - pool["confidence"].to_numpy(dtype=np.float64))
    if not columns:
        return None
    if name == AUTO or name not in known_names():
        return None
    strategy = resolve(name)
    if strategy.kind != "score" or strategy.needs != ("proba",):
        return None
    proba: dict[str, Any] = {"proba": pool[columns].to_numpy(dtype=np.float64)}
    return np.asarray(strategy(proba), dtype=np.float64)
