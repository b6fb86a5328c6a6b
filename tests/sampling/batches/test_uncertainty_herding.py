"""Uncertainty herding: greedy as written down, away from what is labelled, and never stuck."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from a2i_al.errors import InvalidInput
from a2i_al.sampling.batches.uncertainty_herding import _herd, uncertainty_herding


def naive(similarity, covered, weights, n):
    """Try every item at every step, by the definition of the gain."""
    chosen, covered = [], covered.copy()
    for _ in range(n):
        gains = [
            -1.0 if i in chosen else float((np.maximum(row - covered, 0) * weights).sum() / weights.sum())
            for i, row in enumerate(similarity)
        ]
        chosen.append(int(np.argmax(gains)))
        covered = np.maximum(covered, similarity[chosen[-1]])
    return chosen


@given(size=st.integers(2, 90), seed=st.integers(0, 99))
def test_the_lazy_greedy_choice_is_the_naive_one(size, seed):
    """Bounds save work and change nothing."""
    rng = np.random.default_rng(seed)
    points, weights = rng.normal(size=(size, 2)), rng.uniform(0.1, 1, size)
    similarity = np.exp(-((points[:, None] - points) ** 2).sum(axis=2))
    covered = rng.uniform(0, 0.3, size)
    n = int(rng.integers(1, size // 2 + 1))
    expected = naive(similarity, covered, weights, n)
    chosen, gains = _herd(similarity, covered.copy(), weights, weights, n)
    assert chosen.tolist() == expected
    assert (np.diff(gains) <= 1e-12).all()


def test_what_is_labelled_is_not_asked_again():
    """Of two equally uncertain clusters the one without labels is looked at."""
    rng = np.random.default_rng(0)
    features = np.repeat([[0.0, 0.0], [8.0, 0.0]], 20, axis=0) + rng.normal(size=(40, 2)) / 5
    proba = np.full((40, 2), 0.5)
    labelled = rng.normal(size=(10, 2)) / 5
    for seed in range(5):
        (first,), _ = uncertainty_herding(proba, features, labelled, n=1, rng=np.random.default_rng(seed), beta=40)
        assert first >= 20


def test_a_clump_of_near_duplicates_is_asked_about_once_or_twice():
    """However much of the pool it is: the kernel is not fitted to the inside of the clump."""
    rng = np.random.default_rng(0)
    spread, clump = rng.uniform(-3, 3, size=(60, 2)), [0.5, 0.0] + rng.normal(size=(60, 2)) / 100
    features, proba = np.concatenate([spread, clump]), np.full((120, 2), 0.5)
    for seed in range(5):
        chosen, _ = uncertainty_herding(proba, features, n=12, rng=np.random.default_rng(seed))
        assert (chosen >= 60).sum() <= 2


def test_what_the_model_is_sure_of_is_left_alone():
    """A dense cluster of certain items does not outweigh a few doubtful ones, unless power is 0."""
    rng = np.random.default_rng(0)
    features = np.concatenate([rng.normal(size=(50, 2)) / 5, [8.0, 0.0] + rng.normal(size=(5, 2)) / 5])
    proba = np.repeat([[0.95, 0.05], [0.55, 0.45]], [50, 5], axis=0)
    (doubtful,), _ = uncertainty_herding(proba, features, n=1, rng=np.random.default_rng(0), beta=55)
    (dense,), _ = uncertainty_herding(proba, features, n=1, rng=np.random.default_rng(0), beta=55, power=0)
    assert doubtful >= 50
    assert dense < 50


def test_copies_of_one_item_are_chosen_apart_and_at_random():
    """Once everything is covered the rest follows by uncertainty, still distinct; equals take turns over the seeds."""
    firsts = set()
    for seed in range(20):
        chosen, gains = uncertainty_herding(np.full((6, 2), 0.5), np.ones((6, 3)), n=6, rng=np.random.default_rng(seed))
        assert sorted(chosen) == list(range(6))
        assert gains[0] == pytest.approx(1.0)
        firsts.add(int(chosen[0]))
    assert len(firsts) > 3


@pytest.mark.parametrize("knob", [{"beta": 0.5}, {"power": -1}, {"power": float("nan")}])
def test_knobs_out_of_range_are_refused(knob):
    """With what was found."""
    with pytest.raises(InvalidInput, match=next(iter(knob))):
        uncertainty_herding(np.full((3, 2), 0.5), np.eye(3), n=1, rng=np.random.default_rng(0), **knob)
