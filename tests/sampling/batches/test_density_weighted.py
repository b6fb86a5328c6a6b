"""Information density against its definition over all pairs."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from a2i_al.sampling.batches import density_weighted as module
from a2i_al.sampling.batches.density_weighted import density_weighted
from a2i_al.sampling.scores.uncertainty import entropy, margin


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@given(seed=st.integers(0, 10_000), m=st.integers(1, 40), beta=st.sampled_from([0.0, 0.5, 1.0, 3.0]))
def test_the_score_is_uncertainty_times_mean_similarity_to_the_power_of_beta(dtype, seed, m, beta):
    """The mean over all pairs, by the definition."""
    rng = np.random.default_rng(seed)
    proba, features = rng.dirichlet(np.ones(3), m), rng.normal(size=(m, 4)).astype(dtype)
    unit = features.astype(float) / np.linalg.norm(features.astype(float), axis=1, keepdims=True)
    similarity = ((1 + unit @ unit.T) / 2).mean(axis=1)
    score = density_weighted(proba, features, beta=beta)
    assert score.dtype == np.float64
    assert score == pytest.approx(entropy(proba) * similarity**beta, abs=1e-5)


def test_blocks_change_nothing(monkeypatch):
    rng = np.random.default_rng(0)
    proba, features = rng.dirichlet(np.ones(3), 50), rng.normal(size=(50, 4))
    whole = density_weighted(proba, features)
    monkeypatch.setattr(module, "_ROWS", 7)
    assert density_weighted(proba, features) == pytest.approx(whole)


def test_any_uncertainty_can_be_weighted():
    proba, features = np.array([[0.6, 0.4], [0.9, 0.1]]), np.ones((2, 1))
    assert density_weighted(proba, features, uncertainty=margin) == pytest.approx(margin(proba))


@pytest.mark.parametrize("value", [0.0, 1e30, -1e-30])
def test_rows_of_zeros_and_of_extreme_length_have_finite_scores(value):
    """A direction has no length; a zero has no direction, and is halfway like everything."""
    features = np.array([[value, value], [1.0, 0.0]], dtype=np.float32)
    score = density_weighted(np.full((2, 2), 0.5), features)
    assert np.isfinite(score).all()
    if value == 0:
        assert score[0] == pytest.approx(np.log(2) / 2)


def test_an_outlier_scores_below_an_item_of_the_crowd_that_is_as_uncertain():
    features = np.array([[1.0, 0.1], [1.0, -0.1], [1.0, 0.0], [-1.0, 0.0]])
    score = density_weighted(np.full((4, 2), 0.5), features)
    assert score.argmin() == 3


def test_inputs_are_left_alone():
    features = np.ones((2, 2), order="F")
    features.setflags(write=False)
    density_weighted(np.full((2, 2), 0.5), features)
    assert (features == 1).all()
