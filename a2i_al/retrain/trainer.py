"""Features and labels come in; a model with a fingerprint goes out. The cycle sees a `Trainer` and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import shorten
from typing import Any, Protocol

import numpy as np
import pandas as pd

from a2i_al import arguments
from a2i_al.errors import CycleError, InvalidInput
from a2i_al.retrain.fingerprint import fingerprint, without_addresses

_WIDTH = 80  # characters of an estimator in a repr


class Model(Protocol):
    """What the cycle needs of a model."""

    @property
    def version(self) -> str:
        """Fingerprint: equal for equal training data and settings."""

    @property
    def classes(self) -> tuple[str, ...]:
        """The labels, in the order of the columns of `predict_proba`."""

    def predict_proba(self, features: np.ndarray) -> np.ndarray:
        """Return class probabilities, shape (n, number of classes)."""


class Trainer(Protocol):
    """Anything that turns labelled items into a model, here or elsewhere."""

    def fit(self, features: np.ndarray, labels: np.ndarray) -> Model:
        """Train on features, shape (n, d), and labels, n strings."""


@dataclass(frozen=True)
class FittedModel:
    """A scikit-learn estimator that was fitted on known data."""

    estimator: Any
    version: str

    @property
    def classes(self) -> tuple[str, ...]:
        """The labels, in the order of the columns of `predict_proba`."""
        return tuple(map(str, self.estimator.classes_))

    def predict_proba(self, features: np.ndarray) -> np.ndarray:
        """Return class probabilities, shape (n, number of classes)."""
        return np.asarray(self.estimator.predict_proba(features))

    def __repr__(self) -> str:
        return f"FittedModel({_told(self.estimator)}, version={self.version!r})"


class InProcessTrainer:
    """Trains a fresh clone of a scikit-learn classifier in this process.

    Parameters
    ----------
    estimator : classifier
        With ``predict_proba``. Give it a ``random_state`` if it takes one: a round that is resumed after a crash must
        come to the same model, for the model's version is part of what was asked.

    Raises
    ------
    InvalidInput
        If it is no classifier, or one without probabilities.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> model = InProcessTrainer(LogisticRegression()).fit(np.array([[0.0], [1.0]]), np.array(["no", "yes"]))
    >>> model.classes
    ('no', 'yes')
    >>> InProcessTrainer(LogisticRegression(C=10))
    InProcessTrainer(LogisticRegression(C=10))
    """

    def __init__(self, estimator: Any) -> None:
        arguments.able("estimator", estimator, "get_params", "a scikit-learn classifier, such as LogisticRegression()")
        if not hasattr(estimator, "predict_proba"):
            raise InvalidInput(
                f"{type(estimator).__name__} has no predict_proba",
                expected="a classifier that gives probabilities",
                fix=f"sklearn.calibration.CalibratedClassifierCV({type(estimator).__name__}())",
            )
        self.estimator = estimator

    def fit(self, features: np.ndarray, labels: np.ndarray) -> FittedModel:
        """Train on features, shape (n, d), and labels, n strings.

        Raises
        ------
        CycleError
            If the labels are of one class only: there is nothing to learn yet.
        InvalidInput
            If there are not as many features as labels, or the estimator cannot learn from them.
        """
        from sklearn.base import clone  # noqa: PLC0415  # a light `import a2i_al`

        features, labels = np.asarray(features), np.asarray(labels, dtype=str)
        if labels.ndim != 1 or features.ndim == 0 or len(features) != len(labels):
            raise InvalidInput(
                f"features have shape {features.shape} and labels {labels.shape}", expected="(n, d) and (n,)"
            )
        if len(set(labels)) < 2:  # noqa: PLR2004
            raise CycleError(
                f"the {len(labels)} training labels are of {len(set(labels))} class", expected="two classes at least"
            )
        try:
            estimator = clone(self.estimator).fit(features, labels)
        except (TypeError, ValueError) as error:
            reason = str(error).partition("\n")[0]
            raise InvalidInput(f"{type(self.estimator).__name__} cannot learn from these features: {reason}") from error
        return FittedModel(estimator, fingerprint(self.estimator, features, labels))

    def __repr__(self) -> str:
        return f"InProcessTrainer({_told(self.estimator)})"


def predictions_of(model: Model, item_ids: list[str], proba: np.ndarray) -> pd.DataFrame:
    """Return probabilities, shape (n, number of classes), as a predictions table with ``proba_<label>`` columns.

    Raises
    ------
    InvalidInput
        If the probabilities are not of these items and of the model's classes.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> model = InProcessTrainer(LogisticRegression()).fit(np.array([[0.0], [1.0]]), np.array(["no", "yes"]))
    >>> predictions_of(model, ["i"], np.array([[0.2, 0.8]]))[["item_id", "predicted_label", "proba_no"]]
      item_id predicted_label  proba_no
    0       i             yes       0.2
    """
    arguments.able("model", model, "classes", "what a Trainer's fit() gives")
    arguments.able("item_ids", item_ids, "__len__", "the items' ids, one per row of proba")
    classes, proba = np.asarray(model.classes, dtype=object), np.asarray(proba)
    if proba.dtype.kind != "f":
        proba = arguments.floats("proba", proba)
    if proba.shape != (len(item_ids), len(classes)):
        raise InvalidInput(
            f"proba has shape {proba.shape}",
            expected=f"a row for each of {len(item_ids)} items, a column for each of {len(classes)} classes",
        )
    table = {
        "item_id": item_ids,
        "predicted_label": classes[proba.argmax(axis=1)],
        "confidence": proba.max(axis=1),
        "model_version": model.version,
    }
    return pd.DataFrame(table | {f"proba_{label}": proba[:, k] for k, label in enumerate(classes)})


def _told(estimator: Any) -> str:
    # A pipeline fills a screen.
    return shorten(without_addresses(repr(estimator)), _WIDTH, placeholder=" …")
