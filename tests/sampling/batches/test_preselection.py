"""The filter in front of the strategies that cluster the most uncertain only."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from a2i_al.sampling.batches import preselection
from a2i_al.sampling.batches.preselection import least_margins
from a2i_al.sampling.scores import margin


def two_classes(scores):
    """Rows with these margin scores."""
    first = 1 - np.asarray(scores, dtype=float) / 2
    return np.column_stack([first, 1 - first])


@pytest.mark.parametrize("large", [1, 10**6])
@given(
    quarters=st.lists(st.integers(0, 4), min_size=1, max_size=40),
    n=st.integers(1, 10),
    beta=st.sampled_from([1, 1.5, 10]),
    seed=st.integers(0, 2**32 - 1),
)
def test_the_highest_scores_come_out(large, quarters, n, beta, seed):
    """As many as asked for, or all there are, none that is left is better; by the pass for large pools too."""
    proba = two_classes(np.array(quarters) / 4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(preselection, "LARGE", large)
        chosen, scores = least_margins(proba, n, beta=beta, rng=np.random.default_rng(seed))
    assert len(set(chosen.tolist())) == len(chosen) == min(len(quarters), int(np.ceil(beta * n)))
    assert chosen.tolist() == sorted(chosen)
    assert scores.tolist() == margin(proba)[chosen].tolist()
    assert sorted(np.array(quarters)[chosen]) == sorted(quarters)[len(quarters) - len(chosen) :]


@pytest.mark.parametrize("large", [1, 10**6])
def test_ties_at_the_cut_are_broken_uniformly(monkeypatch, large):
    """Of five equal scores two are taken, each in two fifths of the runs."""
    monkeypatch.setattr(preselection, "LARGE", large)
    proba, rng = two_classes([0.9, *[0.5] * 5, *[0.1] * 24]), np.random.default_rng(0)
    counts = sum(np.isin(np.arange(30), least_margins(proba, 3, beta=1, rng=rng)[0]) for _ in range(2000)) / 2000
    assert counts == pytest.approx([1, *[0.4] * 5, *[0] * 24], abs=0.045)
