"""Numbers: errors by hand, and as scikit-learn has them."""

import math

import pytest
from hypothesis import given, strategies as st
from sklearn.metrics import (
    mean_absolute_error,
    mean_squared_error,
    r2_score,
)

from a2i_al.metrics import (
    number_errors,
)


@given(pairs=st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=2, max_size=8))
def test_numbers_are_scored_as_scikit_learn_does(pairs):
    """Where labels do not vary there is nothing to explain."""
    predicted, actual = zip(*pairs, strict=True)
    found = number_errors(predicted, actual)
    assert found["mae"] == pytest.approx(mean_absolute_error(actual, predicted))
    assert found["rmse"] == pytest.approx(math.sqrt(mean_squared_error(actual, predicted)))
    expected = r2_score(actual, predicted) if len(set(actual)) > 1 else math.nan
    assert found["r2"] == pytest.approx(expected, nan_ok=True)


def test_numbers_by_hand():
    """Off by 0, 0 and 3; texts are numbers."""
    found = number_errors({"i": "1", "j": 2, "k": 6.0}, {"i": 1, "j": 2, "k": "3"})
    assert found[["n", "mae", "bias", "max_error"]].tolist() == [3, 1, 1, 3]
