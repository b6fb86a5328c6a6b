"""Answers, and a model's predictions if there are any, in; which item another answer would help most out."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from a2i_al.labels.categorical import check_asked, offered_ballots
from a2i_al.labels.counting.ballots import Ballots
from a2i_al.labels.counting.encoding import as_texts, text_column
from a2i_al.labels.models.beliefs import Shares
from a2i_al.labels.models.crowdlab import answers_of
from a2i_al.labels.models.estimation import warn_of_one_class
from a2i_al.labels.models.predicted import check_columns, predicted_classes, predicted_shares
from a2i_al.sampling.scores.crowdlab import Answers
from a2i_al.sampling.scores.relabelling import doubts


def needs_another_review(
    answers: pd.DataFrame,
    field: str,
    *,
    predictions: pd.DataFrame | None = None,
    labels: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Score what one more answer would be worth for each item: one that reviewers differ on can come before a new one.

    Parameters
    ----------
    answers, field, labels
        As for `consolidate`.
    predictions : DataFrame, optional
        The predictions table of one model. Its items without answers are scored too, on the same scale: label a new
        one, or an old one again. Without it reviewers alone count.

    Returns
    -------
    DataFrame
        `item_id`, sorted, `score`, from 0 to 1, higher where another answer helps more, and `n_answers` so far: what
        ``sample(None, n, scores=table["score"], item_ids=table["item_id"], strategy="given_scores")`` chooses from.

    Raises
    ------
    InvalidTable, InvalidInput, UnknownLabel, InvalidProbabilities
        If the answers or the predictions cannot be used.

    Warns
    -----
    ConsolidationWarning
        If all answers are one and the same label: then items with fewer answers come first.

    See Also
    --------
    a2i_al.sampling.scores.relabelling.active_lab : the score, as a strategy of `sample`.

    References
    ----------
    H. W. Goh, J. Mueller, "ActiveLab: Active learning with re-labeling by multiple annotators", ICLR workshop on
    trustworthy machine learning, 2023.

    Examples
    --------
    >>> answers = pd.DataFrame({"human_loop_name": ["l1", "l1", "l2", "l2"], "item_id": ["i", "i", "j", "j"],
    ...     "worker_id": ["u", "v"] * 2, "field": ["ok"] * 4, "value": ["yes", "yes", "no", "yes"]})
    >>> table = needs_another_review(answers, "ok")
    >>> table.sort_values("score", ascending=False)["item_id"].tolist()
    ['j', 'i']
    """
    check_asked(field, labels)
    cast = offered_ballots(answers, field, labels)
    ids = cast.items.to_pylist()
    if predictions is not None:
        check_columns(predictions, cast)
        cast = cast.with_classes(predicted_classes(predictions))
        ids = sorted({*ids, *predictions["item_id"].map(str)})
    given = _spread(answers_of(cast), cast, ids)
    if len(cast.classes) < 2:  # noqa: PLR2004 - nothing to choose between
        warn_of_one_class(cast, stacklevel=3)
        score = 1 / (1.0 + given.counts)
    elif predictions is not None:
        score = doubts(predicted_shares(predictions, ids, cast.class_names), given)
    else:
        score = doubts(_as_often(cast, len(ids)), given, temperature=1.0)
    return pd.DataFrame({"item_id": text_column(as_texts(ids)), "score": score, "n_answers": given.counts})


def _spread(given: Answers, cast: Ballots, ids: list[str]) -> Answers:
    """Return the answers with their rows among more items."""
    at = pd.Index(ids).get_indexer(cast.items.to_pylist())
    counts = np.zeros(len(ids), dtype=np.int64)
    counts[at] = given.counts
    return Answers(at[given.rows], given.by, given.chosen, counts, given.reviewers)


def _as_often(cast: Ballots, n: int) -> Shares:
    """Return how often each label is given, as a model of every item: it knows nothing of any, and weighs little."""
    votes = np.bincount(cast.cast.vote, minlength=len(cast.classes)) + 1.0
    return np.repeat((votes / votes.sum())[None, :], n, axis=0)
