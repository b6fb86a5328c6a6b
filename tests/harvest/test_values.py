"""Typed values: every element's answer has names and types for its parts, and none is lost or refused."""

from base64 import b64encode
from io import BytesIO

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from PIL import Image

from a2i_al.errors import InvalidInput, InvalidOutput
from a2i_al.harvest.annotations import Box, KeyValue, Outline, Point, Span
from a2i_al.harvest.kinds import kind_of
from a2i_al.harvest.masks import Mask
from a2i_al.harvest.values import typed, typed_values

SIZE = {"inputImageProperties": {"width": 4, "height": 3}}
CORNERS = [{"label": "a", "vertices": [{"x": 1, "y": 2}, {"x": 3, "y": 4}]}]
NAMES = ["boundingBoxes", "keypoints", "polygons", "entities", "labeledImage", "instances", "blocks", "label", "width"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda x: st.lists(x) | st.dictionaries(st.sampled_from(NAMES) | st.text(), x),
)


@pytest.mark.parametrize(
    ("value", "content"),
    [
        ({"boundingBoxes": [{"label": "a", "left": 1, "top": 2, "width": 3, "height": 4}]}, (Box("a", 1, 2, 3, 4),)),
        ({"keypoints": [{"label": "a", "x": 1, "y": 2.5}]}, (Point("a", 1, 2.5),)),
        ({"polygons": CORNERS}, (Outline("a", ((1, 2), (3, 4))),)),
        ({"lines": CORNERS}, (Outline("a", ((1, 2), (3, 4))),)),
        ({"polylines": CORNERS}, (Outline("a", ((1, 2), (3, 4))),)),
    ],
)
def test_marks_on_a_picture(value, content):
    """Each mark is a record, and the picture's size stands beside."""
    found = typed(value | SIZE)
    assert (found.content, found.size, found.raw) == (content, (4, 3), value | SIZE)


@pytest.mark.parametrize(
    ("value", "kind", "content"),
    [
        ("a", "choice", "a"),
        (["a", "b"], "choices", ("a", "b")),
        (False, "flag", False),
        ({"yes": True, "no": False}, "flags", ("yes",)),
        ("words", "text", "words"),
        (3, "number", 3),
        ({"entities": [{"label": "a", "startOffset": 0, "endOffset": 2}]}, "spans", (Span("a", 0, 2),)),
        ({"moderationLabels": [{"name": "Violence", "parentName": ""}]}, "moderation_labels", ("Violence",)),
        ({"ModerationLabels": ["Violence"]}, "moderation_labels", ("Violence",)),
        ({"rank": [1]}, "other", {"rank": [1]}),
    ],
)
def test_everything_else(value, kind, content):
    """Labels, flags, text, numbers and spans have the plain type of what they are."""
    assert (typed(value, kind).kind, typed(value, kind).content) == (kind, content)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({"boundingBoxes": [{"label": "a", "left": "1", "top": 2, "width": 3, "height": 4}]}, "boxes"),
        ({"boundingBoxes": ["box"]}, "boxes"),
        ({"keypoints": [{"label": 1, "x": 1, "y": 2}]}, "keypoints"),
        ("abc", "choices"),
        (1, "choice"),
        (1, "flag"),
        (True, "number"),
        ({"labeledImage": {"pngImageData": "x"}, "labelMappings": {"a": {"color": "red"}}}, "mask"),
        ("a", "no such kind"),
    ],
)
def test_what_only_looks_like_its_kind_is_other(value, kind):
    """A custom element's own idea of a kind is kept as it is, whole."""
    assert (typed(value, kind).kind, typed(value, kind).content) == ("other", value)


def test_a_documents_fields_and_what_is_written_in_them():
    """A block's own text, which a worker may have put right, goes before that of its words."""
    blocks = [
        {
            "id": "k",
            "entityTypes": ["KEY"],
            "relationships": [{"type": "VALUE", "ids": ["v", "gone"]}, {"type": "CHILD", "ids": ["w1", "w2"]}],
        },
        {"id": "v", "entityTypes": ["VALUE"], "text": "right", "relationships": [{"type": "CHILD", "ids": ["w1"]}]},
        {"id": "w1", "blockType": "WORD", "text": "First"},
        {"id": "w2", "blockType": "WORD", "text": "name"},
        {"id": "k2", "entityTypes": ["KEY"], "text": "Paid", "relationships": [{"type": "VALUE", "ids": ["v2"]}]},
        {"id": "v2", "relationships": [{"type": "CHILD", "ids": ["tick"]}]},
        {"id": "tick", "blockType": "SELECTION_ELEMENT", "selectionStatus": "SELECTED"},
    ]
    assert typed({"blocks": blocks}).content == (KeyValue("First name", "right"), KeyValue("Paid", "SELECTED"))


@given(JSON)
def test_any_json_has_a_typed_value(value):
    """No answer is refused, and what came in is there."""
    assert typed(value).raw == value
    assert typed(value).kind in {kind_of(value), "other"}


def test_a_column_of_typed_values():
    """The kind beside the value tells a choice from a text; without that column the value's look decides."""
    answers = pd.DataFrame({"value": ["a", "a"], "kind": ["choice", "text"]}, index=[5, 6])
    assert [found.kind for found in typed_values(answers)] == ["choice", "text"]
    assert typed_values(answers).index.tolist() == [5, 6]
    assert [found.kind for found in typed_values(answers[["value"]])] == ["text", "text"]
    with pytest.raises(InvalidInput, match="no 'value'"):
        typed_values(answers[["kind"]])


def png(pixels):
    file = BytesIO()
    Image.fromarray(np.array(pixels, dtype=np.uint8)).save(file, "PNG")
    return b64encode(file.getvalue()).decode()


RED, BLUE, CLEAR_RED = (255, 0, 0, 255), (0, 0, 255, 255), (255, 0, 0, 0)


def test_a_mask_tells_the_label_of_every_pixel():
    """By colour; what is transparent is not marked."""
    image = {"pngImageData": png([[RED, BLUE], [CLEAR_RED, (1, 2, 3, 255)]])}
    mappings = {"sky": {"color": "#0000ff"}, "bird": {"color": "#FF0000"}}
    mask = typed({"labelMappings": mappings, "labeledImage": image} | SIZE).content
    assert mask.labels == ("sky", "bird")
    assert mask.pixels().tolist() == [[2, 1], [0, 0]]
    instances = [{"label": "bird", "color": "#ff0000"}, {"label": "bird", "color": "#0000ff"}]
    mask = typed({"instances": instances, "labeledImage": image}).content
    assert mask.labels == ("bird", "bird")
    assert mask.pixels().tolist() == [[1, 2], [0, 0]]


@pytest.mark.parametrize("data", ["not base64!", "aGVsbG8=", ""])
def test_a_damaged_mask_is_found_when_it_is_decoded(data):
    """The table is read without it: only who wants the pixels learns that there are none."""
    mask = typed({"labelMappings": {}, "labeledImage": {"pngImageData": data}}).content
    assert isinstance(mask, Mask)
    with pytest.raises(InvalidOutput, match="a mask cannot be decoded"):
        mask.pixels()


def test_a_mask_that_claims_to_be_enormous_is_refused(monkeypatch):
    """Before memory is taken for it."""
    monkeypatch.setattr("a2i_al.labels.structured.rasters._MOST_PIXELS", 1)
    with pytest.raises(InvalidOutput, match="2 × 1 pixels"):
        Mask((), (), png([[(1, 2, 3), (1, 2, 3)]])).pixels()
