"""k-DPP draws: counted over many seeds against the determinants, and what happens beyond the rank."""

from collections import Counter
from itertools import combinations

import numpy as np
import pytest

from a2i_al.sampling.batches import k_dpp as module
from a2i_al.sampling.batches.distances import shuffled
from a2i_al.sampling.batches.k_dpp import k_dpp

SEEDS = 4_000


def chances(kernel, n):
    """Return the probability of every set of n items: its determinant over the sum of all."""
    sets = list(combinations(range(len(kernel)), n))
    volume = np.array([np.linalg.det(kernel[np.ix_(each, each)]) for each in sets])
    return sets, volume / volume.sum()


def check(features, labelled, kernel, n):
    """Compare the frequencies of all sets over many seeds with their probabilities, by the chi-squared statistic."""
    sets, expected = chances(kernel, n)
    drawn = (k_dpp(features, labelled, n=n, rng=np.random.default_rng(seed)) for seed in range(SEEDS))
    counts = Counter(tuple(sorted(each.tolist())) for each in drawn)
    assert set(counts) <= set(sets)
    observed, wanted = np.array([counts[each] for each in sets]), SEEDS * expected
    freedom = len(sets) - 1
    # Six standard deviations above the mean of the distribution.
    assert (np.square(observed - wanted) / np.maximum(wanted, 1e-9)).sum() < freedom + 6 * np.sqrt(2 * freedom)


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sets_are_drawn_in_proportion_to_their_determinants(n, dtype):
    """Six items in three dimensions, every set of n of them."""
    features = np.random.default_rng(1).normal(size=(6, 3)).astype(dtype)
    centred = features - features.mean(axis=0)
    check(features, None, (centred @ centred.T).astype(float), n)


def test_labelled_items_leave_the_covariance_that_they_do_not_explain():
    """The kernel given labels is that of a linear model with noise of a column's mean variance."""
    rng = np.random.default_rng(2)
    features, labelled = rng.normal(size=(5, 2)), rng.normal(size=(3, 2))
    origin, unit = features.mean(axis=0), np.sqrt(features.var(axis=0).sum())
    rows, known = (features - origin) / unit, (labelled - origin) / unit
    check(features, labelled, rows @ np.linalg.inv(np.eye(2) + 2 * known.T @ known) @ rows.T, 2)


@pytest.mark.parametrize(("dtype", "scale"), [(np.float32, 1e-5), (np.float32, 1e5), (np.float64, 1e5)])
def test_columns_of_any_scale_count(dtype, scale):
    """A column a hundred thousand times as large as the other leaves it its part in the volume."""
    features = (np.random.default_rng(5).normal(size=(5, 2)) * [1, scale]).astype(dtype)
    centred = (features - features.mean(axis=0)).astype(float) / [1, scale]
    check(features, None, centred @ centred.T, 2)


@pytest.mark.parametrize(("dtype", "labelled"), [(np.float64, 0), (np.float32, 3), (np.float64, 9)])
def test_more_columns_than_items_cost_no_matrix_of_the_columns(monkeypatch, dtype, labelled):
    """Five items of eight features: by their own matrix, or that of what is labelled if it is the smaller one."""
    rng, sizes = np.random.default_rng(6), set()
    features, known = rng.normal(size=(5, 8)).astype(dtype), rng.normal(size=(labelled, 8)).astype(dtype)
    origin, unit = features.mean(axis=0), np.sqrt(features.var(axis=0).sum())
    rows, seen = ((features - origin) / unit).astype(float), ((known - origin) / unit).astype(float)
    kernel = rows @ np.linalg.inv(np.eye(8) + 8 * seen.T @ seen) @ rows.T
    decomposed = np.linalg.eigh
    monkeypatch.setattr(np.linalg, "eigh", lambda matrix: sizes.add(len(matrix)) or decomposed(matrix))
    check(features, known, kernel, 3)
    assert sizes == {5, *([min(labelled, 8)] if labelled else [])}


def test_rounding_off_zero_is_no_direction():
    """Float32 a hundred spreads from zero: a line has one direction, whatever rounding adds; a plane has two."""
    place = np.random.default_rng(0).normal(size=(200, 2))
    for columns, far in [(1, 100.0), (2, 100.0), (1, 0.0), (2, 0.0)]:
        flat = place[:, :columns] @ np.array([[0.12, 0.37, 0.2], [0.3, -0.1, 0.4]])[:columns] + [far, -far, 0.0]
        pool = shuffled(flat.astype(np.float32), np.random.default_rng(0))
        assert len(module._directions(pool.rows, module._noise(pool))[0]) == columns


def test_items_alike_never_come_together_as_long_as_others_do():
    """Four items twice each: a pair would span nothing."""
    features = np.repeat(np.random.default_rng(0).normal(size=(4, 3)), 2, axis=0)
    for seed in range(200):
        drawn = k_dpp(features, n=3, rng=np.random.default_rng(seed))
        assert len(set((drawn // 2).tolist())) == 3


def test_beyond_the_rank_sets_of_full_rank_follow_each_other():
    """In one dimension nothing but single items has a length: items off the centre come first, the rest follow."""
    features = np.array([[-1.0], [0.0], [0.0], [1.0]])
    for seed in range(50):
        drawn = k_dpp(features, n=4, rng=np.random.default_rng(seed))
        assert sorted(drawn.tolist()) == [0, 1, 2, 3]
        assert sorted(drawn[:2].tolist()) == [0, 3]


def test_directions_are_drawn_in_proportion_to_the_products_of_their_eigenvalues():
    """Sets of two of three, for eigenvalues 1, 2 and 4: chances 8, 4 and 2 of 14."""
    rng = np.random.default_rng(0)
    draws = [module._chosen_directions(np.array([4.0, 2.0, 1.0]), 2, rng) for _ in range(SEEDS)]
    counts = Counter(tuple(sorted(each.tolist())) for each in draws)
    for pair, chance in {(0, 1): 8 / 14, (0, 2): 4 / 14, (1, 2): 2 / 14}.items():
        assert counts[pair] / SEEDS == pytest.approx(chance, abs=5 * np.sqrt(chance * (1 - chance) / SEEDS))


def test_hundreds_of_directions_neither_overflow_nor_come_short():
    """Eigenvalues over thirty orders of magnitude."""
    values = np.logspace(15, -15, 400)
    assert len(module._chosen_directions(values, 200, np.random.default_rng(0))) == 200


def test_a_draw_without_mass_falls_back_to_what_is_left():
    assert module._one(np.zeros(3), np.array([0, 2]), np.random.default_rng(0)) == 1
