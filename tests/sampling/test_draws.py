"""Ties and draws are uniform: counted over many seeds, for the best scores and the worst alike."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from a2i_al.sampling.draws import best, draw
from a2i_al.sampling.draws.uniform import best_first

SEEDS = 3_000
IDS = np.array(list("abcdef"), dtype=object)


def frequencies(choose):
    """Return how often each position was chosen, as a share of the seeds."""
    counts = np.zeros(len(IDS))
    for seed in range(SEEDS):
        counts[choose(np.random.default_rng(seed))] += 1
    return counts / SEEDS


def bound(p):
    """Return five standard errors of a share p: a wrong alarm in about one of a million tests."""
    return 5 * np.sqrt(p * (1 - p) / SEEDS)


@pytest.mark.parametrize("tied", [0.0, 1.0])
def test_ties_at_the_cut_are_broken_uniformly_whether_they_are_the_lowest_or_the_highest(tied):
    """Four of six scores tie at the bottom or at the top; each of the four must be equally likely."""
    scores = np.full(6, tied)
    scores[[1, 4]] = 0.5
    n = 3 if tied == 0.0 else 1
    free = n - 2 if tied == 0.0 else n
    shares = frequencies(lambda rng: best(scores, IDS, n, rng))
    assert shares[[0, 2, 3, 5]] == pytest.approx(free / 4, abs=bound(free / 4))
    assert shares[[1, 4]].tolist() == ([1.0, 1.0] if tied == 0.0 else [0.0, 0.0])


def test_equal_scores_are_ranked_in_random_order():
    """All are chosen, so only the order can be biased: each must come first equally often."""
    shares = frequencies(lambda rng: best(np.ones(6), IDS, 6, rng)[:1])
    assert shares == pytest.approx(1 / 6, abs=bound(1 / 6))


def test_equal_scores_above_the_cut_are_ranked_in_random_order_too():
    shares = frequencies(lambda rng: best(np.array([1.0, 0.0, 1.0, 0.0, 0.0, 0.0]), IDS, 3, rng)[:1])
    assert shares[[0, 2]] == pytest.approx(1 / 2, abs=bound(1 / 2))


def test_a_draw_gives_every_candidate_the_same_chance():
    shares = frequencies(lambda rng: draw(IDS, 2, rng))
    assert shares == pytest.approx(1 / 3, abs=bound(1 / 3))


@given(
    scores=st.lists(st.sampled_from([0.0, 0.25, 0.5, np.inf, -np.inf]), min_size=1, max_size=20),
    data=st.data(),
)
def test_best_returns_n_distinct_positions_none_worse_than_those_left_in_descending_order(scores, data):
    scores = np.array(scores)
    n = data.draw(st.integers(0, len(scores)))
    ids = np.array([str(i) for i in range(len(scores))], dtype=object)
    chosen = best(scores, ids, n, np.random.default_rng(0))
    assert len(set(chosen.tolist())) == len(chosen) == n
    ranked = scores[chosen]
    assert (ranked[:-1] >= ranked[1:]).all()
    left = np.delete(scores, chosen)
    assert not n or not left.size or ranked.min() >= left.max()


@given(
    scores=st.lists(st.sampled_from([0.0, 0.25, 0.5, np.inf, -np.inf]), min_size=1, max_size=40),
    data=st.data(),
)
def test_the_best_are_the_head_of_all_in_order_of_score_and_key(scores, data):
    """However many tie: as if everything had been sorted."""
    scores, n = np.array(scores), data.draw(st.integers(0, len(scores)))
    keys = np.random.default_rng(data.draw(st.integers(0, 99))).permutation(len(scores)).astype(np.uint64)
    expected = sorted(range(len(scores)), key=lambda at: (-scores[at], keys[at]))[:n]
    assert best_first(scores, n, keys.take).tolist() == expected
