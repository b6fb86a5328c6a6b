"""An item as InputContent: what the template reads, our record beside it, and clear refusals."""

import json
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from a2i_al.errors import InvalidInput, InvalidPayload
from a2i_al.loops.requests.payload import LIMIT, data_attributes, input_content

ID = {"item_id": "7", "model_version": "m1", "round": 2, "request_id": "r"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def test_the_items_columns_stand_at_the_top_and_our_record_beside():
    """Templates read task.input.text; the ledger can be rebuilt from task.input.a2i_al."""
    content = json.loads(input_content({"text": "hi"}, **ID, prediction={"label": "x", "confidence": np.float64(0.5)}))
    assert content == {
        "text": "hi",
        "a2i_al": {
            "schema_version": 1,
            "item_id": "7",
            "model_version": "m1",
            "round": 2,
            "request_id": "r",
            "prediction": {"label": "x", "confidence": 0.5},
        },
    }


@given(st.dictionaries(st.text().filter(lambda name: name != "a2i_al"), JSON))
def test_json_values_arrive_as_they_were(item):
    """Anything JSON can say reaches the task page unchanged."""
    content = json.loads(input_content(item, **ID))
    del content["a2i_al"]
    assert content == item


def test_pandas_and_numpy_values_become_json():
    """Numbers, times, arrays and missing values of a DataFrame row have their JSON form."""
    item = {
        "n": np.int64(3),
        "x": np.float32(0.5),
        "flag": np.bool_(True),
        "row": np.array([1, 2]),
        "when": pd.Timestamp("2026-11-01T10:00Z"),
        "then": datetime(2026, 11, 1, tzinfo=UTC),
        "nan": float("nan"),
        "na": pd.NA,
        "nat": pd.NaT,
    }
    content = json.loads(input_content(item, **ID))
    assert content["n"] == 3
    assert content["x"] == 0.5
    assert content["flag"] is True
    assert content["row"] == [1, 2]
    assert content["when"] == "2026-11-01T10:00:00+00:00"
    assert content["then"] == "2026-11-01T00:00:00+00:00"
    assert content["nan"] is content["na"] is content["nat"] is None


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({"png": b"..."}, "column 'png' is a bytes"),
        ({"deep": {"x": [object()]}}, "column 'deep' is a object"),
        ({"x": float("inf")}, "finite numbers"),
        ({"a2i_al": 1}, "has a column 'a2i_al'"),
    ],
)
def test_what_has_no_json_form_is_refused_by_name(item, words):
    """Bytes, objects and infinities say which column of which item holds them."""
    with pytest.raises(InvalidPayload) as caught:
        input_content(item, **ID)
    assert words in str(caught.value)
    assert "item '7'" in str(caught.value)


def test_the_limit_is_a2is_to_the_character():
    """3,145,728 characters pass, one more does not."""
    empty = len(input_content({"t": ""}, **ID))
    assert len(input_content({"t": "x" * (LIMIT - empty)}, **ID)) == LIMIT
    with pytest.raises(InvalidPayload, match=r"3,145,729 characters.*as_files.*Workflow\.upload"):
        input_content({"t": "x" * (LIMIT - empty + 1)}, **ID)


def test_the_record_says_which_attempt_it_is_and_what_was_left_out_and_nothing_where_there_is_nothing():
    """What was sent before there were attempts and redactions is sent again to the letter."""
    plain = json.loads(input_content({}, **ID))["a2i_al"]
    more = json.loads(input_content({}, **ID, attempt=2, redacted=["phone", "e_mail"]))["a2i_al"]
    assert more == plain | {"attempt": 2, "redacted": ["e_mail", "phone"]}
    assert json.loads(input_content({}, **ID, attempt=0, redacted=[]))["a2i_al"] == plain


def test_content_classifiers_are_those_that_a2i_has():
    """One, both, in any order, once; anything else is refused."""
    both = ["FreeOfPersonallyIdentifiableInformation", "FreeOfAdultContent", "FreeOfAdultContent"]
    assert data_attributes(both) == {"DataAttributes": {"ContentClassifiers": sorted(set(both))}}
    assert data_attributes("FreeOfAdultContent") == data_attributes(["FreeOfAdultContent"])
    with pytest.raises(InvalidInput, match="'FreeOfCharge'"):
        data_attributes(["FreeOfCharge"])


@pytest.mark.parametrize("declared", [[], ["FreeOfAdultContent"]])
def test_a_public_crowd_is_shown_nothing_that_is_not_declared_to_be_anonymous(declared):
    """A2I would let every loop of it fail; a private team may see what it likes."""
    public = "arn:aws:sagemaker:us-east-1:394669845002:workteam/public-crowd/default"
    with pytest.raises(InvalidInput, match=r"Mechanical Turk.*FreeOfPersonallyIdentifiableInformation"):
        data_attributes(declared, public)
    assert data_attributes([*declared, "FreeOfPersonallyIdentifiableInformation"], public)
    data_attributes(declared, "arn:aws:sagemaker:us-east-1:000000000000:workteam/private-crowd/reviews")
