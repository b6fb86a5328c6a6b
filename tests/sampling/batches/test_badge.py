"""BADGE against explicit gradients and against drawing one by one."""

import itertools
import tracemalloc
from collections import Counter

import numpy as np
import pytest

from a2i_al.sampling.batches import badge as module
from a2i_al.sampling.batches.badge import badge


def pool(m, d=4, k=3, seed=0):
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.ones(k), m), rng.normal(size=(m, d))


def explicit_gradients(proba, features):
    directions = proba - np.eye(proba.shape[1])[proba.argmax(axis=1)]
    return (directions[:, :, None] * features[:, None, :]).reshape(len(proba), -1)


def explicit_distances(proba, features):
    gradients = explicit_gradients(proba, features)
    return ((gradients[:, None] - gradients[None]) ** 2).sum(axis=2)


def test_factored_distances_are_those_of_explicit_gradients():
    """Lengths and distances come out of the two factors."""
    proba, features = pool(30)
    gradients = module._Gradients(proba, features)
    assert gradients.squared_norms == pytest.approx((explicit_gradients(proba, features) ** 2).sum(axis=1))
    assert gradients.between(np.arange(30)) == pytest.approx(explicit_distances(proba, features), abs=1e-12)


@pytest.mark.parametrize("block_rows", [7, 4096])
def test_the_nearest_distances_follow_what_is_chosen(monkeypatch, block_rows):
    """Each score is the squared distance to the nearest earlier choice, wherever the blocks end."""
    monkeypatch.setattr(module, "_BLOCK_ROWS", block_rows)
    proba, features = pool(50)
    distances = explicit_distances(proba, features)
    positions, scores = badge(proba, features, n=20, rng=np.random.default_rng(1))
    nearest = [distances[i, positions[:rank]].min() for rank, i in enumerate(positions) if rank]
    assert scores[1:] == pytest.approx(nearest, rel=1e-9)


def test_the_first_has_the_longest_gradient():
    """Its score is the squared length."""
    proba, features = pool(50)
    lengths = (explicit_gradients(proba, features) ** 2).sum(axis=1)
    positions, scores = badge(proba, features, n=1, rng=np.random.default_rng(0))
    assert (positions[0], scores[0]) == (lengths.argmax(), pytest.approx(lengths.max()))


@pytest.mark.parametrize("proposals", [2, 64])
def test_batches_have_the_chances_of_drawing_one_by_one(monkeypatch, proposals):
    """Every ordered batch of four out of six is as frequent as D² sampling makes it, within four standard errors."""
    monkeypatch.setattr(module, "_PROPOSALS", proposals)
    proba, features = pool(6, seed=3)
    distances = explicit_distances(proba, features)
    first = int((explicit_gradients(proba, features) ** 2).sum(axis=1).argmax())
    rng, runs = np.random.default_rng(0), 5000
    counts = Counter(tuple(badge(proba, features, n=4, rng=rng)[0].tolist()) for _ in range(runs))
    for rest in itertools.permutations(set(range(6)) - {first}, 3):
        batch, chance = (first, *rest), 1.0
        for rank in range(1, 4):
            nearest = distances[:, list(batch[:rank])].min(axis=1)
            chance *= nearest[batch[rank]] / nearest.sum()
        assert abs(counts[batch] / runs - chance) < 4 * np.sqrt(chance * (1 - chance) / runs) + 1e-4


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_copies_of_a_chosen_item_wait_until_nothing_else_is_left(dtype):
    """Rounding does not make a copy look new: five groups of copies give one each, and only then a second."""
    proba, features = (np.repeat(part, 40, axis=0).astype(dtype) for part in pool(5))
    for seed in range(20):
        positions, scores = badge(proba, features, n=7, rng=np.random.default_rng(seed))
        assert sorted(positions[:5] // 40) == [0, 1, 2, 3, 4]
        assert scores[5:].tolist() == [0.0, 0.0]
        assert len(set(positions.tolist())) == 7


@pytest.mark.parametrize("unit", [1e-25, 1e25])
def test_the_unit_of_length_changes_nothing(unit):
    """Numbers whose squares leave float32 give the same batch."""
    proba, features = (part.astype(np.float32) for part in pool(40))
    plain, _ = badge(proba, features, n=10, rng=np.random.default_rng(0))
    scaled, _ = badge(proba, features * np.float32(unit), n=10, rng=np.random.default_rng(0))
    assert scaled.tolist() == plain.tolist()


def test_the_gradients_are_never_made():
    """Peak memory stays far below that of the (m, k d) matrix: here 128 MB."""
    proba, features = (part.astype(np.float32) for part in pool(20_000, d=160, k=10))
    tracemalloc.start()
    try:
        badge(proba, features, n=20, rng=np.random.default_rng(0))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 16e6
