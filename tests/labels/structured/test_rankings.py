"""Rankings: Borda's points and Kemeny's order, by hand and against every order there is."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from a2i_al.errors import InvalidInput, UnreadAnswerWarning
from a2i_al.labels.structured.rankings import borda, kemeny, read_ranking

RANKINGS = st.lists(st.permutations("abcd").map(list), min_size=1, max_size=5)


def test_borda_by_hand(one):
    """Points: a 2+2+1, b 1+0+2, c 0+1+0; of nine preferences abc contradicts two."""
    row = one([[*"abc"], [*"acb"], [*"bac"]], "borda")
    assert row["value"] == [*"abc"]
    assert row["detail"] == {"ranking": [*"abc"], "points": {"a": 5, "b": 3, "c": 1}, "tied": []}
    assert row["confidence"] == pytest.approx(7 / 9)
    assert row["agreement"] == pytest.approx((2 / 3 + 2 / 3 + 1 / 3) / 3)


def test_the_capital_of_tennessee():
    """The textbooks' election: 42 of 100 want Memphis, 26 Nashville, 15 Chattanooga, 17 Knoxville, then what is near.

    Borda's points are 194, 173, 126 and 107; Kemeny's order puts Memphis last, and contradicts 207 preferences of 600.
    """
    votes = 42 * [[*"MNCK"]] + 26 * [[*"NCKM"]] + 15 * [[*"CKNM"]] + 17 * [[*"KCNM"]]
    by_points = borda().decide("i", [read_ranking(vote) for vote in votes])
    assert by_points.value == [*"NCMK"]
    assert by_points.detail["points"] == {"N": 194, "C": 173, "M": 126, "K": 107}
    by_pairs = kemeny().decide("i", [read_ranking(vote) for vote in votes])
    assert by_pairs.value == [*"NCKM"]
    assert by_pairs.confidence == pytest.approx(393 / 600)


def test_the_same_points_are_a_tie(one):
    """The ranking with its ties is in the detail."""
    row = one([[*"abc"], [*"bac"]], "borda")
    assert row[["status", "n_answers"]].tolist() == ["tied", 2]
    assert row["detail"]["ranking"] == [["a", "b"], "c"]
    assert row["detail"]["tied"] == [["a", "b"]]


def test_options_that_are_level_or_left_out(one):
    """Level: half a point each; left out: level behind all others."""
    assert one([["a", ["b", "c"]]], "borda")["detail"]["points"] == {"a": 2, "b": 0.5, "c": 0.5}
    assert one([["b"], ["b", "a", "c"]], "borda")["detail"]["points"] == {"b": 4, "a": 1.5, "c": 0.5}


def test_kemeny_and_borda_may_differ(one):
    """Three of five put a above all; by points b leads."""
    values = [[*"abc"]] * 3 + [[*"bca"]] * 2
    assert one(values, "borda")["value"] == [*"bac"]
    row = one(values, "kemeny")
    assert row["value"] == [*"abc"]
    assert row["detail"] == {"orders": 1, "contradicted": 4}


def test_a_circle_has_three_best_orders(one):
    """abc, bca, cab: no order is better than two others."""
    row = one([[*"abc"], [*"bca"], [*"cab"]], "kemeny")
    assert row["status"] == "tied"
    assert row["detail"] == {"orders": 3, "contradicted": 4}


@settings(max_examples=60)
@given(rankings=RANKINGS)
def test_kemeny_is_the_best_of_all_orders(rankings):
    """Found by trying each: its cost, and how many share it."""
    costs = {
        order: sum(order.index(x) > order.index(y) for r in rankings for i, x in enumerate(r) for y in r[i + 1 :])
        for order in permutations("abcd")
    }
    best = min(costs.values())
    decision = kemeny().decide("i", [read_ranking(ranking) for ranking in rankings])
    assert decision.detail == {"orders": sum(cost == best for cost in costs.values()), "contradicted": best}
    if decision.value is not None:
        assert costs[tuple(decision.value)] == best


@settings(max_examples=20)
@given(rankings=RANKINGS, method=st.sampled_from(["borda", "kemeny"]), names=st.permutations("abcd"))
def test_neither_workers_nor_names_of_options_matter(one, unmoved, rankings, method, names):
    new = dict(zip("abcd", names, strict=True))
    row = unmoved(rankings, method)
    renamed = one([[new[x] for x in ranking] for ranking in rankings], method)
    assert renamed["status"] == row["status"]
    if row["value"] is not None:
        assert renamed["value"] == [new[x] for x in row["value"]]


def test_twelve_options_are_the_most(one):
    """More would double the work each; Borda takes any number."""
    options = [f"o{i:02}" for i in range(13)]
    assert one([options[:12]], "kemeny")["value"] == options[:12]
    with pytest.raises(InvalidInput, match="item 'i' has 13 options"):
        one([options], "kemeny")
    assert one([options], "borda")["value"] == options


@pytest.mark.parametrize(
    "value", [[], "abc", ["a", "a"], ["a", ["a", "b"]], [1, 2], {"a": "first"}, {"a": float("nan")}, {"a": True}, {}, 3]
)
def test_what_is_no_ranking_does_not_count(one, value):
    with pytest.warns(UnreadAnswerWarning, match="worker 'u'"):
        assert one([value, ["a", "b"]], "borda")["n_answers"] == 1


def test_every_form_of_a_ranking_is_read(one):
    """A list, an array, an object of ranks; an option alone is ranked."""
    assert one([np.array(["a", "b"]), {"b": 2, "a": 1}], "borda")["value"] == ["a", "b"]
    assert one([["a"]], "kemeny")[["label", "confidence"]].tolist() == ['["a"]', 1]
    with pytest.warns(UnreadAnswerWarning, match="'b' is none of the labels"):
        assert one([["a"], ["b", "a"]], "borda", labels=["a"])["n_answers"] == 1
