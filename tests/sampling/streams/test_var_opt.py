"""The weighted reservoir: exactly n, and chances that are a property of the pool, whatever it is cut into."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, strategies as st

from a2i_al.sampling import margin
from a2i_al.sampling.draws.importance import proportional_chances
from a2i_al.sampling.streams import Spec, sample_stream
from a2i_al.sampling.streams.chunks import Chunk
from a2i_al.sampling.streams.var_opt import chunk_weighted, merge_weighted, thin, threshold_of

WEIGHTS = st.lists(st.sampled_from([1e-6, 0.5, 1.0, 3.0, 100.0]), min_size=1, max_size=60)


@given(WEIGHTS, st.integers(1, 60), st.integers(0, 1000))
def test_exactly_n_are_kept_and_the_chances_sum_to_n(weights, n, seed):
    """For any weights; those above the threshold are all there."""
    values = np.array(weights)
    order = np.random.default_rng(seed).permutation(len(values)).astype(np.uint64)
    kept, threshold = thin(values, order, n, seed)
    assert len(np.unique(kept)) == len(kept) == min(n, len(values))
    if n < len(values):
        assert np.minimum(1, values / threshold).sum() == pytest.approx(n)
        assert np.minimum(1, values / threshold) == pytest.approx(proportional_chances(values, n))
        assert set(np.flatnonzero(values > threshold)) <= set(kept)


def test_every_item_comes_as_often_as_its_chance_says_whatever_the_chunks():
    """Over many seeds, through three unequal chunks and two trees of merges."""
    rng = np.random.default_rng(3)
    proba = rng.dirichlet([0.4, 0.4], size=24)
    weights = np.maximum(margin(proba), 0.01)
    chances = proportional_chances(weights, 5)
    table = pa.table({"item_id": np.arange(24), "p0": proba[:, 0], "p1": proba[:, 1]})
    spec = Spec("margin", "item_id", ("p0", "p1"))
    times, seeds = np.zeros((2, 24)), 1_200
    for seed in range(seeds):
        a, b, c = (
            chunk_weighted(Chunk.of_table(table.slice(start, stop - start)), 5, spec, seed * 7919)
            for start, stop in [(0, 3), (3, 15), (15, 24)]
        )
        left = merge_weighted(merge_weighted(a, b, 5, seed * 7919), c, 5, seed * 7919)
        right = merge_weighted(a, merge_weighted(c, b, 5, seed * 7919), 5, seed * 7919)
        for row, kept in enumerate((left, right)):
            assert threshold_of(kept) == pytest.approx(weights[chances < 1].sum() / (5 - (chances == 1).sum()))
            times[row, [int(one) for one in kept["item_id"].to_pylist()]] += 1
    spread = np.sqrt(chances * (1 - chances) / seeds)
    assert (np.abs(times / seeds - chances) <= 4.5 * spread + 1e-12).all()


def test_merging_is_commutative():
    """The order of two parts does not matter."""
    proba = np.random.default_rng(0).dirichlet([1, 1], size=30)
    table = pa.table({"item_id": np.arange(30), "p0": proba[:, 0], "p1": proba[:, 1]})
    spec = Spec("margin", "item_id", ("p0", "p1"))
    a, b = (chunk_weighted(Chunk.of_table(table.slice(start, 15)), 4, spec, 1) for start in (0, 15))
    one, other = merge_weighted(a, b, 4, 1), merge_weighted(b, a, 4, 1)
    assert one["item_id"].to_pylist() == other["item_id"].to_pylist()


def test_the_picks_state_the_exact_chances():
    """`inclusion_probability` is min(1, c * weight) over the whole stream."""
    proba = np.random.default_rng(1).dirichlet([0.3, 0.3, 0.3], size=500)
    picks = sample_stream(iter(np.array_split(proba, 7)), 40, strategy="importance", random_state=2)
    chances = proportional_chances(np.maximum(margin(proba), 0.01), 40)
    assert picks["inclusion_probability"].to_numpy() == pytest.approx(chances[picks["item_id"].astype(int)])
    assert len(picks) == 40
    assert set(picks["strategy"]) == {"importance"}
