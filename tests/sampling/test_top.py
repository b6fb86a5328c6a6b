"""The fast way to the best n of a large pool gives exactly what the plain functions give, and checks as they do."""

import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from a2i_al.errors import InvalidProbabilities
from a2i_al.sampling import check_proba, sample
from a2i_al.sampling.ids import hash_ids, keys
from a2i_al.sampling.scores import entropy, top
from a2i_al.sampling.scores.top import KINDS, check_large, sum_of_squares_at, top_n

ALL = pytest.mark.parametrize("score", KINDS)


def rows(count, k, seed=0, decimals=None, dtype=np.float32):
    """Return rows of probabilities; rounded to few decimals, many of them tie."""
    proba = np.random.default_rng(seed).dirichlet(np.ones(k), size=count)
    if decimals is not None:
        proba[:, :-1] = proba[:, :-1].round(decimals)
        proba[:, -1] = 1 - proba[:, :-1].sum(axis=1)
        proba = np.abs(proba) / np.abs(proba).sum(axis=1, keepdims=True)
    return proba.astype(dtype)


def plainly(proba, score, n, seed, skip=None):
    """Return the best n the slow way: score all, sort by score and then by the random keys of the ids."""
    scores = score(proba)
    left = np.arange(len(proba)) if skip is None else np.flatnonzero(~skip)
    order = left[np.lexsort((keys(hash_ids(left), seed), -scores[left]))[:n]]
    return order, scores[order]


@ALL
@settings(max_examples=30)
@given(
    count=st.integers(1, 1_500),
    k=st.sampled_from([2, 3, 10, 11, 64]),
    form=st.tuples(
        st.sampled_from([None, 1, 2]), st.sampled_from([np.float32, np.float64]), st.sampled_from(["C", "F"])
    ),
    data=st.data(),
)
def test_the_picks_are_those_of_the_plain_functions_ties_included(score, count, k, form, data):
    """Bit for bit, in whatever precision, layout and number of classes: in one part, in several, in none that fits."""
    decimals, dtype, order = form
    proba = np.asarray(rows(count, k, count, decimals, dtype), order=order)
    skip = np.random.default_rng(k).random(count) < data.draw(st.sampled_from([0.0, 0.3]))
    skip[0] = False
    n = data.draw(st.integers(1, int((~skip).sum())))
    at, scores = top_n(proba, score, n, seed=5, hashes=hash_ids, skip=skip)
    expected_at, expected_scores = plainly(proba, score, n, 5, skip)
    assert at.tolist() == expected_at.tolist()
    assert scores.tolist() == expected_scores.tolist()


@ALL
@pytest.mark.parametrize("decimals", [None, 1])
def test_a_pool_of_many_chunks_gives_the_same_as_one_pass_in_numpy(score, decimals):
    """Threads finish in any order, and the running cut rises as they do; neither shows."""
    proba = rows(400_000, 3, 1, decimals)
    at, scores = top_n(proba, score, 700, seed=9, hashes=hash_ids)
    expected_at, expected_scores = plainly(proba, score, 700, 9)
    assert at.tolist() == expected_at.tolist()
    assert scores.tolist() == expected_scores.tolist()


def test_a_pool_of_nothing_but_ties_is_chosen_from_at_random_in_bounded_memory():
    """Every row is as good as the next: the picks come from all of the pool, not from its first rows."""
    proba = np.full((500_000, 2), 0.5, dtype=np.float32)
    tracemalloc.start()
    at, _ = top_n(proba, KINDS[1], 1_000, seed=3, hashes=hash_ids)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(set(at.tolist())) == 1_000
    assert at.mean() == pytest.approx(250_000, abs=5 * 500_000 / math.sqrt(12_000))
    assert peak < 64 * 2**20


@pytest.mark.parametrize("strategy", ["margin", "entropy"])
def test_a_large_array_is_neither_copied_nor_written_to(strategy):
    proba = rows(600_000, 10)
    proba.flags.writeable = False
    sample(proba[:100_000], 10, strategy=strategy)
    tracemalloc.start()
    sample(proba, 100, strategy=strategy, random_state=0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < proba.nbytes / 2


def test_small_and_large_pools_take_different_ways_to_the_same_picks(monkeypatch):
    proba, arguments = rows(2_000, 10, decimals=1), {"audit_fraction": 0.2, "exclude": [3, 4], "random_state": 11}
    plain = sample(proba, 60, strategy="entropy", **arguments)
    monkeypatch.setattr(top, "LARGE", 1_000)
    assert sample(proba, 60, strategy="entropy", **arguments).equals(plain)


def test_the_order_of_a_large_pools_rows_changes_nothing():
    proba, ids = rows(150_000, 3, decimals=1), np.array([f"item-{i}" for i in range(150_000)])
    order = np.random.default_rng(1).permutation(len(ids))
    straight = sample(proba, 50, item_ids=ids, random_state=7)
    assert sample(proba[order], 50, item_ids=ids[order], random_state=7).equals(straight)


@pytest.mark.parametrize("bad", [[np.nan, 1.0, 0.0], [np.inf, 0.0, 0.0], [-0.25, 1.0, 0.25], [0.5, 0.25, 0.2]])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_bad_row_of_a_large_pool_is_named_as_in_a_small_one(bad, dtype):
    proba = rows(200_000, 3, dtype=dtype)
    proba[150_001] = bad
    with pytest.raises(InvalidProbabilities, match="row 150001 of proba"):
        sample(proba, 10)
    with pytest.raises(InvalidProbabilities, match="row 150001 of proba"):
        check_large(proba)


@pytest.mark.parametrize("excess", [0.0009, 0.00099, 0.001, 0.00101, 0.0011])
def test_the_verdict_on_a_row_at_the_tolerance_is_that_of_check_proba(excess):
    """A float32 sum is off by more than the distance to the tolerance: such rows are summed again, exactly."""
    proba = np.full((3_000, 2), 0.5, dtype=np.float32)
    proba[2_000, 0] += excess
    verdicts = []
    for check in (check_proba, check_large):
        try:
            check(proba)
            verdicts.append(True)
        except InvalidProbabilities:
            verdicts.append(False)
    assert verdicts[0] == verdicts[1]


@given(k=st.integers(2, 30), concentration=st.sampled_from([0.1, 1.0, 30.0]), scale=st.floats(0.9991, 1.0009))
def test_no_row_above_the_sum_of_squares_reaches_the_entropy(k, concentration, scale):
    """The bound that spares the logarithms holds, for rows at either end of the tolerance too."""
    proba = np.random.default_rng(k).dirichlet(np.full(k, concentration), size=50) * scale
    reached = entropy(proba)
    assert all((p**2).sum() <= sum_of_squares_at(h, k) for p, h in zip(proba, reached, strict=True))
