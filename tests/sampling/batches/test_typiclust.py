"""TypiClust: which clusters are asked, in which order, and which of their items."""

import numpy as np
import pytest

from a2i_al.sampling.batches import typiclust as module
from a2i_al.sampling.batches.clustering import kmeans
from a2i_al.sampling.batches.typiclust import typicalities, typiclust


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


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("room", [1, 2**12, 2**18])
def test_typicality_is_that_of_every_item_among_its_own_cluster(monkeypatch, room, dtype):
    """Clusters of all sizes at once, in any order, however many distances are held at a time, far from the origin."""
    monkeypatch.setattr(module, "_DISTANCES", room)
    rng = np.random.default_rng(0)
    sizes = rng.permutation([1, 1, 2, 3, 4, 5, 12, 38, 39, 40, 41, 60, 60, 61, 200])
    rows = (rng.normal(size=(sizes.sum(), 3)) + 30).astype(dtype)
    clusters = np.split(rng.permutation(len(rows)), np.cumsum(sizes)[:-1])
    expected = [naive_typicality(rows[c].astype(float), min(20, max(len(c) // 2, 1))) for c in clusters if len(c) > 1]
    found = typicalities(clusters, rows, np.array([rows[c].mean(axis=0) for c in clusters]))
    alone = np.repeat(sizes, sizes) == 1
    assert found[alone].tolist() == [0.0, 0.0]
    assert found[~alone] == pytest.approx(np.concatenate(expected), rel=1e-4 if dtype == np.float32 else 1e-9)


@pytest.mark.parametrize(("n", "n_labelled"), [(7, 0), (20, 15)])
def test_picks_follow_the_definition_given_the_clusters(monkeypatch, n, n_labelled):
    """Each cluster's most typical candidate, the least labelled and largest clusters first, written out one by one."""
    rng = np.random.default_rng(0)
    features = np.concatenate([rng.normal(at, 1, (size, 4)) for at, size in ((0, 300), (6, 90), (-9, 40), (20, 7))])
    found = {}

    def remembered(rows, n_clusters, **options):
        found["rows"], (centres, found["cluster"]) = rows, kmeans(rows, n_clusters, **options)
        return centres, found["cluster"]

    monkeypatch.setattr(module, "kmeans", remembered)
    labelled = features[rng.permutation(len(features))[:n_labelled]]
    _, scores = typiclust(features, labelled, n=n, rng=np.random.default_rng(1))
    is_candidate = np.arange(len(found["rows"])) < len(features)
    turns = []
    for cluster in range(n + n_labelled):
        members = np.flatnonzero(found["cluster"] == cluster)
        if len(members) < 2 or not is_candidate[members].any():
            continue
        typicality = naive_typicality(found["rows"][members], min(20, max(len(members) // 2, 1)))
        small = len(members) < min(5, len(found["rows"]) / (2 * (n + n_labelled)))
        best = typicality[is_candidate[members]].max()
        turns.append((small, (~is_candidate[members]).sum(), -len(members), cluster, best))
    expected = [best for *_, best in sorted(turns)[:n]]
    assert scores == pytest.approx(expected)
    assert [small for small, *_ in sorted(turns)[:n]] == [False] * n


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
