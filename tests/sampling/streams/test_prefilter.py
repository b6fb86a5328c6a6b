"""Bounds never lose a row, and the quick check refuses exactly what the careful one refuses."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra.numpy import arrays

from a2i_al.errors import InvalidProbabilities
from a2i_al.sampling import check_proba, margin
from a2i_al.sampling.registry import resolve
from a2i_al.sampling.streams.prefilter import bound, folded, margins, survivors

WEIGHTS = arrays(
    np.float64, st.tuples(st.integers(1, 30), st.integers(2, 6)), elements=st.sampled_from([1e-6, 0.01, 1.0, 2.0, 5.0])
)


@given(
    WEIGHTS, st.sampled_from(["least_confidence", "margin", "ratio", "entropy"]), st.sampled_from([np.float32, float])
)
def test_no_row_that_reaches_the_cut_is_lost(weights, strategy, dtype):
    """Whatever the cut, the rows that score it or more survive, in either layout."""
    proba = (weights / weights.sum(axis=1, keepdims=True)).astype(dtype)
    scores = resolve(strategy)({"proba": proba})
    for cut in np.unique(scores):
        test = bound(strategy, float(cut), proba.shape[1])
        for columns in (proba, list(proba.T)):
            assert set(np.flatnonzero(scores >= cut)) <= set(survivors(columns, test, "pool"))


@pytest.mark.parametrize("strategy", ["least_confidence", "margin", "ratio"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_compiled_search_finds_the_same_rows(strategy, dtype):
    """In pieces without any such row, with some, and in a last one that is not full."""
    second, first = np.sort(np.random.default_rng(3).random((2, 2_100)), axis=0).astype(dtype)
    first[600:1_100], second[600:1_100] = 1.0, 0.0
    test = bound(strategy, 0.6, 2)
    expected = np.flatnonzero(test(first, second))
    assert 100 < len(expected) < 1_500
    assert test.positions(first, second).tolist() == expected.tolist()


@pytest.mark.parametrize(
    ("strategy", "most"), [("least_confidence", 150), ("margin", 150), ("ratio", 150), ("entropy", 10_000)]
)
def test_most_rows_are_left_out(strategy, most):
    """A bound that lets everything through would be of no use; one probability says less of the entropy."""
    proba = np.random.default_rng(0).dirichlet(np.full(10, 0.3), size=20_000)
    scores = resolve(strategy)({"proba": proba})
    cut = float(np.sort(scores)[-100])
    assert 100 <= len(survivors(proba, bound(strategy, cut, 10), "pool")) < most


@given(
    arrays(
        np.float32,
        (5, 3),
        elements=st.sampled_from([0.0, 0.25, 0.5, 1.0, -0.5, np.nan, np.inf, 0.501953125, 0.5009765625]),
    ),
    st.integers(0, 100),
)
def test_what_check_proba_refuses_is_refused_with_its_place(rows, first_row):
    """The quick check and the careful one agree, and the message names the source and the row in it."""
    try:
        check_proba(rows)
    except InvalidProbabilities:
        with pytest.raises(InvalidProbabilities, match=rf"row {first_row + _first_wrong(rows)} of part\.parquet"):
            margins(rows, "part.parquet", first_row)
    else:
        assert margins(rows, "part.parquet", first_row).tolist() == margin(rows).tolist()


def _first_wrong(rows):
    for at in range(len(rows)):
        try:
            check_proba(rows[at : at + 1])
        except InvalidProbabilities:
            return at
    return None


def test_a_wrong_row_beyond_the_first_block_is_found():
    """Every block is checked, and the row is counted from the start of the source."""
    rows = np.full((40_000, 2), 0.5)
    rows[39_999] = [1.5, -0.5]
    with pytest.raises(InvalidProbabilities, match=r"row 40009 of part\.parquet has a negative value"):
        survivors(rows, bound("margin", 2.0, 2), "part.parquet", 10)


def test_a_single_column_is_no_choice():
    """One column per class, and two classes at least."""
    with pytest.raises(InvalidProbabilities, match=r"proba in part\.parquet has 1 column"):
        survivors([np.ones(3)], bound("margin", 0.5, 2), "part.parquet")


@pytest.mark.parametrize("classes", [2, 3, 5])
def test_a_fold_begins_with_nothing(monkeypatch, classes):
    """Whatever was in the memory that it works in."""
    proba = np.random.default_rng(0).dirichlet(np.ones(classes), 50)
    monkeypatch.setattr(np, "empty", lambda shape, dtype=float: np.full(shape, 9, dtype))
    first, second = folded(list(proba.T), 50)
    np.testing.assert_array_equal([second, first], np.sort(proba, axis=1).T[-2:])
