"""Runs of different lengths, against the same reductions one run at a time."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from a2i_al.errors import InvalidInput
from a2i_al.sampling.scores.ragged import aggregated

RUNS = st.lists(st.lists(st.floats(0, 1), max_size=6), min_size=1, max_size=12)


def flat(runs):
    return np.array([value for run in runs for value in run]), np.array([len(run) for run in runs])


@given(runs=RUNS, top=st.integers(1, 4))
def test_every_aggregate_is_that_of_each_run_alone(runs, top):
    """Empty runs at the beginning, in the middle and at the end included."""
    one = {
        "sum": sum,
        "mean": np.mean,
        "max": max,
        "top": lambda run: np.mean(sorted(run, reverse=True)[:top]),
    }
    for name, reduce in one.items():
        expected = [reduce(run) if run else -7.0 for run in runs]
        assert aggregated(*flat(runs), name, empty=-7.0, top=top) == pytest.approx(expected)


@given(runs=RUNS)
def test_the_mean_of_the_top_lies_between_mean_and_maximum(runs):
    """The more, the nearer to the mean."""
    mean, two, most = (aggregated(*flat(runs), name, empty=0, top=2) for name in ("mean", "top", "max"))
    assert (mean <= two + 1e-12).all()
    assert (two <= most + 1e-12).all()
    assert aggregated(*flat(runs), "top", empty=0, top=1).tolist() == most.tolist()


def test_a_top_of_none_is_refused():
    """One at least."""
    for top in (0, 2.5, "2", True):
        with pytest.raises(InvalidInput, match="top is"):
            aggregated(*flat([[1.0]]), "top", empty=0, top=top)
