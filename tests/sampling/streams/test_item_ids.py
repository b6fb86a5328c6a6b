"""Ids of a column are hashed, compared and shown as the text that they are everywhere else."""

import pyarrow as pa
import pytest
from hypothesis import given, strategies as st

from a2i_al.errors import InvalidInput
from a2i_al.sampling.ids import hash_ids
from a2i_al.sampling.streams.item_ids import ItemIds, excluding

# No id ends in a zero byte: numpy's fixed-width texts cannot tell where it would.
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXTS = st.lists(st.text(LETTERS, min_size=1, max_size=90), min_size=1, max_size=20)


@given(TEXTS, st.integers(0, 3))
def test_a_column_of_texts_hashes_as_its_texts(texts, start):
    """Byte by byte from Arrow's buffers, long texts and slices included, is the same as one by one."""
    column = pa.array(texts)[min(start, len(texts) - 1) :]
    assert ItemIds(column, "pool").hashes().tolist() == hash_ids(column.to_pylist()).tolist()


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=20))
def test_a_column_of_whole_numbers_hashes_as_its_digits(numbers):
    """A pool read with its ids as numbers or as text gives the same picks."""
    assert ItemIds(pa.array(numbers), "pool").hashes().tolist() == hash_ids([str(one) for one in numbers]).tolist()


def test_many_whole_numbers_are_hashed_by_the_compiled_hash_alike():
    """The compiled hash of large columns is the same hash."""
    many = pa.array(range(-5, 100_100))
    assert ItemIds(many, "pool").hashes()[:9].tolist() == hash_ids(many.slice(0, 9).to_numpy()).tolist()


@pytest.mark.parametrize(
    "column",
    [
        pa.array([7, 12], pa.int32()),
        pa.array([7, 12], pa.uint64()),
        pa.array(["7", "12"], pa.large_string()),
        pa.array(["7", "12"]).dictionary_encode(),
        pa.chunked_array([["7"], ["12"]]),
    ],
)
def test_any_column_of_ids_is_text_outside(column):
    """Whatever its type, what is shown, hashed and excluded is the text."""
    ids = ItemIds(column, "pool")
    assert ids.texts([0, 1]).to_pylist() == ["7", "12"]
    assert ids.hashes().tolist() == hash_ids(["7", "12"]).tolist()
    assert ids.excluded(excluding(["12", "012", "a", "9" * 40])).tolist() == [False, True]


@pytest.mark.parametrize("column", [pa.array(["a", None]), pa.array(["a", ""]), pa.array([1, None])])
def test_a_missing_id_is_refused_with_its_source(column):
    """An item without an id cannot be reviewed."""
    with pytest.raises(InvalidInput, match=r"1 item ids of part-3\.parquet are missing"):
        ItemIds(column, "part-3.parquet").require()
