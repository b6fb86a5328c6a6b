"""Committees made from one estimator: whose opinions they are, and in which columns."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix
from sklearn.compose import make_column_transformer
from sklearn.ensemble import BaggingClassifier, ExtraTreesClassifier, RandomForestClassifier, RandomForestRegressor
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

from a2i_al.errors import InvalidInput
from a2i_al.sampling.committees import committee_proba
from a2i_al.sampling.scores.committee import bald

NAMES = np.array(["cat", "dog", "owl"])


@pytest.fixture
def data():
    """Thirty labelled items of three classes and seven of the pool."""
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1, 2], [20, 6, 4])
    return rng.normal(size=(30, 4)) + y[:, None], NAMES[y], rng.normal(size=(7, 4)) + 1


def clones(estimator, data, **knobs):
    x, y, pool = data
    return committee_proba(estimator, pool, labelled_features=x, labelled_labels=y, random_state=0, **knobs)


@pytest.mark.parametrize("forest", [RandomForestClassifier, ExtraTreesClassifier])
def test_a_forest_answers_with_its_trees_and_their_mean_is_the_forests_own_answer(data, forest):
    """Auto takes the trees as they are and needs nothing labelled."""
    x, y, pool = data
    fitted = forest(8, random_state=0).fit(x, y)
    committee = committee_proba(fitted, pool)
    assert committee.shape == (8, 7, 3)
    assert committee.dtype == np.float32
    assert committee.mean(axis=0) == pytest.approx(fitted.predict_proba(pool), abs=1e-6)
    assert (committee_proba(fitted, pool, members=3) == committee[:3]).all()


def test_the_trees_at_the_end_of_a_pipeline_see_what_the_pipeline_makes_of_a_table(data):
    """A DataFrame goes through the scaler first."""
    x, y, pool = (pd.DataFrame(part) if part.ndim == 2 else part for part in data)
    x.columns = pool.columns = list("abcd")
    fitted = make_pipeline(StandardScaler(), RandomForestClassifier(6, random_state=0)).fit(1000 * x, y)
    assert committee_proba(fitted, 1000 * pool).mean(axis=0) == pytest.approx(fitted.predict_proba(1000 * pool))


def test_bagged_members_see_their_own_columns_and_miss_classes(data):
    """Class probabilities land in the ensemble's columns, whatever each member has met."""
    x, y, pool = data
    members = KNeighborsClassifier(1)
    fitted = BaggingClassifier(members, 20, max_samples=3, max_features=2, random_state=0).fit(x, y)
    assert {len(member.classes_) for member in fitted.estimators_} == {1, 2, 3}
    committee = committee_proba(fitted, pool)
    assert committee.mean(axis=0) == pytest.approx(fitted.predict_proba(pool), abs=1e-6)


def test_bagged_members_without_probabilities_vote(data):
    """As the ensemble counts them itself."""
    x, y, pool = data
    fitted = BaggingClassifier(LinearSVC(), 5, max_samples=0.5, random_state=0).fit(x, y)
    committee = committee_proba(fitted, pool)
    assert set(np.unique(committee)) == {0, 1}
    assert committee.mean(axis=0) == pytest.approx(fitted.predict_proba(pool), abs=1e-6)


@pytest.mark.parametrize("piped", [False, True])
def test_a_fitted_search_stands_for_the_best_it_found(data, piped):
    """Its forest's trees; the end of a pipeline, too."""
    x, y, pool = data
    search = GridSearchCV(RandomForestClassifier(6, random_state=0), {"max_depth": [1, 3]}, cv=2)
    fitted = (make_pipeline(StandardScaler(), search) if piped else search).fit(x, y)
    committee = committee_proba(fitted, pool)
    assert committee.shape == (6, 7, 3)
    assert committee.mean(axis=0) == pytest.approx(fitted.predict_proba(pool), abs=1e-6)


def test_a_regression_forest_answers_with_its_trees_predictions(data):
    """One number per tree and item."""
    x, _, pool = data
    fitted = RandomForestRegressor(6, random_state=0).fit(x, x[:, 0])
    committee = committee_proba(fitted, pool)
    assert committee.shape == (6, 7)
    assert committee.mean(axis=0) == pytest.approx(fitted.predict(pool))


def test_an_unfitted_forest_is_bootstrapped_like_any_other(data):
    """Auto asks for trees only where there are some."""
    assert clones(RandomForestClassifier(3), data).shape == (5, 7, 3)


@pytest.mark.parametrize("kind", ["auto", "bootstrap", "subspace"])
def test_clones_differ_are_reproducible_and_leave_the_estimator_unfitted(data, kind):
    """Five members by default, each a distribution, the same under the same seed."""
    estimator = LogisticRegression()
    committee = clones(estimator, data, kind=kind)
    assert committee.shape == (5, 7, 3)
    assert committee.dtype == np.float32
    assert (bald(committee) > 0).all()
    assert (clones(estimator, data, kind=kind) == committee).all()
    assert not hasattr(estimator, "classes_")


def test_no_bootstrap_misses_a_class():
    """One item of a class among thirty is in every member's sample."""
    x, y = np.arange(30.0)[:, None], np.array(["common"] * 29 + ["rare"])
    committee = committee_proba(
        DecisionTreeClassifier(), x, labelled_features=x, labelled_labels=y, members=25, random_state=0
    )
    assert (committee[:, -1, 1] == 1).all()


def test_columns_are_those_of_the_estimator_when_the_labelled_items_lack_a_class(data):
    """A class that no member has met is 0 in all answers."""
    x, y, pool = data
    fitted = GaussianNB().fit(x, y)
    two = y != "dog"
    committee = committee_proba(fitted, pool, labelled_features=x[two], labelled_labels=y[two], random_state=0)
    assert committee.shape == (5, 7, 3)
    assert (committee[:, :, 1] == 0).all()
    assert (committee[:, :, [0, 2]].max(axis=(0, 1)) > 0).all()


def test_each_subspace_member_sees_half_of_the_columns():
    """Five columns: three, and different ones."""
    seen = []

    class Spy(Ridge):
        def fit(self, x, y):
            seen.append(tuple(x[0]))
            return super().fit(x, y)

    x = np.tile(np.arange(5.0), (6, 1))
    committee_proba(
        Spy(), x, labelled_features=x, labelled_labels=np.arange(6.0), kind="subspace", members=20, random_state=0
    )
    assert {len(columns) for columns in seen} == {3}
    assert len(set(seen)) > 3


def test_regressors_give_one_prediction_per_member(data):
    """Bootstraps of rows, no classes."""
    x, _, pool = data
    committee = committee_proba(Ridge(), pool, labelled_features=x, labelled_labels=x[:, 0], members=3, random_state=0)
    assert committee.shape == (3, 7)
    assert len(np.unique(committee[:, 0])) == 3


def test_seeds_of_a_pipelines_steps_differ_between_members(data):
    """With all else equal, members of a pipeline that draws differ through their seeds alone."""
    pipeline = make_pipeline(
        StandardScaler(), DecisionTreeClassifier(max_features=1, splitter="random", random_state=7)
    )
    x, y, pool = data
    one_each = np.array([0, 25, 29])
    committee = committee_proba(
        pipeline, pool, labelled_features=x[one_each], labelled_labels=y[one_each], members=10, random_state=0
    )
    assert len({member.tobytes() for member in committee}) > 1


@pytest.mark.parametrize("kind", ["bootstrap", "subspace"])
@pytest.mark.parametrize("form", [pd.DataFrame, csr_matrix, lambda table: table.tolist()])
def test_tables_sparse_matrices_and_lists_are_taken(data, kind, form):
    """They answer as the array does."""
    x, y, pool = data
    expected = clones(LogisticRegression(), data, kind=kind)
    committee = clones(LogisticRegression(), (form(x), y.tolist(), form(pool)), kind=kind)
    assert committee == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("form", [list, pd.Series, np.array])
def test_a_pipeline_that_starts_from_text_is_bootstrapped(form):
    """Texts are rows too."""
    texts = form(["a good day", "a bad day", "good", "bad", "bad bad"])
    committee = committee_proba(
        make_pipeline(CountVectorizer(), LogisticRegression()),
        texts,
        labelled_features=texts,
        labelled_labels=["+", "-", "+", "-", "-"],
        random_state=0,
    )
    assert committee.shape == (5, 5, 2)


def test_text_has_no_columns_to_take_some_of():
    """Subspaces of texts are refused."""
    with pytest.raises(InvalidInput, match="labelled_features has shape"):
        committee_proba(
            LogisticRegression(), ["x"], labelled_features=["x", "y"], labelled_labels=[0, 1], kind="subspace"
        )


@pytest.mark.parametrize(
    ("estimator", "knobs", "message"),
    [
        (LinearSVC(), {}, "LinearSVC is no regressor and has no predict_proba"),
        (StandardScaler(), {}, "StandardScaler is no regressor"),
        (LogisticRegression(), {"kind": "trees"}, "LogisticRegression has no trees to ask"),
        (RandomForestClassifier(), {"kind": "trees"}, "RandomForestClassifier has no trees to ask"),
        (LogisticRegression(), {"kind": "boosted"}, "kind is 'boosted'"),
        (LogisticRegression(), {"members": 1}, "members is 1"),
        (LogisticRegression(), {"members": 3.0}, r"members is 3\.0"),
        (LogisticRegression(), {"members": "3"}, "members is '3'"),
        (LogisticRegression, {}, "the estimator is the class LogisticRegression"),
        (object(), {}, "object is no regressor and has no predict_proba"),
    ],
)
def test_what_makes_no_committee_is_refused(data, estimator, knobs, message):
    """Each error says what was found."""
    with pytest.raises(InvalidInput, match=message):
        clones(estimator, data, **knobs)


def test_more_members_than_a_forest_has_trees_are_refused(data):
    """Five would be another committee than the 500 that were asked for."""
    x, y, pool = data
    forest = RandomForestClassifier(5, random_state=0).fit(x, y)
    assert committee_proba(forest, pool, members=5).shape == (5, 7, 3)
    with pytest.raises(InvalidInput, match="members is 500, and the RandomForestClassifier has 5"):
        committee_proba(forest, pool, members=500)
    assert clones(forest, data, kind="bootstrap", members=6).shape == (6, 7, 3)


@pytest.mark.parametrize("estimator", [LogisticRegression(), Ridge()])
@pytest.mark.parametrize("missing", [None, np.nan, pd.NA])
def test_a_missing_label_is_named(data, estimator, missing):
    """Not as what scikit-learn makes of it, and never as the class "nan"."""
    x, y, pool = data
    for labels in ([*y[:3], missing, *y[4:]], pd.Series([*y[:3], missing, *y[4:]])):
        with pytest.raises(InvalidInput, match="the label of labelled item 3 is missing"):
            clones(estimator, (x, labels, pool))


def test_labels_are_one_for_each_item(data):
    """A table of several is none of this, a generator is gone through once."""
    x, y, pool = data
    with pytest.raises(InvalidInput, match=r"labelled_labels has shape \(30, 2\)"):
        clones(LogisticRegression(), (x, np.column_stack([y, y]), pool))
    rows, labels = iter(x.tolist()), iter(y.tolist())
    assert (clones(LogisticRegression(), (rows, labels, pool)) == clones(LogisticRegression(), data)).all()


def test_what_an_estimator_raises_is_told_with_whose_it_is(data):
    """Columns that members do not see, features that are too few, a seed that is none."""
    x, y, pool = data
    table, of_pool = pd.DataFrame(x, columns=list("abcd")), pd.DataFrame(pool, columns=list("abcd"))
    by_name = make_pipeline(make_column_transformer((StandardScaler(), list("abcd"))), LogisticRegression())
    with pytest.raises(InvalidInput, match=r"Pipeline failed on the labelled items: .*To fix: .*kind=.bootstrap"):
        clones(by_name, (table, y, of_pool), kind="subspace")
    assert clones(by_name, (table, y, of_pool)).shape == (5, 7, 3)
    with pytest.raises(InvalidInput, match="LogisticRegression failed on the pool: X has 2 features"):
        clones(LogisticRegression(), (x, y, pool[:, :2]))
    with pytest.raises(InvalidInput, match="RandomForestClassifier failed on the pool: X has 2 features"):
        committee_proba(RandomForestClassifier(5).fit(x, y), pool[:, :2])
    with pytest.raises(InvalidInput, match="random_state is 'a'"):
        committee_proba(LogisticRegression(), pool, labelled_features=x, labelled_labels=y, random_state="a")


def test_labels_that_cannot_be_learnt_from_are_refused(data):
    """None, one class only, another number than rows, and a class that the estimator does not know."""
    x, y, pool = data
    model = LogisticRegression()
    with pytest.raises(InvalidInput, match="nothing is labelled"):
        committee_proba(model, pool)
    with pytest.raises(InvalidInput, match="nothing is labelled"):
        clones(model, (x[:0], y[:0], pool))
    with pytest.raises(InvalidInput, match="one class only: 'cat'"):
        clones(model, (x[:3], y[:3], pool))
    with pytest.raises(InvalidInput, match="30 rows, labelled_labels 29"):
        clones(model, (x, y[1:], pool))
    with pytest.raises(InvalidInput, match="has 'owl', which the estimator does not know"):
        clones(GaussianNB().fit(x[:26], y[:26]), data)
