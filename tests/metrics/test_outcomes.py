"""Outcomes: true and false, and nothing that would pass for true."""

import math

import numpy as np
import pandas as pd
import pytest

from a2i_al.errors import InvalidInput
from a2i_al.metrics import confidence_sequence, detect_change, wilson_weighted
from a2i_al.metrics.outcomes import checked_outcomes


@pytest.mark.parametrize("given", [[True, False], [1, 0], [1.0, 0.0], np.array([True, False], dtype=object)])
def test_true_and_false_in_whatever_clothes(given):
    """Booleans, zeros and ones, of any dtype, also of pandas."""
    assert checked_outcomes(given).tolist() == [True, False]
    assert checked_outcomes(pd.Series(given)).tolist() == [True, False]
    assert checked_outcomes([]).size == 0


@pytest.mark.parametrize("strange", [math.nan, 0.5, 2, "yes", None])
def test_what_is_neither_is_refused_wherever_outcomes_are_taken(strange):
    """It would count as true."""
    for take in (checked_outcomes, wilson_weighted, confidence_sequence, detect_change):
        with pytest.raises(InvalidInput, match="1 of 3 outcomes are neither true nor false"):
            take(pd.Series([True, strange, False], dtype=object))
