"""Several labels: each by its own vote, ties shown, everything that names labels read."""

import warnings

import numpy as np
import pandas as pd
import pytest
from crowdkit.aggregation import BinaryRelevance
from hypothesis import given, settings, strategies as st

from a2i_al.errors import InvalidInput, UnreadAnswerWarning
from a2i_al.labels import consolidate

SETS = st.lists(st.lists(st.sampled_from("abcd"), unique=True), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("values", "options", "kept", "tied"),
    [
        ([["a", "b"], ["a"], ["a", "c"]], {}, ["a"], []),
        ([["a", "b"], ["a"], ["a", "c"]], {"threshold": 0.3}, ["a", "b", "c"], []),
        ([["a", "b"], ["a", "b"], ["a"]], {"threshold": 2 / 3}, ["a", "b"], []),
        ([["a", "b"], ["a", "b"], ["a"]], {"threshold": 0.7}, ["a"], []),
        ([["a", "b"], ["a"]], {}, None, ["b"]),
        ([["a", "b"], ["a"]], {"threshold": 0.51}, ["a"], []),
        ([[], [], ["a"]], {}, [], []),
        ([["b", "a"]], {}, ["a", "b"], []),
        ([["a"], ["b"], ["c"]], {}, None, ["a", "b", "c"]),
        ([["a"], ["b"], []], {}, [], []),
        ([["a", "b"], ["a", "c"], ["a"], ["b"], ["d"]], {"threshold": 0.9}, None, ["a"]),
    ],
)
def test_hand_worked(one, values, options, kept, tied):
    """A label stays if its share reaches the threshold; half for and half against is a tie."""
    row = one(values, "multi_label", **options)
    assert row["value"] == kept
    assert row["detail"]["tied"] == tied
    assert row["status"] == ("tied" if tied else "agreed")


def test_but_for_ties_it_is_crowd_kits(answers):
    """Label by label, where three people chose."""
    rng = np.random.default_rng(0)
    grid = {f"i{n}": [[c for c in "abcd" if rng.random() < 0.4] for _ in range(3)] for n in range(40)}
    ours = consolidate(answers(grid), "f", method="multi_label").set_index("item_id")
    rows = [(item, worker, said) for item, given in grid.items() for worker, said in zip("uvw", given, strict=True)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = BinaryRelevance().fit(pd.DataFrame(rows, columns=["task", "worker", "label"])).labels_
    clear = ours[ours["status"] == "agreed"]
    assert len(clear) > 30
    assert clear["value"].tolist() == [sorted(theirs[item]) for item in clear.index]


def test_confidence_and_agreement_by_hand(one):
    """a: 3 of 3 for, b and c: 2 of 3 against. Jaccard of the pairs: 1/2, 1/3, 1/2."""
    row = one([["a", "b"], ["a"], ["a", "c"]], "multi_label")
    assert row["confidence"] == pytest.approx((1 + 2 / 3 + 2 / 3) / 3)
    assert row["agreement"] == pytest.approx((1 / 2 + 1 / 3 + 1 / 2) / 3)
    assert one([[], []], "multi_label")[["confidence", "agreement", "label"]].tolist() == [1, 1, "[]"]
    assert np.isnan(one([["a"]], "multi_label")["agreement"])


@pytest.mark.parametrize(
    "value",
    [
        ["a", "b"],
        ("b", "a"),
        np.array(["a", "b"]),
        {"labels": ["a", "b"]},
        {"a": True, "b": True, "c": False},
        {"moderationLabels": [{"name": "a"}, {"Name": "b"}]},
        {"ModerationLabels": ["a", "b"]},
    ],
)
def test_every_form_that_names_labels_is_read(one, value):
    assert one([value], "multi_label")["label"] == '["a", "b"]'


@pytest.mark.parametrize("value", ["ab", 3, {"a": 1}, {}, [1], [["a"]], {"moderationLabels": [{"x": 1}]}])
def test_what_names_no_labels_does_not_count(one, value):
    with pytest.warns(UnreadAnswerWarning, match="no list of labels"):
        assert one([value, ["a"]], "multi_label")[["label", "n_answers"]].tolist() == ['["a"]', 1]


@pytest.mark.parametrize("threshold", [0, -1, 1.5, float("nan")])
def test_a_threshold_is_a_share(one, threshold):
    with pytest.raises(InvalidInput, match="threshold is"):
        one([["a"]], "multi_label", threshold=threshold)


@settings(max_examples=30)
@given(sets=SETS, threshold=st.sampled_from([0.3, 0.5, 2 / 3, 1.0]), names=st.permutations("abcd"))
def test_only_the_sets_matter(one, unmoved, sets, threshold, names):
    """Not who chose them, in which order, or what the labels are called."""
    row = unmoved(sets, "multi_label", threshold=threshold)
    new = dict(zip("abcd", names, strict=True))
    renamed = one([[new[x] for x in labels] for labels in sets], "multi_label", threshold=threshold)
    assert renamed["status"] == row["status"]
    if row["value"] is not None:
        assert sorted(new[x] for x in row["value"]) == renamed["value"]
        assert 0 <= row["confidence"] <= 1
    counts = {label: sum(label in labels for labels in sets) for label in "abcd"}
    assert {k: n for k, n in counts.items() if n} == row["detail"]["votes"]
