"""Facility location against the naive greedy k-median."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from a2i_al.sampling.batches.facility_location import facility_location


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@given(seed=st.integers(0, 10_000), m=st.integers(2, 40), known=st.integers(0, 3))
def test_each_pick_shortens_the_way_as_much_as_any_would(dtype, seed, m, known):
    """The way from every item to its nearest known one, in units of the spread; the score is by how much."""
    rng = np.random.default_rng(seed)
    features, labelled = rng.normal(size=(m, 2)).astype(dtype), rng.normal(size=(known, 2)).astype(dtype)
    positions, scores = facility_location(features, labelled, n=min(m, 6), rng=rng)
    unit = np.sqrt(features.var(axis=0).sum())
    to_all = np.sqrt(np.square(features[:, None] - features).sum(axis=-1)) / unit
    to_known = np.sqrt(np.square(features[:, None] - labelled).sum(axis=-1)) / unit
    # A float32 root of what rounding leaves of a zero.
    rounding = 1e-3 if dtype is np.float32 else 1e-5
    way = to_known.min(axis=1) if known else to_all.max(axis=1)
    for position, score in zip(positions, scores, strict=True):
        gain = np.maximum(way[:, None] - to_all, 0).mean(axis=0)
        assert gain[position] == pytest.approx(gain.max(), abs=rounding)
        assert score == pytest.approx(gain[position], abs=rounding)
        way = np.minimum(way, to_all[:, position])


def test_the_first_of_all_is_the_median():
    """An outlier does not move it, as it would the mean."""
    features = np.array([[0.0], [1.0], [2.0], [3.0], [1e4]])
    assert facility_location(features, n=1, rng=np.random.default_rng(0))[0].tolist() == [2]
