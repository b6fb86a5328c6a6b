"""Falcun against the paper's equations, one draw after another."""

import numpy as np
import pytest

from a2i_al.errors import InvalidInput
from a2i_al.sampling.batches import falcun as module
from a2i_al.sampling.batches.falcun import falcun


def by_the_paper(proba, n, rng, gamma):
    best = np.sort(proba, axis=1)
    uncertainty = 1 - (best[:, -1] - best[:, -2])
    diversity, chosen = uncertainty.copy(), []
    for _ in range(n):
        chance = (uncertainty + diversity) ** gamma
        chance[chosen] = 0
        chosen.append(int(np.searchsorted(np.cumsum(chance), rng.random() * chance.sum(), side="right")))
        diversity = np.minimum(diversity, np.abs(proba - proba[chosen[-1]]).sum(axis=1))
        diversity = (diversity - diversity.min()) / (diversity.max() - diversity.min())
    return chosen


@pytest.mark.parametrize("block_values", [1, 65_536])
@pytest.mark.parametrize("gamma", [1.0, 10.0])
def test_draws_are_those_of_the_equations(monkeypatch, block_values, gamma):
    """The same random numbers draw the same items."""
    monkeypatch.setattr(module, "_BLOCK_VALUES", block_values)
    proba = np.random.default_rng(0).dirichlet(np.ones(4), 600)
    for seed in range(10):
        expected = by_the_paper(proba, 30, np.random.default_rng(seed), gamma)
        assert falcun(proba, n=30, rng=np.random.default_rng(seed), gamma=gamma)[0].tolist() == expected


def test_a_large_gamma_takes_the_most_relevant():
    """First the smallest margin, and then not its copy but the item that lies farthest from it."""
    proba = np.array([[0.5, 0.5], [0.5, 0.5], [0.75, 0.25], [0.9, 0.1]])
    positions, scores = falcun(proba, n=2, rng=np.random.default_rng(0), gamma=1000)
    assert positions[0] in (0, 1)
    assert positions[1] == 2
    assert scores == pytest.approx([2.0, 1.5])


@pytest.mark.parametrize("gamma", [1000, 1e5])
def test_a_large_gamma_tells_items_apart_of_which_the_model_is_sure(gamma):
    """Powers of shares of the largest relevance do not all vanish."""
    proba = np.array([[0.99, 0.01], [0.95, 0.05], [0.96, 0.04], [0.999, 0.001]])
    for seed in range(20):
        positions, scores = falcun(proba, n=2, rng=np.random.default_rng(seed), gamma=gamma)
        assert positions[0] == 1
        assert scores[0] == pytest.approx(0.2)


def test_a_gamma_of_zero_draws_uniformly():
    """Certain items have their chance then."""
    proba = np.array([[0.5, 0.5], [1.0, 0.0], [0.7, 0.3]])
    rng = np.random.default_rng(0)
    first = [int(falcun(proba, n=1, rng=rng, gamma=0)[0][0]) for _ in range(3000)]
    assert np.bincount(first) / 3000 == pytest.approx([1 / 3] * 3, abs=0.035)


def test_certain_items_fill_the_batch_when_nothing_else_is_left():
    """A relevance of nothing but zeros is drawn from uniformly."""
    assert sorted(falcun(np.eye(3)[[0, 0, 0, 0]], n=4, rng=np.random.default_rng(0))[0]) == [0, 1, 2, 3]


@pytest.mark.parametrize("gamma", [-1, float("inf"), float("nan")])
def test_a_gamma_out_of_range_is_refused(gamma):
    """Powers beyond floats are no chances."""
    with pytest.raises(InvalidInput, match="gamma"):
        falcun(np.array([[0.5, 0.5]]), n=1, rng=np.random.default_rng(0), gamma=gamma)
