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
