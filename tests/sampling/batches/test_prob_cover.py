"""ProbCover: greedy balls against the naive ones, and the radius against its definition."""

import numpy as np
import pytest
from hypothesis import assume, given, strategies as st

from a2i_al.sampling.batches.clustering import kmeans
from a2i_al.sampling.batches.prob_cover import prob_cover, pure_radius


@given(seed=st.integers(0, 10_000), m=st.integers(1, 60), known=st.integers(0, 3), data=st.data())
def test_each_pick_covers_as_many_uncovered_items_as_any_would(seed, m, known, data):
    """Labelled items cover too; the score is the share newly covered."""
    rng = np.random.default_rng(seed)
    features, labelled = rng.normal(size=(m, 2)), rng.normal(size=(known, 2))
    n = data.draw(st.integers(1, m))
    positions, scores = prob_cover(features, labelled, n=n, rng=rng, radius=0.7)
    distances = np.sqrt(np.square(features[:, None] - np.concatenate([features, labelled])).sum(axis=-1))
    # At the radius itself rounding may decide.
    assume((np.abs(distances - 0.7) > 1e-4).all())
    within, covered = distances[:, :m] <= 0.7, (distances[:, m:] <= 0.7).any(axis=1)
    for position, score in zip(positions, scores, strict=True):
        new = (within & ~covered).sum(axis=1)
        assert new[position] == new.max() == round(score * m)
        covered |= within[position]


def test_an_item_at_exactly_the_radius_is_covered():
    features = np.array([[0.0], [0.3], [0.6]], dtype=np.float32)
    positions, scores = prob_cover(features, n=1, rng=np.random.default_rng(0), radius=0.3)
    assert (positions.tolist(), scores.tolist()) == ([1], [1.0])


@pytest.mark.parametrize("purity", [0.5, 0.9])
def test_the_radius_is_the_largest_at_which_so_many_balls_are_pure(purity):
    """Below it the share of pure balls is at least the one asked for, above it is less."""
    rows = np.random.default_rng(0).normal(size=(300, 2)) + 4 * np.random.default_rng(1).integers(0, 2, (300, 2))
    radius = pure_radius(rows, 4, rng=np.random.default_rng(2), purity=purity)
    _, cluster = kmeans(rows, 4, rng=np.random.default_rng(2))
    to_all = np.sqrt(np.square(rows[:, None] - rows).sum(axis=-1))
    foreign = np.where(cluster[:, None] == cluster, np.inf, to_all).min(axis=1)
    assert (foreign > 0.99 * radius).mean() >= purity
    assert (foreign > 1.01 * radius).mean() < purity


def test_where_clusters_touch_the_balls_still_hold_neighbours():
    """Uniform points: half of the balls have five neighbours or more."""
    rows = np.random.default_rng(0).random((400, 2))
    radius = pure_radius(rows, 40, rng=np.random.default_rng(0))
    neighbours = (np.sqrt(np.square(rows[:, None] - rows).sum(axis=-1)) <= radius).sum(axis=1) - 1
    assert (neighbours >= 5).mean() >= 0.5


def test_the_number_of_classes_sets_the_radius():
    """Two far pairs of near groups: two classes see balls as wide as a pair, four see single groups."""
    rng = np.random.default_rng(0)
    features = np.repeat([[0.0], [10.0], [1000.0], [1010.0]], 25, axis=0) + rng.normal(size=(100, 1)) / 10

    def covered_by_two(k):
        return prob_cover(features, None, np.arange(k), n=2, rng=np.random.default_rng(0))[1].sum()

    assert covered_by_two(2) == pytest.approx(1.0)
    assert covered_by_two(4) == pytest.approx(0.5, abs=0.1)
