"""The confidence sequence: all its bounds hold at once, where intervals for one look do not."""

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.special import beta

from a2i_al.errors import InvalidInput
from a2i_al.metrics import wilson
from a2i_al.metrics.drift import confidence_sequence


@pytest.mark.parametrize("rate", [0.05, 0.5])
def test_all_bounds_hold_at_once_as_often_as_promised(rate):
    """Of 500 streams of 200 items, in at most 5 in a hundred the rate is ever outside; with Wilson's, in over 15."""
    rng = np.random.default_rng(0)
    outside, naive = 0, 0
    for _ in range(500):
        stream = rng.random(200) < rate
        table = confidence_sequence(stream)
        outside += not table["low"].max() <= rate <= table["high"].min()
        ends = [wilson(hits, n + 1) for n, hits in enumerate(np.cumsum(stream)) if n % 10 == 9]
        naive += any(not low <= rate <= high for low, high in ends)
    assert outside / 500 <= 0.05
    assert naive / 500 > 0.15


@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_bounds_are_where_the_bet_has_multiplied_twentyfold(outcomes):
    """By the definition: the mixture's likelihood over the bound's is 20, or the bound is 0 or 1."""
    last = confidence_sequence(outcomes).iloc[-1]
    hits, n = sum(outcomes), len(outcomes)
    assert last["low"] <= last["rate"] <= last["high"]
    mixture = beta(hits + 0.5, n - hits + 0.5) / beta(0.5, 0.5)
    for bound in last[["low", "high"]]:
        if 0 < bound < 1:
            assert mixture / (bound**hits * (1 - bound) ** (n - hits)) == pytest.approx(20, rel=1e-6)
    assert (last["low"] == 0) == (hits == 0 or mixture / 1e-300 < 20)
    assert (last["high"] == 1) == (hits == n)


def test_opposite_outcomes_have_opposite_bounds():
    """A symmetry of the prior."""
    stream = np.random.default_rng(0).random(50) < 0.3
    one, other = confidence_sequence(stream), confidence_sequence(~stream)
    assert one["low"].to_numpy() == pytest.approx(1 - other["high"].to_numpy())


def test_long_streams_are_thinned_and_keep_their_end():
    """No more rows than asked for; no outcomes, no rows."""
    table = confidence_sequence(np.zeros(10_000, dtype=bool), most=50)
    assert len(table) == 50
    assert table["n"].iloc[[0, -1]].tolist() == [1, 10_000]
    assert confidence_sequence([]).empty


@pytest.mark.parametrize("arguments", [{"confidence": 95}, {"confidence": math.nan}, {"most": 0}])
def test_impossible_arguments_are_refused(arguments):
    """A confidence in percent, a table without rows."""
    with pytest.raises(InvalidInput):
        confidence_sequence([True], **arguments)
