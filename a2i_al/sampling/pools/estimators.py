"""A fitted estimator and features in, what a strategy needs of it out: probabilities, predictions, a committee."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from a2i_al.errors import InvalidInput
from a2i_al.sampling.members import naming, require_object


def is_estimator(source: Any) -> bool:
    """Return whether it predicts, so that its features are the pool.

    Examples
    --------
    >>> is_estimator([[0.5, 0.5]])
    False
    """
    return hasattr(source, "predict_proba") or (hasattr(source, "predict") and hasattr(source, "fit"))


def answers_of(
    estimator: Any,
    wanted: tuple[str, ...],
    *,
    features: Any,
    labelled_features: Any = None,
    labelled_labels: Any = None,
    rng: np.random.Generator,
    needs_committee: bool = False,
) -> dict[str, Any]:
    """Ask an estimator for those of a strategy's inputs that it can give.

    Parameters
    ----------
    estimator : object
        Fitted; has ``predict_proba``, or ``predict`` for a regression.
    wanted : tuple of str
        Names of inputs, see `registry.INPUTS`.
    features : array-like
        The pool, as the estimator takes it: text for a pipeline that takes text.
    labelled_features, labelled_labels : array-like, optional
        What it was trained on: for `labelled_proba`, and for a committee other than a forest's trees.
    rng : numpy.random.Generator
        For the committee's bootstraps.
    needs_committee : bool
        Whether to make a committee.

    Returns
    -------
    dict
        Inputs by name.

    Raises
    ------
    InvalidInput
        If there are no features, the estimator is a class, or it fails on them.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> model = LogisticRegression().fit([[0.0], [1.0]], ["no", "yes"])
    >>> answers = answers_of(model, ("proba",), features=[[0.5]], rng=np.random.default_rng(0))
    >>> answers["proba"].round(2).tolist(), answers["classes"].tolist()
    ([[0.5, 0.5]], ['no', 'yes'])
    """
    require_object(estimator)
    if features is None:
        raise InvalidInput(
            f"the pool is a {type(estimator).__name__} without features",
            expected="a fitted estimator and the features of the pool's items",
            fix="pass features=",
        )
    answers: dict[str, Any] = {}
    if hasattr(estimator, "predict_proba"):
        if "label_proba" in wanted:
            answers["label_proba"] = _per_label(_asked(estimator.predict_proba, features))
        else:
            answers["proba"] = _asked(estimator.predict_proba, features)
        if hasattr(estimator, "classes_"):
            answers["classes"] = estimator.classes_
        if "labelled_proba" in wanted and labelled_features is not None and _rows(labelled_features):
            answers["labelled_proba"] = _asked(estimator.predict_proba, labelled_features)
    elif "predictions" in wanted:
        answers["predictions"] = _asked(estimator.predict, features)
    if needs_committee:
        from a2i_al.sampling.committees import committee_proba  # noqa: PLC0415 - most strategies need none

        answers["committee"] = committee_proba(
            estimator,
            features,
            labelled_features=labelled_features,
            labelled_labels=labelled_labels,
            random_state=rng,
        )
    return answers


def _asked(predict: Callable[[Any], Any], features: Any) -> Any:
    with naming(getattr(predict, "__self__", predict), "on the features"):
        return predict(features)


def _rows(features: Any) -> int:
    # A sparse matrix has no length.
    return int(features.shape[0]) if hasattr(features, "shape") else len(features)


def _per_label(proba: Any) -> npt.NDArray[Any]:
    # scikit-learn's forests and nearest neighbours give a list: one (m, 2) array per label.
    if isinstance(proba, list):
        return np.column_stack([np.asarray(each)[:, 1] for each in proba])
    return np.asarray(proba)
