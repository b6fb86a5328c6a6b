"""Predictions, labels, picks and what an error may be or cost in; from which confidence no review is needed out."""

from __future__ import annotations

import math
import warnings
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al import arguments
from a2i_al.errors import EstimateWarning, InvalidInput, NotRandom
from a2i_al.metrics.estimates.sizes import check_one_draw, equal
from a2i_al.metrics.joining import usable
from a2i_al.metrics.thresholds.certified import certified_threshold
from a2i_al.metrics.thresholds.choice import ThresholdChoice
from a2i_al.metrics.thresholds.costs import expected_costs, share_taken
from a2i_al.metrics.thresholds.risk_coverage import RiskCoverage, risk_coverage
from a2i_al.metrics.weights import checked_chances
from a2i_al.tables import LABELS, PICKS, PREDICTIONS

Floats = npt.NDArray[np.float64]

# More candidates than this say no more: neighbours differ by less than a thousandth of the pool.
_CANDIDATES = 1_000


def choose_threshold(
    predictions: pd.DataFrame,
    labels: pd.DataFrame,
    picks: pd.DataFrame | None = None,
    *,
    target_error: float | None = None,
    confidence: float = 0.95,
    review_cost: float | None = None,
    error_cost: float | None = None,
    items_per_day: float | None = None,
) -> ThresholdChoice:
    """Choose from which confidence on the model's answers are taken, and below which a person looks at them.

    Parameters
    ----------
    predictions : DataFrame
        The predictions table, of one model version, with `confidence`. Those of the whole pool tell how much of the
        stream a threshold takes.
    labels : DataFrame
        The labels table.
    picks : DataFrame, optional
        How the labelled items were chosen. Only what was drawn at random counts, in the last round that drew; what a
        strategy chose is left out. None: the labelled items are a uniform random sample, such as a test set.
    target_error : float, optional
        The most of the answers taken that may be wrong: 0.02 is one of fifty. Gives the lowest threshold that keeps it.
    confidence : float, default 0.95
        With `target_error`: in so many of all samples the promise holds, whatever their size and the model. Of draws
        with unequal chances it holds in simulation, by bets in place of counts: the proof asks for the least chance in
        the pool, and what is known is the least among the draws. Bets take more labels: about twice as many for
        `estimation_scores`, and hopelessly many for chances that differ twentyfold.
    review_cost, error_cost : float, optional
        Instead of a target, the prices of a review and of an error that nobody notices: gives the threshold that costs
        least, as the labels have it. That is an estimate, not a promise.
    items_per_day : float, optional
        Of the stream: tells how many reviews there will be per day.

    Returns
    -------
    ThresholdChoice

    Raises
    ------
    NotRandom
        If no labelled pick was drawn at random.
    InvalidInput
        Unless there is either a target or both prices; if confidences are missing, or nothing is labelled.

    Warns
    -----
    EstimateWarning
        If no threshold can be promised: too few labels, or too many errors. Everything is reviewed then.

    Examples
    --------
    >>> ids = [str(n) for n in range(200)]
    >>> predictions = pd.DataFrame({"item_id": ids, "predicted_label": "cat", "model_version": "v1",
    ...     "confidence": np.linspace(1, 0.5, 200)})
    >>> labels = pd.DataFrame({"item_id": ids, "label": ["cat"] * 100 + ["cat", "cat", "cat", "dog"] * 25})
    >>> choose_threshold(predictions, labels, target_error=0.1, items_per_day=1_000)
    ThresholdChoice(take confidence >= 0.6834: 63.5 % of the stream, 4.7 % of it wrong, at most 9.1 %; learn then test,
        200 labels)
    >>> round(choose_threshold(predictions, labels, review_cost=1, error_cost=10).threshold, 2)
    0.74
    """
    by_cost = review_cost is not None and error_cost is not None
    if (target_error is not None) == (review_cost is not None or error_cost is not None) or (
        target_error is None and not by_cost
    ):
        raise InvalidInput(
            "there is not one thing to choose by", expected="target_error=, or review_cost= and error_cost="
        )
    confidence = arguments.share("confidence", confidence)
    if items_per_day is not None:
        items_per_day = arguments.amount("items_per_day", items_per_day)
    pool, sample, weights = _sample(predictions, labels, picks)
    sure, wrong = sample["confidence"].to_numpy(dtype=np.float64), sample["wrong"].to_numpy(dtype=np.float64)
    curve = risk_coverage(sure, wrong, weights)
    choice = partial(_choice, items_per_day=items_per_day, pool=pool, curve=curve, n=len(sample))
    if target_error is None:
        costs = expected_costs(
            sure,
            wrong,
            review_cost=arguments.amount("review_cost", review_cost),
            error_cost=arguments.amount("error_cost", error_cost),
            weights=weights,
            pool_confidence=pool,
        )
        best = int(costs["cost"].to_numpy().argmin())
        row = costs.iloc[best]
        return choice(float(row["threshold"]), method="least expected cost", cost=float(row["cost"]), costs=costs)
    found = certified_threshold(
        sure, wrong, target_error=target_error, level=confidence, thresholds=_candidates(pool), weights=weights
    )
    if math.isinf(found.threshold):
        warnings.warn(
            f"no threshold is certain to keep an error of {target_error:g}, by n = {len(sample)}: review everything",
            EstimateWarning,
            stacklevel=2,
        )
    method = "learn then test" + ("" if weights is None else " by weighted bets")
    return choice(found.threshold, method=method, bound=found.bound, confidence=confidence)


def _choice(  # the arguments are the fields of the result
    threshold: float,
    *,
    method: str,
    pool: Floats,
    curve: RiskCoverage,
    n: int,
    items_per_day: float | None,
    bound: float = math.nan,
    confidence: float = math.nan,
    cost: float = math.nan,
    costs: pd.DataFrame | None = None,
) -> ThresholdChoice:
    taken = float(share_taken(pool, [threshold])[0])
    at = np.flatnonzero(curve.thresholds >= threshold)
    return ThresholdChoice(
        threshold=threshold,
        taken=taken,
        risk=float(curve.risk[at[-1]]) if len(at) else math.nan,
        bound=bound,
        confidence=confidence,
        cost=cost,
        reviews_per_day=math.nan if items_per_day is None else items_per_day * (1 - taken),
        n=n,
        method=method,
        curve=curve,
        costs=costs,
    )


def _candidates(pool: Floats) -> Floats:
    """Return confidences that occur in the pool, evenly by rank: they know nothing of the labels."""
    distinct = np.unique(pool)
    if len(distinct) <= _CANDIDATES:
        return distinct
    ranks = np.linspace(0, len(pool) - 1, _CANDIDATES).astype(np.intp)
    return np.unique(np.sort(pool)[ranks])


def _sample(
    predictions: pd.DataFrame, labels: pd.DataFrame, picks: pd.DataFrame | None
) -> tuple[Floats, pd.DataFrame, Floats | None]:
    """Return the pool's confidences, the labelled draws with `wrong`, and their weights where these differ."""
    pool, known = PREDICTIONS.check(predictions), LABELS.check(labels)
    versions = pool["model_version"].unique()
    if len(versions) > 1:
        raise InvalidInput(f"the predictions are of {len(versions)} model versions", expected="those of one")
    if pool["confidence"].isna().any():
        raise InvalidInput(
            f"{int(pool['confidence'].isna().sum())} of {len(pool)} predictions have no confidence",
            expected="one for each",
        )
    known = known.loc[usable(known), ["item_id", "label"]]
    sample = pool[["item_id", "predicted_label", "confidence"]].merge(known, on="item_id")
    weights = None
    if picks is not None:
        sample, weights = _drawn(sample, PICKS.check(picks))
    if sample.empty:
        raise InvalidInput(
            "no labelled item was drawn and has a prediction", expected="the same item ids in all tables"
        )
    sample = sample.assign(wrong=sample["predicted_label"] != sample["label"])
    return pool["confidence"].to_numpy(dtype=np.float64), sample, weights


def _drawn(sample: pd.DataFrame, picks: pd.DataFrame) -> tuple[pd.DataFrame, Floats | None]:
    drawn = picks[picks["inclusion_probability"].notna()]
    if drawn.empty:
        raise NotRandom(
            f"all {len(picks)} picks were chosen by a strategy, none was drawn at random",
            expected="picks with an inclusion_probability",
            fix="sample with audit_fraction=0.2, or give picks=None if the labelled items are a random sample",
        )
    # Later candidates lack what earlier rounds chose: draws of several rounds are no uniform draw of one stream.
    drawn = drawn[drawn["round"] == drawn["round"].max()]
    check_one_draw(drawn)
    both = sample.merge(drawn[["item_id", "inclusion_probability"]], on="item_id")
    chances = checked_chances(both["inclusion_probability"], len(both))
    return both, None if not len(chances) or equal(chances) else 1 / chances
