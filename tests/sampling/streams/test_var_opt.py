"""The weighted draw: exactly n, each with its chance."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from a2i_al.sampling.draws.importance import proportional_chances
from a2i_al.sampling.streams.var_opt import thin

WEIGHTS = st.lists(st.sampled_from([1e-6, 0.5, 1.0, 3.0, 100.0]), min_size=1, max_size=60)


@given(WEIGHTS, st.integers(1, 60), st.integers(0, 1000))
def test_exactly_n_are_kept_and_the_chances_sum_to_n(weights, n, seed):
    """For any weights; those above the threshold are all there."""
    values = np.array(weights)
    order = np.random.default_rng(seed).permutation(len(values)).astype(np.uint64)
    kept, threshold = thin(values, order, n, seed)
    assert len(np.unique(kept)) == len(kept) == min(n, len(values))
    if n < len(values):
        assert np.minimum(1, values / threshold).sum() == pytest.approx(n)
        assert np.minimum(1, values / threshold) == pytest.approx(proportional_chances(values, n))
        assert set(np.flatnonzero(values > threshold)) <= set(kept)
