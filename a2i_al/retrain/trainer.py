"""Features and labels come in; a model with a fingerprint goes out. The cycle sees a `Trainer` and nothing else."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd

from a2i_al.errors import CycleError


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


class InProcessTrainer:
    """Trains a fresh clone of a scikit-learn classifier in this process.

    Parameters
    ----------
    estimator : classifier
        With ``predict_proba``. Give it a ``random_state`` if it takes one: a round that is resumed after a crash must
        come to the same model, for the model's version is part of what was asked.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> model = InProcessTrainer(LogisticRegression()).fit(np.array([[0.0], [1.0]]), np.array(["no", "yes"]))
    >>> model.classes
    ('no', 'yes')
    """

    def __init__(self, estimator: Any) -> None:
        self.estimator = estimator

    def fit(self, features: np.ndarray, labels: np.ndarray) -> FittedModel:
        """Train on features, shape (n, d), and labels, n strings.

        Raises
        ------
        CycleError
            If the labels are of one class only: there is nothing to learn yet.
        """
        from sklearn.base import clone  # noqa: PLC0415  # a light `import a2i_al`

        labels = np.asarray(labels, dtype=str)
        if len(set(labels)) < 2:  # noqa: PLR2004
            raise CycleError(
                f"the {len(labels)} training labels are of {len(set(labels))} class", expected="two classes at least"
            )
        estimator = clone(self.estimator).fit(features, labels)
        return FittedModel(estimator, _fingerprint(self.estimator, features, labels))


def predictions_of(model: Model, item_ids: list[str], proba: np.ndarray) -> pd.DataFrame:
    """Return probabilities, shape (n, number of classes), as a predictions table with ``proba_<label>`` columns."""
    classes = np.asarray(model.classes, dtype=object)
    table = {
        "item_id": item_ids,
        "predicted_label": classes[proba.argmax(axis=1)],
        "confidence": proba.max(axis=1),
        "model_version": model.version,
    }
    return pd.DataFrame(table | {f"proba_{label}": proba[:, k] for k, label in enumerate(classes)})


def _fingerprint(estimator: Any, features: np.ndarray, labels: np.ndarray) -> str:
    # Rows are sorted first: the same labels in another order of arrival make the same model, near enough, and must
    # make the same version, or a resumed round would ask everything again.
    digest = hashlib.sha256(f"{type(estimator).__name__} {sorted(estimator.get_params().items(), key=str)}".encode())
    rows = [np.ascontiguousarray(row).tobytes() + label.encode() for row, label in zip(features, labels, strict=True)]
    for row in sorted(rows):
        digest.update(row)
    return digest.hexdigest()[:12]
