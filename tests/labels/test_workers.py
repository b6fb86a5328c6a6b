"""What is said of workers holds: estimates near the truth, and intervals that cover it as often as they say."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from a2i_al.errors import InvalidInput
from a2i_al.labels.workers import jeffreys, worker_confusion, worker_quality
from tests.labels.conftest import table


def test_intervals_of_quality_cover_the_truth_nine_times_of_ten(crowd):
    """Nominally 95 of 100; what is uncertain in the other workers is left out."""
    covered, width = [], []
    for seed in range(8):
        answers, _, accuracy = crowd(items=250, workers=15, per_item=5, seed=seed)
        found = worker_quality(answers, "label", method="one_coin").set_index("worker_id")
        truth = accuracy.reindex(found.index)
        covered.append((found["quality_low"] <= truth) & (truth <= found["quality_high"]))
        width.append(found["quality_high"] - found["quality_low"])
    assert np.mean(covered) > 0.88
    assert np.mean(width) < 0.25


def test_intervals_by_known_labels_cover_the_truth(crowd):
    covered = []
    for seed in range(8):
        answers, truth, accuracy = crowd(items=150, workers=15, per_item=5, seed=seed)
        found = worker_quality(answers, "label", method="majority", gold=truth.iloc[:60]).set_index("worker_id")
        true = accuracy.reindex(found.index)
        covered.append((found["gold_low"] <= true) & (true <= found["gold_high"]))
    assert np.mean(covered) > 0.92


def test_uncertain_labels_widen_the_interval():
    """Two workers alone, who differ: nobody knows who is right, and nothing is known of either."""
    found = worker_quality(table({"i": "ab", "j": "ba", "k": "ab", "l": "ba"}), "label", method="one_coin")
    assert ((found["quality_high"] - found["quality_low"]) > 0.9).all()


def test_every_worker_is_a_row_also_one_without_a_label():
    found = worker_quality(table({"i": "aa ", "j": "ab "}), "label", method="weighted_majority", gold={"j": "a"})
    assert found["worker_id"].tolist() == ["w0", "w1", "w2"]
    assert found["n_answers"].tolist() == [2, 2, 0]
    assert found["n_gold"].tolist() == [1, 1, 0]
    assert found["gold_accuracy"].tolist()[:2] == [1.0, 0.0]
    assert found["agreement"].tolist()[:2] == [0.5, 0.5]
    assert found.loc[2, ["quality", "quality_low", "gold_accuracy", "gold_high", "agreement"]].isna().all()


def test_confusions_are_found(crowd):
    answers, _, _ = crowd(items=600, workers=6, per_item=4, classes=3, low=0.85, high=0.9)
    swapped = answers["worker_id"].eq("w0") & answers["value"].eq("class 1")
    found = worker_confusion(answers.assign(value=answers["value"].mask(swapped, "class 2")), "label")
    rate = found.set_index(["worker_id", "label", "answer"])["rate"]
    assert rate["w0", "class 1", "class 2"] > 0.8
    assert rate["w1", "class 1", "class 1"] > 0.75
    sums = rate.groupby(level=["worker_id", "label"]).sum()
    assert np.allclose(sums.drop("w0"), 1)


def test_jeffreys_interval_is_statsmodels():
    """Where somebody was right and somebody wrong; at the ends it is open to one side."""
    right, asked = np.array([1, 5, 19]), np.array([4, 10, 20])
    low, high = jeffreys(right / asked, asked, 0.9)
    expected = proportion_confint(right, asked, alpha=0.1, method="jeffreys")
    assert np.allclose([low, high], expected)


def test_an_interval_holds_its_share_and_is_open_at_the_ends():
    low, high = jeffreys(np.array([0.0, 1.0, 0.5, np.nan]), np.array([5.0, 5.0, 0.0, 0.0]))
    assert low[0] == 0
    assert high[1] == 1
    assert high[2] - low[2] > 0.98
    assert np.isnan(low[3])


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ({"confidence": 95}, "confidence is 95"),
        ({"method": "numbers"}, "method is 'numbers'"),
        ({"x": 1}, "option 'x'"),
    ],
)
def test_what_cannot_be_is_refused(arguments, found):
    with pytest.raises(InvalidInput, match=found):
        worker_quality(table({"i": "a"}), "label", **arguments)


def test_nobody_to_learn_from_is_refused():
    with pytest.warns(UserWarning, match="nobody"), pytest.raises(InvalidInput, match="nobody has given a label"):
        worker_confusion(table({"i": " "}), "label")


def test_text_columns_are_texts():
    assert pd.api.types.is_string_dtype(worker_quality(table({"i": "ab"}), "label")["worker_id"])
