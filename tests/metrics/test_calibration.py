"""The reliability table and its summary, by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from a2i_al.errors import InvalidInput
from a2i_al.metrics import wilson
from a2i_al.metrics.calibration import reliability, summary
from a2i_al.metrics.proper import brier_score


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


def test_the_debiased_errors_of_a_calibrated_model_are_smaller_and_the_squared_one_about_zero():
    """Kumar, Liang and Ma's point: with 20 items in a bin, chance alone looks like an error of several percent."""
    rng = np.random.default_rng(0)
    found = []
    for _ in range(200):
        confidence = rng.uniform(0.5, 1, 200)
        found.append(summary(table(confidence, rng.random(200) < confidence, bins=20)))
    mean = pd.DataFrame(found).mean()
    assert mean["ece"] > 0.06
    assert abs(mean["ece_debiased"]) < 0.65 * mean["ece"]
    assert pd.DataFrame(found)["rmsce_debiased"].median() < 0.04


def test_the_debiased_errors_keep_a_real_error():
    """A model that is 20 points too sure."""
    rng = np.random.default_rng(0)
    confidence = rng.uniform(0.7, 1, 5_000)
    result = summary(table(confidence, rng.random(5_000) < confidence - 0.2))
    assert result[["ece", "ece_debiased", "rmsce_debiased"]].tolist() == pytest.approx([0.2] * 3, abs=0.02)


def test_the_debiased_squared_error_is_the_papers_formula():
    """Two bins, by hand: the mean of (0.9 - 0.5)**2 - 0.25 / 3 and (0.2 - 0)**2."""
    result = summary(table([0.9] * 4 + [0.2] * 4, [True, True, False, False] + [False] * 4, bins=2))
    assert result["rmsce_debiased"] == pytest.approx(math.sqrt(((0.16 - 0.25 / 3) + 0.04) / 2))


def test_murphys_parts_make_up_the_brier_score_where_a_bin_has_one_confidence():
    """Calibration loss - resolution + uncertainty."""
    confidence, confirmed = [0.9, 0.9, 0.9, 0.2, 0.2], [True, True, False, False, True]
    result = summary(table(confidence, confirmed))
    brier = brier_score(confidence, confirmed)[0]
    assert result["calibration_loss"] - result["resolution"] + result["uncertainty"] == pytest.approx(brier)


def test_weights_count_as_copies_do():
    """In every column but the counts and the intervals."""
    confidence, confirmed = [0.15, 0.9, 0.95], [True, True, False]
    heavy = reliability(pd.Series(confidence), pd.Series(confirmed), 5, weights=[1, 2, 3])
    copies = table(np.repeat(confidence, [1, 2, 3]), np.repeat(confirmed, [1, 2, 3]), 5)
    for name in ("confidence", "accuracy", "share"):
        assert heavy[name].to_numpy() == pytest.approx(copies[name].to_numpy(), nan_ok=True)
    assert heavy["n"].tolist() == [1, 0, 0, 0, 2]
    assert heavy["n_effective"].tolist() == pytest.approx([1, 0, 0, 0, 25 / 13])


def test_a_bin_of_weight_zero_has_no_rate():
    """It holds an item that counts for nothing."""
    result = reliability(pd.Series([0.1, 0.9]), pd.Series([True, True]), 2, weights=[0, 1])
    assert result["n"].tolist() == [1, 1]
    assert result["accuracy"].tolist() == pytest.approx([math.nan, 1.0], nan_ok=True)
    assert summary(result)["accuracy"] == 1.0


@given(values=st.lists(st.floats(0, 1), min_size=1, max_size=40), bins=st.integers(1, 12))
def test_bins_of_equal_size_hold_every_item_once(values, bins):
    """However many confidences are equal."""
    right = pd.Series([True] * len(values))
    result = reliability(pd.Series(values), right, bins, strategy="quantile")
    assert result["n"].sum() == len(values)
    assert len(result) <= bins


def test_bins_of_equal_size_are():
    """Of ten different confidences in five bins: two each."""
    result = reliability(pd.Series(np.arange(10) / 10), pd.Series([True] * 10), 5, strategy="quantile")
    assert result["n"].tolist() == [2] * 5
    with pytest.raises(InvalidInput, match="strategy is 'equal'"):
        reliability(pd.Series([0.5]), pd.Series([True]), strategy="equal")
