"""CLUE on pools whose clusters can be seen."""

import math

import numpy as np
import pytest

from a2i_al.sampling.batches.clue import clue

LN2 = math.log(2)


def test_one_item_for_each_group_the_most_uncertain_group_first():
    """Scores are the summed entropies of the groups."""
    features = np.array([[0.0], [0.1], [10.0], [10.1], [10.2], [20.0]])
    proba = np.array([[0.5, 0.5], [1.0, 0.0], [0.5, 0.5], [0.5, 0.5], [0.5, 0.5], [0.5, 0.5]])
    positions, scores = clue(proba, features, n=3, rng=np.random.default_rng(0))
    assert positions[0] == 3
    assert set(positions[1:].tolist()) == {0, 5}
    assert scores == pytest.approx([3 * LN2, LN2, LN2])


def test_centres_go_where_the_entropy_is():
    """One cluster of a line of points: the item nearest to the weighted mean, not to the middle."""
    features = np.arange(11.0)[:, None]
    proba = np.where(features == 2, [[0.5, 0.5]], [[0.999, 0.001]])
    assert clue(proba, features, n=1, rng=np.random.default_rng(0))[0].tolist() == [2]


def test_a_model_that_is_certain_of_all_still_gives_a_varied_batch():
    """With no entropy anywhere all items weigh the same."""
    features = np.repeat([[0.0], [5.0], [9.0]], 4, axis=0)
    positions, scores = clue(np.eye(2)[[0] * 12], features, n=3, rng=np.random.default_rng(0))
    assert sorted(positions // 4) == [0, 1, 2]
    assert scores.tolist() == [0.0] * 3
