"""Training in this process: a fresh model with a fingerprint that depends on what it learnt and nothing else."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from a2i_al.errors import CycleError
from a2i_al.retrain.trainer import InProcessTrainer, predictions_of
from a2i_al.tables import PREDICTIONS

X = np.array([[0.0], [0.2], [0.8], [1.0]])
Y = np.array(["no", "no", "yes", "yes"])


def version(x=X, y=Y, **settings):
    return InProcessTrainer(LogisticRegression(**settings)).fit(x, y).version


def test_the_version_is_a_function_of_data_and_settings():
    """Equal training gives an equal version in whatever order the labels came; anything else gives another."""
    assert version() == version(X[::-1], Y[::-1])
    assert len({version(), version(C=2), version(X + 1e-9), version(y=Y[::-1])}) == 4


def test_the_given_estimator_is_not_fitted():
    """The trainer works on a clone: fitting twice does not carry anything over."""
    estimator = LogisticRegression()
    InProcessTrainer(estimator).fit(X, Y)
    assert not hasattr(estimator, "classes_")


def test_one_class_is_nothing_to_learn_from():
    """Labels of one class are an error that says what is missing."""
    with pytest.raises(CycleError, match=r"4 training labels are of 1 class.*two classes"):
        InProcessTrainer(LogisticRegression()).fit(X, np.full(4, "no"))


def test_predictions_are_a_predictions_table():
    """Label, confidence, version and one column per class, row by row."""
    model = InProcessTrainer(LogisticRegression()).fit(X, Y)
    proba = np.array([[0.9, 0.1], [0.3, 0.7]])
    table = PREDICTIONS.check(predictions_of(model, ["a", "b"], proba))
    assert table["predicted_label"].tolist() == ["no", "yes"]
    assert table["confidence"].tolist() == [0.9, 0.7]
    assert table["proba_yes"].tolist() == [0.1, 0.7]
    assert set(table["model_version"]) == {model.version}
