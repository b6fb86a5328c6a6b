"""A scikit-learn estimator and the pool's features in, the predictions of a committee of its kind out.

A fitted forest is a committee already; any other estimator becomes one by fitting clones of it to what is labelled,
each to a sample of the rows or to some of the columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from a2i_al import arguments
from a2i_al.errors import InvalidInput
from a2i_al.sampling.forests import Tree, answers_of_trees, trees_of
from a2i_al.sampling.members import Labels, naming, proba_of, require_object, taken

Kind = Literal["auto", "bootstrap", "subspace", "trees"]
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
        Fitted for ``"trees"``; otherwise it is only cloned, and stays as it is. A fitted search, such as GridSearchCV,
        stands for the best estimator that it found.
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
        How many, at least 2. By default 5 clones, or every tree; fewer trees are the forest's first, and more than it
        has are refused.
    random_state : int, numpy.random.Generator or None
        Draws rows or columns, and seeds the clones.

    Returns
    -------
    ndarray of shape (members, m, k), float32, or (members, m), float64
        Class probabilities, columns in the order of `estimator.classes_` (of the sorted labels if it is not fitted),
        0 for a class that a member does not know; of a regressor its predictions. Members of a bagging ensemble that
        have no probabilities vote: 1 for a class.

    Raises
    ------
    InvalidInput
        If the estimator is no classifier with probabilities and no regressor, has no trees though trees were asked
        for, or not so many, nothing or only one class is labelled, a label is missing or none of `estimator.classes_`,
        an argument is out of range, or the estimator itself fails.

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
    arguments.one_of("kind", kind, _KINDS)
    if members is not None:
        members = arguments.whole("members", members, 2, of="models, a whole number")
    rng = arguments.generator(random_state)
    require_object(estimator)
    # A fitted search stands for what it has found.
    estimator = getattr(estimator, "best_estimator_", estimator)
    classify = _is_classifier(estimator)
    features = list(features) if isinstance(features, Iterator) else features
    trees = trees_of(estimator) if kind in ("auto", "trees") else []
    if trees or kind == "trees":
        _check_trees(estimator, trees, members)
        with naming(estimator, "on the pool"):
            return answers_of_trees(estimator, trees[:members], features, classify=classify)
    known, labels = _labelled(labelled_features, labelled_labels)
    drawing = _subspaces if kind == "subspace" else _bootstraps
    classes = _classes(estimator, labels) if classify else None
    fix = 'members see some of the columns: one that asks for columns by name takes kind="bootstrap"'
    answers = []
    for rows, columns in drawing(known, labels if classify else None, rng, members or _MEMBERS):
        with naming(estimator, "on the labelled items", fix if kind == "subspace" else ""):
            member = _clone(estimator, rng).fit(taken(known, rows, columns), labels if rows is None else labels[rows])
        with naming(estimator, "on the pool"):
            asked = taken(features, None, columns)
            answers.append(member.predict(asked) if classes is None else proba_of(member, asked, classes))
    return np.stack(answers)


def _is_classifier(estimator: Any) -> bool:
    from sklearn.base import is_classifier, is_regressor  # noqa: PLC0415 - loaded with the first committee

    classifier = False
    if hasattr(estimator, "predict"):
        with naming(
            estimator, "to say what it is", "pass an estimator of scikit-learn, or of a library that follows it"
        ):
            if is_regressor(estimator):
                return False
            classifier = is_classifier(estimator)
    if not classifier or not hasattr(estimator, "predict_proba"):
        raise InvalidInput(
            f"{type(estimator).__name__} is no regressor and has no predict_proba",
            expected="a scikit-learn classifier with probabilities, a regressor, or a Pipeline that ends in one",
            fix="wrap it in sklearn.calibration.CalibratedClassifierCV, or switch its probabilities on",
        )
    return True


def _check_trees(estimator: Any, trees: list[Tree], members: int | None) -> None:
    name = type(estimator).__name__
    if not trees:
        raise InvalidInput(
            f"{name} has no trees to ask",
            expected="a fitted random forest, extra trees or bagging ensemble, or a Pipeline that ends in one",
            fix='call its fit first, or use kind="bootstrap" with labelled_features and labelled_labels',
        )
    if members is not None and members > len(trees):
        raise InvalidInput(
            f"members is {members}, and the {name} has {len(trees)}",
            expected=f"from 2 to {len(trees)}",
            fix='fit a larger one, or use kind="bootstrap" with labelled_features and labelled_labels',
        )


def _labelled(features: Any, labels: Any) -> tuple[Any, Labels]:
    """Return the labelled rows in a form whose rows can be taken, and their labels; refuse none."""
    known, labels = (list(each) if isinstance(each, Iterator) else each for each in (features, labels))
    if known is None or labels is None or len(labels) == 0:
        raise InvalidInput(
            "nothing is labelled",
            expected="labelled_features and labelled_labels, which the members learn from",
            fix='label a first batch with strategy="random" or "typiclust", or pass a fitted forest',
        )
    known = known if hasattr(known, "shape") else np.asarray(known)
    if known.shape[0] != len(labels):
        raise InvalidInput(
            f"labelled_features has {known.shape[0]} rows, labelled_labels {len(labels)}", expected="as many of each"
        )
    # As objects first: of a list of texts and a missing value numpy would make texts.
    values = np.asarray(labels, dtype=object)
    if values.ndim != 1:
        raise InvalidInput(f"labelled_labels has shape {values.shape}", expected="one label per item")
    missing = np.asarray(pd.isna(values))
    if missing.any():
        raise InvalidInput(
            f"the label of labelled item {int(missing.argmax())} is missing",
            expected="a label for each",
            fix="leave out the items that have none yet",
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
