"""The variance of a committee of regressors."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from a2i_al.errors import InvalidInput
from a2i_al.sampling.scores import regression
from a2i_al.sampling.scores.regression import regression_variance


def test_hand_worked_values():
    """1, 2, 6 are 2, 1, 3 from their mean."""
    assert regression_variance([[1.0, 7.0], [2.0, 7.0], [6.0, 7.0]]) == pytest.approx([14 / 3, 0.0])


@given(seed=st.integers(0, 2**32 - 1), shift=st.floats(-100, 100))
def test_neither_the_order_of_members_nor_what_is_added_to_all_matters(seed, shift):
    """Variance is about differences; doubled predictions have four times as much."""
    values = np.random.default_rng(seed).normal(size=(4, 9))
    scores = regression_variance(values)
    assert regression_variance(values[::-1]) == pytest.approx(scores)
    assert regression_variance(values + shift) == pytest.approx(scores)
    assert regression_variance(2 * values) == pytest.approx(4 * scores)


def test_members_who_agree_score_exactly_zero():
    """The mean of equal numbers is not always that number, bit for bit."""
    assert regression_variance(np.full((3, 1000), 0.1)).tolist() == [0.0] * 1000


def test_blocks_and_float32_change_nothing(monkeypatch):
    """A large offset does not eat the differences."""
    values = np.random.default_rng(0).normal(size=(5, 100)).astype(np.float32) + np.float32(1000)
    values.setflags(write=False)
    monkeypatch.setattr(regression, "_BLOCK_VALUES", 1)
    scores = regression_variance(np.asfortranarray(values))
    assert scores.dtype == np.float64
    assert scores == pytest.approx(values.astype(np.float64).var(axis=0), rel=1e-9)


@pytest.mark.parametrize("shape", [(4,), (1, 4), (2, 0), (2, 4, 2)])
def test_what_is_no_committee_is_refused(shape):
    """Two members at least, one item at least."""
    with pytest.raises(InvalidInput, match="the committee has shape"):
        regression_variance(np.zeros(shape))


def test_missing_values_are_refused_by_member_and_item(monkeypatch):
    """The item counts from the first of all blocks."""
    monkeypatch.setattr(regression, "_BLOCK_VALUES", 4)
    values = np.zeros((2, 9))
    values[1, 7] = np.nan
    with pytest.raises(InvalidInput, match="member 1 of the committee predicts nan for item 7"):
        regression_variance(values)
    with pytest.raises(InvalidInput, match="cannot be read as numbers"):
        regression_variance([["a"], ["b"]])
