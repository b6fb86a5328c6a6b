"""DataFrames as pools: the predictions table, a matrix with a column per class, and what is neither."""

import numpy as np
import pandas as pd
import pytest

from a2i_al.errors import InvalidTable
from a2i_al.sampling import sample
from a2i_al.sampling.pools.frames import proba_and_ids

PROBA = np.random.default_rng(0).dirichlet(np.ones(3), 40)
IDS = [f"item-{number}" for number in range(40)]
MATRIX = pd.DataFrame(PROBA, columns=["bug", "question", "praise"])
PREDICTIONS = pd.DataFrame(
    {
        "item_id": IDS,
        "predicted_label": "bug",
        "confidence": PROBA.max(axis=1),
        **{f"proba_{label}": MATRIX[label] for label in MATRIX},
        "model_version": "v1",
    }
)
ARGUMENTS = {"strategy": "margin", "audit_fraction": 0.2, "random_state": 3}


@pytest.mark.parametrize(
    "frame",
    [
        PREDICTIONS,
        PREDICTIONS.drop(columns="item_id").set_axis(IDS),
        MATRIX.assign(item_id=IDS),
        MATRIX.set_axis(IDS),
        MATRIX.add_prefix("proba_").set_axis(IDS),
    ],
    ids=["predictions", "predictions by index", "matrix with ids", "matrix by index", "only proba columns"],
)
def test_every_frame_gives_the_picks_of_the_array(frame):
    expected = sample(PROBA, 10, item_ids=IDS, **ARGUMENTS)
    pd.testing.assert_frame_equal(sample(frame, 10, **ARGUMENTS), expected)


def test_a_table_in_memory_and_one_in_a_stream_are_read_alike():
    pd.testing.assert_frame_equal(sample(PREDICTIONS, 10, **ARGUMENTS), sample(iter([PREDICTIONS]), 10, **ARGUMENTS))


def test_an_estimator_may_answer_in_a_frame_whose_index_are_the_ids():
    class Model:
        def predict_proba(self, rows):
            return MATRIX.set_axis(rows)

    expected = sample(PROBA, 10, item_ids=IDS, **ARGUMENTS)
    pd.testing.assert_frame_equal(sample(Model(), 10, features=IDS, **ARGUMENTS), expected)


def test_ids_of_the_callers_own_come_before_those_of_the_table():
    picks = sample(PREDICTIONS, 3, item_ids=range(40), strategy="margin")
    assert set(picks["item_id"]) <= {str(number) for number in range(40)}


def test_the_classes_are_named_without_their_prefix():
    """A temperature is fitted on labels as people gave them."""
    labels = np.array(MATRIX.columns)[PROBA.argmax(axis=1)]
    fitted = {"labelled_proba": PROBA, "labelled_labels": labels, "temperature": "fit", "strategy": "margin"}
    expected = sample(MATRIX, 5, **fitted)["score"]
    assert sample(PREDICTIONS, 5, **fitted)["score"].tolist() == expected.tolist()


def test_predictions_without_probabilities_are_refused():
    bare = PREDICTIONS[["item_id", "predicted_label", "confidence"]]
    with pytest.raises(InvalidTable, match=r"no columns proba_<label>; beside item_id it has 'predicted_label', 'conf"):
        sample(bare, 5)


@pytest.mark.parametrize("prefix", ["", "proba_"])
def test_a_large_matrix_is_not_copied(prefix):
    frame = pd.DataFrame(PROBA, columns=[f"{prefix}{number}" for number in range(3)])
    proba, _ = proba_and_ids(frame)
    assert np.shares_memory(proba.to_numpy(), frame.to_numpy())
    assert list(frame) == [f"{prefix}{number}" for number in range(3)]
