"""Weights that are given, learnt from known labels, or from the majority."""

import warnings

import numpy as np
import pytest
from crowdkit.aggregation import MajorityVote
from crowdkit.aggregation.utils import get_accuracy

from a2i_al.errors import InvalidInput
from a2i_al.labels import consolidate
from a2i_al.labels.counting.ballots import ballots
from a2i_al.labels.models.weighted_majority import _by_gold, _by_majority
from tests.labels.conftest import table


def labels_of(grid, **options):
    """Consolidate {item: labels, one letter per worker w0, w1, …} and return label by item."""
    return consolidate(table(grid), "label", method="weighted_majority", **options).set_index("item_id")


def test_a_heavy_vote_outweighs_two_light_ones_and_equal_weights_tie():
    result = labels_of({"i": "abb", "j": "aab", "k": "ab "}, weights={"w0": 2.0, "w1": 0.9, "w2": 0.9})
    assert result.loc["i", "label"] == "a"
    assert result.loc["i", "confidence"] == pytest.approx(2 / 3.8)
    tie = labels_of({"i": "abb"}, weights={"w0": 0.3, "w1": 0.1, "w2": 0.2})
    assert tie["status"].tolist() == ["tied"]


def test_without_any_weight_there_is_no_label():
    assert labels_of({"i": "ab"}, weights={"w0": 0, "w1": 0})["status"].tolist() == ["tied"]


def test_by_default_it_is_wawa_as_crowd_kit_has_it(crowd):
    """Its Wawa does not run with today's scikit-learn, the two steps it is made of do."""
    answers, _, _ = crowd(items=300, workers=9, per_item=3, classes=2, seed=1)
    theirs = answers.rename(columns={"item_id": "task", "worker_id": "worker", "value": "label"})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        vote = MajorityVote().fit(theirs)
        skills = get_accuracy(theirs[["task", "worker", "label"]], vote.labels_, by="worker")
        expected = MajorityVote().fit(theirs, skills)
    cast = ballots(answers, "label")
    assert np.allclose(_by_majority(cast), skills.reindex(cast.workers.to_pylist()))
    ours = consolidate(answers, "label", method="weighted_majority", proba=True).set_index("item_id")
    assert (ours["label"] == expected.labels_.reindex(ours.index)).all()
    assert np.allclose(ours["proba_class 1"], expected.probas_["class 1"].reindex(ours.index))


def test_a_vote_for_one_of_two_that_lead_agrees_by_half(cast):
    """Only l is tied: one vote each."""
    found = _by_majority(cast(i="aab", j="aab", k="cdd", l="ab"))
    assert found.tolist() == pytest.approx([2.5 / 4, 3.5 / 4, 1 / 3])


def test_known_labels_weigh_and_who_answered_none_weighs_the_mean(cast):
    found = cast(i="ab ", j="ab ", k="  a")
    gold = np.array([0, 0, -1])
    assert _by_gold(found, gold).tolist() == pytest.approx([2.5 / 3, 0.5 / 3, 0.5])
    result = labels_of({"i": "ab", "j": "ab", "k": "ab"}, gold={"i": "a", "j": "a"})
    assert result["label"].tolist() == ["a", "a", "a"]
    assert result["confidence"].tolist() == pytest.approx([1, 1, 2.5 / 3])


def test_known_labels_that_nobody_was_asked_about_leave_the_majority():
    assert labels_of({"i": "aab"}, gold={"elsewhere": "b"})["label"].tolist() == ["a"]


@pytest.mark.parametrize(
    ("weights", "found"),
    [({"w0": 1}, "weights lacks 1 of 2 workers, first 'w1'"), ({"w0": 1, "w1": -1}, "'w1' weighs -1")],
)
def test_every_worker_needs_a_weight_that_is_none_below_zero(weights, found):
    with pytest.raises(InvalidInput, match=found):
        labels_of({"i": "ab"}, weights=weights)
