"""A column becomes numbers and sorted texts, whatever is in it and however long it is."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from a2i_al.labels.counting import encoding
from a2i_al.labels.counting.encoding import Keyed, any_blank, encoded, is_text, keyed, text_column
from a2i_al.labels.counting.votes import as_text

TEXTS = st.lists(st.text(st.characters(codec="utf-8"), max_size=12), min_size=1)


def back(column):
    """Return what the codes stand for."""
    return [None if code < 0 else column.texts[int(code)].as_py() for code in column.codes]


@given(TEXTS)
def test_codes_stand_for_the_texts_and_follow_their_order(texts):
    column = encoded(pd.Series(texts, dtype=object))
    assert back(column) == texts
    assert column.texts.to_pylist() == sorted(set(texts))


@given(
    prefix=st.text("äb", max_size=9), ends=st.lists(st.text(["0", "1", "9", "z", "é", chr(0)], max_size=9), min_size=1)
)
def test_texts_sorted_as_numbers_are_sorted_as_texts(prefix, ends):
    """What large columns go through, on small ones: with anything that eight bytes cannot hold, too."""
    texts = [prefix + end for end in ends]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoding, "COMPILED_FROM", 1)
        column = encoded(pd.Series(texts, dtype="string[pyarrow]"))
    assert back(column) == texts
    assert column.texts.to_pylist() == sorted(set(texts))


@pytest.mark.parametrize("prefix", ["", "item-", "long before it differs "])
def test_many_short_texts_are_sorted_as_texts(prefix, monkeypatch):
    """More than are looked up, of all lengths, the last of them where fewer than eight bytes are left."""
    monkeypatch.setattr(encoding, "COMPILED_FROM", 1)
    rng = np.random.default_rng(0)
    texts = [prefix + "".join(rng.choice(list("0189~"), rng.integers(0, 7))) for _ in range(9_000)]
    assert len(set(texts)) > 2_000
    column = encoded(pd.Series(texts, dtype="string[pyarrow]"))
    assert isinstance(keyed(pd.Series(texts, dtype="string[pyarrow]")), Keyed)
    assert column.texts.to_pylist() == sorted(set(texts))
    assert back(column) == texts


def test_texts_that_do_not_begin_as_those_looked_at_do_are_sorted_too(monkeypatch):
    """The beginning is guessed from a few."""
    monkeypatch.setattr(encoding, "COMPILED_FROM", 1)
    texts = [f"item-{row}" for row in range(3_000)]
    texts[777] = "it"
    column = encoded(pd.Series(texts, dtype="string[pyarrow]"))
    assert column.texts.to_pylist() == sorted(set(texts))
    assert back(column) == texts


@pytest.mark.parametrize(
    ("values", "same"),
    [(["a", "a"], [True, True]), (["a", None, "b"], [True, False, False]), ([1, "1", None], [False] * 3)],
)
@pytest.mark.parametrize("dtype", [object, "string[pyarrow]"])
def test_a_text_is_found(values, same, dtype):
    assert is_text(pd.Series(values, dtype=dtype if isinstance(values[0], str) else object), "a").tolist() == same


@pytest.mark.parametrize("width", [1, 6])
@pytest.mark.parametrize("dtype", [object, "string[pyarrow]"])
def test_a_large_column_is_encoded_as_a_small_one(width, dtype):
    """Few different texts are looked up, many are sorted."""
    numbers = np.random.default_rng(0).integers(10**width, size=60_000)
    texts = pd.Series([f"item-{number}" for number in numbers], dtype=dtype)
    column = encoded(texts)
    codes, distinct = pd.factorize(texts.astype(object), sort=True)
    assert (column.codes == codes).all()
    assert column.texts.to_pylist() == list(distinct)


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([True, 1, 1.0, "1"], ["True", "1", "1.0", "1"]),
        ([3, None, 4], ["3", None, "4"]),
        ([[1, "a"], {"b": 2}, None], ['[1, "a"]', '{"b": 2}', None]),
        (["a", " ", None, "a"], ["a", None, None, "a"]),
        (["é", "\ud800"], ["é", "\\ud800"]),
        ([], []),
    ],
)
def test_values_that_are_no_texts_get_one(values, texts):
    """1, 1.0 and True are equal in Python and three different answers."""
    assert back(encoded(pd.Series(values, dtype=object), as_text)) == texts


def test_numbers_are_ids_too():
    column = encoded(pd.Series([10, 9, 10]))
    assert back(column) == ["10", "9", "10"]
    assert text_column(column.texts, column.codes).tolist() == ["10", "9", "10"]


@pytest.mark.parametrize(
    ("values", "blank"), [(["a", "b"], False), (["a", ""], True), (["a", None], True), ([7], False)]
)
@pytest.mark.parametrize("dtype", [object, "string[pyarrow]"])
def test_a_blank_is_a_missing_value_or_an_empty_text(values, blank, dtype):
    assert any_blank(pd.Series(values, dtype=dtype if isinstance(values[0], str) else None)) is blank
