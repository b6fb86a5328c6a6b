"""Intervals of the calibration errors: by hand, and how often they hold the truth, also where there is no error."""

import math

import numpy as np
import pandas as pd
import pytest

from a2i_al.metrics.calibration import reliability, summary
from a2i_al.metrics.calibration_intervals import calibration_intervals

BINS = 10


def population(bend):
    """Return confidences, their true accuracy, and the two errors over ten bins."""
    sure = np.random.default_rng(0).beta(4, 1.2, 20_000)
    right = np.clip(sure - bend * (sure - 0.3), 0, 1)
    place = np.clip(np.ceil(sure * BINS) - 1, 0, BINS - 1).astype(int)
    count = np.bincount(place, minlength=BINS)
    gap = np.bincount(place, sure - right, minlength=BINS) / np.maximum(count, 1)
    share = count / len(sure)
    return sure, right, float(share @ np.abs(gap)), math.sqrt(float(share @ gap**2))


@pytest.mark.parametrize("bend", [0.0, 0.1, 0.3])
@pytest.mark.parametrize("weighted", [False, True], ids=["uniform", "importance"])
def test_the_intervals_cover_with_an_error_and_without(bend, weighted):
    """300 samples of 200 items; less than 91.2 % would be three standard errors below 95."""
    sure, right, mean, root = population(bend)
    rng, held = np.random.default_rng(1), []
    scores = 0.5 + 2 * (1 - sure) if weighted else np.ones(len(sure))
    for _ in range(300):
        at = rng.choice(len(sure), 200, p=scores / scores.sum())
        confirmed = pd.Series(rng.random(200) < right[at])
        found = summary(reliability(pd.Series(sure[at]), confirmed, BINS, weights=1 / scores[at]))
        held.append((found["ece_low"] <= mean <= found["ece_high"], found["rmsce_low"] <= root <= found["rmsce_high"]))
    assert (np.mean(held, axis=0) >= 0.95 - 3 * math.sqrt(0.05 * 0.95 / 300)).all()


def test_a_large_error_is_told_from_none_and_the_interval_narrows():
    found = [
        calibration_intervals(np.array([0.5, 0.5]), np.array([0.2, -0.1]), np.array([0.6, 0.7]), np.full(2, n))
        for n in (100.0, 10_000.0)
    ]
    few, many = found
    assert few[1][0] > 0
    for (low, high), truth in zip(many, (0.15, math.sqrt(0.025)), strict=True):
        assert low == pytest.approx(truth, abs=0.02)
        assert high == pytest.approx(truth, abs=0.02)
    assert few[0][0] < many[0][0]
    assert few[0][1] > many[0][1]


def test_without_a_gap_zero_is_in_both_and_the_ends_are_shares():
    none = calibration_intervals(np.ones(1), np.zeros(1), np.ones(1), np.full(1, 5.0))
    assert none[0][0] == none[1][0] == 0
    assert 0 < none[0][1] < 1
    all_wrong = calibration_intervals(np.ones(1), np.ones(1), np.zeros(1), np.full(1, 5.0))
    assert all_wrong[0][1] == all_wrong[1][1] == 1
