"""Training in this process: a fresh model with a fingerprint that depends on what it learnt and nothing else."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import LinearSVC

from a2i_al.errors import CycleError, InvalidInput
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


def test_trainer_and_model_show_what_they_train_in_a_line():
    """Short, and the same in every run: no address of a function."""
    trainer = InProcessTrainer(make_pipeline(FunctionTransformer(lambda x: x), LogisticRegression(C=3)))
    assert repr(trainer).startswith("InProcessTrainer(Pipeline(steps=[('functiontransformer', FunctionTransformer(")
    model = trainer.fit(X, Y)
    for shown in (repr(trainer), repr(model)):
        assert len(shown) < 140
        assert "0x" not in shown
        assert "\n" not in shown
    assert repr(model).endswith(f", version={model.version!r})")
    assert repr(InProcessTrainer(LogisticRegression(C=3))) == "InProcessTrainer(LogisticRegression(C=3))"


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


@pytest.mark.parametrize(
    ("estimator", "words"),
    [
        (None, "estimator is None.*a scikit-learn classifier"),
        (LogisticRegression, r"estimator is the class LogisticRegression.*such as LogisticRegression\(\)"),
        (LinearSVC(), r"LinearSVC has no predict_proba.*CalibratedClassifierCV\(LinearSVC\(\)\)"),
    ],
)
def test_an_estimator_without_probabilities_is_refused_at_once(estimator, words):
    """Not by an AttributeError in the first round."""
    with pytest.raises(InvalidInput, match=words):
        InProcessTrainer(estimator)


@pytest.mark.parametrize(
    ("features", "labels", "words"),
    [
        (X[:3], Y, r"features have shape \(3, 1\) and labels \(4,\)"),
        (None, Y, r"features have shape \(\)"),
        (np.full((4, 1), np.nan), Y, "LogisticRegression cannot learn from these features: Input X contains NaN"),
        (X[:, 0], Y, "LogisticRegression cannot learn from these features: Expected 2D array"),
    ],
)
def test_what_it_cannot_learn_from_is_told_in_a_line(features, labels, words):
    """With the estimator's own reason, if it has one."""
    with pytest.raises(InvalidInput, match=words):
        InProcessTrainer(LogisticRegression()).fit(features, labels)


@pytest.mark.parametrize(
    ("ids", "proba", "words"),
    [
        (["a"], np.ones((2, 2)), r"proba has shape \(2, 2\).*a row for each of 1 items"),
        (["a", "b"], np.ones((2, 3)), "a column for each of 2 classes"),
        (["a", "b"], np.ones(2), r"proba has shape \(2,\)"),
        (["a"], [["x", "y"]], "proba are no numbers"),
        (None, np.ones((2, 2)), "item_ids is None"),
    ],
)
def test_probabilities_that_are_not_the_models_are_refused(ids, proba, words):
    """As many rows as items, as many columns as classes."""
    with pytest.raises(InvalidInput, match=words):
        predictions_of(InProcessTrainer(LogisticRegression()).fit(X, Y), ids, proba)


def test_single_precision_stays():
    """Of ten million rows a table of twice the size would be made for nothing."""
    model = InProcessTrainer(LogisticRegression()).fit(X, Y)
    assert predictions_of(model, ["a"], np.array([[0.75, 0.25]], dtype=np.float32))["proba_no"].dtype == np.float32
