"""Counting in a table of all labels and counting the labels that occur come to the same."""

import numpy as np
from hypothesis import given, strategies as st

from a2i_al.labels.counting import tallies as module
from a2i_al.labels.counting.tallies import tallies

GRIDS = st.dictionaries(st.sampled_from("ijkl"), st.text("abcde ", min_size=1, max_size=7), min_size=1)


@given(GRIDS)
def test_both_ways_of_counting_agree(cast, grid):
    found = cast(**grid)
    n, k = len(found.items), len(found.classes)
    dense, sparse = module._dense(found.cast, n, k), module._sparse(found.cast, n, k)
    for name in ("total", "most", "leader", "squares"):
        assert np.array_equal(getattr(dense, name), getattr(sparse, name)), name
    np.testing.assert_array_equal(dense.agreement, sparse.agreement)


def test_fleiss_agreement_by_hand(cast):
    """Of three votes two agree: one pair of three."""
    counted = tallies(cast(i="aab", j="a", k="abc"))
    assert counted.agreement.round(3).tolist()[::2] == [0.333, 0.0]
    assert np.isnan(counted.agreement[1])
