"""The bootstrap on cells: its moments are those of resampled rows, by both of its ways."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from a2i_al.errors import InvalidInput
from a2i_al.metrics import bootstrap_interval, bootstrap_sums
from a2i_al.metrics.bootstrap import _MOST_COUNTS
from a2i_al.metrics.resampling import _poisson_table, resampled

RNG = np.random.default_rng(1)
CELLS, WEIGHTS = RNG.integers(0, 3, 400), RNG.choice([1.0, 2.5, 20.0], 400)
TOTALS = np.bincount(CELLS, WEIGHTS)
SQUARES = np.bincount(CELLS, WEIGHTS**2)
# Of a mean over so many replicates, in standard errors.
REPLICATES, SIGMA = 4_000, 5


def test_replicates_have_the_mean_and_spread_of_resampled_rows():
    """Multinomial: the variance of a cell's sum is Σw² − (Σw)²/n."""
    sums = bootstrap_sums(CELLS, WEIGHTS, n_resamples=REPLICATES, random_state=0)
    variance = SQUARES - TOTALS**2 / len(CELLS)
    assert (np.abs(sums.mean(axis=0) - TOTALS) < SIGMA * np.sqrt(variance / REPLICATES)).all()
    assert sums.var(axis=0) == pytest.approx(variance, rel=SIGMA * np.sqrt(2 / REPLICATES))


def test_the_compiled_way_has_the_moments_of_poisson_counts():
    """The variance of a cell's sum is Σw², and cells are independent of each other."""
    sums = resampled(CELLS, WEIGHTS, 3, REPLICATES, seed=0)
    assert (np.abs(sums.mean(axis=0) - TOTALS) < SIGMA * np.sqrt(SQUARES / REPLICATES)).all()
    assert sums.var(axis=0) == pytest.approx(SQUARES, rel=SIGMA * np.sqrt(2 / REPLICATES))
    between = np.corrcoef(sums.T)[np.triu_indices(3, 1)]
    assert (np.abs(between) < SIGMA / np.sqrt(REPLICATES)).all()


def test_counts_are_poisson():
    """Of equally likely random numbers, as many give a count as its chance says."""
    shares = np.bincount(_poisson_table()) / 2**16
    assert shares[:4] == pytest.approx(np.exp(-1) / np.array([1, 1, 2, 6]), abs=2**-16)
    assert _poisson_table().mean() == 1


def test_rows_of_varied_weights_take_the_compiled_way_and_agree_with_the_other():
    """Rates of either way spread alike."""
    n = _MOST_COUNTS // 1_000 + 1
    cells, weights = np.arange(n) % 2, np.linspace(1, 2, n)
    varied = bootstrap_sums(cells, weights, random_state=0)
    grouped = bootstrap_sums(cells, np.round(weights, 2), random_state=0)
    spread = [(sums[:, 1] / sums.sum(axis=1)).std() for sums in (varied, grouped)]
    assert spread[0] == pytest.approx(spread[1], rel=0.15)
    assert not np.isclose(varied.sum(axis=1), varied.sum(axis=1)[0]).all()  # Poisson: the total varies


@pytest.mark.parametrize("weights", [None, np.linspace(1, 2, 5_000)], ids=["grouped", "compiled"])
def test_a_seed_gives_the_same_replicates_on_any_number_of_processors(weights, monkeypatch):
    cells = np.arange(5_000) % 7
    first = bootstrap_sums(cells, weights, random_state=3)
    monkeypatch.setattr("a2i_al.compute.threads.processors", lambda: 1)
    assert (bootstrap_sums(cells, weights, random_state=3) == first).all()
    assert (bootstrap_sums(cells, weights, random_state=4) != first).any()


@settings(max_examples=30)
@given(data=st.data(), n=st.integers(1, 60), n_resamples=st.integers(1, 9))
def test_cells_that_nothing_fell_into_stay_empty(data, n, n_resamples):
    """Whatever the number of replicates, by both ways."""
    cells = np.array(data.draw(st.lists(st.integers(0, 4), min_size=n, max_size=n)))
    weights = np.array(data.draw(st.lists(st.sampled_from([0.0, 0.5, 3.0]), min_size=n, max_size=n))) + 0.5
    for sums in (
        bootstrap_sums(cells, weights, n_cells=7, n_resamples=n_resamples, random_state=0),
        resampled(cells, weights, 7, n_resamples, seed=0),
    ):
        assert sums.shape == (n_resamples, 7)
        assert not sums[:, np.setdiff1d(np.arange(7), cells)].any()
        assert (sums >= 0).all()


def test_an_interval_leaves_out_replicates_without_a_value_and_says_nothing_where_most_have_none():
    replicates = np.array([[1.0, 1.0], [2.0, np.nan], [3.0, np.nan], [np.nan, np.nan]])
    low, high = bootstrap_interval(replicates, confidence=0.5)
    assert (low[0], high[0]) == (1.5, 2.5)
    assert np.isnan([low[1], high[1]]).all()


def test_the_interval_of_a_rate_is_that_of_its_binomial():
    """20 of 100: percentiles of Bin(100, 0.2)/100, by table."""
    sums = bootstrap_sums(np.arange(100) < 20, n_resamples=20_000, random_state=0)
    assert bootstrap_interval(sums[:, 1] / 100) == pytest.approx((0.12, 0.28), abs=0.011)


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (([],), "shape"),
        (([0.5],), "float64"),
        ((["a"],), "whole numbers"),
        (([-1],), "from -1"),
        (([0], [np.nan]), "weight of row 0 is nan"),
        (([0], [-1]), "weight of row 0 is -1"),
        (([0, 1], [0, 0]), "all weights are 0"),
        (([0], [1, 1]), r"\(2,\)"),
        (([0], ["heavy"]), "no numbers"),
    ],
)
def test_what_cannot_be_resampled_is_refused(arguments, found):
    with pytest.raises(InvalidInput, match=found):
        bootstrap_sums(*arguments)


def test_sums_that_would_not_fit_and_impossible_numbers_are_refused():
    with pytest.raises(InvalidInput, match="GiB"):
        bootstrap_sums([0], n_cells=10**6)
    with pytest.raises(InvalidInput, match="n_resamples is 0"):
        bootstrap_sums([0], n_resamples=0)
    with pytest.raises(InvalidInput, match="from 0 to 1"):
        bootstrap_sums([2], n_cells=2)
    with pytest.raises(InvalidInput, match="confidence is 95"):
        bootstrap_interval([1.0], confidence=95)
    with pytest.raises(InvalidInput, match="no replicate"):
        bootstrap_interval([])
