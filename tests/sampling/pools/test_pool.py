"""What sample() takes besides probabilities: estimators, features, committees, labels, temperature, files."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.multioutput import MultiOutputClassifier

from a2i_al.errors import InvalidInput
from a2i_al.sampling import sample
from a2i_al.sampling.pools.estimators import answers_of

X = np.random.default_rng(0).normal(size=(40, 3))
Y = np.where(X[:, 0] + 0.3 * X[:, 1] > 0, "yes", "no")
MODEL = LogisticRegression().fit(X[:20], Y[:20])
PROBA = MODEL.predict_proba(X)


def watched(**inputs):
    """Return a strategy with a parameter of each of these names, and the dict that it fills with what it is given."""
    seen = {}
    names = ", ".join(inputs)
    scope = {"seen": seen, "np": np}
    code = f"def strategy({names}):\n seen.update({', '.join(f'{n}={n}' for n in inputs)})\n return np.zeros(40)"
    exec(code, scope)  # noqa: S102 - a function whose parameters' names are the test's
    return scope["strategy"], seen


def test_an_estimator_with_features_is_the_same_as_its_probabilities():
    pd.testing.assert_frame_equal(
        sample(MODEL, 5, features=X, strategy="margin", random_state=0),
        sample(PROBA, 5, strategy="margin", random_state=0),
    )


def test_an_estimator_gives_the_classes_and_the_labelled_items_probabilities():
    strategy, seen = watched(proba=1, classes=1, labelled_proba=1, features=1)
    sample(MODEL, 5, strategy=strategy, features=X, labelled_features=X[:20])
    assert seen["classes"].tolist() == ["no", "yes"]
    assert seen["labelled_proba"].shape == (20, 2)
    assert seen["features"] == pytest.approx(X)


def test_what_the_caller_gives_goes_before_what_the_estimator_would():
    strategy, seen = watched(labelled_proba=1)
    sample(MODEL, 5, strategy=strategy, features=X, labelled_features=X[:2], labelled_proba=[[0.5, 0.5]] * 2)
    assert seen["labelled_proba"].tolist() == [[0.5, 0.5]] * 2


def test_a_forest_is_a_committee_of_its_trees():
    forest = RandomForestClassifier(7, random_state=0).fit(X[:20], Y[:20])
    strategy, seen = watched(committee=1)
    sample(forest, 5, strategy=strategy, features=X)
    assert seen["committee"].shape == (7, 40, 2)


def test_a_regressor_gives_predictions():
    regressor = RandomForestRegressor(3, random_state=0).fit(X[:20], X[:20, 0])
    strategy, seen = watched(predictions=1)
    sample(regressor, 5, strategy=strategy, features=X)
    assert seen["predictions"].tolist() == regressor.predict(X).tolist()


def test_probabilities_of_independent_labels_need_not_sum_to_one():
    """scikit-learn gives one (m, 2) array per label."""
    many = MultiOutputClassifier(LogisticRegression()).fit(X[:20], np.column_stack([Y[:20], X[:20, 2] > 0]))
    strategy, seen = watched(label_proba=1)
    sample(many, 5, strategy=strategy, features=X)
    assert seen["label_proba"].shape == (40, 2)
    sample(np.full((40, 3), 0.9), 5, strategy=strategy)
    assert seen["label_proba"].tolist() == [[0.9] * 3] * 40
    with pytest.raises(InvalidInput, match="from 0 to 1"):
        sample(np.full((40, 3), 1.5), 5, strategy=strategy)


def test_an_estimator_without_features_is_told_to_bring_them():
    with pytest.raises(InvalidInput, match="LogisticRegression without features"):
        answers_of(MODEL, ("proba",), features=None, rng=np.random.default_rng(0))


@pytest.mark.parametrize(
    ("estimator", "found"),
    [
        (LogisticRegression, "the estimator is the class LogisticRegression"),
        (
            LogisticRegression(),
            "LogisticRegression failed on the features: This LogisticRegression",
        ),
        (LogisticRegression().fit(X[:, :2], Y), "LogisticRegression failed on the features: X has 3 features"),
    ],
)
def test_an_estimator_that_fails_is_named(estimator, found):
    with pytest.raises(InvalidInput, match=found):
        sample(estimator, 5, features=X, strategy="margin")


@pytest.mark.parametrize("features", [X, X.tolist(), pd.DataFrame(X), sparse.csr_matrix(X)])
def test_features_come_in_any_form(features):
    strategy, seen = watched(features=1)
    sample(None, 5, strategy=strategy, features=features)
    # A frame's rows have ids, and come in an order of these.
    assert np.array(sorted(seen["features"].tolist())) == pytest.approx(np.array(sorted(X.tolist())))


def test_float32_features_stay_float32_and_are_not_copied():
    strategy, seen = watched(features=1, hashes=1)
    small = X.astype(np.float32)
    sample(None, 5, strategy=strategy, features=small)
    assert seen["features"] is small or np.shares_memory(seen["features"], small)


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ({"strategy": "badge"}, "strategy 'badge' needs features"),
        ({"strategy": "bald"}, "strategy 'bald' needs committee"),
        ({"strategy": "badge", "features": X[:, 0]}, "features has shape (40,)"),
        ({"strategy": "badge", "features": X[:30]}, "features has 30 rows, proba has 40"),
        ({"features": X[:30]}, "features has 30 rows, proba has 40"),
        ({"strategy": "badge", "features": np.where(X > 2, np.nan, X)}, "features has a value that is missing"),
        ({"strategy": "badge", "features": [["a"]] * 40}, "features cannot be read as numbers"),
        ({"temperature": "hot"}, "temperature is 'hot'"),
        ({"temperature": 0.0}, "temperature is 0.0"),
        ({"temperature": "fit"}, "temperature is 'fit', and there is nothing to fit it on"),
        (
            {"temperature": "fit", "labelled_proba": [[0.5, 0.5]], "labelled_labels": ["maybe"]},
            "labelled_labels has 'maybe'",
        ),
    ],
)
def test_what_is_missing_or_does_not_fit_is_named(arguments, found):
    with pytest.raises(InvalidInput) as error:
        sample(PROBA, 5, **arguments)
    assert found in error.value.found


def test_no_pool_at_all_is_refused_and_ids_alone_can_be_drawn_from():
    with pytest.raises(InvalidInput, match="there is no pool"):
        sample(None, 1, strategy="random")
    assert sample(None, 2, strategy="random", item_ids=iter("abc"))["item_id"].isin(list("abc")).all()


def test_a_temperature_changes_the_scores_the_strategy_gives():
    plain, softened = (sample(PROBA, 40, temperature=t, random_state=0)["score"] for t in ("off", 3.0))
    assert (softened > plain).all()


def test_a_temperature_is_fitted_on_labels_by_class_or_by_column():
    answers = {"labelled_proba": MODEL.predict_proba(X[:20]), "labelled_labels": Y[:20], "temperature": "fit"}
    by_class = sample(pd.DataFrame(PROBA, columns=MODEL.classes_), 9, **answers)
    by_column = sample(PROBA, 9, **answers | {"labelled_labels": (Y[:20] == "yes").astype(int)})
    pd.testing.assert_frame_equal(by_class, by_column)
    assert by_class["score"].tolist() != sample(PROBA, 9)["score"].tolist()


def test_a_parquet_file_gives_the_picks_of_the_same_pool_in_memory(tmp_path):
    table = pd.DataFrame(PROBA, columns=["proba_no", "proba_yes"]).assign(item_id=[f"i{i}" for i in range(40)])
    table.to_parquet(tmp_path / "pool.parquet")
    arguments = {"exclude": ["i3"], "audit_fraction": 0.2, "round": 2, "random_state": 5}
    streamed = sample(tmp_path / "pool.parquet", 10, **arguments)
    pd.testing.assert_frame_equal(streamed, sample(PROBA, 10, item_ids=table["item_id"], **arguments))


def test_a_stream_refuses_what_needs_the_pool_in_memory():
    with pytest.raises(InvalidInput, match=r"quotas, temperature came with a pool that is read piece by piece"):
        sample(iter([PROBA]), 3, quotas=2, temperature=2.0)


def test_what_a_score_of_answers_says_of_excluded_items_does_not_count():
    """It is asked about all of them, and has nothing to say of those without an answer."""

    def agreed(answers):
        return np.where(np.isnan(answers).all(axis=1), np.nan, np.nansum(answers, axis=1))

    answers = np.full((40, 2), np.nan)
    answers[:30] = np.arange(60).reshape(30, 2)
    picks = sample(None, 2, strategy=agreed, answers=answers, exclude=range(30, 40))
    assert picks["item_id"].tolist() == ["29", "28"]
    with pytest.raises(InvalidInput, match="returned NaN for 1 of 31 rows, first for row 30"):
        sample(None, 2, strategy=agreed, answers=answers, exclude=range(31, 40))
