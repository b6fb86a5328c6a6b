"""Greedy coverage against the naive greedy, with the pool at once and in rounds."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from a2i_al.sampling.batches import coverage
from a2i_al.sampling.batches.coverage import cover
from a2i_al.sampling.batches.distances import shuffled


def gaussian(squared):
    """The kernel of MaxHerding."""
    return np.exp(-squared)


def ball(squared):
    """The neighbourhoods of ProbCover."""
    return (squared < 0.3).astype(squared.dtype)


def nearness(squared):
    """The similarity of facility location."""
    return -np.sqrt(squared)


KERNELS = pytest.mark.parametrize("kernel", [gaussian, ball, nearness])


def naive_gains(rows, labelled, kernel, positions):
    """Follow some picks, and return at each step what every item would add."""
    similar = kernel(np.square(rows[:, None] - rows).sum(axis=-1))
    covered = np.full(len(rows), -np.inf) if len(labelled) else np.minimum(similar.min(axis=0), 0)
    for row in labelled:
        covered = np.maximum(covered, kernel(np.square(rows - row).sum(axis=-1)))
    steps = []
    for position in positions:
        steps.append(np.maximum(similar - covered, 0).mean(axis=1))
        covered = np.maximum(covered, similar[position])
    return np.array(steps)


@KERNELS
@given(seed=st.integers(0, 10_000), m=st.integers(1, 50), labelled=st.integers(0, 3), data=st.data())
def test_every_pick_is_the_naive_greedy_one(kernel, seed, m, labelled, data):
    """At each step no item would add more than the one picked, and its gain is what it adds."""
    rng = np.random.default_rng(seed)
    pool = shuffled(rng.normal(size=(m, 2)), rng, rng.normal(size=(labelled, 2)))
    n = data.draw(st.integers(1, m))
    positions, gains = cover(pool, kernel, n)
    assert len(set(positions.tolist())) == n
    steps = naive_gains(pool.rows, pool.labelled, kernel, positions)
    assert gains == pytest.approx(steps[np.arange(n), positions], abs=1e-5)
    assert gains == pytest.approx(steps.max(axis=1), abs=1e-5)


def test_bounds_are_brought_up_to_date_in_growing_batches(monkeypatch):
    """With batches of one the choice is the same."""
    rng = np.random.default_rng(0)
    pool = shuffled(rng.normal(size=(200, 2)), rng)
    at_once, _ = cover(pool, gaussian, 20)
    monkeypatch.setattr(coverage, "_BATCH", 1)
    assert cover(pool, gaussian, 20)[0].tolist() == at_once.tolist()


def test_a_large_pool_is_taken_in_rounds_that_know_of_each_other(monkeypatch):
    """Twelve groups far apart, four picks a round: every group is asked once, though the rounds see samples."""
    monkeypatch.setattr(coverage, "_CANDIDATES", 400)
    monkeypatch.setattr(coverage, "_TARGETS", 200)
    monkeypatch.setattr(coverage, "_PICKS", 4)
    rng = np.random.default_rng(0)
    angle = np.arange(3000) % 12 * np.pi / 6
    pool = shuffled(np.stack([np.cos(angle), np.sin(angle)], axis=1) + 0.01 * rng.normal(size=(3000, 2)), rng)
    positions, gains = cover(pool, lambda squared: np.exp(-20 * squared), 12)
    assert sorted((pool.order[positions] % 12).tolist()) == list(range(12))
    assert (gains > 0.05).all()


@KERNELS
def test_rounds_of_more_picks_than_candidates_have_more_candidates(monkeypatch, kernel):
    """Nearly all of a large pool: n distinct items, and no more similarities at a time than otherwise."""
    for name, value in {"_CANDIDATES": 8, "_TARGETS": 4, "_PICKS": 2, "_ROUNDS": 2}.items():
        monkeypatch.setattr(coverage, name, value)
    sizes, similarities = [], coverage._similarities
    monkeypatch.setattr(coverage, "_similarities", lambda *given: sizes.append(given) or similarities(*given))
    rng = np.random.default_rng(0)
    for n in (20, 97, 100):
        positions, gains = cover(shuffled(rng.normal(size=(100, 2)), rng), kernel, n)
        assert len(set(positions.tolist())) == len(gains) == n
    assert all(len(targets) * len(candidates) <= max(32, len(candidates)) for candidates, targets, _ in sizes)


def test_a_large_pool_can_be_chosen_whole(monkeypatch):
    """Rounds run out of neither candidates nor picks."""
    monkeypatch.setattr(coverage, "_CANDIDATES", 30)
    monkeypatch.setattr(coverage, "_TARGETS", 10)
    monkeypatch.setattr(coverage, "_PICKS", 7)
    rng = np.random.default_rng(0)
    positions, _ = cover(shuffled(rng.normal(size=(100, 2)), rng), gaussian, 100)
    assert sorted(positions.tolist()) == list(range(100))
