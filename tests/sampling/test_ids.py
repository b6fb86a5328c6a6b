"""Random keys follow the seed and the item, and ids are found, hashed and written as text."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from a2i_al.errors import InvalidInput
from a2i_al.sampling import sample
from a2i_al.sampling.ids import by_hash, draw_seed, hash_ids, keys
from a2i_al.sampling.pools.ids import PoolIds, excluded_ids

TEXTS = st.lists(st.text(max_size=80), max_size=30)


@given(TEXTS, TEXTS)
def test_an_ids_hash_does_not_depend_on_its_neighbours(some, others):
    assert hash_ids(some + others).tolist() == hash_ids(some).tolist() + hash_ids(others).tolist()


def test_the_hash_is_fnv_1a_so_that_another_program_can_compute_it():
    """The published test values of FNV-1a, 64 bits."""
    assert [hex(h) for h in hash_ids(["", "a", "foobar"])] == [
        "0xcbf29ce484222325",
        "0xaf63dc4c8601ec8c",
        "0x85944171f73967e8",
    ]


@given(st.lists(st.integers(-(2**62), 2**62), max_size=50))
def test_a_number_and_its_text_have_one_hash(numbers):
    assert hash_ids(np.array(numbers, dtype=np.int64)).tolist() == hash_ids([str(n) for n in numbers]).tolist()


@pytest.mark.parametrize("kind", [np.int8, np.int64, np.uint64])
def test_the_widest_numbers_are_written_out_as_they_are(kind):
    """The lowest number of a kind has no positive one of that kind."""
    ends = np.array([np.iinfo(kind).min, 0, 10, np.iinfo(kind).max], dtype=kind)
    assert hash_ids(ends).tolist() == hash_ids([str(n) for n in ends.tolist()]).tolist()


def test_the_compiled_hash_of_many_numbers_is_the_same():
    numbers = np.arange(-5, 250_000) * 37
    assert (PoolIds(numbers, len(numbers)).hashes() == hash_ids(numbers)).all()


def test_over_the_seeds_every_order_of_the_keys_is_equally_likely():
    hashes, rng = hash_ids(["1", "2", "3"]), np.random.default_rng(0)
    orders = pd.Series([str(keys(hashes, draw_seed(rng)).argsort()) for _ in range(6_000)]).value_counts()
    assert len(orders) == 6
    assert orders.to_numpy() == pytest.approx(1_000, abs=5 * np.sqrt(1_000))


def test_equal_hashes_are_ordered_by_text():
    """A trailing zero byte is not hashed, so these two share a hash; their order must not be that of the rows."""
    one = np.array(["a", "a\0", "b"], dtype=object)
    other = one[::-1]
    assert one[by_hash(hash_ids(one), one.take)].tolist() == other[by_hash(hash_ids(other), other.take)].tolist()


def test_row_numbers_are_never_made_into_texts_of_their_own():
    ids = PoolIds(None, 10**9)
    assert ids.text(np.array([999_999_999])).tolist() == ["999999999"]


@pytest.mark.parametrize("given_ids", [None, range(4), pd.RangeIndex(4), np.arange(4), [0, 1, 2, 3], list("0123")])
def test_excluded_ids_are_found_as_text_however_the_ids_came(given_ids):
    ids = PoolIds(given_ids, 4)
    assert ids.among({"1", "3", "03", " 2", "9", "x", "-1"}).tolist() == [False, True, False, True]


@pytest.mark.parametrize("given_ids", [[7, 7], np.array([7, 7]), ["7", 7], pd.Index(["7", "7"])])
def test_repeated_ids_are_refused_however_they_came(given_ids):
    with pytest.raises(InvalidInput, match="item id '7' occurs more than once"):
        PoolIds(given_ids, 2)


def test_tuples_are_ids_too():
    """As with the index of a grouped table."""
    assert PoolIds([("a", 1), ("a", 2)], 2).text(np.array([1])).tolist() == ["('a', 2)"]


MISSING = [None, np.nan, pd.NA, pd.NaT]


@pytest.mark.parametrize("as_table", [False, True])
@pytest.mark.parametrize("item_ids", [range(8), [float(i) for i in range(8)], list("01234567")])
def test_whole_numbers_that_a_missing_one_made_floats_exclude_their_items(item_ids, as_table):
    """A column of ids that was joined: 1.0 is item 1, and the missing one none."""
    exclude = pd.Series([1, 2, np.nan])
    picks = sample(
        np.eye(2)[[0] * 8], 6, item_ids=item_ids, exclude=exclude.to_frame("item_id") if as_table else exclude
    )
    assert not picks["item_id"].isin({"1", "2", "1.0", "2.0"}).any()


def test_what_is_missing_excludes_no_item_of_that_name():
    assert excluded_ids([*MISSING, "a", 1.5, np.float32(2), 10**30, ("a", 1)]) == {
        "a", "1.5", "2.0", "2", str(10**30), "('a', 1)",
    }  # fmt: skip


@pytest.mark.parametrize("one", [["1", "2"], np.array([1]), {"item_id": "1"}, {"1"}, b"1", pd.Series(["1"])])
def test_what_is_no_id_is_refused_where_it_would_exclude_nobody(one):
    with pytest.raises(InvalidInput, match="an id in exclude is"):
        excluded_ids([one])
    with pytest.raises(InvalidInput, match="an item id is"):
        PoolIds([one, "x"], 2)


def test_a_mapping_is_not_taken_for_its_keys():
    with pytest.raises(InvalidInput, match="exclude is a dict"):
        excluded_ids({"item_id": ["1"]})
