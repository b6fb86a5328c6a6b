"""The committee scores against hand-worked values and against formulas written out row by row."""

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from a2i_al.errors import InvalidInput, InvalidProbabilities
from a2i_al.sampling.scores import committee_blocks
from a2i_al.sampling.scores.committee import bald, consensus_entropy, kl_to_consensus, variation_ratio, vote_entropy

SCORES = [vote_entropy, variation_ratio, consensus_entropy, kl_to_consensus, bald]
ALL = pytest.mark.parametrize("score", SCORES)
LN2 = math.log(2)


@pytest.fixture(scope="module", autouse=True, params=["by numpy", "compiled"])
def way(request):
    """Every claim here is one about both ways to compute the scores, whatever the size of the committee."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(committee_blocks, "_LARGE", 0 if request.param == "compiled" else np.inf)
        yield


def entropy(p):
    return -sum(x * math.log(x) for x in p if x > 0)


def divergence(p, q):
    return sum(x * math.log(x / y) for x, y in zip(p, q, strict=True) if x > 0)


def brute(name, members):
    """One item's score, straight from the paper's formula; members: one distribution each."""
    consensus = np.mean(members, axis=0)
    shares = np.zeros(len(consensus))
    for p in members:
        best = [i for i, x in enumerate(p) if x == max(p)]
        shares[best] += 1 / len(best) / len(members)
    return {
        "vote_entropy": lambda: entropy(shares),
        "variation_ratio": lambda: 1 - max(shares),
        "consensus_entropy": lambda: entropy(consensus),
        "kl_to_consensus": lambda: np.mean([divergence(p, consensus) for p in members]),
        "bald": lambda: entropy(consensus) - np.mean([entropy(p) for p in members]),
    }[name]()


def random_committee(seed, c=5, m=40, k=4):
    return np.random.default_rng(seed).dirichlet(np.full(k, 0.5), size=(c, m))


def test_hand_worked_values():
    """Three members, three items: unanimous, split two to one, and three ways apart."""
    one, two, three = np.eye(3)
    committee = np.stack([[one, one, one], [one, one, two], [one, two, three]])
    two_to_one = math.log(3) - 2 / 3 * LN2
    for score in (vote_entropy, consensus_entropy, kl_to_consensus, bald):
        assert score(committee) == pytest.approx([0, two_to_one, math.log(3)])
    assert variation_ratio(committee) == pytest.approx([0, 1 / 3, 2 / 3])


def test_bald_ignores_what_all_members_are_unsure_of_and_consensus_entropy_does_not():
    """Shared doubt is noise to BALD."""
    committee = [[[0.5, 0.5]], [[0.5, 0.5]]]
    assert bald(committee).tolist() == [0.0]
    assert consensus_entropy(committee) == pytest.approx([LN2])


@ALL
@given(seed=st.integers(0, 2**32 - 1), c=st.integers(2, 6), m=st.integers(1, 30), k=st.integers(2, 12))
def test_scores_are_the_papers_formulas(score, seed, c, m, k):
    """Blocks and transposition change nothing."""
    committee = random_committee(seed, c, m, k)
    expected = [brute(score.__name__, committee[:, i]) for i in range(m)]
    assert score(committee) == pytest.approx(expected, abs=1e-12)


@ALL
def test_scores_do_not_depend_on_where_the_blocks_end(score, monkeypatch):
    """Every row is worked on once, whatever the size of a block."""
    committee = random_committee(1, m=100)
    whole = score(committee)
    monkeypatch.setattr(committee_blocks, "_BLOCK_VALUES", 1)
    monkeypatch.setattr(committee_blocks, "_HANDED_OVER", 1)
    assert score(committee).tolist() == whole.tolist()


@ALL
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_rows_score_is_the_same_bit_for_bit_wherever_it_lies(score, dtype):
    """Other rows before it, another layout in memory: no rounding differs."""
    committee = random_committee(3, m=1003, k=7).astype(dtype)
    order = np.random.default_rng(0).permutation(1003)
    whole = score(committee)
    assert score(committee[:, order]).tolist() == whole[order].tolist()
    assert score(np.asfortranarray(committee)).tolist() == whole.tolist()


@ALL
def test_a_tied_vote_is_shared_so_the_order_of_classes_does_not_matter(score):
    """Reversing the columns leaves every score as it is, ties included."""
    committee = np.array([[[0.4, 0.4, 0.2], [0.5, 0.25, 0.25]], [[0.1, 0.1, 0.8], [0.2, 0.4, 0.4]]])
    assert score(committee[:, :, ::-1]) == pytest.approx(score(committee))
    assert vote_entropy([[[0.5, 0.5]], [[1.0, 0.0]]]) == pytest.approx([entropy([0.75, 0.25])])


@ALL
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@given(seed=st.integers(0, 2**32 - 1), k=st.integers(2, 12))
def test_classes_in_another_order_leave_every_bit_of_a_score(score, dtype, seed, k):
    """Ties are ties: which of two items is asked for never goes by which classes their probabilities belong to."""
    committee = random_committee(seed, m=20, k=k).astype(dtype)
    order = np.random.default_rng(seed).permutation(k)
    assert score(committee[:, :, order]).tolist() == score(committee).tolist()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("votes", [(3, 1, 1), (2, 2, 1), (6, 3, 1), (4, 3, 2, 1)])
def test_votes_that_are_split_alike_are_ties(dtype, votes):
    """Two votes for the first and one for the last class are as many votes apart as one and two."""
    members = [np.eye(len(votes), dtype=dtype)[np.repeat(range(len(votes)), split)] for split in permutations(votes)]
    for score in (vote_entropy, variation_ratio):
        assert len(set(score(np.stack(members, axis=1)).tolist())) == 1


@ALL
def test_unanimous_members_score_a_plain_zero(score):
    """Zero, neither below it nor minus zero."""
    result = score(np.tile(np.array([[0.0, 1.0, 0.0]]), (7, 3, 1)))
    assert result.tolist() == [0.0] * 3
    assert not np.signbit(result).any()


@ALL
@given(seed=st.integers(0, 2**32 - 1))
def test_no_score_is_negative_when_members_agree_up_to_rounding(score, seed):
    """The mean of equal rows is not always that row, bit for bit."""
    row = np.random.default_rng(seed).dirichlet(np.ones(3)).astype(np.float32)
    assert (score(np.tile(row, (3, 5, 1))) >= 0).all()


@ALL
def test_float32_any_memory_order_and_read_only_arrays_are_taken_as_they_are(score):
    """Scores come as float64 and equal those of the float64 array up to single precision."""
    committee = random_committee(2)
    single = np.asfortranarray(committee.astype(np.float32))
    single.setflags(write=False)
    assert score(single).dtype == np.float64
    assert score(single) == pytest.approx(score(committee), abs=1e-5)


@ALL
@pytest.mark.parametrize("shape", [(3, 2), (1, 4, 2), (2, 0, 2), (2, 4, 1)])
def test_what_is_no_committee_is_refused(score, shape):
    """Too few members, items, classes or dimensions."""
    with pytest.raises(InvalidInput, match=r"the committee has shape"):
        score(np.ones(shape))


@ALL
@pytest.mark.parametrize(
    ("bad", "what"),
    [
        ([0.7, 0.7], "sums to 1.4"),
        ([1.5, -0.5], "negative"),
        ([np.nan, 1.0], "missing"),
        ([np.inf, 0.0], "missing"),
    ],
)
def test_rows_that_are_no_distributions_are_refused_by_member_and_row(score, bad, what):
    """The message says which member and which row."""
    committee = np.full((3, 5, 2), 0.5)
    committee[1, 3] = bad
    with pytest.raises(InvalidProbabilities, match=f"member 1 of the committee: row 3 of proba .*{what}"):
        score(committee)


@ALL
@pytest.mark.parametrize("at", [0, 1000, 5001])
def test_a_missing_value_is_found_in_any_row(score, at):
    """The first, one in the middle, the last: none gets a score."""
    committee = random_committee(4, m=5002).astype(np.float32)
    committee[4, at, 2] = np.nan
    with pytest.raises(InvalidProbabilities, match=f"member 4 of the committee: row {at} of proba"):
        score(committee)


@ALL
def test_sums_within_the_tolerance_and_minus_zeros_are_taken(score):
    """A row may sum to 1.0009; minus zero is a probability."""
    committee = np.tile(np.array([1.0009, -0.0, 0.0]), (2, 3, 1)).astype(np.float32)
    assert score(committee) == pytest.approx(np.zeros(3), abs=1e-3)


def test_what_is_not_numbers_is_refused():
    """Text is told apart from a wrong shape."""
    with pytest.raises(InvalidInput, match="cannot be read as numbers"):
        bald([[["a", "b"]], [["c", "d"]]])
