"""What every hybrid batch strategy promises, whatever the pool."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from a2i_al.sampling.batches.badge import badge
from a2i_al.sampling.batches.clue import clue
from a2i_al.sampling.batches.cluster_margin import cluster_margin
from a2i_al.sampling.batches.falcun import falcun
from a2i_al.sampling.batches.ranked_batch import ranked_batch
from a2i_al.sampling.batches.weighted_k_means import weighted_k_means


def falcun_on_pools(proba, features, **knobs):
    """Falcun takes no features; this one is called like the others."""
    return falcun(proba, **knobs)


ALL = pytest.mark.parametrize(
    "strategy", [badge, clue, cluster_margin, falcun_on_pools, ranked_batch, weighted_k_means]
)
NUMBERS = st.sampled_from([0.0, 1.0, -3.0, 1e-3, 1e6, 1e19])


@st.composite
def pools(draw):
    """Small pools of every awkward kind: repeated rows, one column, certain models, float32, Fortran order."""
    m, d, k = draw(st.integers(1, 14)), draw(st.integers(1, 3)), draw(st.integers(2, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    kind = draw(st.sampled_from(["varied", "certain", "uniform"]))
    proba = {
        "varied": rng.dirichlet(np.ones(k), m),
        "certain": np.eye(k)[rng.integers(0, k, m)],
        "uniform": np.full((m, k), 1 / k),
    }[kind]
    if draw(st.booleans()):
        features = np.array(draw(st.lists(st.lists(NUMBERS, min_size=d, max_size=d), min_size=m, max_size=m)))
    else:
        features = rng.normal(size=(m, d)).round(draw(st.sampled_from([0, 3])))
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    order = draw(st.sampled_from(["C", "F"]))
    proba, features = proba.astype(dtype, order=order), features.astype(dtype, order=order)
    proba.setflags(write=False)
    features.setflags(write=False)
    return proba, features, draw(st.integers(1, m))


@ALL
@settings(max_examples=150)
@given(pool=pools(), seed=st.integers(0, 2**32 - 1))
def test_exactly_n_distinct_positions_with_their_scores_the_same_under_a_seed(strategy, pool, seed):
    """No pool, however degenerate, gives fewer, repeats one, or warns; inputs are read only."""
    proba, features, n = pool
    positions, scores = strategy(proba, features, n=n, rng=np.random.default_rng(seed))
    assert positions.dtype == np.intp
    assert sorted(set(positions.tolist())) == sorted(positions.tolist())
    assert len(positions) == len(scores) == n
    assert positions.min() >= 0
    assert positions.max() < len(proba)
    assert scores.dtype == np.float64
    assert np.isfinite(scores).all()
    again, _ = strategy(proba, features, n=n, rng=np.random.default_rng(seed))
    assert again.tolist() == positions.tolist()


@ALL
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_equal_items_are_equally_likely_whatever_their_position(strategy, dtype):
    """Of nine rows that are all alike, each is one of the three in a third of the runs, within four standard errors."""
    proba, features = np.full((9, 3), 1 / 3, dtype=dtype), np.full((9, 2), 0.1, dtype=dtype)
    rng, runs = np.random.default_rng(0), 900
    counts = np.zeros(9)
    for _ in range(runs):
        counts[strategy(proba, features, n=3, rng=rng)[0]] += 1
    assert np.abs(counts / runs - 1 / 3).max() < 4 * np.sqrt(2 / 9 / runs)


@ALL
def test_one_item_is_chosen_from_a_pool_of_one(strategy):
    """The smallest pool there is."""
    positions, _ = strategy(np.array([[0.4, 0.6]]), np.array([[2.0]]), n=1, rng=np.random.default_rng(0))
    assert positions.tolist() == [0]
