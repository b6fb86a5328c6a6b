"""The compiled traversal and the same lines run by Python: one result."""

import numpy as np

from a2i_al.sampling.batches.farthest_first import traverse


def run(function, rows):
    """Return the picks and distances of a traversal that starts at the first row."""
    distance = np.full(len(rows), np.inf, dtype=rows.dtype)
    distance[0] = -1
    chosen = np.zeros(15, dtype=np.intp)
    reached = function(rows, distance, chosen, 1)
    return chosen, reached


def test_compiled_and_interpreted_agree():
    """Reordered sums change no choice; distances agree to rounding."""
    rows = np.random.default_rng(0).normal(size=(60, 9)).astype(np.float32)
    compiled, interpreted = run(traverse, rows), run(traverse.py_func, rows)
    assert compiled[0].tolist() == interpreted[0].tolist()
    assert np.allclose(compiled[1], interpreted[1], rtol=1e-5)
    assert compiled[1].dtype == np.float32


def test_rows_below_zero_are_never_chosen_and_repeated_rows_each_once():
    rows = np.zeros((16, 2))
    chosen, reached = run(traverse, rows)
    assert sorted(chosen.tolist()) == sorted(set(chosen.tolist()))
    assert (reached[1:] == 0).all()
