"""A fitted forest or bagging ensemble in, what each of its members says of the pool out."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from a2i_al.compute.threads import in_threads
from a2i_al.sampling.members import proba_of, taken

# A member, and the columns it was fitted to; None: all.
Tree = tuple[Any, Any]


def trees_of(estimator: Any) -> list[Tree]:
    """Return the members of a fitted forest, or of a Pipeline's that ends in one; else nothing.

    Examples
    --------
    >>> from sklearn.ensemble import ExtraTreesClassifier
    >>> len(trees_of(ExtraTreesClassifier(3).fit([[0], [1]], ["no", "yes"])))
    3
    """
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
    forest = getattr(forest, "best_estimator_", forest)
    fitted = isinstance(forest, forests) and len(getattr(forest, "estimators_", ())) > 1
    if not fitted or getattr(forest, "n_outputs_", 1) > 1:
        return []
    columns = getattr(forest, "estimators_features_", [None] * len(forest.estimators_))
    return list(zip(forest.estimators_, columns, strict=True))


def answers_of_trees(
    estimator: Any, trees: list[Tree], features: Any, *, classify: bool
) -> npt.NDArray[np.floating[Any]]:
    """Return what these members of the estimator say: (members, m, k) probabilities, or (members, m) predictions.

    Examples
    --------
    >>> from sklearn.ensemble import ExtraTreesClassifier
    >>> forest = ExtraTreesClassifier(3).fit([[0], [1]], ["no", "yes"])
    >>> answers_of_trees(forest, trees_of(forest), [[0], [1]], classify=True).shape
    (3, 2, 2)
    """
    from sklearn.pipeline import Pipeline  # noqa: PLC0415 - loaded already by now

    if isinstance(estimator, Pipeline) and len(estimator.steps) > 1:
        features = estimator[:-1].transform(features)
    # The members were fitted to bare numbers, even where the forest was fitted to a DataFrame.
    values = features.tocsr() if hasattr(features, "tocsr") else np.asarray(features)
    if not any(columns is not None for _, columns in trees):
        # Trees compute in float32, and would each convert a copy of their own.
        values = values.astype(np.float32)

    def ask(tree: Tree) -> npt.NDArray[np.floating[Any]]:
        member, columns = tree
        asked = taken(values, None, columns)
        if not classify:
            return np.asarray(member.predict(asked), dtype=np.float64)
        return proba_of(member, asked, np.arange(len(estimator.classes_)))

    return np.stack(in_threads(ask, trees))
