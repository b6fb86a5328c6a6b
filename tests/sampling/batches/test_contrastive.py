"""Contrastive active learning against the divergences written out."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from a2i_al.errors import InvalidInput
from a2i_al.sampling.batches.contrastive import contrastive


def naive(proba, features, labelled_features, labelled_proba, neighbours):
    scores = []
    for p, x in zip(proba, features, strict=True):
        nearest = np.argsort(np.linalg.norm(labelled_features - x, axis=1))[:neighbours]
        scores.append(np.mean([np.sum(q * np.log(q / p)) for q in labelled_proba[nearest]]))
    return scores


@given(seed=st.integers(0, 2**32 - 1), labelled=st.integers(1, 12), neighbours=st.integers(1, 12))
def test_scores_are_mean_divergences_from_the_nearest(seed, labelled, neighbours):
    """However many neighbours, all of them if there are fewer."""
    rng = np.random.default_rng(seed)
    proba, known_proba = rng.dirichlet(np.full(3, 5.0), 20), rng.dirichlet(np.full(3, 5.0), labelled)
    features, known = rng.normal(size=(20, 2)), rng.normal(size=(labelled, 2))
    expected = naive(proba, features, known, known_proba, neighbours)
    assert contrastive(proba, features, known, known_proba, neighbours=neighbours) == pytest.approx(expected, abs=1e-6)


def test_blocks_change_nothing(monkeypatch):
    """Every row is scored once, wherever the blocks end."""
    rng = np.random.default_rng(0)
    proba, known_proba = rng.dirichlet(np.ones(3), 100), rng.dirichlet(np.ones(3), 9)
    features, known = rng.normal(size=(100, 2)), rng.normal(size=(9, 2))
    whole = contrastive(proba, features, known, known_proba)
    monkeypatch.setattr("a2i_al.sampling.batches.contrastive.block_rows", lambda _: 7)
    assert contrastive(proba, features, known, known_proba) == pytest.approx(whole)


def test_with_nothing_labelled_no_item_is_better_than_another():
    """Zeros, so that chance decides."""
    assert contrastive(np.eye(2), np.eye(2), np.empty((0, 2)), np.empty((0, 2))).tolist() == [0.0, 0.0]


def test_a_certain_item_beside_a_contradiction_has_a_large_but_finite_score():
    """A zero in the item's probabilities counts as 1e-7."""
    (score,) = contrastive(np.array([[1.0, 0.0]]), np.zeros((1, 1)), np.zeros((1, 1)), np.array([[0.0, 1.0]]))
    assert score == pytest.approx(-np.log(1e-7), rel=1e-4)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_agreement_scores_zero_whatever_the_unit_of_the_features(dtype):
    """Squares beyond float32 do not spoil the neighbours."""
    features = np.array([[1e25], [2e25], [9e25]], dtype=dtype)
    proba = np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7]], dtype=dtype)
    assert contrastive(proba, features, features, proba, neighbours=1) == pytest.approx([0, 0, 0], abs=1e-12)


def test_labelled_items_at_the_same_distance_all_count():
    """With one neighbour asked for and two equally near, the score is the mean of both, in either order."""
    proba, features = np.array([[0.5, 0.5]]), np.array([[0.0]])
    known, said = np.array([[1.0], [-1.0], [3.0]]), np.array([[0.9, 0.1], [0.5, 0.5], [0.1, 0.9]])
    expected = naive(proba, features, known, said, 2)
    assert contrastive(proba, features, known, said, neighbours=1) == pytest.approx(expected)
    assert contrastive(proba, features, known[::-1], said[::-1], neighbours=1) == pytest.approx(expected)


def test_no_neighbours_are_refused():
    """There is nothing to compare with."""
    with pytest.raises(InvalidInput, match="neighbours is 0"):
        contrastive(np.eye(2), np.eye(2), np.eye(2), np.eye(2), neighbours=0)
