"""What `sample` takes as a pool that is read piece by piece, and what goes with one: as given, or refused by name."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline

from a2i_al.errors import InvalidInput, InvalidTable
from a2i_al.sampling import sample
from a2i_al.sampling.streams import sample_stream

RNG = np.random.default_rng(5)
PROBA = RNG.dirichlet([1, 1, 1], size=40)
FRAME = pd.DataFrame(
    {"item_id": [f"i{at}" for at in range(40)], **{f"proba_{c}": PROBA[:, at] for at, c in enumerate("abc")}}
)
CALL = {"strategy": "margin", "random_state": 0}
EXPECTED = sample(FRAME, 4, **CALL)


@pytest.fixture
def path(tmp_path):
    FRAME.assign(features_x=PROBA[:, 0], features_y=PROBA[:, 1]).to_parquet(tmp_path / "pool.parquet")
    return tmp_path / "pool.parquet"


class Elsewhere:
    """A table of another library: it has columns and Arrow's protocol."""

    columns = tuple(FRAME.columns)

    def __init__(self, table):
        self.table = table if isinstance(table, (pa.Table, pa.ChunkedArray)) else pa.Table.from_pandas(table)

    def __arrow_c_stream__(self, requested_schema=None):
        return self.table.__arrow_c_stream__(requested_schema)


class Polars(Elsewhere):
    """As polars has it: it knows the way to pandas."""

    __module__ = "polars.dataframe.frame"

    def to_pandas(self):
        return self.table.to_pandas()


class Lazy:
    """As polars has a query."""

    __module__ = "polars.lazyframe.frame"

    def collect(self):
        raise NotImplementedError


def with_ids(column):
    return pa.Table.from_pandas(FRAME).set_column(0, "item_id", column)


VIEWS = pa.array(FRAME["item_id"].tolist()).cast(pa.string_view())
POOLS = {
    "polars": lambda: Polars(FRAME),
    "another library": lambda: Elsewhere(FRAME),
    "list of frames": lambda: [FRAME[:15], FRAME[15:]],
    "tuple of tables": lambda: (pa.Table.from_pandas(FRAME[:15]), pa.Table.from_pandas(FRAME[15:])),
    "list of polars": lambda: [Polars(FRAME[:15]), Polars(FRAME[15:])],
    "chunks of polars": lambda: iter([Polars(FRAME[:15]), Polars(FRAME[15:])]),
    "text views": lambda: with_ids(VIEWS),
    "categories of views, as of polars": lambda: with_ids(pa.DictionaryArray.from_arrays(pa.array(range(40)), VIEWS)),
}


@pytest.mark.parametrize("kind", sorted(POOLS))
def test_tables_of_other_libraries_are_pools(kind):
    """Whole, in a list or one by one: the picks are those of the same table by pandas."""
    pd.testing.assert_frame_equal(sample(POOLS[kind](), 4, **CALL), EXPECTED)


def test_a_polars_pool_takes_what_a_pool_in_memory_takes():
    """It is one: quotas and arrays of features go with it."""
    frame, groups = Polars(FRAME), ["a", "b"] * 20
    expected = sample(FRAME, 4, groups=groups, quotas=2, **CALL)
    pd.testing.assert_frame_equal(sample(frame, 4, groups=groups, quotas=2, **CALL), expected)
    assert len(sample(frame, 4, strategy="badge", features=PROBA, random_state=0)) == 4


def test_a_list_of_paths_is_a_pool(tmp_path):
    """As texts or as paths, in their order."""
    for name, part in zip("ab", (FRAME[:15], FRAME[15:]), strict=True):
        part.to_parquet(tmp_path / f"{name}.parquet")
    paths = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    for source in (paths, [str(one) for one in paths]):
        pd.testing.assert_frame_equal(sample(source, 4, **CALL), EXPECTED)


TEXTS = pd.DataFrame({"item_id": range(6), "text": ["a b", "b c", "c d", "d e", "e f", "a f"]})


def text_model():
    return make_pipeline(TfidfVectorizer(token_pattern="."), LogisticRegression()).fit(TEXTS["text"], [0, 1] * 3)


def test_a_list_of_texts_is_no_list_of_paths_where_a_model_reads_texts():
    """Only as the pool itself."""
    assert len(sample(text_model(), 2, features=TEXTS["text"].tolist(), **CALL)) == 2


def test_a_model_that_reads_texts_is_told_how_columns_are_named(tmp_path):
    """`features` is the path there: the columns are named by the other function."""
    TEXTS.to_parquet(tmp_path / "texts.parquet")
    with pytest.raises(InvalidTable, match=r"name the columns: features= of a2i_al\.sampling\.streams\.sample_stream"):
        sample(text_model(), 2, features=tmp_path / "texts.parquet", **CALL)
    model = text_model()
    assert len(sample_stream(tmp_path / "texts.parquet", 2, estimator=model, features="text", **CALL)) == 2


@pytest.mark.parametrize("wrong", [PROBA, FRAME, FRAME["proba_a"], [0, 1], [], {"x": 1}, 3])
@pytest.mark.parametrize("argument", ["features", "proba", "item_id"])
def test_what_names_no_column_is_refused(path, argument, wrong):
    """An array beside a path, above all: it would be compared, or its columns' names taken."""
    with pytest.raises(InvalidInput, match=f"{argument} is .*Expected: the name of a column"):
        sample_stream(path, 2, **{argument: wrong})


@pytest.mark.parametrize("call", [{"features": PROBA}, {"item_ids": FRAME["item_id"]}, {"item_ids": np.array(["x"])}])
def test_arrays_do_not_go_with_a_path(path, call):
    """`sample` says so as well."""
    with pytest.raises(InvalidInput, match="where the pool is read piece by piece"):
        sample(path, 2, **call)


@pytest.mark.parametrize("names", [("features_x", "features_y"), pd.Index(["features_x", "features_y"])])
def test_names_may_come_in_a_tuple_or_an_index(path, names):
    """As `frame.columns[4:]` gives them."""
    expected = sample(path, 3, strategy="k_center", features=["features_x", "features_y"], random_state=0)
    pd.testing.assert_frame_equal(sample(path, 3, strategy="k_center", features=names, random_state=0), expected)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (Lazy, r"the pool is a Lazy, a query.*collect\(\) it"),
        (lambda: iter([Lazy()]), r"chunk 0 is a Lazy.*call collect\(\)"),
        (lambda: iter([FRAME["proba_a"]]), r"chunk 0 is a Series.*call to_frame\(\)"),
        (lambda: iter([Elsewhere(pa.chunked_array([[0.5]]))]), r"chunk 0 is a Elsewhere, which has no columns"),
        (lambda: iter([{"proba_a": [0.5]}]), "chunk 0 is a dict"),
        (lambda: pa.chunked_array([[0.5]]), "which has no columns"),
    ],
)
def test_a_piece_that_is_no_table_is_refused_by_its_kind(source, words):
    """Each says what it is, and the ones that can become a table how."""
    with pytest.raises(InvalidInput, match=words):
        sample(source(), 1, **CALL)


def test_an_id_that_is_not_a_number_is_missing():
    """NaN in a column of floats is no item."""
    table = pa.table({"item_id": [float("nan"), 1.0], "proba_a": [0.5, 0.4], "proba_b": [0.5, 0.6]})
    with pytest.raises(InvalidInput, match="1 item ids of chunk 0 are missing"):
        sample(iter([table]), 1, **CALL)
    with pytest.raises(InvalidInput, match="the item ids of chunk 0 are binary"):
        sample(iter([table.set_column(0, "item_id", pa.array([b"a", b"b"]))]), 1, **CALL)


def test_an_estimator_that_loses_a_row_is_told():
    """How many came back, and for which chunk."""

    class Short:
        def predict_proba(self, rows):
            return np.full((len(rows) - 1, 2), 0.5)

    with pytest.raises(InvalidInput, match="predict_proba gave 9 rows for the 10 of chunk 0"):
        sample(Short(), 2, features=iter([np.ones((10, 2))]), **CALL)


@pytest.mark.parametrize(
    ("features", "words"),
    [
        (np.ones((5, 3)), "chunk 0: LogisticRegression failed on the features: X has 3 features"),
        (np.full((5, 2), np.nan), "chunk 0: LogisticRegression failed on the features: Input X contains NaN"),
    ],
)
def test_an_estimator_that_fails_on_a_chunk_is_told_with_it(features, words):
    """As in memory, where it fails on the whole."""
    model = LogisticRegression().fit(PROBA[:, :2], PROBA[:, 0] > 0.3)
    with pytest.raises(InvalidInput, match=words):
        sample(model, 2, features=iter([features]), **CALL)
    with pytest.raises(InvalidInput, match="a LinearRegression has no predict_proba"):
        sample(LinearRegression().fit(PROBA, PROBA[:, 0]), 2, features=iter([PROBA]), **CALL)


def test_an_estimator_of_several_labels_gives_a_probability_for_each():
    """Forests give a list of them, in memory and for every chunk."""
    labels = np.column_stack([PROBA[:, 0] > 0.3, PROBA[:, 1] > 0.3]).astype(int)
    model = KNeighborsClassifier(7).fit(PROBA, labels)
    call = {"strategy": "multilabel_uncertainty", "random_state": 0}
    expected = sample(model, 4, features=PROBA, **call)
    pd.testing.assert_frame_equal(sample(model, 4, features=iter([PROBA[:15], PROBA[15:]]), **call), expected)


def test_a_score_may_look_at_the_hashes_of_the_ids(path):
    """They are those of memory, whatever the chunk; rng would be another in each, and is refused."""

    def drawn(proba, hashes):
        return proba[:, 0] + hashes / 2**64

    expected = sample(FRAME, 4, strategy=drawn, exclude=["i3"])
    picks = sample(iter([FRAME[:7], FRAME[7:]]), 4, strategy=drawn, exclude=["i3"])
    pd.testing.assert_frame_equal(picks, expected)

    def random(proba, rng):
        return rng.random(len(proba))

    with pytest.raises(InvalidInput, match="'random' takes rng, and would score an item by the chunk"):
        sample(path, 4, strategy=random)


def test_a_score_may_look_at_the_classes(path):
    """The columns' names, as in memory; a list column has none."""
    seen = []

    def named(proba, classes):
        seen.append(list(classes))
        return proba[:, list(classes).index("b")]

    expected = sample(FRAME, 4, strategy=named)
    pd.testing.assert_frame_equal(sample(path, 4, strategy=named), expected)
    assert seen == [["a", "b", "c"]] * 2
    with pytest.raises(InvalidInput, match="'named' needs classes"):
        sample(iter([PROBA]), 4, strategy=named)


def test_an_estimator_gives_the_probabilities_of_what_is_labelled():
    """`contrastive` needs them; a labelled table's columns go by their names."""
    features = pd.DataFrame(RNG.normal(size=(60, 2)), columns=["x", "y"])
    model = LogisticRegression().fit(features, features["x"] > 0)
    call = {"strategy": "contrastive", "random_state": 0, "labelled_features": features[:9]}
    expected = sample(model, 4, features=features, **call)
    pd.testing.assert_frame_equal(sample(model, 4, features=iter([features[:25], features[25:]]), **call), expected)
    call["labelled_features"] = features.loc[:8, ["y", "x"]]
    table = features.assign(**{f"proba_{at}": model.predict_proba(features)[:, at] for at in range(2)})
    known = {"labelled_proba": model.predict_proba(features[:9]), "features": ["x", "y"]}
    picks = sample_stream(iter([table[:25], table[25:]]), 4, **known, **call)
    assert picks["item_id"].tolist() == expected["item_id"].tolist()
    with pytest.raises(InvalidInput, match="labelled_features has the columns"):
        sample_stream(
            iter([table]), 4, **known, **{**call, "labelled_features": features[:9].rename(columns={"x": "z"})}
        )


def test_listed_features_are_what_a_model_reads():
    """A series for each item, or a picture's path: not the pieces of a pool."""

    class Model:
        def predict_proba(self, listed):
            assert len(listed) == 40
            return PROBA

    series = [pd.DataFrame({"t": range(at + 1), "x": 0.5}) for at in range(40)]
    paths = [Path(f"{at}.jpg") for at in range(40)]
    expected = sample(PROBA, 4, **CALL)
    for features in (series, paths):
        pd.testing.assert_frame_equal(sample(Model(), 4, features=features, **CALL), expected)


def test_a_table_that_is_derived_from_pandas_is_one_of_pandas():
    """As geopandas has it: a pool in memory, with all that one takes."""

    class Derived(pd.DataFrame):
        pass

    groups = ["a", "b"] * 20
    expected = sample(FRAME, 4, groups=groups, quotas=2, **CALL)
    pd.testing.assert_frame_equal(sample(Derived(FRAME), 4, groups=groups, quotas=2, **CALL), expected)


def test_a_table_of_polars_says_what_to_leave_out_and_has_the_ids_of_features():
    class Frame(Polars):
        def __getitem__(self, name):
            return self.table[name].to_pylist()

        def drop(self, name):
            return self.table.drop_columns([name]).to_pandas().to_numpy()

    reviewed = Frame(EXPECTED[["item_id"]])
    again = sample(FRAME, 4, exclude=reviewed, **CALL)
    assert not set(again["item_id"]) & set(EXPECTED["item_id"])
    vectors = Frame(FRAME)
    assert set(sample(None, 4, strategy="k_center", features=vectors)["item_id"]) <= set(FRAME["item_id"])
