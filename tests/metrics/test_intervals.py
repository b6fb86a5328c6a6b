"""Wilson's interval against published values and its own definition."""

import math
from statistics import NormalDist

import pytest
from hypothesis import given, strategies as st

from a2i_al.errors import InvalidInput
from a2i_al.metrics import wilson


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
