"""TypiClust: which clusters are asked, in which order, and which of their items."""

import numpy as np
import pytest

from a2i_al.sampling.batches import typiclust as module
from a2i_al.sampling.batches.typiclust import typiclust


def groups(sizes, rng, spread=1.0):
    """Return rows around far centres, so many for each, and the group of every row."""
    group = np.repeat(np.arange(len(sizes)), sizes)
    return np.stack([1000.0 * group, np.zeros(len(group))], axis=1) + spread * rng.normal(size=(len(group), 2)), group


def test_the_largest_clusters_without_a_label_come_first():
    """A label in the largest of four; of the other three the order is that of their sizes."""
    features, group = groups([60, 20, 40, 10], np.random.default_rng(0))
    positions, _ = typiclust(features, features[:1], n=3, rng=np.random.default_rng(0))
    assert group[positions].tolist() == [2, 1, 3]


def naive_typicality(rows, near):
    """Return one over the mean distance to so many nearest others."""
    distance = np.sort(np.sqrt(np.square(rows[:, None] - rows).sum(axis=-1)), axis=1)[:, 1 : near + 1]
    return 1 / distance.mean(axis=1)


@pytest.mark.parametrize(("size", "near"), [(60, 20), (12, 6)])
def test_the_pick_is_the_most_typical_of_its_cluster(size, near):
    """By the mean distance to the 20 nearest, or half of the cluster."""
    features = np.random.default_rng(0).normal(size=(size, 3))
    positions, scores = typiclust(features, n=1, rng=np.random.default_rng(0))
    typicality = naive_typicality(features, near)
    assert positions[0] == typicality.argmax()
    spread = np.sqrt(np.square(features - features.mean(axis=0)).sum(axis=1).mean())
    assert scores[0] == pytest.approx(typicality.max() * spread)


def test_clusters_are_asked_again_in_turn_when_there_are_no_more(monkeypatch):
    """Two clusters at most and five picks: they take turns, the larger one first."""
    monkeypatch.setattr(module, "_CLUSTERS", 2)
    features, group = groups([30, 20], np.random.default_rng(0))
    positions, _ = typiclust(features, n=5, rng=np.random.default_rng(0))
    assert group[positions].tolist() == [0, 1, 0, 1, 0]


def test_tiny_clusters_come_last_even_without_a_label():
    """An outlier on its own is asked after a large cluster that has a label."""
    features, group = groups([60, 60, 1], np.random.default_rng(0), spread=0.1)
    labelled = features[[0, 60]]
    for seed in range(5):
        positions, _ = typiclust(features, labelled, n=1, rng=np.random.default_rng(seed))
        assert group[positions[0]] != 2


def test_a_large_cluster_is_judged_by_a_sample_and_can_still_be_taken_whole(monkeypatch):
    """Thirty of ninety are looked at: the pick is one of the middle, and all ninety can be had."""
    monkeypatch.setattr(module, "_MEMBERS", 30)
    features = np.random.default_rng(0).normal(size=(90, 2))
    positions, _ = typiclust(features, n=1, rng=np.random.default_rng(0))
    assert np.linalg.norm(features[positions[0]]) < np.median(np.linalg.norm(features, axis=1))
    everything, _ = typiclust(features, n=90, rng=np.random.default_rng(0))
    assert sorted(everything.tolist()) == list(range(90))
