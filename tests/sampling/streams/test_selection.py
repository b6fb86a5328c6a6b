"""`sample_stream`: the picks of `sample`, from a pool that goes past once."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset
import pytest
from hypothesis import given, settings, strategies as st
from sklearn.linear_model import LogisticRegression

from a2i_al.errors import InvalidInput, InvalidProbabilities, InvalidTable
from a2i_al.sampling import sample
from a2i_al.sampling.registry import known_names, resolve
from a2i_al.sampling.streams import sample_stream
from a2i_al.sampling.streams.plan import GIVEN
from a2i_al.tables import PICKS


def frame_of(proba, ids):
    return pd.DataFrame({"item_id": ids, **{f"proba_{at}": proba[:, at] for at in range(proba.shape[1])}})


def chunked(frame, rows=90):
    return (frame.iloc[start : start + rows] for start in range(0, len(frame), rows))


@pytest.mark.parametrize("strategy", ["margin", "entropy", "least_confidence", "ratio", "random"])
@pytest.mark.parametrize("audit_fraction", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("exclude", [(), [f"item-{at}" for at in range(0, 400, 3)]])
def test_the_picks_are_those_of_the_pool_in_memory(pool, strategy, audit_fraction, exclude):
    """The same seed picks the same items, in the same order, with the same scores and chances."""
    proba, ids = pool
    given = {"strategy": strategy, "audit_fraction": audit_fraction, "exclude": exclude, "round": 3, "random_state": 11}
    expected = sample(proba, 37, item_ids=ids, **given)
    pd.testing.assert_frame_equal(sample_stream(chunked(frame_of(proba, ids)), 37, **given), expected)


@given(st.integers(0, 2**32), st.integers(1, 30), st.sets(st.integers(1, 399)), st.randoms())
@settings(max_examples=25)
def test_no_other_cut_or_order_gives_other_picks(pool, seed, n, cuts, chance):
    """A generator of chunks in any order, of any size, gives the picks of the pool in memory."""
    proba, ids = pool
    frame = frame_of(proba, ids)
    edges = [0, *sorted(cuts), 400]
    pieces = [frame.iloc[start:stop] for start, stop in pairwise(edges)]
    chance.shuffle(pieces)
    expected = sample(proba, n, item_ids=ids, audit_fraction=0.2, random_state=seed)
    pd.testing.assert_frame_equal(sample_stream(iter(pieces), n, audit_fraction=0.2, random_state=seed), expected)


def test_row_numbers_are_the_ids_where_there_are_none(pool):
    """Counted over all chunks, from 0, as for an array in memory."""
    proba, _ = pool
    expected = sample(proba, 20, random_state=4)
    pd.testing.assert_frame_equal(sample_stream(iter(np.array_split(proba, 6)), 20, random_state=4), expected)


def sources(proba, ids):
    frame = frame_of(proba, ids)
    table = pa.Table.from_pandas(frame, preserve_index=False)
    rows = pa.FixedSizeListArray.from_arrays(pa.array(proba.ravel()), proba.shape[1])
    lists = pa.table({"item_id": ids, "proba": rows, "length": np.arange(len(ids), dtype=float)})
    return {
        "frame": frame,
        "table": table,
        "batch": table.to_batches()[0],
        "reader": pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=33)),
        "dataset": pyarrow.dataset.dataset(table),
        "fixed lists": lists,
        "lists": lists.set_column(1, "proba", lists["proba"].cast(pa.list_(pa.float32()))),
        "tables": iter([table.slice(0, 100), table.slice(100)]),
        "float32 and float64": table.set_column(1, "proba_0", table["proba_0"].cast(pa.float64())),
        "several pieces": pa.concat_tables([table.slice(0, 100), table.slice(100)]),
        "no rows between": iter([table.slice(0, 100), table.slice(0, 0), table.slice(100)]),
    }


@pytest.mark.parametrize("kind", sorted(sources(np.eye(2, dtype=np.float32), ["a", "b"])))
def test_any_source_gives_the_same_picks(pool, kind):
    """Arrow, pandas, datasets, list columns: the rows are the same."""
    proba, ids = pool
    expected = sample(proba, 20, item_ids=ids, random_state=0)
    pd.testing.assert_frame_equal(sample_stream(sources(proba, ids)[kind], 20, random_state=0), expected)


def test_a_function_of_ones_own_scores_each_chunk(pool):
    """It is given the chunk's probabilities as rows."""
    proba, ids = pool

    def second(proba):
        return np.sort(proba, axis=1)[:, -2]

    expected = sample(proba, 20, strategy=second, item_ids=ids, random_state=0)
    picks = sample_stream(chunked(frame_of(proba, ids)), 20, strategy=second, random_state=0)
    pd.testing.assert_frame_equal(picks, expected)


def test_named_columns_are_the_ones_that_are_read(pool):
    """Ids and probabilities may have any name."""
    proba, ids = pool
    frame = frame_of(proba, ids).rename(columns={"item_id": "key", "proba_0": "a", "proba_1": "b"})
    frame["weight"] = 9.0
    names = ["a", "b", "proba_2", "proba_3"]
    expected = sample(proba, 20, item_ids=ids, random_state=0)
    picks = sample_stream(chunked(frame), 20, item_id="key", proba=names, random_state=0)
    pd.testing.assert_frame_equal(picks, expected)


def test_a_list_beside_the_columns_of_numbers_is_something_else(pool):
    """What was said of an item before may begin with the same word."""
    proba, ids = pool
    frame = frame_of(proba, ids).assign(proba_before=[[0.5, 0.5]] * len(ids))
    expected = sample(proba, 20, item_ids=ids, random_state=0)
    pd.testing.assert_frame_equal(sample_stream(frame, 20, random_state=0), expected)


@pytest.mark.parametrize("as_frame", [False, True])
def test_an_estimator_predicts_each_chunk(as_frame):
    """Chunks of features, arrays or tables with the names it knows, give what predict_proba of all gives."""
    rng = np.random.default_rng(0)
    features = rng.normal(size=(300, 3))
    table = pd.DataFrame(features, columns=["x", "y", "z"])
    fitted = LogisticRegression().fit(table if as_frame else features, features[:, 0] > 0.3)
    expected = sample(fitted.predict_proba(table if as_frame else features), 15, strategy="margin", random_state=0)
    chunks = chunked(table) if as_frame else iter(np.array_split(features, 4))
    picks = sample_stream(chunks, 15, strategy="margin", estimator=fitted, random_state=0)
    pd.testing.assert_frame_equal(picks.drop(columns="score"), expected.drop(columns="score"))
    assert picks["score"].to_numpy() == pytest.approx(expected["score"].to_numpy())


def test_a_pipeline_that_starts_with_a_text_is_given_the_text():
    """One column of texts goes to the estimator as such."""

    class Length:
        classes_ = np.array(["short", "long"])

        def predict_proba(self, texts):
            share = texts.str.len().to_numpy() / 10
            return np.column_stack([1 - share, share])

    chunks = iter(
        [
            pd.DataFrame({"item_id": ["a", "b"], "text": ["x", "xxxx"]}),
            pd.DataFrame({"item_id": ["c"], "text": ["xxxxxxxx"]}),
        ]
    )
    assert sample_stream(chunks, 1, estimator=Length(), strategy="margin", features="text")["item_id"].tolist() == ["b"]


def streamed():
    """Give every strategy that a stream can carry out and whose module is there."""
    names = []
    for name in known_names():
        try:
            strategy = resolve(name)
        except ModuleNotFoundError:
            continue
        if all(need in GIVEN for need in strategy.needs) and name != "stratified":
            names.append(name)
    return names


@pytest.mark.parametrize("strategy", streamed())
@pytest.mark.parametrize("audit_fraction", [0.0, 0.25])
def test_every_strategy_gives_exactly_n_distinct_candidates(strategy, audit_fraction):
    """Whatever is kept of the chunks, n are picked: distinct, not excluded, the audit slice with its chance."""
    rng = np.random.default_rng(1)
    proba = rng.dirichlet(np.ones(3), size=240)
    features = rng.normal(size=(240, 4)).astype(np.float32)
    given = {
        "labelled_features": features[:6],
        "labelled_proba": proba[:6],
        "labelled_labels": np.array([0, 1, 2, 0, 1, 2]),
    }
    chunks = [
        pd.DataFrame(
            {"item_id": np.arange(start, start + 60)}
            | {f"proba_{at}": proba[start : start + 60, at] for at in range(3)}
            | {f"features_{at}": features[start : start + 60, at] for at in range(4)}
        )
        for start in range(0, 240, 60)
    ]
    call = {"strategy": strategy, "exclude": [3, "7"], "audit_fraction": audit_fraction, "random_state": 0, "kept": 60}
    picks = sample_stream(iter(chunks), 12, **given, **call)
    draw = resolve(strategy).kind == "draw"
    assert picks["item_id"].nunique() == len(picks) == 12
    assert not {"3", "7"} & set(picks["item_id"])
    audits = picks[picks["strategy"] == "audit"]
    assert len(audits) == (0 if draw else 12 * audit_fraction)
    assert audits["inclusion_probability"].tolist() == [len(audits) / 238] * len(audits)
    assert picks.drop(index=audits.index)["inclusion_probability"].notna().all() == draw
    pd.testing.assert_frame_equal(sample_stream(iter(chunks), 12, **given, **call), picks)
    PICKS.check(picks)


def test_uniform_picks_come_as_often_as_their_chance_says():
    """Over many seeds, each of 20 items is drawn in a quarter of them."""
    frame = pd.DataFrame({"item_id": [f"i{at}" for at in range(20)]})
    times = pd.Series(0, index=frame["item_id"])
    for seed in range(600):
        picks = sample_stream(chunked(frame, 7), 5, strategy="random", random_state=seed)
        times[picks["item_id"]] += 1
    assert set(picks["inclusion_probability"]) == {0.25}
    assert (np.abs(times / 600 - 0.25) < 4.5 * np.sqrt(0.25 * 0.75 / 600)).all()


@pytest.mark.parametrize("source", [iter([]), np.empty((0, 3)), pd.DataFrame({"proba_0": [], "proba_1": []})])
def test_an_empty_source_is_refused(source):
    """There is nothing to choose from."""
    with pytest.raises(InvalidInput, match="the source has no rows"):
        sample_stream(source, 1)


@pytest.mark.parametrize("rows", [60, 120_000])
@pytest.mark.parametrize("strategy", ["least_confidence", "margin", "ratio", "entropy"])
def test_a_row_that_is_surer_than_one_is_a_candidate_all_the_same(tmp_path, strategy, rows):
    """Rounded probabilities may come to somewhat more than 1: the tolerance of the sum holds for the cut, too."""
    proba = np.tile([1.0005, 0.0], (rows, 1))
    proba[:5] = [0.6, 0.4]
    pd.DataFrame(proba, columns=["proba_no", "proba_yes"]).to_parquet(tmp_path / "pool.parquet")
    for n in (20, rows):
        picks = sample_stream(tmp_path, n, strategy=strategy, random_state=0)
        pd.testing.assert_frame_equal(picks, sample(proba, n, strategy=strategy, random_state=0))


@pytest.mark.parametrize("n", [0, 5, "3"])
def test_n_must_be_a_number_of_candidates(n):
    """From 1 to as many as are not excluded; the message counts them."""
    with pytest.raises(InvalidInput, match=r"n is ('3'|0|5, and the source has 4 candidates)"):
        sample_stream(np.full((5, 2), 0.5), n, exclude=["0"])


def test_an_id_that_is_picked_twice_is_refused():
    """Two rows of one id that are both among the best: the pool has it twice."""
    frame = frame_of(np.array([[0.5, 0.5], [0.9, 0.1], [0.5, 0.5]]), ["a", "b", "a"])
    with pytest.raises(InvalidInput, match="'a' occurs more than once among the picks"):
        sample_stream(chunked(frame, 1), 2)
    assert sample_stream(chunked(frame, 1), 1)["item_id"].tolist() == ["a"]


def test_chunks_with_other_columns_are_refused():
    """A column that is absent, or one more, is named with the chunk."""
    one, other = frame_of(np.full((3, 2), 0.5), list("abc")), frame_of(np.full((3, 3), 1 / 3), list("def"))
    with pytest.raises(InvalidTable, match=r"chunk 1 has the columns 'proba_0', 'proba_1', 'proba_2'"):
        sample_stream(iter([one, other]), 2)
    with pytest.raises(InvalidTable, match=r"chunk 1 lacks the columns 'proba_2'; it has 'item_id', 'proba_0'"):
        sample_stream(iter([other, one]), 2)


@pytest.mark.parametrize(
    ("source", "call", "error", "words"),
    [
        (
            pd.DataFrame({"item_id": ["a"], "proba_no": [0.5], "proba_yes": ["0.5"]}),
            {},
            InvalidTable,
            r"column 'proba_yes' of the pool is .*string",
        ),
        (pd.DataFrame({"item_id": ["a"], "text": ["x"]}), {}, InvalidTable, "no columns of proba"),
        (pd.DataFrame({"p": [0.5], "q": [0.5]}), {"item_id": "id"}, InvalidTable, "lacks the columns 'id'"),
        (pd.DataFrame({"p": [0.5], "q": ["x"]}), {"proba": ["p", "q"]}, InvalidTable, "column 'q' of the pool"),
        (pd.DataFrame({"p": [[0.5, 0.5], [1.0]]}), {"proba": "p"}, InvalidTable, "have 1 to 2 values"),
        (iter([np.eye(2), np.ones((2, 2))]), {}, InvalidProbabilities, "row 0 of chunk 1 sums to 2"),
        (7, {}, InvalidInput, "the source is a int"),
        (iter(["x"]), {}, InvalidInput, "chunk 0 is a str"),
        (iter([np.ones(3)]), {}, InvalidInput, r"chunk 0 is an array of float64 with shape \(3,\)"),
        (np.eye(2), {"strategy": "bald"}, InvalidInput, "needs committee"),
        (np.eye(2), {"strategy": "stratified"}, InvalidInput, "draws from a whole pool"),
        (np.eye(2), {"strategy": "nothing"}, InvalidInput, "no strategy"),
        (np.eye(2), {"strategy": "contrastive"}, InvalidInput, "needs labelled_features and labelled_proba"),
        (np.eye(2), {"kept": 0}, InvalidInput, "kept is 0"),
        (pd.DataFrame({"item_id": ["a", None], "p": [0.5, 0.5], "q": 0.5}), {}, InvalidInput, "1 item ids .* missing"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(source, call, error, words):
    """Each says what was found and where."""
    with pytest.raises(error, match=words):
        sample_stream(source, 1, **call)


def test_a_feature_that_is_missing_is_refused_with_its_row():
    """Distances to NaN mean nothing."""

    def nearest(features):
        return -np.abs(features[:, 0])

    with pytest.raises(InvalidInput, match="row 1 of chunk 1 has a feature that is missing"):
        sample_stream(iter([np.ones((2, 1)), np.array([[1.0], [np.nan]])]), 1, strategy=nearest)


def test_label_probabilities_need_not_sum_to_one():
    """Several labels at once: each has a probability of its own."""

    def unsure(label_proba):
        return -np.abs(label_proba - 0.5).min(axis=1)

    rows = np.array([[0.9, 0.9], [0.5, 0.9]])
    assert sample_stream(rows, 1, strategy=unsure)["item_id"].tolist() == ["1"]
    with pytest.raises(InvalidProbabilities, match="row 1 of the pool has a label probability"):
        sample_stream(np.array([[0.9, 0.9], [1.5, 0.9]]), 1, strategy=unsure)
