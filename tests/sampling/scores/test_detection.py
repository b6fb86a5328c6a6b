"""Image scores against hand-worked values, and lists of boxes against tables of them."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from a2i_al.errors import InvalidInput, InvalidProbabilities, InvalidTable
from a2i_al.sampling.scores.detection import image_uncertainty, table_uncertainty

AGGREGATES = ["sum", "mean", "max", "top"]
MEASURES = ["margin", "entropy", "least_confidence", "ratio"]
IMAGES = st.lists(st.lists(st.floats(0, 1), max_size=5), min_size=1, max_size=8)


def as_table(images):
    """One row per box, in the order of the images, whose ids are their numbers."""
    rows = [(str(at), box) for at, boxes in enumerate(images) for box in boxes]
    return pd.DataFrame(rows, columns=["item_id", "confidence"]).astype({"item_id": object, "confidence": float})


def test_hand_worked_values():
    """Confidences 0.5, 0.75, 1 and 0.9 are unsure by 1, 0.5, 0 and 0.2; the second image has no box."""
    images = [[0.5, 0.75, 1.0, 0.9], [], [0.75]]
    assert image_uncertainty(images) == pytest.approx([1.7, 0.0, 0.5])
    assert image_uncertainty(images, aggregate="mean") == pytest.approx([0.425, 0.0, 0.5])
    assert image_uncertainty(images, aggregate="max") == pytest.approx([1.0, 0.0, 0.5])
    assert image_uncertainty(images, aggregate="top", top=2) == pytest.approx([0.75, 0.0, 0.5])


def test_class_distributions_are_scored_as_those_of_whole_images():
    """1 - (0.5 - 0.3), and the entropy by hand."""
    images = [[[0.5, 0.3, 0.2], [1.0, 0.0, 0.0]]]
    by_hand = -(0.5 * math.log(0.5) + 0.3 * math.log(0.3) + 0.2 * math.log(0.2))
    assert image_uncertainty(images) == pytest.approx([0.8])
    assert image_uncertainty(images, measure="entropy") == pytest.approx([by_hand])
    assert image_uncertainty(images, measure="least_confidence") == pytest.approx([0.5])
    assert image_uncertainty(images, measure="ratio") == pytest.approx([0.6])


def test_a_row_within_the_tolerance_above_one_does_not_score_below_zero():
    """Nothing is more certain than certain."""
    assert image_uncertainty([[[1.0005, 0.0]]]).tolist() == [0.0]


@pytest.mark.parametrize("aggregate", AGGREGATES)
def test_an_image_without_boxes_gets_the_score_it_was_given(aggregate):
    """Also if no image has any."""
    options = {"aggregate": aggregate, "without_boxes": 0.3}
    assert image_uncertainty([[], [1.0], np.empty((0, 4))], **options).tolist() == [0.3, 0.0, 0.3]
    assert image_uncertainty([[], []], **options).tolist() == [0.3, 0.3]
    assert image_uncertainty([]).shape == (0,)


@pytest.mark.parametrize("measure", MEASURES)
@given(images=IMAGES)
def test_a_confidence_is_a_choice_between_two_classes(measure, images):
    """The same as columns c and 1 - c; and 1 - c is as unsure as c."""
    two_columns = [[[c, 1 - c] for c in boxes] for boxes in images]
    scores = image_uncertainty(images, measure=measure)
    assert image_uncertainty(two_columns, measure=measure) == pytest.approx(scores)
    assert image_uncertainty([[1 - c for c in boxes] for boxes in images], measure=measure) == pytest.approx(scores)


@pytest.mark.parametrize("aggregate", AGGREGATES)
@given(images=IMAGES, seed=st.integers(0, 99))
def test_a_table_scores_as_the_list_does_in_any_order_of_its_rows(aggregate, images, seed):
    """The scores come in the order of the ids, which need not be that of the table, and rows of any index."""
    table = as_table(images).sample(frac=1, random_state=seed)
    ids = np.random.default_rng(seed).permutation(len(images))
    expected = image_uncertainty(images, aggregate=aggregate)[ids]
    assert table_uncertainty(table, ids, aggregate=aggregate) == pytest.approx(expected)


def test_a_table_of_class_probabilities():
    """Columns `proba_...` go before a confidence; float32 is fine."""
    table = pd.DataFrame(
        {"item_id": ["a", "b"], "confidence": [0.5, 0.5], "proba_cat": [1.0, 0.6], "proba_dog": [0.0, 0.4]}
    ).astype({"proba_cat": np.float32, "proba_dog": np.float32})
    assert table_uncertainty(table, ["b", "a"]) == pytest.approx([0.8, 0.0])


@given(images=IMAGES)
def test_aggregates_are_ordered(images):
    """mean <= top <= max <= sum."""
    mean, top, most, total = (image_uncertainty(images, aggregate=each) for each in ("mean", "top", "max", "sum"))
    assert (mean <= top + 1e-12).all()
    assert (top <= most + 1e-12).all()
    assert (most <= total + 1e-12).all()


@pytest.mark.parametrize("bad", [-0.1, 1.5, math.nan])
def test_what_is_no_confidence_is_refused(bad):
    """In lists and in tables."""
    with pytest.raises(InvalidProbabilities, match="a box has confidence"):
        image_uncertainty([[0.5], [bad]])
    with pytest.raises(InvalidProbabilities, match="a box has confidence"):
        table_uncertainty(as_table([[0.5], [bad]]), ["0", "1"])


def test_boxes_of_different_shapes_are_refused():
    """Confidences beside distributions, unequal numbers of classes, a number instead of a list."""
    for images in ([[0.5], [[0.5, 0.5]]], [[[0.5, 0.5]], [[0.2, 0.3, 0.5]]], [0.5, 0.5], [np.full((2, 2, 2), 0.5)]):
        with pytest.raises(InvalidInput, match="the images' boxes have the shapes"):
            image_uncertainty(images)
    with pytest.raises(InvalidProbabilities, match="the boxes of image 1 cannot be read"):
        image_uncertainty([[0.5], ["a"]])


def test_tables_that_do_not_fit_the_pool_are_refused():
    """An absent column, a box of an unknown image, an id given twice."""
    table = as_table([[0.5], [0.6]])
    with pytest.raises(InvalidTable, match="the boxes lack 'confidence'"):
        table_uncertainty(table[["item_id"]], ["0", "1"])
    with pytest.raises(InvalidTable, match="a box belongs to '1'"):
        table_uncertainty(table, ["0", "2"])
    with pytest.raises(InvalidTable, match="the boxes are a dict"):
        table_uncertainty({"item_id": ["0"], "confidence": [0.5]}, ["0"])
    with pytest.raises(InvalidInput, match="item id '0' is given twice"):
        table_uncertainty(table, ["0", "1", "0"])


def test_unknown_options_are_refused():
    """The message lists the others."""
    with pytest.raises(InvalidInput, match="'sum', 'mean', 'max', 'top'"):
        image_uncertainty([[0.5]], aggregate="min")
    with pytest.raises(InvalidInput, match="'margin', 'entropy'"):
        image_uncertainty([[0.5]], measure="variance")
    with pytest.raises(InvalidInput, match="without_boxes is nan"):
        image_uncertainty([[0.5]], without_boxes=math.nan)
    with pytest.raises(InvalidInput, match="without_boxes is None"):
        image_uncertainty([[0.5]], without_boxes=None)
