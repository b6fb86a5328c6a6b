"""Sequence scores against hand-worked values, and the two ways to give sequences against each other."""

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st

from a2i_al.errors import InvalidInput, InvalidProbabilities
from a2i_al.sampling.scores import sequences
from a2i_al.sampling.scores.sequences import mnlp, sequence_least_confidence, token_entropy, token_margin
from a2i_al.sampling.scores.uncertainty import entropy, margin

SCORES = [sequence_least_confidence, mnlp, token_entropy, token_margin]
ALL = pytest.mark.parametrize("score", SCORES)
LN2 = math.log(2)


def random_sequences(seed, lengths, k=3):
    rng = np.random.default_rng(seed)
    return [rng.dirichlet(np.ones(k), size=length) for length in lengths]


def padded(given, k=3):
    """The same sequences as one array, with padding that no score may look at."""
    longest = max(map(len, given))
    values = np.full((len(given), longest, k), np.nan)
    mask = np.zeros((len(given), longest), dtype=bool)
    for at, each in enumerate(given):
        values[at, : len(each)] = each
        mask[at, : len(each)] = True
    return values, mask


def test_hand_worked_values():
    """Two tokens at 0.5 and 0.8, and one certain token."""
    proba = [[[0.5, 0.5], [0.8, 0.2]], [[1.0, 0.0]]]
    second = -(0.8 * math.log(0.8) + 0.2 * math.log(0.2))
    assert sequence_least_confidence(proba) == pytest.approx([1 - 0.4, 0.0])
    assert mnlp(proba) == pytest.approx([-math.log(0.4) / 2, 0.0])
    assert token_entropy(proba) == pytest.approx([(LN2 + second) / 2, 0.0])
    assert token_entropy(proba, aggregate="sum") == pytest.approx([LN2 + second, 0.0])
    assert token_entropy(proba, aggregate="max") == pytest.approx([LN2, 0.0])
    assert token_margin(proba) == pytest.approx([(1 + 0.4) / 2, 0.0])
    assert token_margin(proba, aggregate="max") == pytest.approx([1.0, 0.0])
    assert token_margin(proba, aggregate="sum") == pytest.approx([1.4, 0.0])


def test_length_decides_least_confidence_and_not_mnlp():
    """Twice the tokens, each as sure: less believable as a whole, the same per token."""
    short, long = [[0.9, 0.1]] * 5, [[0.9, 0.1]] * 10
    assert sequence_least_confidence([short, long]) == pytest.approx([1 - 0.9**5, 1 - 0.9**10])
    assert mnlp([short, long]) == pytest.approx([-math.log(0.9)] * 2)


@ALL
def test_a_row_within_the_tolerance_above_one_does_not_score_below_zero(score):
    """Nothing is more certain than certain."""
    assert score([[[1.0005, 0.0]]])[0] >= 0


@ALL
def test_a_sequence_without_tokens_scores_a_plain_zero(score):
    """Alone, first, between others and last; in a list and as all padding."""
    token = [[0.5, 0.5]]
    assert score([[]]).tolist() == [0.0]
    some = score([[], token, np.empty((0, 2)), token, []])
    assert some[[0, 2, 4]].tolist() == [0.0] * 3
    assert some[1] == some[3] > 0
    assert score(np.full((2, 3, 2), np.nan), mask=np.zeros((2, 3))).tolist() == [0.0, 0.0]
    assert not np.signbit(score([[], [[1.0, 0.0]]])).any()
    assert score([]).shape == (0,)


@ALL
@given(seed=st.integers(0, 2**32 - 1), lengths=st.lists(st.integers(0, 5), min_size=1, max_size=8))
def test_padding_is_never_looked_at(score, seed, lengths):
    """An array with a mask scores as the list does, with a mask of truths or of ones."""
    given = random_sequences(seed, lengths)
    values, mask = padded(given)
    expected = score(given).tolist()
    assert score(values, mask=mask).tolist() == expected
    assert score(values, mask=mask.astype(np.int64)).tolist() == expected


@ALL
def test_an_array_without_a_mask_is_all_tokens(score):
    """Equal lengths need no mask."""
    given = random_sequences(0, [4, 4, 4])
    assert score(np.stack(given)).tolist() == score(given).tolist()


@given(seed=st.integers(0, 2**32 - 1), lengths=st.lists(st.integers(1, 5), min_size=1, max_size=8))
def test_aggregates_are_ordered_and_equal_the_token_scores(seed, lengths):
    """mean <= max <= sum, each that of the score of every token."""
    given = random_sequences(seed, lengths)
    for score, token in ((token_entropy, entropy), (token_margin, margin)):
        mean, most, total = (score(given, aggregate=each) for each in ("mean", "max", "sum"))
        assert (mean <= most + 1e-12).all()
        assert (most <= total + 1e-12).all()
        assert total == pytest.approx([token(each).sum() for each in given])
        assert mean == pytest.approx([token(each).mean() for each in given])


@ALL
@given(seed=st.integers(0, 2**32 - 1))
def test_order_of_sequences_tokens_and_classes_does_not_matter(score, seed):
    """Sequences keep their scores when all is shuffled."""
    rng = np.random.default_rng(seed)
    given = random_sequences(seed, [3, 0, 5, 1])
    order = rng.permutation(4)
    shuffled = [given[at][rng.permutation(len(given[at]))][:, ::-1] for at in order]
    assert score(shuffled) == pytest.approx(score(given)[order])


@ALL
def test_blocks_and_float32_change_nothing(score, monkeypatch):
    """Blocks may end after any sequence."""
    given = random_sequences(1, [2, 0, 7, 0, 0, 3, 1, 0])
    whole = score(given)
    single = [each.astype(np.float32) for each in given]
    for size in (1, 3, 9):
        monkeypatch.setattr(sequences, "_BLOCK_TOKENS", size)
        assert score(given).tolist() == whole.tolist()
    assert score(single) == pytest.approx(whole, abs=1e-5)
    assert score(single).dtype == np.float64


@ALL
def test_a_bad_token_is_refused_by_sequence_and_row(score, monkeypatch):
    """Counted from the first of all blocks."""
    given = random_sequences(2, [2, 0, 4, 3])
    given[2][1] = 0.7
    for size in (1, 100):
        monkeypatch.setattr(sequences, "_BLOCK_TOKENS", size)
        with pytest.raises(
            InvalidProbabilities, match=r"sequence 2, a row for each token: row 1 of proba sums to 2\.1"
        ):
            score(given)
    values, mask = padded(given)
    with pytest.raises(InvalidProbabilities, match="sequence 2, a row for each token: row 1"):
        score(values, mask=mask)


def test_what_are_no_sequences_is_refused():
    """Unequal numbers of classes, a single sequence, text."""
    with pytest.raises(InvalidInput, match=r"the sequences have \[2, 3\] classes"):
        mnlp([[[0.5, 0.5]], [[0.2, 0.3, 0.5]]])
    with pytest.raises(InvalidProbabilities, match=r"sequence 0 has shape \(2,\)"):
        mnlp(np.array([[0.5, 0.5]]))
    with pytest.raises(InvalidProbabilities, match="sequence 0 cannot be read as numbers"):
        mnlp([["a"]])
    with pytest.raises(InvalidProbabilities, match="0 column"):
        mnlp([np.empty((3, 0))])


def test_masks_that_do_not_fit_are_refused():
    """Another shape, other values, or beside a list."""
    values = np.full((2, 3, 2), 0.5)
    with pytest.raises(InvalidInput, match=r"the mask has shape \(2, 2\)"):
        mnlp(values, mask=np.ones((2, 2)))
    with pytest.raises(InvalidInput, match="true or 1 for a token"):
        mnlp(values, mask=np.full((2, 3), 0.5))
    with pytest.raises(InvalidInput, match="a mask came with a list"):
        mnlp(list(values), mask=np.ones((2, 3)))


def test_unknown_aggregates_are_refused():
    """The message lists the others."""
    with pytest.raises(InvalidInput, match="'mean', 'sum', 'max'"):
        token_entropy([[[0.5, 0.5]]], aggregate="min")
