"""Known answers come as a mapping, a Series or a table, and contradict themselves nowhere."""

import pandas as pd
import pytest

from a2i_al.errors import InvalidInput, InvalidTable, UnknownLabel
from a2i_al.labels import consolidate
from a2i_al.labels.gold import known_labels
from tests.labels.conftest import table


@pytest.mark.parametrize(
    "gold",
    [
        {"1": "a", "2": "True"},
        {1: "a", 2: True, 3: None},
        pd.Series({1: "a", 2: "True"}),
        pd.DataFrame({"item_id": [1, 2, 3, 1], "label": ["a", True, None, "a"]}),
    ],
)
def test_every_form_is_read_alike(gold):
    assert known_labels(gold) == {"1": "a", "2": "True"}


def test_a_labels_table_is_gold():
    """What one round's experts said judges the next round's crowd."""
    experts = consolidate(table({"i": "aa", "j": "ab"}), "label")
    assert known_labels(experts) == {"i": "a"}


@pytest.mark.parametrize(
    ("gold", "error", "found"),
    [
        (["a"], InvalidInput, "gold is a list"),
        (pd.DataFrame({"item": [1]}), InvalidTable, "gold lacks 'item_id', 'label'"),
        (pd.DataFrame({"item_id": [1, 1], "label": ["a", "b"]}), InvalidInput, "the labels 'a' and 'b'"),
    ],
)
def test_what_is_no_gold_is_refused(gold, error, found):
    with pytest.raises(error, match=found):
        known_labels(gold)


def test_a_vote_takes_no_gold_and_gold_must_be_offered():
    with pytest.raises(InvalidInput, match="'majority' has no option 'gold'"):
        consolidate(table({"i": "a"}), "label", method="majority", gold={"i": "a"})
    with pytest.raises(UnknownLabel, match="gold gives item 'i' the label 'z'"):
        consolidate(table({"i": "ab"}), "label", method="one_coin", gold={"i": "z"}, labels=["a", "b"])
