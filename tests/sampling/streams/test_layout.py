"""Columns, chunk by chunk: what holds ids, probabilities and features is settled once, and held against every chunk."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest

from a2i_al.errors import InvalidInput, InvalidProbabilities, InvalidTable
from a2i_al.sampling import sample
from a2i_al.sampling.registry import resolve
from a2i_al.sampling.streams import sample_stream

ONE = pd.DataFrame({"item_id": ["a0", "a1"], "proba_n": [0.5, 0.9], "proba_y": [0.5, 0.1]})
OTHER = pd.DataFrame({"item_id": ["b0", "b1"], "proba_n": [0.6, 0.8], "proba_y": [0.4, 0.2]})
CALL = {"strategy": "margin", "random_state": 0}


def ids_of(source, n, **call):
    return sample_stream(source, n, **{**CALL, **call})["item_id"].tolist()


@pytest.mark.parametrize("as_files", [False, True])
def test_ids_that_come_later_are_not_replaced_by_row_numbers(tmp_path, as_files):
    """A first chunk without ids among others that have them is refused."""
    parts = [ONE.drop(columns="item_id"), OTHER]
    if as_files:
        for name, part in zip("ab", parts, strict=True):
            part.to_parquet(tmp_path / f"{name}.parquet")
    with pytest.raises(InvalidTable, match=r"(chunk 1|b\.parquet) has ids, in 'item_id', and what came before"):
        sample_stream(tmp_path if as_files else iter(parts), 2, **CALL)


def indexed(frame):
    return frame.set_index("item_id")


@pytest.mark.parametrize(
    "frames",
    [
        [indexed(ONE), indexed(OTHER)],
        [indexed(ONE).rename_axis(None), indexed(OTHER).rename_axis(None)],
        [ONE.drop(columns="item_id").set_axis([7, 3]), OTHER.drop(columns="item_id").set_axis([12, 15])],
        [ONE.drop(columns="item_id").set_axis([7, 5]), OTHER.drop(columns="item_id").set_axis(pd.RangeIndex(2, 4))],
        [frame.drop(columns="item_id").set_axis(pd.MultiIndex.from_tuples([(x, 0), (x, 1)]))
         for x, frame in [("a", ONE), ("b", OTHER)]],
        [frame.drop(columns="item_id").set_axis(pd.date_range(start, periods=2))
         for start, frame in [("2026-01-01", ONE), ("2026-02-01", OTHER)]],
        [ONE.drop(columns="item_id"), OTHER.drop(columns="item_id").set_axis([2, 3])[:0],
         OTHER.drop(columns="item_id").set_axis(pd.RangeIndex(2, 4))],
    ],
    ids=["named", "texts", "numbers", "numbers, then a range", "several levels", "days", "counted"],
)  # fmt: skip
def test_an_index_of_ids_is_carried_over_as_in_memory(frames):
    """The picks are those of the frames put together, and what is excluded is."""
    whole = pd.concat(frames)
    expected = sample(whole, 3, **CALL)
    pd.testing.assert_frame_equal(sample_stream(iter(frames), 3, **CALL), expected)
    pd.testing.assert_frame_equal(
        sample_stream(iter(frames), 2, exclude=expected["item_id"][:1], **CALL),
        sample(whole, 2, exclude=expected["item_id"][:1], **CALL),
    )


def test_an_index_that_pandas_wrote_holds_the_ids(tmp_path):
    """A file of an indexed frame gives the picks of the frame that is read from it."""
    frame = pd.concat([indexed(ONE), indexed(OTHER)]).rename_axis(None)
    frame.to_parquet(tmp_path / "pool.parquet")
    assert ids_of(tmp_path / "pool.parquet", 2) == sample(frame, 2, **CALL)["item_id"].tolist() == ["a0", "b0"]


def test_an_index_is_a_named_column_of_ids_too():
    """`item_id=` may name the index; without a name each frame's default index counts rows."""
    assert ids_of(iter([ONE.set_index("item_id").rename_axis("key")]), 1, item_id="key") == ["a0"]
    assert ids_of(iter([ONE.drop(columns="item_id"), OTHER.drop(columns="item_id")]), 2) == ["0", "2"]


def test_an_index_with_a_gap_is_refused():
    """A missing id is one in an index as well."""
    with pytest.raises(InvalidInput, match="1 item ids of chunk 0 are missing"):
        sample_stream(iter([ONE.drop(columns="item_id").set_axis(["a", None])]), 1, **CALL)


@pytest.mark.parametrize("column", ["item_id", "proba_n"])
def test_a_name_that_two_columns_have_is_refused(column):
    """Which of them was meant is not known, in the first chunk or in a later one."""
    table = pa.Table.from_pandas(ONE)
    twice = table.append_column(column, table[column])
    for source in (twice, iter([table, twice])):
        with pytest.raises(InvalidTable, match=f"has the column '{column}' more than once"):
            sample_stream(source, 1, **CALL)


def test_columns_may_come_in_another_order():
    """They are read by their names."""
    expected = sample(pd.concat([ONE, OTHER]), 3, **CALL)
    other = OTHER[["proba_y", "item_id", "proba_n"]]
    pd.testing.assert_frame_equal(sample_stream(iter([ONE, other]), 3, **CALL), expected)


def pool(rows=60):
    rng = np.random.default_rng(4)
    proba = rng.dirichlet([1, 1, 1], size=rows)
    frame = pd.DataFrame({"item_id": [f"i{at}" for at in range(rows)], "predicted_label": "x", "confidence": 0.9})
    frame = frame.assign(**{f"proba_{at}": proba[:, at] for at in range(3)})
    return frame.assign(x=rng.normal(size=rows), y=rng.normal(size=rows))


@pytest.mark.parametrize("strategy", ["k_center", "typiclust"])
def test_probabilities_and_confidence_are_never_features(strategy):
    """Where none are named, only columns that are nothing else are taken."""
    call = {"strategy": strategy, "random_state": 0}
    expected = sample_stream(iter([pool()]), 5, features=["x", "y"], **call)
    pd.testing.assert_frame_equal(sample_stream(iter([pool()]), 5, **call), expected)
    with pytest.raises(InvalidTable, match="no columns of features"):
        sample_stream(iter([pool().drop(columns=["x", "y"])]), 5, **call)
    seen = []

    def both(proba, features):
        seen.append((proba.shape[1], features.shape[1]))
        return features[:, 0]

    sample_stream(iter([pool()]), 5, strategy=both)
    assert seen == [(3, 2)]


def test_features_and_confidence_are_never_probabilities():
    """A table of one float column per class may have others beside."""
    frame = pd.DataFrame({"item_id": ["a", "b"], "no": [0.9, 0.6], "yes": [0.1, 0.4], "confidence": [0.9, 0.6]})
    assert ids_of(iter([frame.assign(features_0=2.0)]), 1) == ["b"]
    with pytest.raises(InvalidTable, match="no columns of proba"):
        sample_stream(iter([frame[["item_id", "confidence"]]]), 1)


def test_a_chunk_of_whole_numbers_has_the_columns_of_the_others():
    """As a CSV read in pieces gives them, where the columns have names of their own."""
    one = pd.DataFrame({"item_id": ["a", "b"], "no": [0.5, 0.9], "yes": [0.5, 0.1]})
    other = pd.DataFrame({"item_id": ["c", "d"], "no": [1, 0], "yes": [0, 1]})
    expected = sample(pd.concat([one, other]), 4, **CALL)
    pd.testing.assert_frame_equal(sample_stream(iter([one, other]), 4, **CALL), expected)


def mixed(rows=60):
    frame = pool(rows)
    numbers = frame.columns[2:]
    return frame[: rows // 2], frame[rows // 2 :].astype(dict.fromkeys(numbers, "float32"))


STRATEGIES = ["k_center", "gsx", "badge", "falcun", "weighted_k_means", "typiclust", "uncertainty_herding", "auto"]


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("as_files", [False, True])
def test_chunks_may_differ_in_precision(tmp_path, strategy, turned, as_files):
    """float64 beside float32, as of two runs: what is kept is in the higher precision."""
    parts = mixed()[:: -1 if turned else 1]
    named = {} if strategy == "falcun" else {"features": ["x", "y"]}
    call = {"strategy": strategy, "random_state": 0, **named}
    for name, part in zip("ab", parts, strict=True):
        part.to_parquet(tmp_path / f"{name}.parquet")
    picks = sample_stream(tmp_path if as_files else iter(parts), 4, **call)
    wide = [part.astype(dict.fromkeys(part.columns[2:], "float64")) for part in parts]
    pd.testing.assert_frame_equal(picks, sample_stream(iter(wide), 4, **call), rtol=1e-4)


@pytest.mark.parametrize("strategy", ["margin", "importance", "falcun"])
def test_arrays_of_other_widths_are_refused(strategy):
    """Three classes, then two, are no one model's."""
    with pytest.raises(InvalidTable, match="chunk 1 has 2 classes, chunk 0 has 3"):
        sample_stream(iter([np.full((4, 3), 1 / 3), np.full((4, 2), 0.5)]), 2, strategy=strategy)
    with pytest.raises(InvalidTable, match="chunk 1 has 2 features, chunk 0 has 3"):
        sample_stream(iter([np.ones((4, 3)), np.ones((4, 2))]), 2, strategy="k_center")


LABELLED = ["contrastive", "k_center", "uncertainty_herding", "max_herding", "ranked_batch", "facility_location"]


@pytest.mark.parametrize("strategy", LABELLED)
def test_what_is_labelled_is_held_against_the_features(strategy):
    """Of another width it would be broadcast, or be of another model: refused, as in memory."""
    uses = {*resolve(strategy).needs, *resolve(strategy).takes}
    known = {"labelled_features": np.ones((5, 1)), "labelled_proba": np.full((5, 3), 1 / 3)}
    known = {name: value for name, value in known.items() if name in uses}
    call = {"strategy": strategy, "features": ["x", "y"]}
    with pytest.raises(InvalidInput, match="chunk 0 has 2 features, labelled_features has 1"):
        sample_stream(iter([pool()]), 4, **known, **call)


def test_what_is_labelled_has_one_length_and_the_pools_classes():
    """As in memory, before anything is read."""
    features = {"features": ["x", "y"], "labelled_features": np.ones((5, 2)), "strategy": "contrastive"}
    with pytest.raises(InvalidInput, match="labelled_features has 5, labelled_proba has 4 rows"):
        sample_stream(iter([pool()]), 4, labelled_proba=np.full((4, 3), 1 / 3), **features)
    with pytest.raises(InvalidInput, match="chunk 0 has 3 classes, labelled_proba has 2"):
        sample_stream(iter([pool()]), 4, labelled_proba=np.full((5, 2), 1 / 2), **features)


def sources(table, path):
    pq.write_table(table, path, row_group_size=50)
    return {
        "file": path,
        "dataset": pyarrow.dataset.dataset(path),
        "scanner": pyarrow.dataset.dataset(path).scanner(batch_size=40),
        "reader": table.to_reader(max_chunksize=30),
        "table": table,
        "arrays": iter([table]),
    }


@pytest.mark.parametrize("kind", ["file", "dataset", "scanner", "reader", "table", "arrays"])
def test_a_wrong_row_is_named_by_its_number_in_the_source(tmp_path, kind, monkeypatch):
    """Batches of one source are counted on."""
    monkeypatch.setattr("a2i_al.sampling.streams.chunks.ROWS", 64)
    proba = np.full((200, 2), 0.5)
    proba[171] = 0.9
    table = pa.table({"proba_a": proba[:, 0], "proba_b": proba[:, 1]})
    with pytest.raises(InvalidProbabilities, match="row 171 of "):
        sample_stream(sources(table, tmp_path / "pool.parquet")[kind], 3, strategy="margin")
