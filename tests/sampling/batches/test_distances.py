"""Blocked distances against plain differences, on the data that break careless ones; the shuffled copy of a pool."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as hnp

from a2i_al.sampling.batches import distances
from a2i_al.sampling.batches.distances import (
    block_rows,
    floating,
    nearest,
    shuffled,
    squared_distances,
)

TABLES = hnp.arrays(np.float64, st.tuples(st.integers(1, 12), st.integers(1, 3)), elements=st.floats(-100, 100))


def plain(a, b):
    """Return all squared distances by their definition."""
    return np.square(a[:, None].astype(float) - b.astype(float)).sum(axis=-1)


@given(a=TABLES, seed=st.integers(0, 99))
def test_the_product_gives_the_distances_of_the_definition(a, seed):
    b = np.random.default_rng(seed).normal(size=(3, a.shape[1]))
    assert squared_distances(a, b) == pytest.approx(plain(a, b), abs=1e-8)


def test_a_large_offset_costs_no_digits():
    """Years and the like: float32 columns around 2,000 that differ by one keep distances of one."""
    rng = np.random.default_rng(0)
    a = (2e4 + rng.normal(size=(50, 4))).astype(np.float32)
    assert squared_distances(a, a[:7]) == pytest.approx(plain(a, a[:7]), abs=1e-4)


def test_no_distance_is_below_zero():
    """Rounding would take some of the zeros below, and their roots to NaN."""
    a = np.random.default_rng(0).normal(size=(200, 30)).astype(np.float32)
    assert squared_distances(a, a).min() >= 0


def test_nearest_finds_the_nearest_across_blocks(monkeypatch):
    """The same centres as all distances at once give, with blocks of 256 rows."""
    monkeypatch.setattr(distances, "_BLOCK", 1)
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(1000, 3)), rng.normal(size=(9, 3))
    index, distance = nearest(a, b)
    assert index.tolist() == plain(a, b).argmin(axis=1).tolist()
    assert distance == pytest.approx(plain(a, b).min(axis=1))
    assert index.dtype == np.intp


@given(a=TABLES, seed=st.integers(0, 99))
def test_a_shuffled_pool_keeps_its_proportions(a, seed):
    """Distances there times the unit are distances here, to the labelled items too; each row is found by its order."""
    pool = shuffled(a, np.random.default_rng(seed), a[:2])
    assert sorted(pool.order.tolist()) == list(range(len(a)))
    before = np.sqrt(plain(a[pool.order], a[:2]))
    assert np.sqrt(plain(pool.rows, pool.labelled)) * pool.unit == pytest.approx(before, abs=1e-6)


@pytest.mark.parametrize("rows", [100, 1000])
def test_a_shuffled_pool_is_centred_and_of_unit_spread_and_leaves_its_source_alone(monkeypatch, rows):
    """Whether it is worked on in one block or in several."""
    monkeypatch.setattr(distances, "_BLOCK", 1)
    a = np.asfortranarray(np.random.default_rng(0).normal(3, 5, size=(rows, 4)).astype(np.float32))
    a.setflags(write=False)
    pool = shuffled(a, np.random.default_rng(0))
    assert pool.rows.dtype == np.float32
    assert pool.rows.flags.c_contiguous
    assert pool.rows.mean(axis=0) == pytest.approx(0, abs=1e-5)
    assert np.square(pool.rows).sum(axis=1).mean() == pytest.approx(1, rel=1e-5)
    assert pool.labelled.shape == (0, 4)


def test_numbers_whose_squares_overflow_are_scaled_first():
    a = np.array([[1e30], [-1e30], [0.0]], dtype=np.float32)
    pool = shuffled(a, np.random.default_rng(0), a)
    assert np.isfinite(pool.rows).all()
    assert np.square(pool.rows).mean() == pytest.approx(1)


def test_constant_features_stay_finite():
    pool = shuffled(np.full((4, 2), 7.0), np.random.default_rng(0), np.full((1, 2), 7.0))
    assert (pool.rows == 0).all()
    assert (pool.labelled == 0).all()


def test_integers_become_float64_and_floats_stay():
    assert floating([[1, 2]]).dtype == np.float64
    single = np.ones((1, 2), dtype=np.float32)
    assert floating(single) is single


def test_blocks_are_bounded_both_ways():
    assert (block_rows(0), block_rows(1), block_rows(10**9)) == (2**16, 2**16, 256)


@pytest.mark.parametrize("far", [1e5, 1e25, 1e38, -3e38])
def test_labelled_items_far_off_are_drawn_in(far):
    """In their direction, further away than any of the pool; what is near stays where it is, to the last digit."""
    rng = np.random.default_rng(0)
    features, near = rng.normal(size=(50, 2)).astype(np.float32), np.array([[0.5, -0.5]], dtype=np.float32)
    pool = shuffled(features, np.random.default_rng(1), np.array([[far, 0.0], [0.5, -0.5]], dtype=np.float32))
    alone = shuffled(features, np.random.default_rng(1), near)
    assert pool.labelled[1].tolist() == alone.labelled[0].tolist()
    assert pool.labelled.dtype == np.float32
    x, y = pool.labelled[0]
    assert x * np.sign(far) > 10 * np.abs(pool.rows).max()
    assert abs(y) < 1e-3 * abs(x)
    assert squared_distances(pool.rows, pool.labelled) == pytest.approx(
        plain(pool.rows, pool.labelled), rel=1e-3, abs=1e-3
    )


@pytest.mark.parametrize("value", [0.0, 5.0, 1e300])
def test_labelled_items_stay_finite_beside_a_pool_without_spread(value):
    """Equal rows, or next to equal: everything else is infinitely far away."""
    for features in (np.ones((3, 2)), np.ones((3, 2)) + np.eye(3, 2) * 1e-16, np.eye(3, 2) * 1e-300):
        pool = shuffled(features, np.random.default_rng(0), np.array([[value, 1.0], [1.0, 1.0]]))
        assert np.isfinite(squared_distances(pool.rows, pool.labelled)).all()
