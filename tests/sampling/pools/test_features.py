"""Features as users have them: frames with ids and names, texts, sparse matrices, and what only a model can read."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder

from a2i_al.errors import InvalidInput
from a2i_al.sampling import sample

RNG = np.random.default_rng(0)
IDS = [f"t{number}" for number in range(40)]
FEATURES = pd.DataFrame(RNG.normal(size=(40, 3)), columns=["x", "y", "z"], index=IDS)
LABELS = np.where(FEATURES["x"] + RNG.normal(size=40) / 2 > 0, "yes", "no")
MODEL = LogisticRegression().fit(FEATURES, LABELS)
PROBA = pd.DataFrame(MODEL.predict_proba(FEATURES), columns=MODEL.classes_, index=IDS)


@pytest.mark.parametrize("strategy", ["margin", "badge", "auto"])
@pytest.mark.parametrize("columns", [{}, {"item_id": IDS}], ids=["index", "column"])
def test_a_models_picks_are_named_by_the_ids_of_its_features(strategy, columns):
    """The same picks as from its probabilities, and what was reviewed is not asked about again."""
    features = FEATURES if not columns else FEATURES.reset_index(drop=True).assign(**columns)
    expected = sample(PROBA, 5, strategy=strategy, features=FEATURES, random_state=0)
    pd.testing.assert_frame_equal(sample(MODEL, 5, strategy=strategy, features=features, random_state=0), expected)
    again = sample(MODEL, 5, strategy=strategy, features=features, exclude=expected, random_state=0)
    assert not set(again["item_id"]) & set(expected["item_id"])


def test_a_column_of_ids_is_no_feature():
    numbered = FEATURES.reset_index(drop=True).assign(item_id=range(1_000, 1_040))
    plain = sample(
        None, 5, strategy="k_center", features=FEATURES.to_numpy(), item_ids=range(1_000, 1_040), random_state=0
    )
    pd.testing.assert_frame_equal(sample(None, 5, strategy="k_center", features=numbered, random_state=0), plain)


def test_texts_in_a_series_have_its_index_as_ids():
    class Reader:
        def predict_proba(self, texts):
            return np.column_stack([texts.str.len(), 10 - texts.str.len()]) / 10

    texts = pd.Series(["aaaaa", "b", "cccccccc"], index=[500, 501, 502])
    assert sample(Reader(), 1, features=texts, random_state=0)["item_id"].tolist() == ["500"]


def test_features_in_another_order_than_the_predictions_are_refused():
    """Rows are taken as they come: these would describe other items."""
    predictions = PROBA.add_prefix("proba_").reset_index(names="item_id")
    features = FEATURES.reset_index(names="item_id")
    assert len(sample(predictions, 5, features=features)) == 5
    with pytest.raises(InvalidInput, match="row 0 of the pool is item 't0', row 0 of features item 't39'"):
        sample(predictions, 5, features=features[::-1])


@pytest.mark.parametrize("strategy", ["k_means", "typiclust", "badge", "falcun", "clue", "k_dpp", "margin", "auto"])
def test_the_order_of_a_frames_rows_changes_nothing(strategy):
    """Whatever its index is: the ids come with the rows."""
    proba, features = PROBA.reset_index(drop=True), FEATURES.reset_index(drop=True)
    expected = sample(proba, 6, strategy=strategy, features=features, random_state=0)
    order = np.random.default_rng(1).permutation(40)
    shuffled = sample(proba.iloc[order], 6, strategy=strategy, features=features.iloc[order], random_state=0)
    numbers = sample(proba.to_numpy(), 6, strategy=strategy, features=features, item_ids=range(40), random_state=0)
    for other in (shuffled, numbers):
        pd.testing.assert_frame_equal(
            other.sort_values("item_id", ignore_index=True), expected.sort_values("item_id", ignore_index=True)
        )


def test_labelled_features_are_read_by_their_names():
    labelled, options = FEATURES.head(5), {"strategy": "k_center", "features": FEATURES, "random_state": 0}
    expected = sample(None, 3, labelled_features=labelled, **options)
    pd.testing.assert_frame_equal(sample(None, 3, labelled_features=labelled[["z", "x", "y"]], **options), expected)
    with pytest.raises(
        InvalidInput, match="labelled_features has the columns 'x', 'y', 'w', features has 'x', 'y', 'z'"
    ):
        sample(None, 3, labelled_features=labelled.rename(columns={"z": "w"}), **options)


def test_counted_columns_have_no_names_and_further_ones_are_left_out():
    """What a notebook makes of an array; and a table that has the labels beside the features."""
    options = {"strategy": "k_center", "features": FEATURES, "random_state": 0}
    expected = sample(None, 3, labelled_features=FEATURES.head(5), **options)
    counted, wide = pd.DataFrame(FEATURES.to_numpy()[:5]), FEATURES.head(5).assign(label="yes")
    for labelled in (counted, wide):
        pd.testing.assert_frame_equal(sample(None, 3, labelled_features=labelled, **options), expected)


@pytest.mark.parametrize("strategy", ["k_center", "typiclust"])
def test_what_is_labelled_is_not_passed_over_where_a_model_is_the_pool(strategy):
    """Without it the batch would be chosen as if nothing were labelled."""
    gaps = FEATURES.head(10).copy()
    gaps.iloc[3, 1] = np.nan
    with pytest.raises(InvalidInput, match="labelled_features has a value that is missing or infinite, first in row 3"):
        sample(MODEL, 4, strategy=strategy, features=FEATURES, labelled_features=gaps)


@pytest.mark.parametrize("strategy", ["margin", "k_center"])
def test_a_model_that_leaves_the_ids_out_itself_is_given_them(strategy):
    """Its first step is a function of one's own, so that it says nothing of what it was fitted with."""
    table = FEATURES.reset_index(names="item_id")
    drop = FunctionTransformer(lambda rows: rows.drop(columns="item_id"))
    columns = make_column_transformer(("drop", ["item_id"]), remainder="passthrough")
    expected = sample(PROBA, 4, strategy=strategy, features=FEATURES, random_state=0)
    for step in (drop, columns):
        model = make_pipeline(step, LogisticRegression()).fit(table, LABELS)
        picks = sample(model, 4, strategy=strategy, features=table, random_state=0)
        assert picks["item_id"].tolist() == expected["item_id"].tolist()


def test_before_the_first_round_nothing_is_labelled():
    options = {"strategy": "k_center", "features": FEATURES, "random_state": 0}
    expected = sample(None, 3, **options)
    for nothing in ([], np.empty((0, 3)), np.array([])):
        pd.testing.assert_frame_equal(sample(None, 3, labelled_features=nothing, **options), expected)
    with pytest.raises(InvalidInput, match=r"labelled_features has shape \(0,\)"):
        sample(PROBA, 3, features=FEATURES, labelled_features=[], labelled_labels=["yes", "no"])


def test_sparse_labelled_features_are_for_the_model_too():
    sparse = scipy.sparse.csr_matrix(FEATURES.to_numpy())
    model = LogisticRegression().fit(sparse, LABELS)
    options = {"strategy": "contrastive", "random_state": 0}
    picks = sample(model, 3, features=sparse, labelled_features=sparse[:9], **options)
    dense = sample(model, 3, features=FEATURES.to_numpy(), labelled_features=FEATURES.to_numpy()[:9], **options)
    assert picks["item_id"].tolist() == dense["item_id"].tolist()


MIXED = pd.DataFrame({"age": RNG.integers(20, 60, 40).astype(float), "city": RNG.choice(["Bern", "Paris"], 40)})
ENCODER = make_pipeline(
    make_column_transformer((OneHotEncoder(), ["city"]), remainder="passthrough"), LogisticRegression()
)
DICTS = [{"age": age, "city": city} for age, city in zip(MIXED["age"], MIXED["city"], strict=True)]
GAPS = FEATURES.to_numpy().copy()
GAPS[0, 0] = np.nan


@pytest.mark.parametrize(
    ("model", "features"),
    [
        (ENCODER.fit(MIXED, LABELS), MIXED),
        (ENCODER.fit(MIXED, LABELS), MIXED[["city", "age"]]),
        (make_pipeline(DictVectorizer(), LogisticRegression()).fit(DICTS, LABELS), DICTS),
        (HistGradientBoostingClassifier(max_iter=2).fit(GAPS, LABELS), GAPS),
    ],
    ids=["numbers, then texts", "texts, then numbers", "dicts", "missing values"],
)
def test_what_only_the_model_can_read_is_no_vector(model, features):
    """The default strategy does without vectors then, and says what it goes by; one that needs them says so."""
    assert set(sample(model, 4, features=features, random_state=0)["strategy"]) == {"auto: margin"}
    with pytest.raises(InvalidInput, match="features"):
        sample(model, 4, features=features, strategy="k_center")


def test_vectors_of_the_callers_own_have_to_be_numbers():
    """Nothing else reads them: to pass them over would be a surprise."""
    with pytest.raises(InvalidInput, match="features has a value that is missing or infinite, first in row 0"):
        sample(PROBA, 4, features=GAPS)
