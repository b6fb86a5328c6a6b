"""The reliability table and its summary, by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from a2i_al.errors import InvalidInput
from a2i_al.metrics import wilson
from a2i_al.metrics.calibration import reliability, summary


def table(confidence, confirmed, bins=10):
    return reliability(pd.Series(confidence, dtype=float), pd.Series(confirmed, dtype=bool), bins)


def test_hand_worked_bins():
    result = table([0.0, 0.3, 0.4, 0.95, 1.0, np.nan], [True, False, True, True, False, False], bins=2)
    assert result["n"].tolist() == [3, 2]
    assert result["confidence"].tolist() == pytest.approx([0.7 / 3, 0.975])
    assert result["accuracy"].tolist() == pytest.approx([2 / 3, 1 / 2])
    assert result[["accuracy_low", "accuracy_high"]].to_numpy() == pytest.approx(np.array([wilson(2, 3), wilson(1, 2)]))
    assert result[["low", "high"]].to_numpy().tolist() == [[0.0, 0.5], [0.5, 1.0]]


@pytest.mark.parametrize(("value", "place"), [(0.0, 0), (0.1, 0), (0.3, 2), (0.7, 6), (0.70001, 7), (1.0, 9)])
def test_a_bin_holds_its_upper_end_in_spite_of_binary_fractions(value, place):
    """0.7 * 10 is a little more than 7 in floats; its bin is still the one that ends at 0.7."""
    assert table([value], [True])["n"].to_numpy().argmax() == place


def test_empty_bins_are_rows_without_a_rate():
    result = table([0.9], [True], bins=2)
    assert result["n"].tolist() == [0, 1]
    assert result.loc[0, ["confidence", "accuracy", "accuracy_low", "accuracy_high"]].isna().all()


@given(pairs=st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40), bins=st.integers(1, 15))
def test_every_item_is_in_one_bin_and_the_summary_is_that_of_the_items(pairs, bins):
    confidence, confirmed = map(np.array, zip(*pairs, strict=True))
    result = table(confidence, confirmed, bins)
    assert result["n"].sum() == len(pairs)
    filled = result[result["n"] > 0]
    assert filled["confidence"].between(filled["low"] - 1e-12, filled["high"] + 1e-12).all()
    overall = summary(result)
    assert overall["confidence"] == pytest.approx(confidence.mean())
    assert overall["accuracy"] == pytest.approx(confirmed.mean())
    assert overall["ece"] <= overall["mce"] + 1e-12


def test_hand_worked_calibration_error():
    """Bins off by 0.4 with two items and by 0.4 with one, then one of them by 0.1."""
    result = summary(table([0.9, 0.9, 0.5], [True, False, False], bins=2))
    assert result["ece"] == pytest.approx(2 / 3 * 0.4 + 1 / 3 * 0.5)
    assert result["mce"] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("confidence", "bins", "found"),
    [([0.5], 0, "bins is 0"), ([math.nan], 10, "no confidence"), ([], 10, "no confidence"), ([0.5, 1.2], 10, "1.2"),
     ([-0.1], 10, "-0.1")],
)  # fmt: skip
def test_what_cannot_be_binned_is_refused(confidence, bins, found):
    with pytest.raises(InvalidInput, match=found):
        table(confidence, [True] * len(confidence), bins)
