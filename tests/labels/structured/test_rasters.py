"""Segmentations in every form that they come in."""

import numpy as np
import pytest

from a2i_al.harvest.values import typed
from a2i_al.labels.structured.deciding import Unreadable
from a2i_al.labels.structured.rasters import Raster, read_raster, written

SIZE = {"inputImageProperties": {"width": 4, "height": 3}}


def square(side, label="road", left=0):
    corners = [(left, 0), (left + side, 0), (left + side, side), (left, side)]
    return {"label": label, "vertices": [{"x": x, "y": y} for x, y in corners]}


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
