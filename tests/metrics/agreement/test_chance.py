"""Fleiss' kappa and Gwet's AC1: published and hand-worked examples, statsmodels' answer."""

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st
from statsmodels.stats.inter_rater import fleiss_kappa as statsmodels_kappa

from a2i_al.errors import InvalidInput
from a2i_al.metrics import fleiss_kappa, gwet_ac1, krippendorff_alpha

# Fleiss 1971, table 1: how many of six psychiatrists gave each of 30 patients each of five diagnoses.
DIAGNOSES = [
    "00060", "03003", "01401", "00006", "03030", "20400", "00402", "20310", "20040", "00006",
    "10050", "11040", "03300", "10050", "02031", "00501", "30012", "51000", "02040", "10203",
    "00006", "01050", "02013", "20040", "10041", "05010", "40002", "02040", "10500", "00006",
]  # fmt: skip
MATRICES = st.integers(2, 5).flatmap(
    lambda raters: st.lists(st.lists(st.sampled_from("abc"), min_size=raters, max_size=raters), min_size=1, max_size=8)
)


def matrix(counts):
    """Return raters × items from each item's counts per class."""
    return np.array([[c for c, n in enumerate(row) for _ in range(int(n))] for row in counts]).T


def test_the_diagnoses_of_1971():
    """Kappa 0.430, as published."""
    assert round(fleiss_kappa(matrix(DIAGNOSES)), 3) == 0.430


@given(items=MATRICES)
def test_fleiss_is_statsmodels(items):
    """Wherever more than one class occurs."""
    table = np.array([[row.count(c) for c in "abc"] for row in items])
    found = fleiss_kappa([*zip(*items, strict=True)])
    if (table.sum(axis=0) > 0).sum() < 2:
        assert math.isnan(found)
    else:
        assert found == pytest.approx(statsmodels_kappa(table))


def test_gwet_by_hand():
    """118 of 125 alike; frequencies 0.972 and 0.028: chance 2 × 0.972 × 0.028."""
    a, b = ["no"] * 118 + ["no"] * 5 + ["yes"] * 2, ["no"] * 118 + ["yes"] * 5 + ["no"] * 2
    chance = 2 * 0.972 * 0.028
    assert gwet_ac1([a, b]) == pytest.approx((118 / 125 - chance) / (1 - chance))
    assert krippendorff_alpha([a, b]) < 0


def test_gwet_with_gaps_by_hand():
    """Agreement from the two items with a pair, 0.5; frequencies from all three: a (1 + 0.5 + 0) / 3."""
    found = gwet_ac1([["a", "a", None], ["a", "b", "b"]])
    assert found == pytest.approx((0.5 - 2 * 0.5 * 0.5) / (1 - 2 * 0.5 * 0.5))
    assert fleiss_kappa([["a", "a", None], ["a", "b", "b"]]) == fleiss_kappa([["a", "a"], ["a", "b"]])


def test_gwet_counts_the_classes_that_were_offered():
    """Of four offered classes two were used: chance is shared out among three others."""
    used = gwet_ac1(["ab", "aa"])
    offered = gwet_ac1(["ab", "aa"], categories=list("abcd"))
    chance = (0.75 * 0.25 * 2) / 3
    assert offered == pytest.approx((0.5 - chance) / (1 - chance))
    assert offered > used
    with pytest.raises(InvalidInput, match="a rating is 'b'"):
        gwet_ac1(["ab", "aa"], categories=["a"])


@pytest.mark.parametrize("rated", [["ab"], ["aa", "aa"], [["a", None], [None, "b"]]])
def test_where_they_are_not_defined_they_are_nan(rated):
    """No pair of ratings; or one class, which chance explains."""
    assert math.isnan(fleiss_kappa([[*row] for row in rated]))
    assert math.isnan(gwet_ac1([[*row] for row in rated]))
