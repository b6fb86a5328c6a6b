"""The importance draw of a stream: the chances of the draw in memory, exactly, whatever the pool is cut into."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings, strategies as st

from a2i_al.sampling import margin, sample
from a2i_al.sampling.draws.importance import FLOOR, lowest_weight, proportional_chances
from a2i_al.sampling.streams import Spec, sample_stream
from a2i_al.sampling.streams.chunks import Chunk
from a2i_al.sampling.streams.kept import candidates
from a2i_al.sampling.streams.weighted import chunk_weighted, draw_weighted, merge_weighted, threshold_of

SPEC = Spec("margin", "item_id", ("p0", "p1"))


def pool_of(scores):
    """Give rows of two probabilities that have these margin scores."""
    first = 1 - np.asarray(scores) / 2
    return np.column_stack([first, 1 - first])


def table_of(proba):
    return pa.table({"item_id": np.arange(len(proba)), "p0": proba[:, 0], "p1": proba[:, 1]})


def chances_of(proba, n):
    scores = margin(proba)
    return proportional_chances(np.maximum(scores, lowest_weight(float(scores.mean()), FLOOR)), n)


def confident(rows, seed=0):
    """Give scores of a model that is sure of nearly all: far below any fixed floor."""
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.uniform(0.1, 1.0, size=3), rng.exponential(1e-4, size=rows - 6), np.zeros(3)])


def parts_of(proba, edges, n, seed):
    table = table_of(proba)
    return [chunk_weighted(Chunk.of_table(table.slice(a, b - a)), n, SPEC, seed) for a, b in pairwise(edges)]


@pytest.mark.parametrize(
    "scores", [confident(24), np.random.default_rng(3).uniform(0, 1, 24) ** 6], ids=["sure", "not"]
)
def test_every_item_comes_as_often_as_its_chance_says_whatever_the_chunks(scores):
    """Over many seeds, through three unequal chunks and two trees of merges; the chances are those of memory."""
    proba = pool_of(scores)
    chances, seeds = chances_of(proba, 5), 900
    times = np.zeros((2, 24))
    for seed in range(seeds):
        a, b, c = parts_of(proba, [0, 3, 15, 24], 5, seed * 7919)
        left = merge_weighted(merge_weighted(a, b, 5, seed * 7919), c, 5, seed * 7919)
        right = merge_weighted(a, merge_weighted(c, b, 5, seed * 7919), 5, seed * 7919)
        for row, kept in enumerate((left, right)):
            drawn = draw_weighted(kept, 5, seed * 7919)
            ids = [int(one) for one in drawn["item_id"].to_pylist()]
            assert len(set(ids)) == 5
            assert np.minimum(1, drawn["weight"].to_numpy() / threshold_of(drawn)) == pytest.approx(chances[ids])
            times[row, ids] += 1
    spread = np.sqrt(chances * (1 - chances) / seeds)
    assert (np.abs(times / seeds - chances) <= 4.5 * spread + 1e-12).all()


@given(
    st.lists(st.sampled_from([0.0, 1e-12, 1e-6, 0.001, 0.03, 0.06, 0.5, 1.0]), min_size=1, max_size=60),
    st.integers(1, 60),
    st.sets(st.integers(1, 59)),
    st.integers(0, 2**32),
)
@settings(max_examples=100)
def test_no_other_cut_gives_other_chances(scores, n, cuts, seed):
    """Those of the draw in memory, for scores of any size; n of one pool, distinct."""
    proba, n = pool_of(scores), min(n, len(scores))
    edges = [0, *sorted(cut for cut in cuts if cut < len(scores)), len(scores)]
    picks = sample_stream((proba[a:b] for a, b in pairwise(edges)), n, strategy="importance", random_state=seed)
    assert picks["item_id"].nunique() == n
    at = picks["item_id"].astype(int)
    assert picks["inclusion_probability"].to_numpy() == pytest.approx(chances_of(proba, n)[at], rel=1e-9)


def test_the_chances_are_those_of_the_pool_in_memory(tmp_path):
    """What both draws pick of a pool that a model is sure of has one chance, from files as well; excluded or not."""
    frame = pd.DataFrame(pool_of(confident(2_000)), columns=["proba_a", "proba_b"]).rename_axis("item_id").reset_index()
    frame.to_parquet(tmp_path / "pool.parquet", row_group_size=170)
    call = {"strategy": "importance", "random_state": 1, "exclude": range(500, 900)}
    known = [
        sample(source, 400, **call).set_index("item_id")["inclusion_probability"]
        for source in (frame, tmp_path / "pool.parquet")
    ]
    both = known[0].index.intersection(known[1].index)
    assert len(both) > 30
    assert known[0][both].to_numpy() == pytest.approx(known[1][both].to_numpy())
    assert {"0", "1", "2"} <= set(known[1].index)
    assert (known[1][["0", "1", "2"]] == 1).all()


def test_merging_is_commutative_and_keeps_little():
    """The order of two parts does not matter; of each band of scores two samples of n are kept."""
    proba = pool_of(np.random.default_rng(0).uniform(0, 0.06, size=3_000) ** 2)
    a, b = parts_of(proba, [0, 1_500, 3_000], 4, 1)
    one, other = merge_weighted(a, b, 4, 1), merge_weighted(b, a, 4, 1)
    assert sorted(one["item_id"].to_pylist()) == sorted(other["item_id"].to_pylist())
    assert candidates(one) == candidates(draw_weighted(one, 4, 1)) == 3_000
    assert len(one) <= 2 * 4 * len(set(one["band"].to_pylist()))


def test_scores_of_zero_alone_are_drawn_uniformly():
    """As in memory, where all weights are then the same."""
    picks = sample_stream(iter([np.eye(2), np.eye(2)]), 3, strategy="importance", random_state=0)
    assert picks["inclusion_probability"].tolist() == [0.75] * 3


def test_a_row_that_is_surer_than_one_has_the_chance_of_a_sure_one():
    """Its probability is rounded: the score of such a row is 0, in memory and on a stream."""
    proba = np.tile([1.0005, 0.0], (6, 1))
    proba[:2] = [0.6, 0.4]
    for source in (proba, iter([proba])):
        picks = sample(source, 3, strategy="importance", random_state=0).set_index("item_id")["inclusion_probability"]
        assert picks[["0", "1"]].tolist() == [1.0, 1.0]
        assert picks.drop(["0", "1"]).tolist() == pytest.approx([0.25])
