"""Votes and a classifier's probabilities in; labels that weigh reviewers and model by how often each is right, out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from a2i_al.errors import InvalidInput
from a2i_al.labels.counting.ballots import Ballots
from a2i_al.labels.models.beliefs import Decision, Shares, decide
from a2i_al.labels.models.predicted import predicted_shares
from a2i_al.sampling.scores.crowdlab import Answers, consensus

_CLOSE = 1e-9


@dataclass(frozen=True)
class Posterior:
    """Beliefs that are there already.

    Attributes
    ----------
    rows : ndarray of shape (n, k), float64
        Probabilities.
    """

    rows: Shares

    def posterior(self, first: int, last: int) -> Shares:
        """Return the probabilities of the items `first` to `last`."""
        return self.rows[first:last]


def crowdlab(ballots: Ballots, *, predictions: pd.DataFrame | None = None) -> Decision:
    """Weigh every worker and the model by how often each agrees with the others, and average what they say.

    One answer and a model that agrees are worth more than one answer; a model that is often wrong weighs little.

    Parameters
    ----------
    ballots : Ballots
        The votes.
    predictions : DataFrame
        The predictions table, of one model that was not trained on these answers: `item_id`, and ``proba_<label>``
        columns or `predicted_label` and `confidence`. It must have every item.

    Returns
    -------
    Decision
        The confidence is the weighted average's. Where no item has two votes, nobody can be weighed: all count alike.

    Raises
    ------
    InvalidInput
        If there are no predictions, or they do not fit the ballots.

    Notes
    -----
    Everybody is weighed twice: by the majority, and by the labels that come of it, which are the labels here as in
    cleanlab. The confidence is of the second weighing, and so may be below that of another label. Memory O(items ×
    labels).

    References
    ----------
    H. W. Goh, U. Tkachenko, J. Mueller, "CROWDLAB: Supervised learning to infer consensus labels and quality scores for
    data with multiple annotators", 2022.

    Examples
    --------
    Two differ; the model, which is right where they agree, decides:

    >>> from a2i_al.labels.counting.ballots import ballots
    >>> votes = {"u": "aabba", "v": "aabbb"}
    >>> rows = [("l" + str(i), str(i), w, "f", said[i]) for w, said in votes.items() for i in range(5)]
    >>> cast = ballots(pd.DataFrame(rows, columns=["human_loop_name", "item_id", "worker_id", "field", "value"]), "f")
    >>> table = pd.DataFrame({"item_id": list("01234"), "predicted_label": list("aabbb"), "confidence": [0.9] * 5})
    >>> "".join(cast.class_names[code] for code in crowdlab(cast, predictions=table).label)
    'aabbb'
    """
    if predictions is None:
        raise InvalidInput("crowdlab has no predictions", expected="predictions=, the predictions table")
    if len(ballots.classes) == 1:
        return decide(ballots, Posterior(np.ones((len(ballots.items), 1))))
    p = predicted_shares(predictions, ballots.items.to_pylist(), ballots.class_names)
    given = answers_of(ballots)
    if not (given.counts > 1).any():
        return decide(ballots, Posterior((p + given.votes(p.shape[1])) / (1 + given.counts[:, None])), close=_CLOSE)
    found = consensus(p, given)
    decision = decide(ballots, Posterior(found.posterior), close=_CLOSE)
    clear = decision.label >= 0
    label = np.where(clear, found.labels, -1)
    sure = np.where(clear, found.posterior[np.arange(len(label)), found.labels], np.nan)
    return Decision(label, sure, decision.beliefs)


def answers_of(ballots: Ballots) -> Answers:
    """Return the votes as the model-aware scores take them: workers without a vote are left out."""
    cast = ballots.cast
    known, by = np.unique(cast.worker, return_inverse=True)
    counts = np.diff(cast.starts)
    return Answers(cast.item, by.reshape(-1), cast.vote, counts, len(known))
