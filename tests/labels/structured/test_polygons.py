"""Polygons: matched as boxes are, the drawing closest to the vote kept."""

import pytest

from a2i_al.errors import InvalidInput, UnreadAnswerWarning
from a2i_al.harvest.annotations import Outline
from a2i_al.harvest.values import typed


def square(side, label="road", left=0):
    corners = [(left, 0), (left + side, 0), (left + side, side), (left, side)]
    return {"label": label, "vertices": [{"x": x, "y": y} for x, y in corners]}


def test_the_drawing_closest_to_the_vote_stays(one):
    """10, 11 and 14: the second is the vote of the three; its own corners are kept."""
    row = one([{"polygons": [square(side)]} for side in (10, 11, 14)], kind="polygons")
    assert row["method"] == "polygons"
    assert row["value"] == {"polygons": [square(11)]}
    assert row[["status", "confidence", "agreement"]].tolist() == ["agreed", 1, 1]
    assert typed(row["value"]).content == (Outline("road", ((0, 0), (11, 0), (11, 11), (0, 11))),)


def test_polygons_are_matched_and_voted_on_as_boxes_are(one):
    """What one of three drew is out; what one of two drew is a tie; records and pairs of numbers are read."""
    three = one([[square(10)], [square(10), square(10, left=50)], [square(10)]], "polygons")
    assert [(found["votes"], found["verdict"]) for found in three["detail"]["polygons"]] == [(3, "in"), (1, "out")]
    assert one([[square(10)], []], "polygons")["status"] == "tied"
    pairs = Outline("road", ((0, 0), (10, 0), (10, 10), (0, 10)))
    assert one([[square(10)], (pairs,)], "polygons")["value"] == {"polygons": [square(10)]}


def test_a_thin_cross_in_one_hull_is_no_match(one):
    """Two triangles of one bounding box overlap in nothing."""
    upper = {"label": "road", "vertices": [{"x": 0, "y": 0}, {"x": 9, "y": 0}, {"x": 9, "y": 9}]}
    lower = {"label": "road", "vertices": [{"x": 0, "y": 0}, {"x": 0, "y": 9}, {"x": 9, "y": 9}]}
    assert one([[upper], [lower]], "polygons")["agreement"] == 0


@pytest.mark.parametrize("vertices", [[], [{"x": 0, "y": 0}] * 2, None, [{"x": 0}] * 3, [(0, 1, 2)] * 3])
def test_what_is_no_polygon_does_not_count(one, vertices):
    with pytest.warns(UnreadAnswerWarning):
        assert one([[{"label": "a", "vertices": vertices}], [square(3)]], "polygons")["n_answers"] == 1
    with pytest.raises(InvalidInput, match="iou is 2"):
        one([[]], "polygons", iou=2)
