"""Wilson's interval against published values and its own definition."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, strategies as st

from a2i_al.errors import InvalidInput
from a2i_al.metrics import wilson
from a2i_al.metrics.intervals import wilson_weighted


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_published_values(successes, n, low, high):
    """R. Newcombe, Statistics in Medicine 17 (1998), table I, method 3."""
    assert wilson(successes, n) == pytest.approx((low, high), abs=5e-5)


@given(n=st.integers(1, 10_000), data=st.data(), confidence=st.floats(0.5, 0.999))
def test_the_ends_are_where_the_score_test_turns(n, data, confidence):
    """What a score test at that level does not reject: |rate - p| = z sqrt(p (1 - p) / n) at its ends."""
    successes = data.draw(st.integers(0, n))
    low, high = wilson(successes, n, confidence)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    assert 0 <= low <= successes / n <= high <= 1
    for end in (low, high):
        assert abs(successes / n - end) == pytest.approx(z * math.sqrt(end * (1 - end) / n), abs=1e-9)


@given(n=st.integers(1, 1_000), data=st.data())
def test_successes_and_failures_mirror_each_other(n, data):
    successes = data.draw(st.integers(0, n))
    low, high = wilson(successes, n)
    assert wilson(n - successes, n) == pytest.approx((1 - high, 1 - low))


def test_the_ends_are_exact_where_nothing_or_everything_succeeds():
    assert wilson(0, 7)[0] == 0.0
    assert wilson(7, 7)[1] == 1.0


def test_nothing_is_known_without_draws():
    assert all(math.isnan(end) for end in wilson(0, 0))


@pytest.mark.parametrize("arguments", [(3, 2), (-1, 2), (math.nan, 2), (1, 2, 0), (1, 2, 1), (1, 2, 95)])
def test_impossible_counts_and_confidences_are_refused(arguments):
    with pytest.raises(InvalidInput):
        wilson(*arguments)


@given(outcomes=st.lists(st.booleans(), min_size=1, max_size=50), weight=st.floats(0.1, 50))
def test_equal_weights_give_wilsons_interval(outcomes, weight):
    """Whatever the weight is."""
    rate, low, high = wilson_weighted(outcomes, [weight] * len(outcomes))
    assert rate == pytest.approx(sum(outcomes) / len(outcomes))
    assert (low, high) == pytest.approx(wilson(sum(outcomes), len(outcomes)), abs=1e-9)


def test_the_weighted_interval_covers_the_pools_rate():
    """Draws with chances that go with the outcome: of 300 samples, 92 to 99 in a hundred intervals hold the rate."""
    rng = np.random.default_rng(0)
    wrong = rng.random(2_000) < 0.2
    chance = np.where(wrong, 0.15, 0.05)
    hit = []
    for _ in range(300):
        drawn = rng.random(2_000) < chance
        _, low, high = wilson_weighted(wrong[drawn], 1 / chance[drawn])
        hit.append(low < wrong.mean() < high)
    assert 0.92 < np.mean(hit) < 0.99


def test_a_heavy_few_do_not_pass_for_many():
    """Two draws, one of which stands for nine: never more than two items' worth of certainty."""
    rate, low, high = wilson_weighted([True, False], [9, 1])
    assert rate == pytest.approx(0.9)
    assert (low, high) == pytest.approx(wilson(1.8, 2))


def test_weights_of_zero_count_for_nothing_and_no_draws_give_nothing():
    """All zero is no answer, but an error."""
    assert wilson_weighted([True, False], [1, 0]) == pytest.approx((1.0, *wilson(1, 1)))
    assert all(math.isnan(end) for end in wilson_weighted([]))
    with pytest.raises(InvalidInput, match="all weights are 0"):
        wilson_weighted([True], [0])
