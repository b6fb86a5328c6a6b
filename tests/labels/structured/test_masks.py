"""Masks: the plurality of every pixel, and what is tied."""

import warnings

import numpy as np
import pandas as pd
import pytest
from crowdkit.aggregation import SegmentationMajorityVote
from hypothesis import given, settings, strategies as st

from a2i_al.errors import UnreadAnswerWarning
from a2i_al.harvest.values import typed
from a2i_al.labels import consolidate
from a2i_al.labels.structured.rasters import read_raster

GRIDS = st.lists(st.lists(st.lists(st.integers(0, 2), min_size=4, max_size=4), min_size=3, max_size=3), min_size=1,
                 max_size=4)  # fmt: skip


def test_pixels_by_hand(one):
    """Columns: all say 1; two of three say 1; 1, 2 and nothing lead together; two of three say nothing."""
    row = one([[[1, 1, 1, 2]], [[1, 1, 2, 0]], [[1, 0, 0, 0]]], "masks")
    assert row["detail"] == {"pixels": {"1": 2}, "tied_pixels": 1}
    assert read_raster(row["value"]).pixels.tolist() == [[1, 1, 0, 0]]
    assert row["confidence"] == pytest.approx((3 + 2 + 1 + 2) / 3 / 4)
    assert row["agreement"] == pytest.approx((2 / 4 + 1 / 4 + 1 / 3) / 3)


def test_one_label_and_three_people_are_crowd_kits(answers):
    """Its vote is over pixels that are or are not."""
    rng = np.random.default_rng(0)
    grid = {f"i{n}": list(rng.random((3, 5, 6)) < 0.6) for n in range(12)}
    ours = consolidate(
        answers({item: [mask.astype(int).tolist() for mask in masks] for item, masks in grid.items()}), "f",
        method="masks",
    )  # fmt: skip
    rows = [(item, worker, mask) for item, masks in grid.items() for worker, mask in zip("uvw", masks, strict=True)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = pd.DataFrame(rows, columns=["task", "worker", "segmentation"])
        theirs = SegmentationMajorityVote().fit(data).segmentations_
    for row in ours.itertuples():
        assert (read_raster(row.value).pixels.astype(bool) == theirs[row.item_id]).all()


def test_more_tied_pixels_than_marked_ones_tie_the_item(one):
    """One of four, which is what borders cost, does not."""
    assert one([[[1, 1, 1, 1]], [[1, 1, 1, 0]]], "masks")["status"] == "agreed"
    row = one([[[1, 1, 1]], [[1, 0, 0]]], "masks")
    assert row["status"] == "tied"
    assert row["value"] is None
    assert one([[[0, 0]], [[0, 0]]], "masks")[["status", "confidence", "agreement"]].tolist() == ["agreed", 1, 1]


def test_that_there_is_nothing_is_never_concluded_from_what_nobody_said(one):
    """Three pixels of three people, none of them twice: tied; where one of the three marked none, there is none."""
    apart = [[[1, 0, 0]], [[0, 1, 0]], [[0, 0, 1]]]
    assert one(apart, "masks")["status"] == "tied"
    assert one([*apart[:2], [[0, 0, 0]]], "masks")["status"] == "agreed"


def test_the_result_is_an_answer_of_the_page(one):
    """Harvest decodes it; more labels than colours have a name keep apart."""
    many = np.arange(1, 31, dtype=np.int32).reshape(5, 6)
    row = one([many, many], "masks")
    mask = typed(row["value"], "mask").content
    assert len(set(mask.colors)) == 30
    assert (np.array([0, *map(int, mask.labels)])[mask.pixels()] == many).all()


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
