"""Strategies by name, and what is asked of a function given instead."""

from functools import partial

import numpy as np
import pytest

from a2i_al.errors import InvalidInput
from a2i_al.sampling import register, sample
from a2i_al.sampling.registry import known_names, resolve

PROBA = np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8]])


def test_a_registered_function_is_used_under_its_name_and_can_be_replaced():
    register("first_class", lambda proba: proba[:, 0])
    picks = sample(PROBA, 1, strategy="first_class")
    assert picks.loc[0, ["item_id", "strategy"]].tolist() == ["0", "first_class"]
    register("first_class", lambda proba: -proba[:, 0])
    assert sample(PROBA, 1, strategy="first_class").loc[0, "item_id"] == "2"
    assert "first_class" in known_names()


@pytest.mark.parametrize("name", ["margin", "random", "audit", "", "  ", 7])
def test_built_in_and_empty_names_cannot_be_registered(name):
    with pytest.raises(InvalidInput):
        register(name, lambda proba: proba[:, 0])


def test_what_cannot_be_called_cannot_be_registered():
    with pytest.raises(InvalidInput, match="a function"):
        register("constant", 3)


@pytest.mark.parametrize("name", ["magrin", "audit"])
def test_an_unknown_name_is_answered_with_the_known_ones(name):
    with pytest.raises(InvalidInput, match=r"'entropy', .*'least_confidence', 'margin', .*'random', "):
        sample(PROBA, 1, strategy=name)


def test_a_function_without_a_name_goes_by_its_type():
    class Constant:
        def __call__(self, proba):
            return np.zeros(len(proba))

    assert resolve(Constant()).name == "Constant"


def by_place(proba, /):
    """Score as a function written in C would."""
    return proba[:, 0]


def features_first(features, proba, /, *, power=1.0):
    """Score by two inputs in an order of its own."""
    return features[:, 0] * proba[:, 0] ** power


def behind_a_knob(proba, power=1.0, costs=None, /):
    """Score by what is reached without naming a knob."""
    return proba[:, 0] ** power if costs is None else costs


def not_given(proba, features=None, /, costs=None):
    """Score by what there is."""
    return proba[:, 0] if features is None else features[:, 0]


@pytest.mark.parametrize("function", [by_place, features_first, behind_a_knob, not_given])
def test_positional_only_parameters_are_filled_by_their_places(function):
    """Those that can be reached: an optional one behind a knob, or behind one that is not given, cannot."""
    given = {"features": np.ones((3, 1))} if function is features_first else {}
    assert sample(PROBA, 1, strategy=function, **given).loc[0, "item_id"] == "0"
    assert sample(PROBA, 1, strategy=not_given, features=-PROBA).loc[0, "item_id"] == "2"


@pytest.mark.parametrize(
    ("function", "found"),
    [
        (lambda proba: proba, "returned shape \\(3, 2\\)"),
        (lambda proba: proba[1:, 0], "returned shape \\(2,\\)"),
        (lambda proba: np.where(proba[:, 0] > 0.8, 0.1, np.nan), "NaN for 2 of 3 rows, first for row 1"),
        (lambda proba: ["high"] * len(proba), "failed: could not convert"),
    ],
)
def test_a_function_must_return_one_number_per_row(function, found):
    with pytest.raises(InvalidInput, match=found):
        sample(PROBA, 1, strategy=function)


def test_infinite_scores_are_an_order_like_any_other():
    picks = sample(PROBA, 3, strategy=lambda proba: np.array([0.0, np.inf, -np.inf])[: len(proba)])
    assert picks["item_id"].tolist() == ["1", "0", "2"]


def test_a_function_of_ones_own_cannot_change_what_the_caller_gave():
    """It is told to copy it; a partial of one is no exception, and reading is free."""

    def in_place(proba, power=1.0):
        proba.sort(axis=1)
        return proba[:, -1] ** power

    for function in (in_place, partial(in_place, power=2.0)):
        given = PROBA.copy()
        with pytest.raises(InvalidInput, match=r"read-only.*copy the array"):
            sample(given, 1, strategy=function)
        assert given.tolist() == PROBA.tolist()
        given[0, 0] += 0.0
    assert sample(PROBA, 1, strategy=lambda proba: np.sort(proba, axis=1)[:, 0]).loc[0, "item_id"] == "1"
