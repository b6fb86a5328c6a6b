"""Numbers that a float cannot square are brought within reach; the others are left alone."""

import numpy as np
import pytest

from a2i_al.sampling.batches.magnitude import tame


def test_ordinary_tables_are_not_copied():
    """The very same arrays come back, all-zero ones too."""
    a, b, zero = np.array([[1.0, -7.0]]), np.empty((0, 2)), np.zeros((2, 2))
    assert [x is y for x, y in zip(tame(a, b), (a, b), strict=True)] == [True, True]
    assert tame(zero)[0] is zero


@pytest.mark.parametrize("unit", [1e30, -1e30, 1e-30])
def test_extreme_tables_are_divided_by_one_number(unit):
    """Proportions stay, between tables too, and the type."""
    a, b = tame(
        np.array([[4, 2]], dtype=np.float32) * np.float32(unit), np.array([[1, 0]], dtype=np.float32) * np.float32(unit)
    )
    assert a.dtype == np.float32
    assert np.abs(a) == pytest.approx(np.array([[1, 0.5]]))
    assert np.abs(b) == pytest.approx(np.array([[0.25, 0]]))
