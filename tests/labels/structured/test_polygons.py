"""Polygons and masks: votes by thing and by pixel, in every form that a segmentation comes in."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from a2i_al.errors import InvalidInput, UnreadAnswerWarning
from a2i_al.harvest.annotations import Outline
from a2i_al.harvest.values import typed
from a2i_al.labels.structured.deciding import Unreadable
from a2i_al.labels.structured.rasters import Raster, read_raster, written

SIZE = {"inputImageProperties": {"width": 4, "height": 3}}
GRIDS = st.lists(st.lists(st.lists(st.integers(0, 2), min_size=4, max_size=4), min_size=3, max_size=3), min_size=1,
                 max_size=4)  # fmt: skip


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


def test_pixels_by_hand(one):
    """Columns: all say 1; two of three say 1; 1, 2 and nothing lead together; two of three say nothing."""
    row = one([[[1, 1, 1, 2]], [[1, 1, 2, 0]], [[1, 0, 0, 0]]], "masks")
    assert row["detail"] == {"pixels": {"1": 2}, "tied_pixels": 1}
    assert read_raster(row["value"]).pixels.tolist() == [[1, 1, 0, 0]]
    assert row["confidence"] == pytest.approx((3 + 2 + 1 + 2) / 3 / 4)
    assert row["agreement"] == pytest.approx((2 / 4 + 1 / 4 + 1 / 3) / 3)


def test_more_tied_pixels_than_marked_ones_tie_the_item(one):
    """One of four, which is what borders cost, does not."""
    assert one([[[1, 1, 1, 1]], [[1, 1, 1, 0]]], "masks")["status"] == "agreed"
    row = one([[[1, 1, 1]], [[1, 0, 0]]], "masks")
    assert row["status"] == "tied"
    assert row["value"] is None
    assert one([[[0, 0]], [[0, 0]]], "masks")[["status", "confidence", "agreement"]].tolist() == ["agreed", 1, 1]


def test_every_form_of_a_segmentation_is_read():
    """The page's PNG by label and by instance, harvest's record, run lengths, an array, polygons with their picture."""
    pixels = np.array([[0, 1, 1, 0], [0, 1, 1, 0], [2, 0, 0, 0]], dtype=np.int32)
    page = written(Raster(("a", "b"), pixels))
    colors = {label: look["color"] for label, look in page["labelMappings"].items()}
    instances = {
        "labeledImage": page["labeledImage"],
        "instances": [{"label": n, "color": c} for n, c in colors.items()],
    }
    runs = {"size": [3, 4], "masks": [{"label": "a", "counts": [3, 2, 1, 2, 4]}, {"label": "b", "counts": [2, 1, 9]}]}
    for value in (page, instances, typed(page, "mask").content, runs):
        found = read_raster(value)
        assert found.labels == ("a", "b")
        assert found.pixels.tolist() == pixels.tolist()
    assert read_raster(pixels * 5).labels == ("5", "10")
    assert read_raster(pixels > 0).pixels.tolist() == (pixels > 0).astype(int).tolist()
    outlines = {"polygons": [square(2, "a", left=1)]} | SIZE
    assert read_raster(outlines).pixels.tolist() == [[0, 1, 1, 0], [0, 1, 1, 0], [0, 0, 0, 0]]


def test_several_instances_of_a_label_are_one():
    """Two birds, two colours: bird."""
    page = written(Raster(("a", "b"), np.array([[1, 2]], dtype=np.int32)))
    looks = [look["color"] for look in page["labelMappings"].values()]
    two = {"labeledImage": page["labeledImage"], "instances": [{"label": "bird", "color": color} for color in looks]}
    assert read_raster(two).labels == ("bird",)
    assert read_raster(two).pixels.tolist() == [[1, 1]]


def test_the_result_is_an_answer_of_the_page(one):
    """Harvest decodes it; more labels than colours have a name keep apart."""
    many = np.arange(1, 31, dtype=np.int32).reshape(5, 6)
    row = one([many, many], "masks")
    mask = typed(row["value"], "mask").content
    assert len(set(mask.colors)) == 30
    assert (np.array([0, *map(int, mask.labels)])[mask.pixels()] == many).all()


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"labeledImage": {"pngImageData": "no png"}, "labelMappings": {}}, "cannot be decoded"),
        ({"labeledImage": {"pngImageData": "aGVsbG8="}, "labelMappings": {}}, "cannot be decoded"),
        ({"labeledImage": {"pngImageData": ""}}, "neither 'labelMappings' nor 'instances'"),
        ({"size": [2, 2], "masks": [{"label": "a", "counts": [3]}]}, "add up to 3, not 2 × 2"),
        ({"size": [2, 2], "masks": [{"counts": [4]}]}, "no label and run lengths"),
        ({"size": [0, 2], "masks": []}, "2 × 0 pixels"),
        ({"polygons": []}, "does not tell the size"),
        ([[1, 2], [3]], "no segmentation"),
        (np.array([[0.5]]), "no segmentation"),
        (np.array([[-1]]), "no segmentation"),
        ("mask", "no segmentation"),
    ],
)
def test_what_is_no_segmentation_is_told(value, reason):
    with pytest.raises(Unreadable, match=reason):
        read_raster(value)


def test_a_damaged_record_does_not_count(one):
    """Harvest's record is decoded here, and may turn out to be none."""
    damaged = typed({"labelMappings": {}, "labeledImage": {"pngImageData": "x"}}, "mask").content
    with pytest.warns(UnreadAnswerWarning, match="cannot be decoded"):
        assert one([damaged, [[1]]], "masks")["n_answers"] == 1


def test_masks_of_another_size_do_not_count(one):
    with pytest.warns(UnreadAnswerWarning, match="its picture is 1 × 1 pixels, most are 2 × 1"):
        assert one([[[1, 1]], [[1, 1]], [[1]]], "masks")["n_answers"] == 2
    assert one([[[1, 1]], [[1]]], "masks")["status"] == "tied"


@settings(max_examples=25)
@given(grids=GRIDS)
def test_every_pixel_has_its_plurality(unmoved, grids):
    """Nothing is a vote too; who voted does not matter."""
    row = unmoved(grids, "masks")
    seen = np.array(grids)
    votes = np.array([(seen == label).sum(axis=0) for label in range(3)])
    lead = (votes == votes.max(axis=0)).sum(axis=0) == 1
    assert row["detail"]["tied_pixels"] == (~lead).sum()
    for label in (1, 2):
        assert row["detail"]["pixels"].get(str(label), 0) == (lead & (votes.argmax(axis=0) == label)).sum()
