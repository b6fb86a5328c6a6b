"""Data sets by name: what they hold, and that every one has a card."""

from pathlib import Path

import numpy as np
import pytest

from a2i_al import datasets
from a2i_al.errors import InvalidInput

CARDS = Path(__file__).parents[2] / "datasets"


def test_an_unknown_name_is_refused_with_those_there_are():
    """The error lists the names."""
    with pytest.raises(InvalidInput, match=r"'iris'.*'digits'"):
        datasets.load("iris")


@pytest.mark.parametrize(("name", "shape", "classes"), [("wine", (178, 13), 3), ("breast_cancer", (569, 30), 2)])
def test_bundled_sets_have_their_published_size(name, shape, classes):
    """Rows, columns and classes are those of the original."""
    data = datasets.load(name)
    assert data.features.shape == shape
    assert len(data.labels) == classes
    assert len(data.feature_names) == shape[1]
    assert len(set(data.item_ids)) == len(data.target) == shape[0]


def test_digits_are_pictures_and_numbers_of_the_same_items():
    """One PNG, one row of features and one class per item."""
    data = datasets.load("digits")
    assert set(data.images) == set(data.item_ids)
    assert data.features.shape == (1797, 64)
    assert np.isin(data.target, list("0123456789")).all()
    assert all(image.startswith(b"\x89PNG") for image in data.images.values())


def test_every_data_set_has_a_card():
    """datasets/ says of each where it comes from, its size and its licence."""
    for name in datasets.names():
        card = (CARDS / f"{name}.md").read_text()
        for heading in ("Source", "Licence", "Size"):
            assert f"**{heading}**" in card, f"{name}.md does not say its {heading.lower()}"


def test_no_card_is_left_over():
    """A card without a data set would describe nothing."""
    assert {path.stem for path in CARDS.glob("*.md")} - {"README"} == set(datasets.names())
