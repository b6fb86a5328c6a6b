"""Points: matched within a radius and by their labels."""

import pytest
from hypothesis import given, settings, strategies as st

from a2i_al.errors import InvalidInput

SIZE = {"inputImageProperties": {"width": 200, "height": 100}}


def point(x, y=0, label="nose"):
    return {"label": label, "x": x, "y": y}


def test_points_are_matched_within_the_radius(one):
    """10, 11 and 13 are one nose; 100 is nobody else's; another label never matches."""
    values = [{"keypoints": [point(10)]}, {"keypoints": [point(11), point(100)]},
              {"keypoints": [point(13), point(10, label="eye")]}]  # fmt: skip
    row = one(values, kind="keypoints", radius=3)
    assert row["method"] == "keypoints"
    assert row["value"] == {"keypoints": [point(11)]}
    assert [(found["label"], found["votes"]) for found in row["detail"]["keypoints"]] == [
        ("eye", 1), ("nose", 3), ("nose", 1)
    ]  # fmt: skip
    assert [found["votes"] for found in one(values, "keypoints", radius=0.5)["detail"]["keypoints"]] == [1] * 5


def test_the_radius_itself_is_near_enough(one):
    """3 apart, within 3."""
    assert len(one([[point(0)], [point(3)]], "keypoints", radius=3)["detail"]["keypoints"]) == 1


def test_without_a_radius_the_picture_decides(one):
    """A twentieth of its diagonal, 11.2 of 224 pixels; without its size of the points' own extent."""
    near = one([{"keypoints": [point(50)]} | SIZE, {"keypoints": [point(61)]} | SIZE], "keypoints")
    assert near["value"] == {"keypoints": [point(55.5)]} | SIZE
    far = one([{"keypoints": [point(50)]} | SIZE, {"keypoints": [point(62)]} | SIZE], "keypoints")
    assert far["status"] == "tied"
    assert one([[point(0), point(100)], [point(4), point(100)]], "keypoints")["value"]["keypoints"][0] == point(2)
    assert one([[point(5)], [point(5)]], "keypoints")["value"] == {"keypoints": [point(5)]}


def test_a_radius_is_pixels(one):
    with pytest.raises(InvalidInput, match="radius is 0"):
        one([[point(1)]], "keypoints", radius=0)


@settings(max_examples=20)
@given(sets=st.lists(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.sampled_from("ab")), max_size=4),
                     min_size=1, max_size=4))  # fmt: skip
def test_every_point_is_part_of_one_thing(unmoved, sets):
    """Whoever set it, in whatever order."""
    row = unmoved([{"keypoints": [point(*mark) for mark in marks]} for marks in sets], "keypoints", radius=6)
    assert sum(found["votes"] for found in row["detail"]["keypoints"]) == sum(map(len, sets))
