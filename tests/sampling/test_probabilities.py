"""What counts as rows of class probabilities, and what is said of rows that are not."""

import numpy as np
import pandas as pd
import pytest

from a2i_al.errors import InvalidProbabilities
from a2i_al.sampling import check_proba

GOOD = [0.25, 0.75]


@pytest.mark.parametrize(
    ("proba", "found"),
    [
        ([GOOD, [np.nan, 1.0]], "row 1 of proba has a value that is missing or infinite"),
        ([GOOD, [np.inf, 0.0]], "row 1 of proba has a value that is missing or infinite"),
        ([GOOD, GOOD, [-0.5, 1.5]], "row 2 of proba has a negative value"),
        ([GOOD, [0.5, 0.6], [0.5, 0.7]], "row 1 of proba sums to 1.1"),
        ([0.5, 0.5], "shape (2,)"),
        ([[1.0], [1.0]], "1 column"),
        (np.empty((0, 2)), "empty"),
        ([["a", "b"]], "cannot be read as numbers"),
        ([[0.5, 0.5], [1.0]], "cannot be read as numbers"),
    ],
)
def test_refuses_what_is_no_distribution_and_names_the_first_bad_row(proba, found):
    with pytest.raises(InvalidProbabilities, match="Expected: an \\(n, k\\) array") as error:
        check_proba(proba)
    assert found in error.value.found


def test_float32_rows_pass_unconverted_and_uncopied():
    """A softmax in float32 over many classes is off by rounding only, and stays the caller's array."""
    logits = np.random.default_rng(0).normal(size=(50, 5_000)).astype(np.float32)
    proba = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert check_proba(proba) is proba


def test_a_million_classes_are_summed_without_losing_them():
    """Added up one by one in float32, these come to 1.009."""
    assert check_proba(np.full((2, 1_000_000), 1e-6, dtype=np.float32, order="F")).shape == (2, 1_000_000)


def test_rounding_to_four_decimals_passes_and_a_percent_off_does_not():
    assert check_proba([[0.3333, 0.3333, 0.3333]]).dtype == np.float64
    with pytest.raises(InvalidProbabilities):
        check_proba([[0.33, 0.33, 0.33]])


def test_a_dataframe_and_whole_numbers_become_floats():
    assert check_proba(pd.DataFrame({"cat": [1, 0], "dog": [0, 1]})).tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_a_long_row_is_shown_in_part():
    with pytest.raises(InvalidProbabilities, match=r"\[1, 1, 1, 1, 1, 1, \.\.\.\] \(2 rows are wrong\)"):
        check_proba(np.ones((2, 9)))


def test_infinities_of_both_signs_are_refused_without_a_warning():
    """Their sum is no number, which numpy would warn of."""
    with pytest.raises(InvalidProbabilities, match="row 1"):
        check_proba([[0.5, 0.5], [np.inf, -np.inf]])
