"""Parquet in files, folders and patterns: the rows in the order of the names, and messages that name the file."""

import os
import weakref
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.fs
import pyarrow.parquet as pq
import pytest

from a2i_al.errors import InvalidInput, InvalidProbabilities, InvalidTable
from a2i_al.sampling import sample
from a2i_al.sampling.streams import parquet, sample_stream, top_n


@pytest.fixture
def folder(pool, tmp_path):
    """Give a folder of four files with row groups of 30 rows, one of them deeper, and what is no data beside them."""
    proba, ids = pool
    table = pa.table({"item_id": ids, **{f"proba_{at}": proba[:, at] for at in range(4)}})
    (tmp_path / "pool" / "z").mkdir(parents=True)
    for name, start in [("a", 0), ("b", 100), ("c", 200), ("z/d", 300)]:
        pq.write_table(table.slice(start, 100), tmp_path / "pool" / f"{name}.parquet", row_group_size=30)
    (tmp_path / "pool" / "_SUCCESS").touch()
    (tmp_path / "pool" / "_temporary.parquet").write_text("half")
    return tmp_path / "pool"


@pytest.mark.parametrize("how", ["folder", "text", "uri", "deep pattern", "list", "list of URIs", "file system"])
def test_files_folders_patterns_and_lists_give_the_pool(pool, folder, how):
    """Every way to name the files gives the picks of the pool in memory."""
    proba, ids = pool
    files = [folder / "a.parquet", folder / "b.parquet", str(folder / "c.parquet"), folder / "z" / "d.parquet"]
    source = {
        "folder": folder,
        "text": f"{folder}/",
        "uri": folder.as_uri(),
        "deep pattern": str(folder / "**.parquet").replace("**", "[a-z]**"),
        "list": files,
        "list of URIs": [one.as_uri() for one in map(Path, files)],
        "file system": "pool",
    }[how]
    base = (
        pyarrow.fs.SubTreeFileSystem(str(folder.parent), pyarrow.fs.LocalFileSystem()) if how == "file system" else None
    )
    expected = sample(proba, 25, item_ids=ids, audit_fraction=0.2, random_state=5)
    picks = sample_stream(source, 25, audit_fraction=0.2, random_state=5, filesystem=base)
    pd.testing.assert_frame_equal(picks, expected)


def test_rows_are_counted_over_all_files(pool, folder):
    """Where no column holds ids, the row's number in the whole pool is one."""
    proba, _ = pool
    for path in sorted(folder.rglob("[a-d].parquet")):
        pq.write_table(pq.read_table(path).drop_columns("item_id"), path, row_group_size=30)
    expected = sample(proba, 25, random_state=5)
    pd.testing.assert_frame_equal(sample_stream(folder, 25, random_state=5), expected)


@pytest.fixture
def by_column(monkeypatch):
    """Have small row groups folded column by column, as large ones are, and count how many are."""
    folded = []
    inner = top_n.folded
    monkeypatch.setattr(top_n, "LARGE", 1)
    monkeypatch.setattr(top_n, "_HEAD", 10)
    monkeypatch.setattr(top_n, "folded", lambda columns, rows: folded.append(rows) or inner(columns, rows))
    return folded


@pytest.mark.parametrize("strategy", ["least_confidence", "margin", "ratio"])
@pytest.mark.parametrize("classes", [2, 3, 4])
@pytest.mark.parametrize("excluded", [0, 2, 280])
def test_columns_that_are_folded_one_by_one_give_the_picks_of_memory(tmp_path, by_column, strategy, classes, excluded):
    """Two highest probabilities are all that these scores look at, whatever the number and the precision of columns.

    The best are excluded: they set no cut for the others.
    """
    counts = np.random.default_rng(1).multinomial(20, np.full(classes, 1 / classes), size=300)
    proba = (counts / 20).astype(np.float64 if excluded else np.float32)
    ids = [f"item-{at}" for at in range(300)]
    exclude = ids[:0] if not excluded else sample(proba, excluded, strategy=strategy, item_ids=ids)["item_id"]
    columns = {f"proba_{at}": proba[:, at] for at in range(classes)}
    pq.write_table(pa.table({"item_id": ids, **columns}), tmp_path / "pool.parquet", row_group_size=40)
    expected = sample(proba, 9, strategy=strategy, item_ids=ids, exclude=exclude, random_state=3)
    path = tmp_path / "pool.parquet"
    picks = sample_stream(path, 9, strategy=strategy, exclude=exclude, random_state=3)
    assert by_column
    pd.testing.assert_frame_equal(picks, expected)


def test_columns_of_two_precisions_keep_the_higher_one(tmp_path, by_column):
    """A difference that float32 does not see still decides."""
    close = np.full(200, 0.5 - 1e-9)
    close[141] = 0.5
    path = tmp_path / "pool.parquet"
    pq.write_table(pa.table({"proba_a": np.full(200, 0.5, np.float32), "proba_b": close}), path, row_group_size=10)
    assert sample_stream(path, 1, strategy="margin")["item_id"].tolist() == ["141"]
    assert by_column


def test_decimals_are_numbers(tmp_path, by_column):
    """As SQL engines write them."""
    proba = np.random.default_rng(2).multinomial(20, [0.5, 0.5], size=200) / 20
    decimals = {f"proba_{at}": pa.array(proba[:, at]).cast(pa.decimal128(10, 4), safe=False) for at in range(2)}
    pq.write_table(pa.table(decimals), tmp_path / "pool.parquet", row_group_size=50)
    expected = sample(proba, 9, strategy="margin", random_state=3)
    pd.testing.assert_frame_equal(sample_stream(tmp_path, 9, strategy="margin", random_state=3), expected)
    assert by_column
    decimals["proba_1"] = pa.array([*decimals["proba_1"].to_pylist()[:-1], None], pa.decimal128(10, 4))
    pq.write_table(pa.table(decimals), tmp_path / "pool.parquet", row_group_size=50)
    with pytest.raises(InvalidProbabilities, match=r"row 199 of .* has a value that is missing"):
        sample_stream(tmp_path, 9, strategy="margin")


@pytest.mark.parametrize("wrong", [[0.5, 0.6], [1.5, -0.5], [np.nan, 0.5]])
def test_a_wrong_row_among_folded_columns_is_named(tmp_path, by_column, wrong):
    """The quick way notices, the careful one says which row it is."""
    proba = np.full((120, 2), 0.5)
    proba[110] = wrong
    path = tmp_path / "pool.parquet"
    pq.write_table(pa.table({"proba_a": proba[:, 0], "proba_b": proba[:, 1]}), path, row_group_size=10)
    with pytest.raises(InvalidProbabilities, match=r"row 110 of .*pool\.parquet"):
        sample_stream(path, 3, strategy="margin")
    assert by_column


@pytest.mark.parametrize(
    ("limit", "size", "expected"),
    [
        ("ROWS", 10**6, [100] * 4),
        ("ROWS", 60, [60, 40] * 4),
        ("_TOGETHER", 1, [30, 30, 30, 10] * 4),
    ],
)
def test_small_row_groups_of_a_file_are_read_together(folder, monkeypatch, limit, size, expected):
    """Each reading costs as much as a few thousand rows."""
    monkeypatch.setattr(parquet, limit, size)
    chunks = list(parquet.parquet_chunks(folder, lambda schema, _: schema.names))
    assert [chunk.rows for chunk in chunks] == expected
    assert [chunk.first_row for chunk in chunks] == list(np.cumsum([0, *expected[:-1]]))
    assert [len(chunk.read(["item_id", "proba_1"])) for chunk in chunks] == expected


def test_a_file_is_opened_once_by_each_thread_and_closed_afterwards(folder, monkeypatch):
    """To open it takes as long as to read some thousand rows."""
    opened = []
    inner = pq.ParquetFile

    def opening(path, **named):
        file = inner(path, **named)
        opened.append((os.path.basename(path), weakref.ref(file)))  # noqa: PTH119
        return file

    monkeypatch.setattr(pq, "ParquetFile", opening)
    monkeypatch.setattr(parquet, "_TOGETHER", 1)
    monkeypatch.setattr("a2i_al.compute.threads.processors", lambda: 1)
    sample_stream(folder, 5, strategy="margin")
    assert [name for name, _ in opened] == ["a.parquet", "b.parquet", "c.parquet", "d.parquet"]
    assert not [name for name, file in opened if file() is not None]


def test_a_large_row_group_is_read_in_batches(pool, folder, monkeypatch):
    """Memory stays bounded whatever the size of a row group, and the picks are the same."""
    proba, ids = pool
    monkeypatch.setattr("a2i_al.sampling.streams.parquet._LARGE", 0)
    monkeypatch.setattr("a2i_al.sampling.streams.parquet._BATCH", 200)
    expected = sample(proba, 25, item_ids=ids, exclude=ids[:50], random_state=5)
    pd.testing.assert_frame_equal(sample_stream(folder, 25, exclude=ids[:50], random_state=5), expected)


def test_a_row_group_of_many_rows_is_read_in_batches_however_small_it_is(tmp_path, monkeypatch):
    """Repeated values take few bytes in the file, and all their memory outside."""
    table = pa.table({"item_id": np.arange(1_000), "proba_a": np.full(1_000, 0.5), "proba_b": np.full(1_000, 0.5)})
    pq.write_table(table, tmp_path / "pool.parquet")
    monkeypatch.setattr(parquet, "_LARGE_ROWS", 999)
    monkeypatch.setattr(parquet, "ROWS", 300)
    chunks = list(parquet.parquet_chunks(tmp_path, lambda schema, _: schema.names))
    assert [(chunk.rows, chunk.first_row) for chunk in chunks] == [(300, 0), (300, 300), (300, 600), (100, 900)]


def test_a_wrong_row_is_named_with_its_file(folder):
    """The row's number is that in the file, across its row groups."""
    table = pq.read_table(folder / "b.parquet")
    wrong = table["proba_0"].to_numpy().copy()
    wrong[71] = np.nan
    pq.write_table(table.set_column(1, "proba_0", pa.array(wrong)), folder / "b.parquet", row_group_size=30)
    with pytest.raises(InvalidProbabilities, match=r"row 71 of .*/b\.parquet has a value that is missing"):
        sample_stream(folder, 5)


@pytest.mark.parametrize("cut", ["end", "middle", "empty"])
def test_a_file_that_is_cut_short_is_named(folder, cut):
    """Truncated, damaged or empty: the message says which file."""
    path = folder / "b.parquet"
    data = path.read_bytes()
    damaged = {
        "end": data[:-100],
        "middle": data[:20] + b"\xff" * (len(data) // 2) + data[20 + len(data) // 2 :],
        "empty": b"",
    }
    path.write_bytes(damaged[cut])
    with pytest.raises(InvalidInput, match=r"/b\.parquet cannot be read: ") as raised:
        sample_stream(folder, 5)
    assert "complete Parquet file" in str(raised.value)


def test_a_file_with_other_columns_is_named(folder):
    """The message says what the file has, and what the first one had."""
    table = pq.read_table(folder / "c.parquet")
    pq.write_table(table.drop_columns("proba_3"), folder / "c.parquet")
    with pytest.raises(InvalidTable, match=r"/c\.parquet lacks the columns 'proba_3'"):
        sample_stream(folder, 5)


@pytest.mark.parametrize("source", ["nowhere.parquet", "nowhere/*.parquet", "nowhere://bucket"])
def test_nothing_there_is_said(tmp_path, source):
    """A path without files, or of an unknown kind, is no pool."""
    with pytest.raises(InvalidInput, match="nowhere"):
        sample_stream(source if "://" in source else tmp_path / source, 1)


def test_a_uniform_draw_reads_the_ids_only(folder):
    """What is drawn does not depend on the predictions, which may even be absent."""
    expected = sample_stream(folder, 5, strategy="random", random_state=1)
    for path in folder.rglob("[a-d].parquet"):
        pq.write_table(pq.read_table(path, columns=["item_id"]), path)
    pd.testing.assert_frame_equal(sample_stream(folder, 5, strategy="random", random_state=1), expected)
