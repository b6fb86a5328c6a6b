"""Majority vote: the label most workers gave, or none where two labels lead together."""

from __future__ import annotations

import numpy as np

from a2i_al.labels.counting.ballots import Ballots
from a2i_al.labels.models.beliefs import Decision, VoteShares


def majority(ballots: Ballots) -> Decision:
    """Give each item the label that most of its votes name; a tie for the lead stays undecided.

    The confidence is the label's share of the item's votes. A plurality is enough: 2 of 4 lead over 1 and 1.

    References
    ----------
    N. de Condorcet, "Essai sur l'application de l'analyse à la probabilité des décisions rendues à la pluralité des
    voix", 1785; but for ties, crowd-kit's `MajorityVote`.

    Examples
    --------
    >>> import pandas as pd
    >>> from a2i_al.labels.counting.ballots import ballots
    >>> answers = pd.DataFrame({"human_loop_name": ["l"] * 3, "item_id": ["i"] * 3, "worker_id": ["u", "v", "w"],
    ...     "field": ["category"] * 3, "value": ["cat", "dog", "cat"]})
    >>> decision = majority(ballots(answers, "category"))
    >>> decision.label.tolist(), decision.confidence.round(3).tolist()
    ([0], [0.667])
    """
    counted = ballots.tallies
    share = np.divide(counted.most, counted.total, out=np.full(len(counted.total), np.nan), where=counted.leader >= 0)
    return Decision(counted.leader, share, VoteShares(ballots))
