"""The uncertainty scores against hand-worked values and the properties that their papers state."""

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as hnp

from a2i_al.errors import InvalidProbabilities
from a2i_al.sampling import entropy, least_confidence, margin

ALL = pytest.mark.parametrize("score", [least_confidence, margin, entropy])
WEIGHTS = hnp.arrays(np.float64, hnp.array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=8),
                     elements=st.floats(0.001, 1.0))  # fmt: skip


def test_hand_worked_values():
    proba = [[0.5, 0.3, 0.2], [1.0, 0.0, 0.0], [0.25, 0.25, 0.5]]
    assert least_confidence(proba) == pytest.approx([0.5, 0.0, 0.5])
    assert margin(proba) == pytest.approx([0.8, 0.0, 0.75])
    by_hand = -(0.5 * math.log(0.5) + 0.3 * math.log(0.3) + 0.2 * math.log(0.2))
    assert entropy(proba) == pytest.approx([by_hand, 0.0, 1.5 * math.log(2)])


@ALL
def test_a_certain_row_scores_a_plain_zero(score):
    """Zero, and not minus zero, which a picks table would show."""
    result = score([[0.0, 1.0]])
    assert result.tolist() == [0.0]
    assert not np.signbit(result).any()


@ALL
@given(weights=WEIGHTS)
def test_the_uniform_row_scores_highest_and_order_of_classes_does_not_matter(score, weights):
    proba = weights / weights.sum(axis=1, keepdims=True)
    k = proba.shape[1]
    result = score(proba)
    assert result.shape == (len(proba),)
    assert result.dtype == np.float64
    assert (result <= score(np.full((1, k), 1 / k)) + 1e-12).all()
    assert score(proba[:, ::-1]) == pytest.approx(result)


@ALL
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@given(seed=st.integers(0, 2**32 - 1), k=st.integers(2, 40))
def test_classes_in_another_order_leave_every_bit_of_a_score(score, dtype, seed, k):
    """Rows of the same probabilities tie, whichever classes these belong to."""
    rng = np.random.default_rng(seed)
    proba = rng.dirichlet(np.full(k, 0.3), 20).astype(dtype)
    assert score(proba[:, rng.permutation(k)]).tolist() == score(proba).tolist()


def test_sums_on_the_grid_are_as_near_as_sums_one_after_the_other():
    """What the grid cuts off a term is less than half of the sum's last digit."""
    for k in (2, 3, 10, 1000, 5000):
        proba = np.random.default_rng(k).dirichlet(np.ones(k), 50)
        exact = [-math.fsum(p * math.log(p) for p in row if p > 0) for row in proba.tolist()]
        assert entropy(proba) == pytest.approx(exact, rel=0, abs=k * np.spacing(math.log(k)))


def test_a_row_within_the_tolerance_above_one_has_no_negative_entropy():
    assert entropy([[1.0005, 0.0]]).tolist() == [0.0]


@ALL
def test_float32_gives_float64_scores_and_leaves_its_input_alone(score):
    proba = np.array([[0.2, 0.5, 0.3]], dtype=np.float32)
    before = proba.copy()
    assert score(proba).dtype == np.float64
    assert (proba == before).all()


@ALL
def test_invalid_probabilities_are_refused(score):
    with pytest.raises(InvalidProbabilities):
        score([[0.2, 0.2]])


def test_near_zero_entropies_are_told_apart_and_permutations_are_not():
    """Of a model that is sure of everything the least sure rows are asked about, by chance of none."""
    doubts = 10.0 ** -np.arange(5, 60)
    rows = np.stack([1 - 3 * doubts, doubts, 2 * doubts], axis=1)
    scores = entropy(rows)
    assert len(np.unique(scores)) == len(rows)
    assert (np.diff(scores) < 0).all()
    assert scores[-1] > 0
    assert (entropy(rows[:, [2, 0, 1]]) == scores).all()
    assert (entropy(rows[30:31]) == scores[30]).all()
