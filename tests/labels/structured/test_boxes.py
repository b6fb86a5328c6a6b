"""Boxes: matched across workers, kept by votes, fused within what was drawn; ties and odd answers shown."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from a2i_al.errors import InvalidInput, UnreadAnswerWarning
from a2i_al.harvest.annotations import Box, Point
from a2i_al.harvest.values import typed

SIZE = {"inputImageProperties": {"width": 200, "height": 100}}

BOXES = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(5, 40), st.integers(5, 40), st.sampled_from("ab")),
    max_size=4,
)


def box(left, top=0, width=10, height=10, label="dog"):
    return {"label": label, "left": left, "top": top, "width": width, "height": height}


def drawn(*boxes):
    return {"boundingBoxes": list(boxes)} | SIZE


def test_hand_worked(one):
    """The dog: three of three, its median 1 to the right. The cat: one of three, out. Pairs: F1 of 2/3, 1 and 2/3."""
    row = one([drawn(box(0)), drawn(box(1), box(50, label="cat")), drawn(box(2))], kind="boxes")
    assert row["method"] == "boxes"
    assert row["value"] == drawn(box(1))
    assert row[["status", "n_answers"]].tolist() == ["agreed", 3]
    assert row["confidence"] == pytest.approx((1 + 2 / 3) / 2)
    assert row["agreement"] == pytest.approx((2 / 3 + 1 + 2 / 3) / 3)
    told = [(found["label"], found["votes"], found["verdict"]) for found in row["detail"]["boundingBoxes"]]
    assert told == [("dog", 3, "in"), ("cat", 1, "out")]


def test_the_result_is_an_answer_again(one):
    """Harvest reads it as it reads a worker's."""
    value = one([drawn(box(0)), drawn(box(1))], "boxes")["value"]
    assert typed(value).content == (Box("dog", 0.5, 0, 10, 10),)
    assert typed(value).size == (200, 100)


def test_records_of_harvest_are_answers_too(one):
    """Instead of the page's objects, and in a plain list."""
    assert one([(Box("dog", 0, 0, 10, 10),), [box(0)]], "boxes")["value"] == {"boundingBoxes": [box(0)]}
    points = one([(Point("nose", 3, 4),), {"keypoints": [{"label": "nose", "x": 3, "y": 4}]}], "keypoints")
    assert points["value"] == {"keypoints": [{"label": "nose", "x": 3, "y": 4}]}


def test_mean_and_median_differ(one):
    """0, 1 and 5: in the median 1, in the mean 2."""
    answers = [drawn(box(left, width=30)) for left in (0, 1, 5)]
    assert one(answers, "boxes")["value"]["boundingBoxes"][0]["left"] == 1
    assert one(answers, "boxes", fuse="mean")["value"]["boundingBoxes"][0]["left"] == 2


def test_a_mean_of_equal_sides_is_that_side(one):
    """Not the 0.10000000000000002 that three times 0.1 come to."""
    row = one([drawn(box(0.1))] * 3, "boxes", fuse="mean")
    assert row["value"]["boundingBoxes"][0]["left"] == 0.1


def test_the_answer_that_fits_best_stands_first(one):
    """0 and 6 overlap too little for each other, but 3 is enough for both."""
    answers = [drawn(box(0)), drawn(box(3)), drawn(box(6))]
    assert [found["votes"] for found in one(answers, "boxes")["detail"]["boundingBoxes"]] == [3]


def test_a_box_that_half_drew_ties_the_item(one):
    """And a threshold that takes a side unties it."""
    answers = [drawn(box(0), box(50)), drawn(box(0))]
    row = one(answers, "boxes")
    assert row["status"] == "tied"
    assert row["value"] is None
    assert [found["verdict"] for found in row["detail"]["boundingBoxes"]] == ["in", "tied"]
    assert len(one(answers, "boxes", threshold=0.4)["value"]["boundingBoxes"]) == 2
    assert len(one(answers, "boxes", threshold=0.6)["value"]["boundingBoxes"]) == 1


def test_that_there_is_nothing_is_never_concluded_from_what_nobody_said(one):
    """Three boxes in three places tie the item; where one of the three drew none, there is none."""
    apart = [drawn(box(0)), drawn(box(50)), drawn(box(100))]
    assert one(apart, "boxes")["status"] == "tied"
    assert one([*apart[:2], drawn()], "boxes")["value"] == drawn()


def test_a_box_has_the_label_that_most_gave_it(one):
    """Two labels that lead together tie the item, though all drew the box."""
    assert one([drawn(box(0)), drawn(box(0)), drawn(box(0, label="cat"))], "boxes")["value"] == drawn(box(0))
    row = one([drawn(box(0)), drawn(box(0, label="cat"))], "boxes")
    assert row["status"] == "tied"
    assert row["detail"]["boundingBoxes"][0]["labels"] == {"cat": 1, "dog": 1}
    assert row["agreement"] == 0


def test_overlap_decides_what_is_the_same_thing(one):
    """Shifted by 5 of 10: IoU is a third."""
    answers = [drawn(box(0)), drawn(box(5)), drawn(box(0))]
    assert [found["votes"] for found in one(answers, "boxes")["detail"]["boundingBoxes"]] == [2, 1]
    assert [found["votes"] for found in one(answers, "boxes", iou=0.3)["detail"]["boundingBoxes"]] == [3]


def test_matching_is_the_best_for_all_and_not_the_first(one):
    """0 overlaps 2 and -2 alike well; only one of the two pairings leaves the other box a partner."""
    answers = [drawn(box(10), box(14)), drawn(box(12), box(16))]
    assert [found["votes"] for found in one(answers, "boxes", iou=0.4)["detail"]["boundingBoxes"]] == [2, 2]


def test_a_rider_and_her_horse_stay_two(one):
    """Two labels on nearly one place: like is matched with like, though the unlike overlap more."""
    first, second = (
        drawn(box(0, label="horse"), box(1, label="rider")),
        drawn(box(1, label="horse"), box(2, label="rider")),
    )
    value = one([first, second], "boxes")["value"]["boundingBoxes"]
    assert [(found["label"], found["left"]) for found in value] == [("horse", 0.5), ("rider", 1.5)]


def test_nobody_drew_anything(one):
    """That is an answer, and all agree; one worker alone is sure."""
    empty = one([drawn(), drawn()], "boxes")
    assert empty[["status", "confidence", "agreement"]].tolist() == ["agreed", 1, 1]
    assert empty["value"] == drawn()
    assert one([drawn(box(3))], "boxes")["value"] == drawn(box(3))


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"boundingBoxes": [{"label": "dog", "left": 0, "top": 0, "width": 5}]}, "no 'height'"),
        ({"boundingBoxes": [box(float("nan"))]}, "left is no position"),
        ({"boundingBoxes": [box(10**400)]}, "left is no position"),
        ({"boundingBoxes": [box("1")]}, "left is no position"),
        ({"boundingBoxes": [box(0, width=0)]}, "0.0 wide"),
        ({"boundingBoxes": [box(0, label=None)]}, "a label is no text"),
        ({"boundingBoxes": "none"}, "no list 'boundingBoxes'"),
        ({"keypoints": []}, "no list 'boundingBoxes'"),
        ("a dog", "no list 'boundingBoxes'"),
    ],
)
def test_what_is_no_box_does_not_count(one, value, reason):
    with pytest.warns(UnreadAnswerWarning, match=reason):
        row = one([value, drawn(box(0))], "boxes")
    assert row[["status", "n_answers"]].tolist() == ["agreed", 1]


def test_labels_that_were_not_offered_do_not_count(one):
    with pytest.warns(UnreadAnswerWarning, match="'cat' is none of the labels"):
        assert one([drawn(box(0, label="cat")), drawn(box(0))], "boxes", labels=["dog"])["n_answers"] == 1


def test_pictures_of_different_sizes_are_not_compared(one):
    """The commonest size counts; where two lead, the item is tied and says why."""
    other = {"boundingBoxes": [box(0)], "inputImageProperties": {"width": 100, "height": 50}}
    with pytest.warns(UnreadAnswerWarning, match="its picture is 100 × 50 pixels, most are 200 × 100"):
        row = one([drawn(box(1)), drawn(box(1)), other], "boxes")
    assert row[["status", "n_answers"]].tolist() == ["agreed", 2]
    tied = one([drawn(box(1)), other], "boxes")
    assert tied[["status", "n_answers"]].tolist() == ["tied", 2]
    assert tied["detail"] == {"picture_sizes": {"100 × 50": 1, "200 × 100": 1}}
    assert one([drawn(box(1)), {"boundingBoxes": [box(1)]}], "boxes")["n_answers"] == 2


@pytest.mark.parametrize("options", [{"iou": 0}, {"iou": 1.1}, {"threshold": 0}, {"fuse": "max"}])
def test_options_are_checked(one, options):
    with pytest.raises(InvalidInput):
        one([drawn()], "boxes", **options)


@settings(max_examples=20)
@given(sets=st.lists(BOXES, min_size=1, max_size=4), fuse=st.sampled_from(["median", "mean"]))
def test_a_fused_box_lies_within_the_hull_and_the_order_does_not_matter(unmoved, sets, fuse):
    """Every box that anybody drew is part of one thing."""
    values = [drawn(*(box(*mark) for mark in marks)) for marks in sets]
    row = unmoved(values, "boxes", fuse=fuse, threshold=0.3)
    things = row["detail"]["boundingBoxes"]
    assert sum(thing["votes"] for thing in things) == sum(map(len, sets))
    assert all(sum(thing["labels"].values()) == thing["votes"] <= len(sets) for thing in things)
    every = np.array([(x, y, x + w, y + h) for marks in sets for x, y, w, h, _ in marks])
    for thing in things:
        sides = [thing["left"], thing["top"], thing["left"] + thing["width"], thing["top"] + thing["height"]]
        assert (every.min(axis=0) - 1e-9 <= sides).all()
        assert (sides <= every.max(axis=0) + 1e-9).all()


@settings(max_examples=20)
@given(sets=st.lists(BOXES, min_size=1, max_size=3))
def test_renaming_the_labels_renames_the_result(one, sets):
    """Which label is whose does not decide what is matched."""
    renamed = [[(*mark[:4], {"a": "b", "b": "a"}[mark[4]]) for mark in marks] for marks in sets]
    before, after = (one([drawn(*(box(*m) for m in marks)) for marks in s], "boxes") for s in (sets, renamed))
    assert before[["status", "n_answers"]].tolist() == after[["status", "n_answers"]].tolist()
    assert before["agreement"] == pytest.approx(after["agreement"], nan_ok=True)
