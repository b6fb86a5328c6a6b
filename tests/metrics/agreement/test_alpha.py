"""Krippendorff's alpha: his own data, the package's answer, and what must not change it."""

import math

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings, strategies as st

from a2i_al.errors import InvalidInput, InvalidTable
from a2i_al.metrics import krippendorff_alpha
from a2i_al.metrics.agreement.alpha import LEVELS
from a2i_al.metrics.agreement.ratings import ratings
from a2i_al.tables import ANSWERS

N = math.nan
# Krippendorff 2011, section C: four observers, twelve units.
PUBLISHED = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
    [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
]
MATRICES = st.integers(1, 6).flatmap(
    lambda items: st.lists(
        st.lists(st.sampled_from([0.0, 1.0, 2.0, 5.0, 0.5, N]), min_size=items, max_size=items), min_size=2, max_size=5
    )
)


def long(matrix, texts=str):
    """Return a matrix as an answers table."""
    rows = [
        {"human_loop_name": f"l{i}", "item_id": f"i{i}", "worker_id": f"w{w}", "field": "f", "value": texts(value)}
        for w, row in enumerate(matrix)
        for i, value in enumerate(row)
        if not (isinstance(value, float) and math.isnan(value))
    ]
    return ANSWERS.from_rows(rows)


@pytest.mark.parametrize(
    ("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_the_published_example(level, published):
    """As a matrix and as an answers table."""
    assert round(krippendorff_alpha(PUBLISHED, level=level), 3) == published
    assert round(krippendorff_alpha(long(PUBLISHED), "f", level=level), 3) == published


@given(matrix=MATRICES, level=st.sampled_from(LEVELS))
def test_alpha_is_the_packages(matrix, level):
    """At every level, with gaps anywhere."""
    found = krippendorff_alpha(np.array(matrix), level=level)
    if math.isnan(found):  # the package refuses these, or divides by zero
        paired = np.array(matrix).T[(~np.isnan(np.array(matrix))).sum(axis=0) > 1]
        assert len(np.unique(paired[~np.isnan(paired)])) < 2
    else:
        assert found == pytest.approx(krippendorff.alpha(np.array(matrix), level_of_measurement=level), abs=1e-9)


@settings(max_examples=40)
@given(matrix=MATRICES, order=st.randoms(use_true_random=False), level=st.sampled_from(LEVELS))
def test_neither_the_order_of_rows_nor_the_names_matter(matrix, order, level):
    """Raters and items are renamed and shuffled; nominal classes too."""
    table = long(matrix)
    assume(len(table))
    before = krippendorff_alpha(table, "f", level=level)
    rows = [*range(len(table))]
    order.shuffle(rows)
    renamed = table.iloc[rows].assign(worker_id=table["worker_id"].map(lambda w: w[::-1]))
    assert krippendorff_alpha(renamed, "f", level=level) == pytest.approx(before, nan_ok=True)
    words = {"0.0": "z", "1.0": "zz", "2.0": "a", "5.0": "Zz", "0.5": "1"}
    as_words = krippendorff_alpha(table.assign(value=table["value"].map(words)), "f")
    assert as_words == pytest.approx(krippendorff_alpha(table, "f"), nan_ok=True)


def test_classes_far_more_than_ratings_are_counted_without_a_table_of_all():
    """A million possible numbers, four ratings: interval and ratio are worked out from what is there."""
    matrix = np.array([[1, 1e6, 5, 77777], [2, 1e6, 6, 77777]])
    for level in LEVELS:
        expected = krippendorff.alpha(matrix, level_of_measurement=level)
        assert krippendorff_alpha(matrix, level=level) == pytest.approx(expected)
    wide = np.arange(20_000.0).reshape(2, -1)
    assert krippendorff_alpha(wide) == pytest.approx(0, abs=1e-3)
    assert ratings(wide).counts is None


@pytest.mark.parametrize("matrix", [[[N, N]], [["a", "b"]], [["a", "a"], ["a", "a"]], [["a", None], [None, "b"]], [[]]])
def test_where_alpha_is_not_defined_it_is_nan(matrix):
    """No two ratings of an item, or all of one class."""
    assert math.isnan(krippendorff_alpha(matrix))


def test_an_empty_harvest_has_no_alpha():
    assert math.isnan(krippendorff_alpha(ANSWERS.empty(), "f"))


def test_ordered_words():
    """Given their order they are ordinal ratings; alphabetically, good would lie between bad and poor."""
    words = [["bad", "poor", "good"], ["poor", "poor", "good"]]
    numbers = [[1, 2, 3], [2, 2, 3]]
    found = krippendorff_alpha(words, level="ordinal", categories=["bad", "poor", "good"])
    assert found == krippendorff_alpha(numbers, level="ordinal")
    assert found != krippendorff_alpha([[1, 3, 2], [3, 3, 2]], level="ordinal")


def test_answers_of_any_kind_and_the_latest_of_each_worker():
    """Lists and booleans are compared as consolidate does; an empty answer is none; the last word counts."""
    table = long([[["a"], True, "", "x"], [["a"], "True", "b", "x"], [["c"], None, "c", "y"]], texts=lambda v: v)
    assert krippendorff_alpha(table, "f") == krippendorff_alpha(
        [["a", "t", None, "x"], ["a", "t", "b", "x"], ["d", None, "c", "y"]]
    )
    again = pd.concat([table, table.assign(human_loop_name="z" + table["human_loop_name"], value="other")])
    times = pd.to_datetime(["2026-11-02"] * len(table) + ["2026-11-01"] * len(table), utc=True)
    assert krippendorff_alpha(again.assign(submitted_at=times), "f") == krippendorff_alpha(table, "f")


@pytest.mark.parametrize(
    ("data", "arguments", "error", "found"),
    [
        (PUBLISHED, {"level": "normal"}, InvalidInput, "level is 'normal'"),
        ([["a"], ["b"]], {"level": "interval"}, InvalidInput, "a rating is 'a'"),
        ([[-1.0, 1.0], [1.0, 2.0]], {"level": "ratio"}, InvalidInput, "a rating is -1.0"),
        ([[1.0, math.inf], [1.0, 2.0]], {"level": "interval"}, InvalidInput, "a rating is 'inf'"),
        ([["a"], ["b"]], {"level": "ordinal", "categories": ["a"]}, InvalidInput, "a rating is 'b'"),
        ([["a"], ["b"]], {"level": "ratio", "categories": ["a", "b"]}, InvalidInput, "no distance"),
        (np.zeros(3), {}, InvalidInput, "1 dimensions"),
        (pd.DataFrame({"item_id": ["i"]}), {"field": "f"}, InvalidTable, "answers lacks"),
        (long([["a"]]), {"field": "g"}, InvalidInput, "no answer has the field 'g'"),
    ],
)
def test_what_has_no_alpha_is_refused(data, arguments, error, found):
    """The message names the rating, the level or the field."""
    with pytest.raises(error, match=found):
        krippendorff_alpha(data, **arguments)
