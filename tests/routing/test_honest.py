"""Horvitz–Thompson over decisions: weighting reviews by 1 / inclusion_probability gives the traffic's own mean."""

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from a2i_al.routing import ActivationConditions, Column, Confidence, Percentage, Router

ROWS = 1500
DRAWS = 50
CONDITIONS = {
    "Conditions": [
        {
            "And": [
                {"ConditionType": "Sampling", "ConditionParameters": {"RandomSamplingPercentage": 20}},
                {
                    "ConditionType": "ModerationLabelConfidenceCheck",
                    "ConditionParameters": {"ModerationLabelName": "*", "ConfidenceLessThan": 90},
                },
            ]
        }
    ]
}


def stream():
    """Return a day's predictions, wrong the more often the less confident they are."""
    rng = np.random.default_rng(0)
    confidence = rng.beta(6, 1, ROWS)
    day = datetime(2026, 6, 1, tzinfo=UTC)
    return pd.DataFrame(
        {
            "item_id": np.arange(ROWS),
            "confidence": confidence,
            "predicted_label": "a",
            "amount": rng.lognormal(3, 1, ROWS),
            "wrong": rng.random(ROWS) > confidence,
            "at": pd.date_range(day, periods=ROWS, freq="55s"),
        }
    )


@pytest.mark.parametrize("now", ["at", None], ids=["stream", "at once"])
@pytest.mark.parametrize("budget", [None, 350])
@pytest.mark.parametrize(
    "rules",
    [
        [Percentage(5)],
        [Confidence(below=0.6), Percentage(5), Column("amount", ">", 100)],
        [Percentage(3), Percentage(2), ActivationConditions(CONDITIONS)],
    ],
    ids=["sample", "thresholds and a sample", "several samples"],
)
def test_estimates_from_reviews_are_the_truth_on_average(rules, budget, now):
    """Over many salts the mean of the estimates is the share of wrong predictions, within four standard errors."""
    table = stream()
    wrong = table["wrong"].to_numpy(dtype=float)
    estimates, naive = np.empty(DRAWS), np.empty(DRAWS)
    for seed in range(DRAWS):
        decided = Router(rules, budget_per_day=budget, random_state=seed).decide_table(table, now=now)
        review, chance = decided["review"].to_numpy(), decided["inclusion_probability"].to_numpy()
        assert chance.min() > 0
        estimates[seed] = (wrong * review / chance).sum() / ROWS
        naive[seed] = wrong[review].mean()
    error = estimates.std() / np.sqrt(DRAWS)
    assert estimates.mean() == pytest.approx(wrong.mean(), abs=4 * error)
    # What it is for: the reviewed themselves are wrong far more often, but for the plain sample.
    assert (len(rules) == 1 and budget is None) or naive.mean() > 1.3 * wrong.mean()


def test_the_chance_of_every_item_is_how_often_it_is_reviewed():
    """Counted item by item over many salts, without a budget."""
    table = stream().head(200)
    rules = [Confidence(below=0.6), Percentage(20), ActivationConditions(CONDITIONS)]
    counts = np.zeros(len(table))
    for seed in range(500):
        decided = Router(rules, random_state=seed).decide_table(table)
        counts += decided["review"].to_numpy()
    chance = decided["inclusion_probability"].to_numpy()
    assert set(chance.round(3)) == {0.2, 0.36, 1.0}
    assert counts / 500 == pytest.approx(chance, abs=5 * 0.5 / np.sqrt(500))


def test_without_a_sample_what_no_rule_asks_for_has_no_chance_and_nothing_pretends_otherwise():
    decided = Router([Confidence(below=0.6)]).decide_table(stream())
    assert set(decided.loc[~decided["review"], "inclusion_probability"]) == {0.0}
