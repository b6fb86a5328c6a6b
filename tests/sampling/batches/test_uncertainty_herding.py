"""Uncertainty herding: greedy as written down, away from what is labelled, and never stuck."""

import tracemalloc
from importlib import import_module

import numpy as np
import pytest
from hypothesis import given, strategies as st

from a2i_al.errors import InvalidInput
from a2i_al.sampling.batches.cluster_margin import cluster_margin
from a2i_al.sampling.batches.uncertainty_herding import _herd, uncertainty_herding
from a2i_al.sampling.batches.weighted_k_means import weighted_k_means
from a2i_al.sampling.scores.uncertainty import margin

module = import_module("a2i_al.sampling.batches.uncertainty_herding")


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
    chosen, gains = _herd(similarity, covered.copy(), weights, n)
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


def test_similarities_take_the_memory_that_is_documented():
    """64 MB of float32 and little else, however many the candidates are."""
    rng = np.random.default_rng(0)
    proba, features = np.full((150_000, 2), 0.5), rng.normal(size=(150_000, 2)).astype(np.float32)
    uncertainty_herding(proba[:2_000], features[:2_000], n=1, rng=rng)
    tracemalloc.start()
    try:
        chosen, gains = uncertainty_herding(proba, features, n=20, rng=rng, beta=np.inf)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(set(chosen.tolist())) == 20
    assert (np.diff(gains) <= 0).all()
    assert 64e6 < peak < 110e6


def test_beyond_what_a_sample_covers_the_most_uncertain_of_all_are_chosen(monkeypatch):
    """Sixteen of two hundred candidates are looked at; what they leave open goes by uncertainty."""
    monkeypatch.setattr(module, "_KEPT", 64)
    monkeypatch.setattr(module, "_TARGETS", 4)
    rng = np.random.default_rng(0)
    features, proba = rng.normal(size=(200, 2)), rng.dirichlet([1, 1], size=200)
    seen = set()
    for seed in range(20):
        chosen, gains = uncertainty_herding(proba, features, n=120, rng=np.random.default_rng(seed), beta=np.inf)
        assert len(set(chosen.tolist())) == 120
        herded = int((gains > 0).sum())
        assert 1 <= herded <= 16
        left = np.setdiff1d(np.arange(200), chosen[:herded])
        by_margin = left[np.argsort(-margin(proba)[left], kind="stable")]
        assert chosen[herded:].tolist() == by_margin[: 120 - herded].tolist()
        seen |= set(chosen[:herded].tolist())
    assert len(seen) > 60


@pytest.mark.parametrize("strategy", [uncertainty_herding, cluster_margin, weighted_k_means])
def test_an_infinite_beta_makes_every_item_a_candidate(strategy):
    """And no error."""
    rng = np.random.default_rng(0)
    chosen, _ = strategy(rng.dirichlet([1, 1], 30), rng.normal(size=(30, 2)), n=30, rng=rng, beta=np.inf)
    assert sorted(chosen.tolist()) == list(range(30))


@pytest.mark.parametrize("knob", [{"beta": 0.5}, {"beta": np.nan}, {"power": -1}, {"power": np.nan}, {"power": np.inf}])
def test_knobs_out_of_range_are_refused(knob):
    """With what was found."""
    with pytest.raises(InvalidInput, match=next(iter(knob))):
        uncertainty_herding(np.full((3, 2), 0.5), np.eye(3), n=1, rng=np.random.default_rng(0), **knob)
