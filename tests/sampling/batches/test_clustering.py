"""k-means against its definition: means of what is nearest, weights as repeated rows, fixed centres that stay."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from a2i_al.sampling.batches import clustering
from a2i_al.sampling.batches.clustering import kmeans

BLOBS = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])


def blobs(rows, rng, dtype=np.float64):
    """Return rows around three far centres, in turn."""
    return (BLOBS[np.arange(rows) % 3] + 0.1 * rng.normal(size=(rows, 2))).astype(dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_clusters_far_apart_are_found_and_their_centres_are_means(dtype):
    """Each blob is one cluster; its centre is the mean of its rows and has their dtype."""
    points = blobs(300, np.random.default_rng(0), dtype)
    centres, assignment = kmeans(points, 3, rng=np.random.default_rng(1))
    assert centres.dtype == dtype
    for blob in range(3):
        assert len(set(assignment[blob::3].tolist())) == 1
        assert centres[assignment[blob]] == pytest.approx(points[blob::3].mean(axis=0), abs=1e-5)


def test_the_inertia_is_about_that_of_the_reference():
    """Within 3 per cent of scikit-learn's k-means, where there are no clusters to find."""
    from sklearn.cluster import KMeans  # noqa: PLC0415

    points = np.random.default_rng(0).normal(size=(1500, 8))
    centres, assignment = kmeans(points, 20, rng=np.random.default_rng(0))
    ours = np.square(points - centres[assignment]).sum()
    assert ours <= 1.03 * KMeans(20, n_init=1, random_state=0).fit(points).inertia_


def test_a_weight_counts_as_so_many_rows():
    """One cluster: its centre is the weighted mean."""
    points = np.array([[0.0], [4.0]])
    centres, _ = kmeans(points, 1, rng=np.random.default_rng(0), weights=np.array([3.0, 1.0]))
    assert centres.tolist() == [[1.0]]


def test_rows_without_weight_move_nothing():
    points = np.array([[0.0], [1.0], [100.0]])
    centres, _ = kmeans(points, 1, rng=np.random.default_rng(0), weights=np.array([1.0, 1.0, 0.0]))
    assert centres.tolist() == [[0.5]]


def test_weights_that_are_all_zero_mean_all_equal():
    centres, _ = kmeans(np.array([[0.0], [2.0]]), 1, rng=np.random.default_rng(0), weights=np.zeros(2))
    assert centres.tolist() == [[1.0]]


def test_fixed_centres_come_first_stay_and_attract():
    """A centre on two of the blobs leaves the third to the one that is free."""
    points = blobs(300, np.random.default_rng(0))
    fixed = BLOBS[:2] + 0.5
    centres, assignment = kmeans(points, 1, rng=np.random.default_rng(0), fixed_centres=fixed)
    assert centres[:2] == pytest.approx(fixed)
    assert centres[2] == pytest.approx(points[2::3].mean(axis=0))
    assert assignment[:3].tolist() == [0, 1, 2]


def test_inputs_are_neither_changed_nor_needed_writable():
    points, weights, fixed = blobs(30, np.random.default_rng(0)), np.ones(30), BLOBS[:1].copy()
    before = [each.copy() for each in (points, weights, fixed)]
    for each in (points, weights, fixed):
        each.setflags(write=False)
    kmeans(points, 2, rng=np.random.default_rng(0), weights=weights, fixed_centres=fixed)
    assert all((a == b).all() for a, b in zip(before, (points, weights, fixed), strict=True))


def test_a_large_pool_is_learnt_from_a_sample_and_assigned_in_full(monkeypatch):
    """With 30 of 3,000 rows looked at the centres are the blobs' still, and every row has its own."""
    monkeypatch.setattr(clustering, "_AT_LEAST", 30)
    monkeypatch.setattr(clustering, "_PER_CLUSTER", 1)
    points = blobs(3000, np.random.default_rng(0))
    centres, assignment = kmeans(points, 3, rng=np.random.default_rng(0))
    assert centres[assignment] == pytest.approx(BLOBS[np.arange(3000) % 3], abs=0.15)


def test_more_restarts_never_give_a_worse_clustering():
    points = np.random.default_rng(0).normal(size=(200, 2))

    def inertia(restarts, seed):
        centres, assignment = kmeans(points, 12, rng=np.random.default_rng(seed), restarts=restarts)
        return np.square(points - centres[assignment]).sum()

    once, often = ([inertia(restarts, seed) for seed in range(4)] for restarts in (1, 8))
    assert all(after <= before for before, after in zip(once, often, strict=True))
    assert sum(often) < sum(once)


def test_an_empty_cluster_starts_again_at_a_far_row():
    """Two centres on one spot: the second, empty, moves to the row that is farthest from its own centre."""
    rows = np.array([[0.0], [0.0], [9.0]])
    assignment, distance = clustering._assigned(rows, np.square(rows[:, 0]), np.array([[0.0], [0.0]]))
    means = clustering._means(rows, np.ones(3), assignment, distance, np.array([[0.0], [0.0]]))
    assert sorted(means[:, 0].tolist()) == [3.0, 9.0]


def test_seeds_leave_no_far_group_out():
    """Drawn by squared distance: each of ten groups far apart has a seed, in every one of fifty runs."""
    rows = np.repeat(np.arange(10.0) * 1000, 20)[:, None] + np.random.default_rng(0).normal(size=(200, 1))
    rows -= rows.mean()
    for run in range(50):
        rng = np.random.default_rng(run)
        seeds = clustering._seeded(rows, np.ones(200), np.empty((0, 1)), 10, rng)
        assert len(set((seeds // 20).tolist())) == 10


@given(seed=st.integers(0, 1000), m=st.integers(1, 12), kind=st.sampled_from(["same", "two", "varied"]), data=st.data())
def test_any_pool_gives_so_many_finite_centres_and_the_nearest_of_them(seed, m, kind, data):
    """Repeated rows, fewer distinct ones than clusters, one row: nothing warns, every row has its nearest centre."""
    rng = np.random.default_rng(seed)
    points = {"same": np.full((m, 2), 0.1), "two": rng.integers(0, 2, (m, 2)) * 1e6, "varied": rng.normal(size=(m, 2))}
    points = points[kind].astype(data.draw(st.sampled_from([np.float32, np.float64])))
    k = data.draw(st.integers(1, m))
    centres, assignment = kmeans(points, k, rng=rng)
    assert centres.shape == (k, 2)
    assert np.isfinite(centres).all()
    to_all = np.square(points[:, None].astype(float) - centres).sum(axis=-1)
    assert to_all[np.arange(m), assignment] == pytest.approx(
        to_all.min(axis=1), abs=1e-9 + 1e-6 * float(points.max()) ** 2
    )
