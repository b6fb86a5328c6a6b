"""Cohen's kappa: a hand-worked example, scikit-learn's answer for every weighting, and what is refused."""

import math

import pytest
from hypothesis import given, strategies as st
from sklearn.metrics import cohen_kappa_score

from a2i_al.errors import InvalidInput
from a2i_al.metrics import cohen_kappa

LABELS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=30)


def test_hand_worked_kappa():
    """35 of 50 alike; by chance 0.5 * 0.6 + 0.5 * 0.4 = 0.5: kappa (0.7 - 0.5) / 0.5."""
    a = ["yes"] * 20 + ["yes"] * 5 + ["no"] * 10 + ["no"] * 15
    b = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    assert cohen_kappa(a, b) == pytest.approx(0.4)


@given(pairs=LABELS.filter(lambda pairs: len({label for pair in pairs for label in pair}) > 1))
def test_kappa_is_scikit_learns(pairs):
    a, b = zip(*pairs, strict=True)
    assert cohen_kappa(a, b) == pytest.approx(cohen_kappa_score(a, b))


def test_kappa_at_its_ends():
    assert cohen_kappa("ab", "ab") == 1.0
    assert cohen_kappa("ab", "ba") == -1.0
    assert cohen_kappa("aa", "bb") == 0.0
    assert math.isnan(cohen_kappa("aaa", "aaa"))
    assert math.isnan(cohen_kappa([], []))


def test_kappa_compares_as_text():
    assert cohen_kappa([1, True, "x"], ["1", "True", "y"]) == cohen_kappa(["p", "q", "r"], ["p", "q", "s"])


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [("ab", "a", "a has 2 labels and b has 1"), (["x", None], "xy", "pair 1"), (["x", " "], "xy", "pair 1")],
)
def test_kappa_refuses_what_is_not_paired(a, b, found):
    with pytest.raises(InvalidInput, match=found):
        cohen_kappa(a, b)


@given(
    pairs=st.lists(st.tuples(st.sampled_from([2, 9, 10]), st.sampled_from([2, 9, 10])), min_size=1, max_size=20),
    weights=st.sampled_from(["linear", "quadratic"]),
)
def test_weighted_kappa_is_scikit_learns(pairs, weights):
    """Numbers go by size: as text, 10 would come before 2."""
    a, b = zip(*pairs, strict=True)
    expected = cohen_kappa_score(a, b, weights=weights) if len({*a, *b}) > 1 else math.nan
    assert cohen_kappa(a, b, weights=weights) == pytest.approx(expected, nan_ok=True)


def test_words_are_weighted_in_the_order_that_is_given():
    """With low < mid < high, mid for high is half as wrong as low for high; a category nobody used keeps its place."""
    order = ["low", "mid", "high"]
    near = cohen_kappa(["low", "high"], ["low", "mid"], weights="linear", categories=order)
    far = cohen_kappa(["low", "high"], ["low", "low"], weights="linear", categories=order)
    assert near == pytest.approx(1 - 0.5 / ((0 + 1 + 2 + 1) / 4))
    assert far == 0
    apart = cohen_kappa(["low", "high", "low"], ["low", "high", "high"], weights="linear", categories=order)
    assert apart == cohen_kappa(["low", "high", "low"], ["low", "high", "high"])


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ({"weights": "cubic"}, "weights is 'cubic'"),
        ({"weights": "linear"}, "a rating is 'a'"),
        ({"categories": ["a"]}, "a rating is 'b'"),
        ({"categories": ["a", "b", "a"]}, "twice"),
    ],
)
def test_kappa_refuses_weights_that_mean_nothing(arguments, found):
    """An unknown weighting, words without an order, a label that is no category."""
    with pytest.raises(InvalidInput, match=found):
        cohen_kappa("ab", "aa", **arguments)
