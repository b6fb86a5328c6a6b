"""Cluster-Margin on pools whose clusters can be seen."""

import numpy as np

from a2i_al.sampling.batches import cluster_margin as module
from a2i_al.sampling.batches.cluster_margin import cluster_margin


def three_places(seed=0):
    """Twenty-seven candidates: three at 0, nine at 10, fifteen at 20; margins all different."""
    rng = np.random.default_rng(seed)
    places = np.repeat([0.0, 10.0, 20.0], [3, 9, 15])
    first = rng.permutation(np.linspace(0.5, 0.9, 27))
    return np.column_stack([first, 1 - first]), (places + rng.uniform(-1, 1, 27))[:, None], places


def test_clusters_take_turns_from_the_smallest_and_give_their_most_uncertain_first():
    """Seven picks of three clusters: small, middle, large, small, middle, large, small."""
    proba, features, places = three_places()
    positions, scores = cluster_margin(proba, features, n=7, rng=np.random.default_rng(0))
    assert places[positions].tolist() == [0.0, 10.0, 20.0, 0.0, 10.0, 20.0, 0.0]
    for place in (0.0, 10.0, 20.0):
        of_place = np.flatnonzero(places == place)
        given = positions[places[positions] == place]
        assert given.tolist() == of_place[np.argsort(proba[of_place, 0])][: len(given)].tolist()
    assert np.allclose(scores, 2 - 2 * proba[positions, 0])


def test_an_exhausted_cluster_is_passed_over():
    """With the whole pool as the batch all come, the three of the smallest in the first nine."""
    proba, features, places = three_places()
    positions, _ = cluster_margin(proba, features, n=27, rng=np.random.default_rng(0))
    assert sorted(positions.tolist()) == list(range(27))
    assert (places[positions[:9]] == 0.0).sum() == 3


def test_only_the_least_margins_are_candidates():
    """With beta = 2 a batch of five comes from the ten least margins."""
    proba, features, _ = three_places()
    positions, _ = cluster_margin(proba, features, n=5, rng=np.random.default_rng(0), beta=2)
    assert set(positions.tolist()) <= set(np.argsort(proba[:, 0])[:10].tolist())


def test_candidates_beyond_the_linked_ones_join_the_cluster_of_the_nearest(monkeypatch):
    """Linking all but two rows finds the same three clusters."""
    monkeypatch.setattr(module, "_LINKED", 25)
    proba, features, places = three_places()
    for seed in range(10):
        positions, _ = cluster_margin(proba, features, n=6, rng=np.random.default_rng(seed))
        assert places[positions].tolist() == [0.0, 10.0, 20.0] * 2
