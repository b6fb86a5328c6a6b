"""Overlap of boxes and outlines: by hand, symmetric, and right to the pixel."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from a2i_al.labels.structured.matching import assign
from a2i_al.labels.structured.overlap import box_iou, enclosed, pixel_iou, rasters

CORNERS = st.tuples(st.floats(-100, 100), st.floats(-100, 100), st.floats(0, 50), st.floats(0, 50))
BOXES = st.lists(CORNERS.map(lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3])), max_size=4)


@pytest.mark.parametrize(
    ("a", "b", "iou"),
    [
        ((0, 0, 2, 2), (0, 0, 2, 2), 1),
        ((0, 0, 2, 2), (1, 1, 3, 3), 1 / 7),
        ((0, 0, 4, 4), (1, 1, 3, 3), 4 / 16),
        ((0, 0, 1, 1), (1, 0, 2, 1), 0),
        ((0, 0, 0, 0), (0, 0, 0, 0), 0),
    ],
)
def test_hand_worked_boxes(a, b, iou):
    assert box_iou([a], [b]) == pytest.approx(iou)


@given(a=BOXES, b=BOXES)
def test_iou_is_symmetric_and_a_share(a, b):
    """Of any number of boxes, none included."""
    found = box_iou(a, b)
    assert found.shape == (len(a), len(b))
    np.testing.assert_allclose(found, box_iou(b, a).T, rtol=1e-12)
    assert ((found >= 0) & (found <= 1 + 1e-12)).all()


def test_a_triangle_encloses_the_pixels_whose_middle_it_covers():
    """The diagonal passes through middles, which count on one side of a shape only: two triangles make the square."""
    lower = enclosed(np.array([[0, 0], [0, 4], [4, 4]]), (4, 4))
    upper = enclosed(np.array([[0, 0], [4, 0], [4, 4]]), (4, 4))
    assert (lower ^ upper).all()
    assert lower[3, 0]
    assert upper[0, 3]


def test_a_pixel_is_enclosed_by_its_middle():
    """From 0.4 to 2.6 the middles at 0.5, 1.5 and 2.5; from 0.6 to 2.4 that at 1.5; rows likewise."""
    wide = enclosed(np.array([[0.4, 0], [2.6, 0], [2.6, 1], [0.4, 1]]), (1, 4))
    narrow = enclosed(np.array([[0.6, 0], [2.4, 0], [2.4, 1], [0.6, 1]]), (1, 4))
    tall = enclosed(np.array([[0, 0.6], [0, 2.6], [1, 2.6], [1, 0.6]]), (4, 1))
    assert (wide.astype(int).tolist(), narrow.astype(int).tolist()) == ([[1, 1, 1, 0]], [[0, 1, 0, 0]])
    assert tall.ravel().astype(int).tolist() == [0, 1, 1, 0]


def test_an_outline_may_cross_itself_and_leave_the_picture():
    """Even-odd: what is enclosed twice is outside; what lies beyond the picture is cut off."""
    star = np.array([[0, 0], [6, 0], [6, 6], [0, 6], [0, 0], [2, 2], [4, 2], [4, 4], [2, 4], [2, 2]])
    found = enclosed(star, (6, 6))
    assert not found[2:4, 2:4].any()
    assert found.sum() == 32
    assert enclosed(np.array([[-5, -5], [50, -5], [50, 50], [-5, 50]]), (3, 2)).all()
    assert not enclosed(np.array([[10, 10], [20, 10], [20, 20]]), (3, 2)).any()


@given(side=st.floats(0.5, 1000), shift=st.floats(0, 1), left=st.floats(-500, 500))
def test_outlines_overlap_as_their_boxes_do(side, shift, left):
    """Squares, on a grid of their own: right to two percent at any scale."""
    first = np.array([[0, 0], [side, 0], [side, side], [0, side]]) + left
    second = first + np.array([shift * side, 0])
    boxes = [[*at.min(axis=0), *at.max(axis=0)] for at in (first, second)]
    assert pixel_iou(*rasters([first, second])) == pytest.approx(float(box_iou(boxes[:1], boxes[1:])[0, 0]), abs=0.02)


def test_nothing_overlaps_nothing_fully():
    """Two empty masks are alike; no outlines have no rasters."""
    empty = np.zeros((2, 2), dtype=bool)
    assert pixel_iou(empty, empty) == 1
    assert rasters([]) == []
    assert pixel_iou(*rasters([np.zeros((3, 2)), np.zeros((3, 2))])) == 1


def test_assignment_takes_the_best_sum_and_leaves_out_what_does_not_fit():
    """0.9 alone is worth less than 0.8 and 0.7."""
    assert assign(np.array([[0.9, 0.8], [0.7, 0.0]])) == [(0, 1), (1, 0)]
    assert assign(np.array([[0.9, 0.0], [0.0, 0.0]])) == [(0, 0)]
    assert assign(np.zeros((0, 3))) == assign(np.zeros((2, 2))) == []
