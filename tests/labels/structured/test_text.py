"""Texts: equal but for form, or closest to all others."""

import math

import pytest
from hypothesis import given, settings, strategies as st

from a2i_al.errors import InvalidInput, UnreadAnswerWarning

WORDS = st.text("abAB é🙂", max_size=6)


@pytest.mark.parametrize(
    ("values", "options", "value", "share"),
    [
        (["Main  Street", "main street", "Oak"], {}, "main street", 2 / 3),
        (["Main Street", "Main Street", "main street"], {}, "Main Street", 1),
        (["ﬁve", "five", "six"], {}, "five", 2 / 3),
        (["straße", "STRASSE", "x"], {}, "straße", 2 / 3),
        (["e\u0301", "\u00e9", "x"], {"ignore_case": False}, "\u00e9", 2 / 3),
        (["A", "a", "a"], {"ignore_case": False}, "a", 2 / 3),
        (["a b", "a  b", "a  b"], {"ignore_space": False}, "a  b", 2 / 3),
    ],
)
def test_texts_that_are_equal_but_for_form_vote_together(one, values, options, value, share):
    """The spelling that most used stands for them; among as many, the shortest."""
    row = one(values, "text", **options)
    assert row[["label", "value", "status"]].tolist() == [value, value, "agreed"]
    assert row["confidence"] == pytest.approx(share)


def test_two_texts_that_lead_together_are_a_tie(one):
    row = one(["a", "A", "b", "B", "c"], "text")
    assert row[["status", "n_answers"]].tolist() == ["tied", 5]
    assert row["detail"] == {"votes": {"a": 2, "b": 2, "c": 1}, "tied": ["a", "b"]}
    assert row["agreement"] == pytest.approx(0.2)


def test_the_medoid_is_closest_to_all(one):
    """Distances 1 and 1 from the middle one, 2 between the others, all of length 4."""
    row = one(["abcd", "abxd", "aaxd"], "medoid")
    assert row["value"] == "abxd"
    assert row["confidence"] == pytest.approx(0.75)
    assert row["agreement"] == pytest.approx((0.75 + 0.75 + 0.5) / 3)
    assert row["detail"]["nearness"] == {"aaxd": 0.625, "abcd": 0.625, "abxd": 0.75}


def test_two_different_texts_have_no_middle(one):
    """As neither is closer; two of three equal ones are."""
    assert one(["abc", "abd"], "medoid")["status"] == "tied"
    assert one(["abc", "ABC "], "medoid")["value"] == "abc"
    assert one(["x y", "x y", "zzz"], "medoid")["value"] == "x y"
    assert one(["lonely"], "medoid")[["value", "confidence"]].tolist() == ["lonely", 1]


def test_what_is_no_text_does_not_count(one):
    """Lists and objects; a number is a text."""
    with pytest.warns(UnreadAnswerWarning, match="is no text"):
        assert one([["a"], "b"], "text")["label"] == "b"
    assert one([3, "3"], "text")["label"] == "3"
    with pytest.raises(InvalidInput, match="no option 'threshold'"):
        one(["a"], "text", threshold=1)


@settings(max_examples=30)
@given(said=st.lists(WORDS.filter(str.strip), min_size=1, max_size=5), method=st.sampled_from(["text", "medoid"]))
def test_only_what_was_written_matters(unmoved, said, method):
    """And the result is one of the texts, or a tie."""
    row = unmoved(said, method)
    assert row["status"] == "tied" or row["value"] in said
    assert math.isnan(row["agreement"]) == (len(said) == 1)
