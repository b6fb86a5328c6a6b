"""MaxHerding against the naive greedy choice under its kernel, and what the kernel does with outliers."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from a2i_al.sampling.batches.max_herding import max_herding


def kernel(features, others, width):
    """Return the Gaussian kernel of rows that are centred, scaled, lifted by one coordinate and of length 1."""

    def lifted(rows):
        moved = (rows - features.mean(axis=0)) / np.sqrt(features.var(axis=0).sum())
        added = np.column_stack([moved, np.ones(len(rows))])
        return added / np.linalg.norm(added, axis=1, keepdims=True)

    rows = lifted(features)
    squared = np.square(rows[:, None] - lifted(others)).sum(axis=-1)
    return np.exp(-squared / (2 * width**2 * rows.var(axis=0).sum()))


@given(seed=st.integers(0, 10_000), m=st.integers(2, 40), known=st.integers(0, 3), width=st.sampled_from([0.3, 1.0]))
def test_each_pick_adds_as_much_coverage_as_any_would(seed, m, known, width):
    """Coverage is the mean similarity to the most similar known item; the score is what a pick adds."""
    rng = np.random.default_rng(seed)
    features, labelled = rng.normal(size=(m, 2)), rng.normal(size=(known, 2))
    positions, scores = max_herding(features, labelled, n=min(m, 6), rng=rng, width=width)
    similar = kernel(features, features, width)
    covered = kernel(features, labelled, width).max(axis=1, initial=0)
    for position, score in zip(positions, scores, strict=True):
        gain = np.maximum(similar - covered[:, None], 0).mean(axis=0)
        assert gain[position] == pytest.approx(gain.max(), abs=1e-5)
        assert score == pytest.approx(gain[position], abs=1e-5)
        covered = np.maximum(covered, similar[:, position])


def test_a_far_outlier_does_not_hide_the_groups():
    """One item a thousand times as far as all others; the first two picks are one in each group."""
    rng = np.random.default_rng(0)
    features = np.concatenate([rng.normal(size=(40, 2)) - 5, rng.normal(size=(40, 2)) + 5, [[300.0, -300.0]]])
    positions, _ = max_herding(features, n=2, rng=rng)
    assert sorted((features[positions, 0] > 0).tolist()) == [False, True]
