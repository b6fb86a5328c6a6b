"""The majority vote alone, by hand and against another implementation."""

import warnings

from crowdkit.aggregation import MajorityVote

from a2i_al.labels import consolidate
from a2i_al.labels.models.majority import majority


def test_the_leading_label_wins_with_its_share_of_all_votes(cast):
    """A plurality is enough: 2 of 4 lead over 1 and 1."""
    decision = majority(cast(i="aabc", j="b"))
    assert decision.label.tolist() == [0, 1]
    assert decision.confidence.tolist() == [0.5, 1.0]


def test_a_tie_for_the_lead_has_no_label_and_one_below_it_has(cast):
    """Never the alphabetically first of the tied labels."""
    decision = majority(cast(i="aabb", j="aabcc", k="aaabbcc"))
    assert decision.label.tolist() == [-1, -1, 0]


def test_but_for_ties_it_is_crowd_kits(crowd):
    answers, _, _ = crowd(items=300, per_item=4)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = MajorityVote().fit(
            answers.rename(columns={"item_id": "task", "worker_id": "worker", "value": "label"})
        )
    ours = consolidate(answers, "label", method="majority", proba=True).set_index("item_id")
    clear = ours["status"] == "agreed"
    assert 0 < (~clear).sum() < 100
    assert (ours["label"] == theirs.labels_.reindex(ours.index))[clear].all()
    shares = theirs.probas_.reindex(ours.index)
    assert (ours[[f"proba_{label}" for label in shares.columns]].to_numpy() == shares.to_numpy()).all()


def test_an_item_without_a_vote_has_no_label(cast):
    """Its one worker left the field empty."""
    assert majority(cast(i=" ", j="a")).label.tolist() == [-1, 0]
