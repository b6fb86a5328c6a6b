"""Labels by reviewers and a model together, against cleanlab, and what tables of predictions they take."""

import numpy as np
import pandas as pd
import pytest
from cleanlab.multiannotator import get_label_quality_multiannotator

from a2i_al.errors import ConsolidationWarning, InvalidInput, InvalidProbabilities, InvalidTable, UnknownLabel
from a2i_al.labels import consolidate
from tests.labels.conftest import table

CLASSES = [f"class {code}" for code in range(4)]


@pytest.fixture(scope="module")
def reviewed(crowd):
    """Return answers, the truth, and the predictions of a model that is right 8 times of 10."""
    answers, truth, _ = crowd(items=300, workers=10, per_item=3, seed=8)
    rng = np.random.default_rng(1)
    codes = truth.str[-1].astype(int).to_numpy()
    said = np.where(rng.random(300) < 0.8, codes, rng.integers(4, size=300))
    proba = rng.dirichlet(np.ones(4), 300) * 0.4 + 0.6 * np.eye(4)[said]
    predictions = pd.DataFrame(proba, columns=[f"proba_{name}" for name in CLASSES])
    return answers, truth, predictions.assign(item_id=truth.index)


def test_it_is_cleanlabs(reviewed):
    answers, _, predictions = reviewed
    codes = answers.assign(value=answers["value"].map(CLASSES.index))
    wide = codes.pivot_table(index="item_id", columns="worker_id", values="value").reindex(predictions["item_id"])
    proba = predictions[[f"proba_{name}" for name in CLASSES]].to_numpy()
    theirs = get_label_quality_multiannotator(wide.reset_index(drop=True), proba, verbose=False)["label_quality"]
    theirs.index = predictions["item_id"]
    ours = consolidate(answers, "label", method="crowdlab", predictions=predictions).set_index("item_id")
    theirs = theirs.reindex(ours.index)
    assert (ours["label"] == theirs["consensus_label"].map(lambda code: CLASSES[code])).all()
    assert np.allclose(ours["confidence"], theirs["consensus_quality_score"])


def test_a_good_model_makes_labels_better(reviewed):
    answers, truth, predictions = reviewed
    right = {
        method: consolidate(answers, "label", method=method, **options).set_index("item_id")["label"].eq(truth).mean()
        for method, options in (("majority", {}), ("crowdlab", {"predictions": predictions}))
    }
    assert right["crowdlab"] > right["majority"] + 0.03, right


def test_a_label_and_a_confidence_are_a_prediction_too():
    predictions = pd.DataFrame(
        {"item_id": ["i", "j", "k"], "predicted_label": ["a", "b", "b"], "confidence": [0.9, 0.8, 0.9]}
    )
    grid = table({"i": "aa", "j": "bb", "k": "ab"})
    result = consolidate(grid, "label", method="crowdlab", predictions=predictions, proba=True).set_index("item_id")
    assert result.loc["k", "label"] == "b"
    assert np.allclose(result[["proba_a", "proba_b"]].sum(axis=1), 1)


def test_single_answers_count_as_much_as_the_model():
    predictions = pd.DataFrame({"item_id": ["i", "j"], "proba_a": [0.9, 0.2], "proba_b": [0.1, 0.8]})
    result = consolidate(table({"i": "a", "j": "a"}), "label", method="crowdlab", predictions=predictions)
    assert result["confidence"].tolist() == pytest.approx([0.95, 0.6])


def test_one_class_in_answers_and_predictions_is_certain():
    predictions = pd.DataFrame({"item_id": ["i"], "predicted_label": ["a"], "confidence": [0.7]})
    with pytest.warns(ConsolidationWarning, match="every answer is 'a'"):
        result = consolidate(table({"i": "a"}), "label", method="crowdlab", predictions=predictions)
    assert result["label"].tolist() == ["a"]


GOOD = pd.DataFrame({"item_id": ["i"], "proba_a": [0.9], "proba_b": [0.1]})


@pytest.mark.parametrize(
    ("predictions", "error", "found"),
    [
        (None, InvalidInput, "crowdlab has no predictions"),
        ([0.9], InvalidTable, "predictions is a list"),
        (GOOD.drop(columns="item_id"), InvalidTable, "without 'item_id'"),
        (GOOD[["item_id"]], InvalidTable, "neither proba_<label> columns"),
        (GOOD.assign(item_id="j"), InvalidTable, "1 of 1 items have no prediction, first 'i'"),
        (pd.concat([GOOD, GOOD]), InvalidTable, "item 'i' more than once"),
        (GOOD.assign(proba_a=0.5), InvalidProbabilities, "sums to 0.6"),
        (GOOD.rename(columns={"proba_b": "proba_c"}), UnknownLabel, "no column 'proba_b'"),
    ],
)
def test_predictions_that_do_not_fit_are_refused(predictions, error, found):
    with pytest.raises(error, match=found):
        consolidate(table({"i": "ab"}), "label", method="crowdlab", predictions=predictions)
