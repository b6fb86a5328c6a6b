"""What every representative batch strategy promises, whatever the pool."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from a2i_al.sampling.batches.facility_location import facility_location
from a2i_al.sampling.batches.k_center import k_center
from a2i_al.sampling.batches.k_dpp import k_dpp
from a2i_al.sampling.batches.k_means import k_means
from a2i_al.sampling.batches.max_herding import max_herding
from a2i_al.sampling.batches.prob_cover import prob_cover
from a2i_al.sampling.batches.typiclust import typiclust


def k_dpp_with_scores(*given, **knobs):
    """A draw of a k-DPP has no scores; this one is checked like the others."""
    positions = k_dpp(*given, **knobs)
    return positions, np.zeros(len(positions))


def prob_cover_of_two(*given, **knobs):
    """How many classes there are is not to be seen in the features: here two groups are two classes."""
    return prob_cover(*given, np.arange(2), **knobs)


COVERING = [facility_location, k_center, k_means, max_herding, prob_cover_of_two, typiclust]
ALL = pytest.mark.parametrize("strategy", [*COVERING, k_dpp_with_scores])
NUMBERS = st.sampled_from([0.0, 1.0, -3.0, 1e-3, 1e6, 1e19])


@st.composite
def pools(draw):
    """Small pools of every awkward kind: repeated rows, one column, huge and tiny numbers, float32, Fortran order."""
    m, d, known = draw(st.integers(1, 14)), draw(st.integers(1, 3)), draw(st.sampled_from([None, 0, 1, 4]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    if draw(st.booleans()):
        features = np.array(draw(st.lists(st.lists(NUMBERS, min_size=d, max_size=d), min_size=m, max_size=m)))
    else:
        features = rng.normal(size=(m, d)).round(draw(st.sampled_from([0, 3])))
    dtype, order = draw(st.sampled_from([np.float32, np.float64])), draw(st.sampled_from(["C", "F"]))
    features = features.astype(dtype, order=order)
    labelled = None if known is None else features[rng.integers(0, m, known)]
    for each in [features] if labelled is None else [features, labelled]:
        each.setflags(write=False)
    return features, labelled, draw(st.integers(1, m))


@ALL
@settings(max_examples=120)
@given(pool=pools(), seed=st.integers(0, 2**32 - 1))
def test_exactly_n_distinct_positions_with_their_scores_the_same_under_a_seed(strategy, pool, seed):
    """No pool, however degenerate, gives fewer, repeats one, or warns; inputs are read only."""
    features, labelled, n = pool
    positions, scores = strategy(features, labelled, n=n, rng=np.random.default_rng(seed))
    assert positions.dtype == np.intp
    assert len(set(positions.tolist())) == len(positions) == len(scores) == n
    assert positions.min() >= 0
    assert positions.max() < len(features)
    assert scores.dtype == np.float64
    assert np.isfinite(scores).all()
    again, _ = strategy(features, labelled, n=n, rng=np.random.default_rng(seed))
    assert again.tolist() == positions.tolist()


@ALL
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_equal_items_are_equally_likely_whatever_their_position(strategy, dtype):
    """Of nine rows that are all alike, each is one of the three in a third of the runs, within four standard errors."""
    features, rng, runs = np.full((9, 2), 0.1, dtype=dtype), np.random.default_rng(0), 900
    counts = np.zeros(9)
    for _ in range(runs):
        counts[strategy(features, None, n=3, rng=rng)[0]] += 1
    assert np.abs(counts / runs - 1 / 3).max() < 4 * np.sqrt(2 / 9 / runs)


@ALL
def test_equal_items_come_first_equally_often(strategy):
    """All are chosen, so only the order can be biased."""
    features, rng, runs = np.full((5, 2), 0.1), np.random.default_rng(1), 900
    counts = np.bincount([strategy(features, None, n=5, rng=rng)[0][0] for _ in range(runs)], minlength=5)
    assert np.abs(counts / runs - 1 / 5).max() < 4 * np.sqrt(4 / 25 / runs)


@pytest.mark.parametrize("strategy", COVERING)
def test_two_groups_are_both_asked(strategy):
    """A pick in each of two far groups, however uneven they are."""
    rng = np.random.default_rng(0)
    features = np.concatenate([rng.normal(size=(30, 2)), 50 + rng.normal(size=(20, 2))])
    for seed in range(10):
        positions, _ = strategy(features, None, n=2, rng=np.random.default_rng(seed))
        assert sorted((positions < 30).tolist()) == [False, True]


@pytest.mark.parametrize("strategy", COVERING)
def test_a_group_with_labels_is_left_for_one_without(strategy):
    """Two labels in the larger group send the pick to the smaller one."""
    rng = np.random.default_rng(0)
    features = np.concatenate([rng.normal(size=(30, 2)), 50 + rng.normal(size=(20, 2))])
    for seed in range(10):
        positions, _ = strategy(features, features[[0, 1]], n=1, rng=np.random.default_rng(seed))
        assert positions[0] >= 30


@pytest.mark.parametrize("strategy", COVERING)
def test_neither_unit_nor_origin_of_the_features_changes_the_choice(strategy):
    """The same pool in other units, far from zero, gives the same picks."""
    features = np.random.default_rng(0).normal(size=(60, 3))
    here, _ = strategy(features, features[:3], n=10, rng=np.random.default_rng(0))
    there, _ = strategy(features * 1024 + 4096, features[:3] * 1024 + 4096, n=10, rng=np.random.default_rng(0))
    assert here.tolist() == there.tolist()
