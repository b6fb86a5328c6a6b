"""A scikit-learn estimator and the pool's features in, the predictions of a committee of its kind out.

A fitted forest is a committee already; any other estimator becomes one by fitting clones of it to what is labelled,
each to a sample of the rows or to some of the columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from a2i_al.compute.threads import in_threads
from a2i_al.errors import InvalidInput

Kind = Literal["auto", "bootstrap", "subspace", "trees"]
Labels = npt.NDArray[Any]

_KINDS = ("auto", "bootstrap", "subspace", "trees")
_MEMBERS = 5


def committee_proba(
    estimator: Any,
    features: Any,
    *,
    labelled_features: Any = None,
    labelled_labels: Any = None,
    kind: Kind = "auto",
    members: int | None = None,
    random_state: int | np.random.Generator | None = None,
) -> npt.NDArray[np.floating[Any]]:
    """Ask a committee made from one estimator, for the committee scores and `sample(committee=...)`.

    Parameters
    ----------
    estimator : scikit-learn classifier or regressor, or a Pipeline that ends in one
        Fitted for ``"trees"``; otherwise it is only cloned, and stays as it is.
    features : array, sparse matrix or DataFrame of m rows
        The pool.
    labelled_features, labelled_labels : of l rows, optional
        What the clones learn from; needed for all but ``"trees"``.
    kind : {"auto", "bootstrap", "subspace", "trees"}
        ``"trees"``: the members of a fitted forest or bagging ensemble. ``"bootstrap"``: clones, each fitted to rows
        drawn with replacement, as many of every class as there are, so that no member misses a class.
        ``"subspace"``: clones, each fitted to all rows and a random half of the columns. ``"auto"``: the trees if
        there are any, else bootstrap.
    members : int, optional
        How many, at least 2. By default 5 clones, or every tree; fewer trees are the forest's first.
    random_state : int, numpy.random.Generator or None
        Draws rows or columns, and seeds the clones.

    Returns
    -------
    ndarray of shape (members, m, k), float32, or (members, m), float64
        Class probabilities, columns in the order of `estimator.classes_` (of the sorted labels if it is not fitted),
        0 for a class that a member does not know; of a regressor its predictions.

    Raises
    ------
    InvalidInput
        If the estimator is no classifier with probabilities and no regressor, has no trees though trees were asked
        for, nothing or only one class is labelled, a label is none of `estimator.classes_`, or an argument is out of
        range.

    References
    ----------
    N. Abe and H. Mamitsuka, "Query learning strategies using boosting and bagging", ICML 1998; T. K. Ho, "The random
    subspace method for constructing decision forests", IEEE PAMI 20(8), 1998, where half the columns are taken.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> x, y = np.array([[0.0], [1.0], [4.0], [5.0]]), np.array(["low", "low", "high", "high"])
    >>> proba = committee_proba(
    ...     LogisticRegression(), [[2.5], [9.0]], labelled_features=x, labelled_labels=y, random_state=0
    ... )
    >>> proba.shape
    (5, 2, 2)
    """
    if kind not in _KINDS:
        raise InvalidInput(f"kind is {kind!r}", expected=f"one of {', '.join(map(repr, _KINDS))}")
    if members is not None and members < 2:  # noqa: PLR2004 - one alone never disagrees
        raise InvalidInput(f"members is {members}", expected="at least 2")
    classify = _is_classifier(estimator)
    trees = _trees(estimator) if kind in ("auto", "trees") else []
    if kind == "trees" and not trees:
        raise InvalidInput(
            f"{type(estimator).__name__} has no trees to ask",
            expected="a fitted random forest, extra trees or bagging ensemble, or a Pipeline that ends in one",
            fix='call its fit first, or use kind="bootstrap" with labelled_features and labelled_labels',
        )
    if trees:
        return _ask_trees(estimator, trees[:members], features, classify=classify)
    rng = np.random.default_rng(random_state)
    known, labels = _labelled(labelled_features, labelled_labels)
    drawing = _subspaces if kind == "subspace" else _bootstraps
    classes = _classes(estimator, labels) if classify else None
    answers = []
    for rows, columns in drawing(known, labels if classify else None, rng, members or _MEMBERS):
        member = _clone(estimator, rng).fit(_take(known, rows, columns), labels if rows is None else labels[rows])
        asked = _take(features, None, columns)
        answers.append(_align(member, asked, classes) if classes is not None else member.predict(asked))
    return np.stack(answers)


def _is_classifier(estimator: Any) -> bool:
    from sklearn.base import is_classifier, is_regressor  # noqa: PLC0415 - loaded with the first committee

    if is_regressor(estimator):
        return False
    if not is_classifier(estimator) or not hasattr(estimator, "predict_proba"):
        raise InvalidInput(
            f"{type(estimator).__name__} is no regressor and has no predict_proba",
            expected="a scikit-learn classifier with probabilities, a regressor, or a Pipeline that ends in one",
            fix="wrap it in sklearn.calibration.CalibratedClassifierCV, or switch its probabilities on",
        )
    return True


def _trees(estimator: Any) -> list[tuple[Any, Any]]:
    """Return the members of a fitted forest, each with the columns it was fitted to (None: all); else nothing."""
    from sklearn import ensemble  # noqa: PLC0415 - loaded with the first committee
    from sklearn.pipeline import Pipeline  # noqa: PLC0415

    # Only these number their members' classes 0 to k-1 in the order of their own `classes_`.
    forests = (
        ensemble.RandomForestClassifier,
        ensemble.RandomForestRegressor,
        ensemble.ExtraTreesClassifier,
        ensemble.ExtraTreesRegressor,
        ensemble.BaggingClassifier,
        ensemble.BaggingRegressor,
    )
    forest = estimator.steps[-1][1] if isinstance(estimator, Pipeline) else estimator
    fitted = isinstance(forest, forests) and len(getattr(forest, "estimators_", ())) > 1
    if not fitted or getattr(forest, "n_outputs_", 1) > 1:
        return []
    columns = getattr(forest, "estimators_features_", [None] * len(forest.estimators_))
    return list(zip(forest.estimators_, columns, strict=True))


def _ask_trees(
    estimator: Any, trees: list[tuple[Any, Any]], features: Any, *, classify: bool
) -> npt.NDArray[np.floating[Any]]:
    from sklearn.pipeline import Pipeline  # noqa: PLC0415 - loaded already by now

    if isinstance(estimator, Pipeline) and len(estimator.steps) > 1:
        features = estimator[:-1].transform(features)
    # The members were fitted to bare numbers, even where the forest was fitted to a DataFrame.
    values = features.tocsr() if hasattr(features, "tocsr") else np.asarray(features)
    if not any(columns is not None for _, columns in trees):
        # Trees compute in float32, and would each convert a copy of their own.
        values = values.astype(np.float32)

    def ask(tree: tuple[Any, Any]) -> npt.NDArray[np.floating[Any]]:
        member, columns = tree
        asked = _take(values, None, columns)
        if not classify:
            return np.asarray(member.predict(asked), dtype=np.float64)
        return _align(member, asked, np.arange(len(estimator.classes_)))

    return np.stack(in_threads(ask, trees))


def _labelled(features: Any, labels: Any) -> tuple[Any, Labels]:
    """Return the labelled rows in a form whose rows can be taken, and their labels; refuse none."""
    found = 0 if labels is None else len(labels)
    if features is None or found == 0:
        raise InvalidInput(
            "nothing is labelled",
            expected="labelled_features and labelled_labels, which the members learn from",
            fix='label a first batch with strategy="random" or "typiclust", or pass a fitted forest',
        )
    known = features if hasattr(features, "shape") else np.asarray(features)
    if known.shape[0] != found:
        raise InvalidInput(
            f"labelled_features has {known.shape[0]} rows, labelled_labels {found}", expected="as many of each"
        )
    return known, np.asarray(labels)


def _classes(estimator: Any, labels: Labels) -> Labels:
    """Return the labels that the columns stand for: the estimator's own, or if it is not fitted those given."""
    given = np.unique(labels)
    classes = np.asarray(getattr(estimator, "classes_", given))
    unknown = [label for label in given.tolist() if label not in set(classes.tolist())]
    if unknown:
        raise InvalidInput(
            f"labelled_labels has {unknown[0]!r}, which the estimator does not know",
            expected=f"one of {classes.tolist()}",
            fix="fit the estimator to what is labelled now",
        )
    if len(given) == 1:
        raise InvalidInput(
            f"labelled_labels has one class only: {given.tolist()[0]!r}", expected="two or more", fix="label more items"
        )
    return classes


def _bootstraps(
    known: Any, classes: Labels | None, rng: np.random.Generator, members: int
) -> Iterator[tuple[npt.NDArray[np.intp], None]]:
    strata = [np.arange(known.shape[0])]
    if classes is not None:
        strata = [np.flatnonzero(classes == label) for label in np.unique(classes)]
    for _ in range(members):
        yield np.sort(np.concatenate([rng.choice(stratum, len(stratum)) for stratum in strata])), None


def _subspaces(
    known: Any, _: Labels | None, rng: np.random.Generator, members: int
) -> Iterator[tuple[None, npt.NDArray[np.intp]]]:
    if len(known.shape) != 2:  # noqa: PLR2004 - rows and columns
        raise InvalidInput(
            f"labelled_features has shape {known.shape}", expected="rows and columns", fix='use kind="bootstrap"'
        )
    columns = known.shape[1]
    for _member in range(members):
        yield None, np.sort(rng.choice(columns, (columns + 1) // 2, replace=False))


def _clone(estimator: Any, rng: np.random.Generator) -> Any:
    """Return an unfitted copy with seeds of its own, those of a pipeline's steps included."""
    from sklearn.base import clone  # noqa: PLC0415 - loaded already by now

    member = clone(estimator)
    names = [name for name in sorted(member.get_params()) if name.rpartition("__")[2] == "random_state"]
    return member.set_params(**{name: int(rng.integers(2**31)) for name in names})


def _take(table: Any, rows: Any, columns: Any) -> Any:
    """Return some rows, or else some columns (None: all), of an array, a sparse matrix, a DataFrame or a list."""
    if rows is None and columns is None:
        return table
    table = table.tocsr() if hasattr(table, "tocsr") else table
    indexed = getattr(table, "iloc", table if hasattr(table, "shape") else np.asarray(table))
    return indexed[rows] if columns is None else indexed[:, columns]


def _align(member: Any, asked: Any, classes: Labels) -> npt.NDArray[np.float32]:
    """Return the member's probabilities in the columns of `classes`, 0 for those it does not know."""
    column = {label: position for position, label in enumerate(classes.tolist())}
    aligned = np.zeros((asked.shape[0] if hasattr(asked, "shape") else len(asked), len(classes)), dtype=np.float32)
    aligned[:, [column[label] for label in member.classes_.tolist()]] = member.predict_proba(asked)
    return aligned
