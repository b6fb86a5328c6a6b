"""Weighted k-means over the most uncertain on pools whose clusters can be seen."""

import numpy as np
import pytest

from a2i_al.errors import InvalidInput
from a2i_al.sampling.batches.weighted_k_means import weighted_k_means


def two_classes(first):
    return np.column_stack([first, 1 - np.asarray(first)])


def test_only_the_least_margins_are_candidates():
    """With beta = 2 a batch of five comes from the ten least margins, the most uncertain first."""
    rng = np.random.default_rng(0)
    proba, features = two_classes(rng.uniform(0.5, 1, 100)), rng.normal(size=(100, 3))
    positions, scores = weighted_k_means(proba, features, n=5, rng=rng, beta=2)
    margins = proba[:, 0] - proba[:, 1]
    assert set(positions.tolist()) <= set(np.argsort(margins)[:10].tolist())
    assert scores == pytest.approx(1 - margins[positions])
    assert (np.diff(scores) <= 0).all()


def test_one_item_for_each_group_of_candidates():
    """Ten uncertain items in each of four places: one of each, however the rest of the pool lies."""
    rng = np.random.default_rng(1)
    places = np.repeat([[0.0, 0.0], [9.0, 0.0], [0.0, 9.0], [9.0, 9.0]], 10, axis=0)
    features = np.concatenate([places + rng.normal(scale=0.1, size=(40, 2)), rng.normal(size=(60, 2))])
    proba = two_classes(np.concatenate([np.full(40, 0.52), np.full(60, 0.99)]))
    for seed in range(10):
        positions, _ = weighted_k_means(proba, features, n=4, rng=np.random.default_rng(seed))
        assert sorted(positions // 10) == [0, 1, 2, 3]


def test_centres_go_to_the_more_uncertain():
    """One cluster: the item nearest to the weighted mean, not to the middle."""
    features = np.arange(11.0)[:, None]
    proba = two_classes(np.where(np.arange(11) == 8, 0.5, 0.9999))
    assert weighted_k_means(proba, features, n=1, rng=np.random.default_rng(0), beta=11)[0].tolist() == [8]


@pytest.mark.parametrize("beta", [0.5, float("nan")])
def test_fewer_candidates_than_places_are_refused(beta):
    """Beta is at least one."""
    with pytest.raises(InvalidInput, match="beta"):
        weighted_k_means(np.array([[0.5, 0.5]]), np.array([[1.0]]), n=1, rng=np.random.default_rng(0), beta=beta)
