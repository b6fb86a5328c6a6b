"""Fields of documents: each by its own vote, absence included, from Textract's blocks or plain objects."""

import pytest
from hypothesis import given, settings, strategies as st

from a2i_al.errors import UnreadAnswerWarning
from a2i_al.harvest.annotations import KeyValue, key_values
from a2i_al.labels.structured.key_values import read_fields


def textract(*pairs):
    """Return Textract's blocks for keys and values, a word each."""
    blocks = []
    for i, (key, value) in enumerate(pairs):
        link = [{"type": "VALUE", "ids": [f"v{i}"]}, {"type": "CHILD", "ids": [f"w{i}", "gone"]}]
        blocks += [
            {"id": f"k{i}", "blockType": "KEY_VALUE_SET", "entityTypes": ["KEY"], "relationships": link},
            {"id": f"v{i}", "blockType": "KEY_VALUE_SET", "entityTypes": ["VALUE"], "text": value},
            {"id": f"w{i}", "blockType": "WORD", "text": key},
        ]
    return {"blocks": blocks}


def test_hand_worked(one):
    """Total: two of three; Name: two of three, spelled apart; Date: two of three do not have it."""
    values = [textract(("Total", "12.00"), ("Name", "Ann")), textract(("total ", "12.00"), ("Date", "1 May")),
              textract(("Total", "13.00"), ("Name", "ann"))]  # fmt: skip
    row = one(values, kind="key_values")
    assert row["method"] == "key_values"
    assert row["value"] == {"Total": "12.00", "Name": "Ann"}
    assert row["detail"]["votes"] == {
        "Date": {"1 may": 1, "null": 2}, "Name": {"null": 1, "ann": 2}, "Total": {"12.00": 2, "13.00": 1}
    }  # fmt: skip
    assert row["confidence"] == pytest.approx(2 / 3)
    assert row["agreement"] == pytest.approx((1 / 3 + 1 / 2 + 0 / 3) / 3)


def test_a_key_that_two_values_lead_ties_the_item(one):
    """Absence is a value; what is tied is named."""
    row = one([{"Total": "12", "Name": "Ann"}, {"Total": "13", "Name": "Ann"}], "key_values")
    assert row["status"] == "tied"
    assert row["detail"]["tied"] == ["Total"]
    assert one([{"Total": "12"}, {"Name": "Ann"}], "key_values")["detail"]["tied"] == ["Name", "Total"]


def test_an_empty_document_is_never_concluded_from_what_nobody_said(one):
    """Three people, three fields: all are tied; where one of the three read none, there is none."""
    row = one([{"a": "1"}, {"b": "1"}, {"c": "1"}], "key_values")
    assert row["detail"]["tied"] == ["a", "b", "c"]
    assert one([{"a": "1"}, {"b": "1"}, {"blocks": []}], "key_values")["value"] == {}


def test_case_and_space_may_count(one):
    values = [{"a": "X y"}, {"a": "x  y"}, {"a": "x  y"}]
    assert one(values, "key_values")["confidence"] == 1
    assert one(values, "key_values", ignore_case=False)["confidence"] == pytest.approx(2 / 3)
    assert one([*values, {"a": "x y"}], "key_values", ignore_space=False)["status"] == "tied"


def test_every_form_is_read():
    """Blocks as harvest reads them; objects; records; a key that comes twice stays two."""
    blocks = textract(("Name", "Ann"), ("Name", "Bo"))
    assert read_fields(blocks) == {"Name": "Ann", "Name (2)": "Bo"}
    assert [*read_fields(blocks).values()] == [pair.value for pair in key_values(blocks["blocks"])]
    assert read_fields((KeyValue("Name", "Ann"),)) == {"Name": "Ann"}
    assert read_fields({"Total": 12, "Empty": None}) == {"Total": "12", "Empty": ""}
    assert read_fields({"blocks": []}) == read_fields([]) == {}


@pytest.mark.parametrize("value", ["Total: 12", {}, {"a": [1]}, {"a": {"b": 1}}, [1], {"blocks": ["x"]}, 3])
def test_what_is_no_set_of_fields_does_not_count(one, value):
    with pytest.warns(UnreadAnswerWarning, match="worker 'u'"):
        assert one([value, {"a": "1"}], "key_values")["n_answers"] == 1


@settings(max_examples=25)
@given(said=st.lists(st.dictionaries(st.sampled_from(["Key", "other"]), st.sampled_from(["x", "y"]), min_size=1),
                     min_size=1, max_size=4))  # fmt: skip
def test_only_what_was_read_matters(unmoved, said):
    """And each value that stays was somebody's."""
    row = unmoved(said, "key_values")
    for key, value in (row["value"] or {}).items():
        assert value in {answer.get(key) for answer in said}
