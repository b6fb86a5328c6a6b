"""Rows in the order of two columns, however they are sorted."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from a2i_al.labels.counting import ordering
from a2i_al.labels.counting.ordering import in_order

PAIRS = st.lists(st.tuples(st.sampled_from([0, 3, 4, 2**20]), st.integers(0, 5)), min_size=1, max_size=30)


@pytest.mark.parametrize(("compiled_from", "word"), [(50_000, 63), (1, 63), (1, 8)])
@given(pairs=PAIRS)
def test_rows_are_sorted_by_key_by_code_and_as_they_come(pairs, compiled_from, word):
    """By columns, as one number each, and where one number has no room for key, code and row."""
    key, code = np.array(pairs).T.copy()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ordering, "COMPILED_FROM", compiled_from)
        patch.setattr(ordering, "_WORD", word)
        found = in_order(key, code)
    expected = sorted(range(len(pairs)), key=lambda row: pairs[row])
    assert found.rows.tolist() == expected
    assert found.code.tolist() == code[expected].tolist()
    assert key[found.firsts].tolist() == sorted(set(key.tolist()))
    assert key[found.firsts][found.rank].tolist() == key[expected].tolist()
