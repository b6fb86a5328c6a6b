"""k-center greedy against the naive one, and the bound that its paper proves."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from a2i_al.sampling.batches.k_center import k_center


def naive(features, known, n):
    """Take the row farthest from all known ones, again and again."""
    known, picks = list(known), []
    for _ in range(n):
        distance = np.min([np.square(features - row).sum(axis=1) for row in known], axis=0)
        distance[picks] = -1
        picks.append(int(distance.argmax()))
        known.append(features[picks[-1]])
    return picks


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@given(seed=st.integers(0, 10_000), m=st.integers(2, 80), known=st.integers(1, 4), data=st.data())
def test_the_picks_are_those_of_the_naive_greedy_choice(dtype, seed, m, known, data):
    """The lazy traversal leaves out distances, never an item."""
    rng = np.random.default_rng(seed)
    features, labelled = rng.normal(size=(m, 3)).astype(dtype), rng.normal(size=(known, 3)).astype(dtype)
    n = data.draw(st.integers(1, m))
    picks, reached = k_center(features, labelled, n=n, rng=rng)
    expected = naive(features.astype(float), labelled.astype(float), n)
    assert picks.tolist() == expected
    assert (np.diff(reached) <= 1e-6).all()


def test_the_score_is_the_distance_to_what_was_known_in_units_of_the_spread():
    features = np.array([[-1.0], [1.0], [-1.0], [1.0]])
    _, reached = k_center(features, np.array([[-1.0]]), n=2, rng=np.random.default_rng(0))
    assert reached == pytest.approx([2.0, 0.0])


def test_with_nothing_labelled_the_item_nearest_to_the_centre_comes_first():
    picks, reached = k_center(np.array([[0.0], [4.0], [5.0], [12.0]]), n=2, rng=np.random.default_rng(0))
    assert picks.tolist() == [2, 3]
    assert reached[0] == 0


def test_the_largest_distance_left_is_at_most_twice_the_smallest_possible():
    """Gonzalez's bound, against every set of four of twelve items."""
    features = np.random.default_rng(3).normal(size=(12, 2))
    to_all = np.sqrt(np.square(features[:, None] - features).sum(axis=-1))
    smallest = min(to_all[list(four)].min(axis=0).max() for four in combinations(range(12), 4))
    picks, _ = k_center(features, n=4, rng=np.random.default_rng(0))
    assert to_all[picks].min(axis=0).max() <= 2 * smallest
