"""Predictions of a pool, labels of some of it and the picks in; how good the model is on all of it out."""

from __future__ import annotations

from typing import Literal, get_args, overload

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.metrics.estimates.designs import all_rounds, designs
from a2i_al.metrics.estimates.learnt import warn_of_learnt
from a2i_al.metrics.estimates.quantities import RATIOS, quantity
from a2i_al.metrics.estimates.question import Question, groups
from a2i_al.metrics.estimates.result import Estimate, Estimates
from a2i_al.metrics.joining import usable
from a2i_al.tables import LABELS, PICKS, PREDICTIONS

Rounds = Literal["last", "all"]


@overload
def estimate(
    predictions: pd.DataFrame,
    labels: pd.DataFrame,
    picks: pd.DataFrame,
    *,
    metric: str = ...,
    by: None = ...,
    confidence: float = ...,
    proxy: str | npt.ArrayLike | None = ...,
    scores: npt.ArrayLike | None = ...,
    exact: bool = ...,
    rounds: Rounds = ...,
) -> Estimate: ...


@overload
def estimate(
    predictions: pd.DataFrame,
    labels: pd.DataFrame,
    picks: pd.DataFrame,
    *,
    metric: str = ...,
    by: str,
    confidence: float = ...,
    proxy: str | npt.ArrayLike | None = ...,
    scores: npt.ArrayLike | None = ...,
    exact: bool = ...,
    rounds: Rounds = ...,
) -> Estimates: ...


def estimate(
    predictions: pd.DataFrame,
    labels: pd.DataFrame,
    picks: pd.DataFrame,
    *,
    metric: str = "error",
    by: str | None = None,
    confidence: float = 0.95,
    proxy: str | npt.ArrayLike | None = "auto",
    scores: npt.ArrayLike | None = None,
    exact: bool = False,
    rounds: Rounds = "last",
) -> Estimate | Estimates:
    """Say how good the model is on the whole pool, although only some items, and the difficult ones, were reviewed.

    Parameters
    ----------
    predictions : DataFrame
        The predictions table of the whole pool and one model version: one row per item that could be drawn, or was
        reviewed in an earlier round. Its `confidence` and columns ``proba_<label>`` make the interval narrower; they
        need not be right.
    labels : DataFrame
        The labels table. Only labels with status ``agreed``, or without a status, count.
    picks : DataFrame
        The picks table of `sample` or of a router: what was drawn at random, and with which chance. Of several rounds
        all picks. A column `n_candidates`, as a router's have it, is how many items had a chance: the predictions are
        to be of these.
    metric : str, default "error"
        ``"error"`` (the rate of disagreement), ``"accuracy"``, ``"macro_f1"``, ``"share of <label>"``; ``"recall"``,
        ``"precision"`` or ``"f1"``, then by class; or a column of numbers in `labels`, whose mean is estimated, as a
        share if all are 0 or 1.
    by : str, optional
        A column of the predictions: an estimate for each of its values, such as ``"predicted_label"`` or a segment.
    confidence : float, default 0.95
        Of the interval.
    proxy : str, array-like or None, default "auto"
        What the model expects of every item: ``"auto"`` its probabilities, a column of the predictions, numbers in
        their order, or None to do without. It costs no bias if it is wrong, and narrows the interval if it is right.
    scores : array-like of shape (N,), optional
        The scores by which a strategy chose, of every item in the order of the predictions. With them its choices
        count, too. Not needed for scores of the probabilities (margin, entropy, ...), which are worked out.
    exact : bool, default False
        Guarantee the coverage whatever the truth is (Clopper and Pearson, for finite pools). Wider, without a proxy,
        and only for "error", "accuracy" and "share of" from uniform draws.
    rounds : {"last", "all"}, default "last"
        Of picks of several rounds, whose draws speak for what was never reviewed. ``"all"`` is narrower, and right
        only if the predictions are of a model that has learnt from none of these labels: one that stayed the same all
        the while, or predictions out of fold; or where the model does not matter, as for "share of". What a model has
        learnt it knows by heart. ``"last"`` is right for the model that chose the last round's picks.

    Returns
    -------
    Estimate
        Or, with `by`, or for a metric by class, `Estimates`.

    Raises
    ------
    NotRandom
        If no pick was drawn at random: nothing can be said of the rest. Sample with an `audit_fraction`, or with
        ``strategy="importance"``.
    InvalidInput, InvalidTable
        If a table is not what it should be, nothing drawn has a label, or the picks are not of this pool, or lack a
        round.

    Warns
    -----
    EstimateWarning
        Where a group has no drawn label, so that its value is NaN; or a single one. With ``rounds="all"``, where the
        model is better on the draws of earlier rounds than can be by chance.

    Notes
    -----
    What is estimated, and from what: `a2i_al.metrics.estimates.designs` tells how each way of sampling is read,
    `a2i_al.metrics.estimates.pooled` how several rounds are, `a2i_al.metrics.estimates.generalised` the estimator,
    `a2i_al.metrics.estimates.intervals` the intervals. How often they cover is measured in benchmarks/estimates.py.
    Labels that the model has learnt from say nothing about how good it is: estimate with the predictions of the model
    as it was when the items were reviewed, or from later draws.

    Examples
    --------
    Ten items, four drawn, of which one is an error; without confidences the estimate is the plain share:

    >>> ids = [str(n) for n in range(10)]
    >>> predictions = pd.DataFrame({"item_id": ids, "predicted_label": "cat", "model_version": "v1"})
    >>> labels = pd.DataFrame({"item_id": ids[:4], "label": ["cat", "cat", "dog", "cat"], "status": "agreed"})
    >>> picks = pd.DataFrame({"item_id": ids[:4], "strategy": "random", "inclusion_probability": 0.4})
    >>> estimate(predictions, labels, picks)
    Estimate(error rate: 25.0 % [10.0 %, 65.4 %], 4 labels for 10 items, uniform draw)
    """
    arguments.text("metric", metric)
    confidence = arguments.share("confidence", confidence)
    arguments.flags(exact=exact)
    arguments.one_of("rounds", rounds, get_args(Rounds))
    pool = _joined(predictions, labels, by, metric)
    labelled = pool["label"].notna().to_numpy()
    picked = PICKS.check(picks)
    if metric not in RATIOS and metric in pool.columns:
        labelled = labelled & pool[metric].notna().to_numpy()
    ways = (designs if rounds == "last" else all_rounds)(pool, labelled, picked, scores)
    if not any((plan.used).any() for plan in ways.plans):
        raise InvalidInput(
            "no drawn item has a label", expected="labels of the items that were drawn", fix="harvest first"
        )
    if rounds == "all":
        warn_of_learnt(pool, picked)
    question = Question(pool, ways, labelled, confidence, exact=exact, proxy=proxy)
    if metric in RATIOS:
        return question.ratio(metric, by)
    wanted = quantity(pool, metric, proxy)
    if by is None:
        return question.mean(wanted, np.ones(len(pool), dtype=np.bool_))
    return Estimates(tuple(question.mean(wanted, part, name) for name, part in groups(pool, by)))


def _joined(predictions: pd.DataFrame, labels: pd.DataFrame, by: str | None, metric: str) -> pd.DataFrame:
    """Return the pool by item: predictions, and label and extra columns of the labels where there are any."""
    pool, known = PREDICTIONS.check(predictions), LABELS.check(labels)
    versions = pool["model_version"].unique()
    if pool.empty:
        raise InvalidInput("there are no predictions", expected="one row for each item of the pool")
    if len(versions) != 1:
        raise InvalidInput(
            f"the predictions are of {len(versions)} model versions",
            expected="one, for an estimate about one model",
            fix="predictions[predictions['model_version'] == ...]",
        )
    if by is not None and (arguments.text("by", by) not in pool.columns or pool[by].isna().any()):
        raise InvalidInput(
            f"by is {by!r}, and the predictions have no complete column of this name",
            expected="a column with a value for every item: what is only known of labelled items cannot part the pool",
        )
    if pool["predicted_label"].isna().any():
        raise InvalidInput("a predicted label is missing", expected="the model's answer for every item of the pool")
    known = known[usable(known)]
    columns = ["label", *([metric] if metric in known.columns and metric != "label" else [])]
    pool = pool.drop(columns=[name for name in columns if name in pool.columns])
    joined = pool.merge(known[["item_id", *columns]], on="item_id", how="left").set_index("item_id")
    if not joined["label"].notna().any():
        raise InvalidInput(
            f"no item of the predictions has a label, of {len(known)} that can be used",
            expected="the same item ids in both, and labels with status 'agreed' or without one",
        )
    return joined
