"""Ids that are no candidates: a set that is made once, whatever the number of chunks, and asks for the very text."""

import numpy as np
import pyarrow as pa
from hypothesis import given, strategies as st

from a2i_al.sampling.streams import excluded as module, sample_stream
from a2i_al.sampling.streams.excluded import Excluded
from a2i_al.sampling.streams.item_ids import ItemIds, excluding

LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
IDS = st.one_of(st.text(LETTERS, min_size=1, max_size=70), st.integers(-30, 30).map(str), st.just("9" * 40))


@given(st.lists(IDS, max_size=40), st.sets(IDS, max_size=40))
def test_a_text_is_excluded_if_it_is_one_of_them(ids, out):
    """Of any length, digits or none; and not for what looks like it."""
    column = ItemIds(pa.array(ids, pa.string()), "pool")
    assert column.excluded(excluding(out)).tolist() == [each in out for each in ids]


@given(st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(-9, 9), max_size=40), st.data())
def test_a_number_is_excluded_by_its_digits(numbers, data):
    """ "7" stands for it, "07" and "7.0" do not."""
    out = data.draw(st.sets(st.sampled_from([str(each) for each in [*numbers, 7]] + ["07", "-0", "7.0", "x", ""])))
    column = ItemIds(pa.array(numbers, pa.int64()), "pool")
    assert column.excluded(excluding(out)).tolist() == [str(each) in out for each in numbers]


def test_two_texts_of_one_hash_are_told_apart():
    """The hash finds, the text decides."""
    hashes = np.array([1, 1], dtype=np.uint64)
    among = Excluded(pa.array(["a", "b"], pa.large_string()), hashes)
    column = pa.array(["b", "c", "a"], pa.large_string())
    assert among.texts(column, np.ones(3, dtype=np.uint64)).tolist() == [True, False, True]


def test_the_set_is_made_once_for_all_chunks(monkeypatch):
    """A million ids that are out cost the same for one chunk and for a thousand."""
    made = []
    inner = module._table

    def making(keys):
        made.append(len(keys))
        return inner(keys)

    monkeypatch.setattr(module, "_table", making)
    chunks = (pa.table({"item_id": [f"i{at}"], "proba_a": [0.5], "proba_b": [0.5]}) for at in range(30))
    picks = sample_stream(chunks, 3, exclude=[f"i{at}" for at in range(27)])
    assert set(picks["item_id"]) == {"i27", "i28", "i29"}
    assert made == [27, 0]
