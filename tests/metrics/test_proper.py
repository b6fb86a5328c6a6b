"""Brier score and log-loss: scikit-learn's values, and intervals that cover."""

import math

import numpy as np
import pytest
from sklearn import metrics

from a2i_al.errors import InvalidInput
from a2i_al.metrics.proper import brier_score, class_scores, log_loss


@pytest.mark.parametrize("weighted", [False, True])
def test_both_are_scikit_learns(weighted):
    """With weights and without."""
    rng = np.random.default_rng(0)
    said, right = rng.random(50), rng.random(50) < 0.6
    weights = rng.random(50) if weighted else None
    assert brier_score(said, right, weights)[0] == pytest.approx(
        metrics.brier_score_loss(right, said, sample_weight=weights)
    )
    assert log_loss(said, right, weights)[0] == pytest.approx(metrics.log_loss(right, said, sample_weight=weights))


def test_certainty_that_was_wrong_costs_much_and_not_without_bound():
    """A probability of 0 for what happened, kept from it by a float's precision."""
    assert log_loss([1.0], [False])[0] == pytest.approx(-math.log(np.finfo(float).eps))


def test_the_interval_covers_as_often_as_it_says():
    """Of 300 samples of 200 items, between 90 and 99 in a hundred intervals hold the mean of the distribution."""
    rng = np.random.default_rng(0)
    hit = 0
    for _ in range(300):
        said = rng.random(200)
        _, low, high = brier_score(said, rng.random(200) < said)
        hit += low < 1 / 6 < high
    assert 0.90 < hit / 300 < 0.99


def test_a_weight_of_zero_counts_for_nothing():
    """As if the item were not there."""
    assert brier_score([0.9, 0.5], [True, False], [1, 0])[0] == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("confidence", "confirmed", "weights", "found"),
    [
        ([], [], None, "no confidence is known"),
        ([0.5, math.nan], [True, True], None, "1 confidences are missing"),
        ([1.5], [True], None, "outside 0 to 1, such as 1.5"),
        ([0.5], [True, False], None, "1 confidences and 2 outcomes"),
        ([0.5], [True], [0], "all weights are 0"),
        ([0.5], [True], [-1], "weight of row 0 is -1"),
    ],
)
def test_what_cannot_be_scored_is_refused(confidence, confirmed, weights, found):
    """With what was found."""
    with pytest.raises(InvalidInput, match=found):
        brier_score(confidence, confirmed, weights)
    with pytest.raises(InvalidInput, match=found):
        log_loss(confidence, confirmed, weights)


@pytest.mark.parametrize("weighted", [False, True])
def test_the_scores_of_all_classes_are_scikit_learns(weighted):
    """Log-loss; the Brier score by its definition, the squared distance from certainty of the right class."""
    rng = np.random.default_rng(0)
    proba, right = rng.dirichlet(np.ones(4), 60), rng.integers(0, 4, 60)
    weights = rng.random(60) if weighted else None
    scores = class_scores(proba, right, weights)
    assert scores["class_log_loss"][0] == pytest.approx(metrics.log_loss(right, proba, sample_weight=weights))
    distance = ((proba - np.eye(4)[right]) ** 2).sum(axis=1)
    assert scores["class_brier_score"][0] == pytest.approx(np.average(distance, weights=weights))
    assert all(low < value < high for value, low, high in scores.values())


def test_a_class_that_the_model_does_not_have_has_probability_0():
    """As wrong as can be, and not without bound."""
    scores = class_scores([[0.5, 0.5]], [-1])
    assert scores["class_brier_score"][0] == pytest.approx(1.5)
    assert scores["class_log_loss"][0] == pytest.approx(-math.log(np.finfo(float).eps))


@pytest.mark.parametrize(("proba", "found"), [([[0.5, math.nan]], "1 probabilities are missing"), ([[1.5, 0]], "1.5")])
def test_what_are_no_probabilities_is_refused(proba, found):
    """With what was found."""
    with pytest.raises(InvalidInput, match=found):
        class_scores(proba, [0])
