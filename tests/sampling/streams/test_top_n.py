"""The kernel of every stream: what is kept does not depend on how the pool is cut, ordered and merged."""

import pickle
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, strategies as st

from a2i_al.errors import InvalidInput, InvalidTable
from a2i_al.sampling.ids import hash_ids, keys
from a2i_al.sampling.streams import Spec, chunk_top, merge
from a2i_al.sampling.streams.chunks import Chunk
from a2i_al.sampling.streams.item_ids import excluding
from a2i_al.sampling.streams.kept import candidates
from a2i_al.sampling.streams.top_n import cut_of, top_of

COLUMNS = ("p0", "p1", "p2")


def table_of(proba, ids):
    return pa.table({"item_id": ids, **{name: proba[:, at] for at, name in enumerate(COLUMNS)}})


def rows_of(kept):
    return list(zip(kept["item_id"].to_pylist(), kept["score"].to_pylist(), kept["key"].to_pylist(), strict=True))


@st.composite
def cut_pools(draw):
    """Draw a pool with ties, a spec, and a way to cut, order and merge it."""
    rows = draw(st.integers(1, 40))
    counts = np.array(draw(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=rows, max_size=rows)))
    proba = np.column_stack([1 + counts[:, 0], counts[:, 1], 3 - counts[:, 1]]).astype(np.float64)
    proba /= proba.sum(axis=1, keepdims=True)
    ids = [f"i{at}" for at in range(rows)]
    spec = Spec(
        draw(st.sampled_from(["margin", "entropy", "least_confidence", "ratio", None])),
        item_id="item_id",
        proba=COLUMNS,
        exclude=excluding(draw(st.lists(st.sampled_from(ids), max_size=5))),
        audits=draw(st.integers(0, 4)),
        audit_seed=5,
        keeps=draw(st.sampled_from([(), ("proba",)])),
    )
    order = draw(st.permutations(range(rows)))
    cuts = sorted(draw(st.sets(st.integers(1, rows), max_size=6)) | {0, rows})
    return table_of(proba, ids), spec, np.array(order), cuts, draw(st.integers(1, 12)), draw(st.randoms())


@given(cut_pools(), st.integers(0, 2**64 - 1))
def test_any_cut_any_order_and_any_tree_of_merges_keep_the_same_rows(cut_pool, seed):
    """What is kept is a property of the pool, the spec and the seed."""
    table, spec, order, cuts, n, chance = cut_pool
    whole = chunk_top(table, n, spec, seed)
    shuffled = table.take(pa.array(order))
    parts = [chunk_top(shuffled.slice(start, stop - start), n, spec, seed) for start, stop in pairwise(cuts)]
    while len(parts) > 1:
        one = parts.pop(chance.randrange(len(parts)))
        other = parts.pop(chance.randrange(len(parts)))
        parts.append(merge(one, other, n, spec.audits))
    assert rows_of(parts[0])[:n] == rows_of(whole)[:n]
    assert candidates(parts[0]) == candidates(whole)
    if spec.audits:
        by_audit = [part.sort_by("audit_key")["item_id"].to_pylist()[: spec.audits] for part in (parts[0], whole)]
        assert by_audit[0] == by_audit[1]


@given(st.integers(1, 30), st.integers(0, 2**64 - 1))
def test_what_is_kept_is_what_sorting_the_whole_pool_gives(n, seed):
    """The best n by score, ties by key: against brute force, with a head that has a cut for the rest."""
    rng = np.random.default_rng(n)
    proba = rng.multinomial(6, [0.5, 0.3, 0.2], size=60) / 6
    ids = [f"i{at}" for at in range(60)]
    ordered = np.sort(proba, axis=1)
    scores = 1.0 - (ordered[:, -1] - ordered[:, -2])
    expected = np.lexsort((keys(hash_ids(ids), seed), -scores))[:n]
    kept = chunk_top(table_of(proba, ids), n, Spec("margin", "item_id", COLUMNS), seed)
    assert kept["item_id"].to_pylist() == [ids[at] for at in expected]


@pytest.mark.parametrize("strategy", ["margin", "entropy", "least_confidence", "ratio"])
def test_a_large_table_is_cut_by_its_head_and_loses_nothing(strategy):
    """Beyond the head, rows are only compared with a bound; the best are those of scoring every row."""
    rng = np.random.default_rng(0)
    proba = rng.dirichlet(np.ones(3), size=50_000).astype(np.float32)
    table = pa.table({"item_id": np.arange(50_000), **{name: proba[:, at] for at, name in enumerate(COLUMNS)}})
    spec = Spec(strategy, "item_id", COLUMNS)
    scores = spec.scores(proba, None, len(proba))
    expected = np.argsort(-scores, kind="stable")[:100]
    kept = chunk_top(table, 100, spec, seed=1)
    assert set(kept["item_id"].to_pylist()) == {str(at) for at in expected}
    assert sorted(kept["score"].to_pylist()) == sorted(scores[expected].tolist())


def test_a_chunk_below_the_cut_is_done_without_its_ids():
    """Where no row reaches the score to reach, only the probabilities are read."""
    read = []
    table = table_of(np.array([[0.9, 0.1, 0.0], [0.8, 0.1, 0.1]]), ["a", "b"])

    def reading(names):
        read.extend(names)
        return table.select(list(names))

    chunk = Chunk(2, 0, table.schema, "part", 0, reading)
    kept = top_of(chunk, 1, Spec("margin", "item_id", COLUMNS), 0, cut=0.9)
    assert (len(kept), candidates(kept), read) == (0, 2, list(COLUMNS))


def test_the_cut_is_the_score_of_the_nth_best():
    """A row below it cannot be kept any more; with fewer than n there is no cut."""
    kept = chunk_top(
        table_of(np.array([[0.5, 0.5, 0.0], [0.8, 0.2, 0.0]]), ["a", "b"]), 2, Spec("margin", "item_id", COLUMNS), 0
    )
    assert cut_of(kept, 2) == pytest.approx(0.4)
    assert cut_of(kept, 3) == -np.inf


def test_a_spec_goes_to_another_process():
    """An engine's workers are sent the spec."""
    spec = pickle.loads(pickle.dumps(Spec("margin", "item_id", COLUMNS, exclude=excluding(["a"]))))  # noqa: S301
    kept = chunk_top(table_of(np.array([[0.5, 0.5, 0.0], [0.8, 0.2, 0.0]]), ["a", "b"]), 1, spec, 0)
    assert kept["item_id"].to_pylist() == ["b"]


@pytest.mark.parametrize("bad", [lambda proba: proba[:, :2], lambda proba: proba[:, 0] * np.nan])
def test_a_score_that_breaks_its_promise_is_refused(bad):
    """One number per row, none missing."""
    table = table_of(np.array([[0.5, 0.5, 0.0]]), ["a"])
    with pytest.raises(InvalidInput, match="returned"):
        chunk_top(table, 1, Spec(bad, "item_id", COLUMNS), 0)


def test_each_table_is_a_pool_of_its_own():
    """One that has more classes says nothing of the next."""
    spec = Spec("margin", "item_id", ("proba",))
    for k in (2, 3):
        table = pa.table({"item_id": ["a"], "proba": pa.FixedSizeListArray.from_arrays(np.full(k, 1 / k), k)})
        assert chunk_top(table, 1, spec, 0)["item_id"].to_pylist() == ["a"]


def test_parts_that_were_kept_by_different_specs_are_not_merged():
    """Rows of one had no chance of the other's audit slice."""
    table = table_of(np.array([[0.5, 0.5, 0.0]]), ["a"])
    one, other = (chunk_top(table, 1, Spec("margin", "item_id", COLUMNS, audits=audits), 0) for audits in (0, 1))
    with pytest.raises(InvalidTable, match=r"one part has the columns item_id, .*, the other item_id, .*audit_key"):
        merge(one, other, 1)
