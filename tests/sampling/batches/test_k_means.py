"""k-means as a strategy: the item in the middle of each group, the largest group first, labelled places left alone."""

import numpy as np
import pytest

from a2i_al.sampling.batches.k_means import k_means


def test_the_middle_item_of_each_group_is_chosen_the_largest_group_first():
    """Groups of 5, 3 and 1 around 0, 100 and 200."""
    features = np.array([[-2.0], [-1.0], [0.0], [1.0], [2.0], [99.0], [100.0], [101.0], [200.0]])
    positions, shares = k_means(features, n=3, rng=np.random.default_rng(0))
    assert positions.tolist() == [2, 6, 8]
    assert shares == pytest.approx([5 / 9, 3 / 9, 1 / 9])


def test_a_labelled_item_keeps_its_neighbours():
    """With the largest group labelled, two picks go to the two others; without, one goes there."""
    features = np.concatenate([np.arange(-20.0, 21.0), 1000 + np.arange(5.0), 2000 + np.arange(5.0)])[:, None]
    for seed in range(10):
        picks, _ = k_means(features, np.array([[0.0]]), n=2, rng=np.random.default_rng(seed))
        assert sorted((features[picks, 0] // 1000).tolist()) == [1.0, 2.0]
