"""Counting many votes one by one and sorting few come to the same."""

import numpy as np
from hypothesis import given, strategies as st

from a2i_al.labels.counting import tallies as module
from a2i_al.labels.counting.kernels import counted

GRIDS = st.dictionaries(st.sampled_from("ijkl"), st.text("abcde ", min_size=1, max_size=7), min_size=1)


@given(GRIDS)
def test_both_ways_of_counting_agree(cast, grid):
    found = cast(**grid)
    given = found.cast.vote, found.cast.starts, len(found.classes)
    for one, other in zip(module._counted(*given), counted(*given), strict=True):
        assert np.array_equal(one, other)


def test_fleiss_agreement_by_hand(cast):
    """Of three votes two agree: one pair of three."""
    found = cast(i="aab", j="a", k="abc").tallies
    assert found.agreement.round(3).tolist()[::2] == [0.333, 0.0]
    assert np.isnan(found.agreement[1])
