"""Kinds of answers: each element's answer is recognised, unwrapped, and can be wrapped again without loss."""

import pytest
from hypothesis import given, strategies as st

from a2i_al.harvest.kinds import kind_of, simplify, wrapped

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda x: st.lists(x) | st.dictionaries(st.sampled_from(["label", "labels", "on", "a"]), x),
)


@pytest.mark.parametrize(
    ("answer", "kind", "simple"),
    [
        ({"label": "a"}, "choice", "a"),
        ({"labels": ["a", "b"]}, "choices", ["a", "b"]),
        ({"labels": []}, "choices", []),
        ({"on": False}, "flag", False),
        ({"yes": True, "no": False}, "flags", {"yes": True, "no": False}),
        ({"label": "a", "more": 1}, "other", {"label": "a", "more": 1}),
        ({"label": 3}, "other", {"label": 3}),
        ({"boundingBoxes": []}, "boxes", {"boundingBoxes": []}),
        ({"boundingBoxes": [], "polygons": []}, "other", {"boundingBoxes": [], "polygons": []}),
        ({"labeledImage": {"pngImageData": ""}}, "mask", {"labeledImage": {"pngImageData": ""}}),
        ({"blocks": []}, "key_values", {"blocks": []}),
        ({"ModerationLabels": []}, "moderation_labels", {"ModerationLabels": []}),
        ("text", "text", "text"),
        (3, "number", 3),
        (0.5, "number", 0.5),
        (True, "other", True),
        (None, "other", None),
        ({}, "other", {}),
        ([], "other", []),
    ],
)
def test_every_element_has_its_kind_and_only_choices_and_flags_lose_their_wrapping(answer, kind, simple):
    """A choice, a multiple choice and a lone flag are unwrapped; nothing else changes."""
    assert (kind_of(answer), simplify(answer)) == (kind, simple)


@given(JSON)
def test_no_answer_loses_anything(answer):
    """The kind and the plain value give back what the form sent, whatever it was."""
    assert wrapped(simplify(answer), kind_of(answer)) == answer
