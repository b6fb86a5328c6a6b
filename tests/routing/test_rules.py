"""The rules one by one: what they ask a review for, what they refuse, and that JSON gives the same rule back."""

import json
from dataclasses import dataclass

import pandas as pd
import pytest

from a2i_al.errors import InvalidInput
from a2i_al.routing import (
    ActivationConditions,
    Always,
    And,
    Column,
    Confidence,
    Margin,
    Never,
    Or,
    Percentage,
    Rule,
)

NAN = float("nan")


@dataclass(frozen=True)
class LongerThan(Rule):
    """A rule of somebody's own."""

    n: int

    def holds(self, prediction):
        return len(prediction["text"]) > self.n


@pytest.mark.parametrize(("confidence", "asks"), [(0.79, True), (0.8, False), (None, True), (NAN, True), (pd.NA, True)])
def test_a_confidence_below_the_threshold_or_missing_asks_for_a_review(confidence, asks):
    """At the threshold the model is sure enough; with no confidence nobody vouches for the prediction."""
    assert Confidence(below=0.8).holds({"confidence": confidence}) is asks


@pytest.mark.parametrize(
    ("label", "confidence", "asks"),
    [("cancel", 0.9, True), ("other", 0.9, False), ("other", 0.7, True), (None, 0.7, True), (None, 0.9, False)],
)
def test_a_class_of_its_own_threshold_goes_by_that_and_all_others_by_the_general_one(label, confidence, asks):
    rule = Confidence(below=0.8, per_class={"cancel": 0.95})
    assert rule.holds({"predicted_label": label, "confidence": confidence}) is asks


def test_without_a_general_threshold_other_classes_are_left_alone():
    """Even where their confidence is missing."""
    rule = Confidence(per_class={"cancel": 0.95})
    assert not rule.holds({"predicted_label": "other", "confidence": None})
    assert rule.holds({"predicted_label": "cancel", "confidence": None})


def test_a_margin_is_between_the_two_highest_probabilities():
    row = {"proba_a": 0.45, "proba_b": 0.1, "proba_c": 0.45}
    assert Margin(below=0.01).holds(row)
    assert not Margin(below=0.3).holds({**row, "proba_a": 0.85})
    assert Margin(below=0.01).holds({**row, "proba_b": None})


@pytest.mark.parametrize(
    ("op", "value", "yes", "no"),
    [
        ("<", 10, [9, 9.5, "9"], [10, 11, None, NAN]),
        ("<=", 10, [10], [10.1, None]),
        (">", 10, [11], [10, None, NAN]),
        (">=", "2026-01-01", ["2026-01-01"], ["2025-12-31", None]),
        ("==", "CH", ["CH"], ["DE", None]),
        ("!=", "CH", ["DE", None, NAN], ["CH"]),
        ("in", ["CH", 1], ["CH", 1, 1.0], ["DE", None, "1"]),
        ("not in", ["CH"], ["DE", None], ["CH"]),
        ("matches", r"\bsue\b", ["I will sue", "sue"], ["issue", None]),
        ("missing", None, [None, NAN, pd.NaT], [0, ""]),
        ("present", None, [0, ""], [None, NAN]),
    ],
)
def test_a_column_compares_as_its_operator_says_and_a_missing_value_only_differs(op, value, yes, no):
    rule = Column("x", op, value)
    assert [rule.holds({"x": each}) for each in yes] == [True] * len(yes)
    assert [rule.holds({"x": each}) for each in no] == [False] * len(no)


def test_a_rule_on_a_column_that_is_not_there_says_so_instead_of_never_firing():
    """A misspelt name must not be a rule that is silent for ever; that it is absent is what `missing` is for."""
    with pytest.raises(InvalidInput, match=r"no 'amout'; they have 'amount'"):
        Column("amout", ">", 10).holds({"amount": 12})
    with pytest.raises(InvalidInput, match="no 'confidence'"):
        Confidence(below=0.5).holds({})
    with pytest.raises(InvalidInput, match="no 'proba_"):
        Margin(below=0.5).holds({"proba_a": 1.0})
    assert Column("amount", "missing").holds({})


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (Confidence, "no threshold"),
        (lambda: Confidence(below=80), "from 0 to 1"),
        (lambda: Confidence(per_class={"a": True}), "from 0 to 1"),
        (lambda: Margin(below=-0.1), "from 0 to 1"),
        (lambda: Column("x", "=", 1), "op is '='"),
        (lambda: Column("x", "in", "CH"), "a list"),
        (lambda: Column("x", "missing", 1), "no value"),
        (lambda: Column("x", ">", None), "a number or text"),
        (lambda: Column("x", "==", 10**400), "'value' is 10{99}. Expected: a number"),
        (lambda: Column("x", ">", 1).holds({"x": 10**400}), "'x' is 10{99}. Expected: a number"),
        (lambda: Column("x", "matches", "("), "no regular expression"),
        (lambda: Column("x", "matches", 5), "no regular expression"),
        (lambda: Column("x", ">", 1).holds({"x": "many"}), "a number, or None"),
        (lambda: Column("x", ">", "a").holds({"x": 5}), "Expected: text"),
        (lambda: Percentage(0), "above 0"),
        (lambda: Percentage(100.1), "at most 100"),
        (lambda: Always("abc"), "ids is 'abc'"),
        (And, "at least one"),
        (lambda: Or(1), "Expected: rules"),
        (lambda: Always(["1"]) & Percentage(5), "into the router's list"),
        (lambda: Rule.from_dict({"rule": "Nothing"}), "one of ActivationConditions"),
        (lambda: Rule.from_dict({"rule": "Percentage", "share": 5}), "cannot be made"),
        (lambda: Rule.from_dict({"rule": "And"}), "cannot be made"),
    ],
)
def test_what_cannot_be_a_rule_is_refused_with_what_was_expected(make, words):
    with pytest.raises(InvalidInput, match=words):
        make()


@pytest.mark.parametrize(
    "rule",
    [
        Confidence(below=0.8, per_class={"rule": 0.95}),
        Margin(below=0.2),
        Column("amount", ">", 1000),
        Column("country", "not in", {"DE", "CH"}),
        Column("text", "missing"),
        Percentage(5, salt="audit"),
        Always(["b", "a"]),
        Never(range(3)),
        Percentage(5) & (Column("a", "==", 1) | Column("b", "present")),
        ActivationConditions('{"Conditions": []}', words="any"),
        LongerThan(5),
    ],
    ids=lambda rule: type(rule).__name__,
)
def test_a_rule_is_the_same_after_a_round_trip_through_json(rule):
    assert Rule.from_dict(json.loads(json.dumps(rule.to_dict()))) == rule


def test_a_reason_has_brackets_around_what_joins_words_within_it():
    """Otherwise `(A | B) & C` and `A | (B & C)` are one text, and a log cannot tell which of them it was."""
    a, b, c = (Column(name, "present") for name in "abc")
    assert ((a | b) & c).reason == "(a present or b present) and c present"
    assert (a | (b & c)).reason == "a present or (b present and c present)"
    assert (Confidence(below=0.5) & a).reason == "(confidence below 0.5 or missing) and a present"
    assert And(a | b).reason == (a | b).reason == "a present or b present"
    assert (ActivationConditions('{"Conditions": []}') & a).reason.endswith("everything is reviewed and a present")


def test_a_rule_of_ones_own_cannot_take_the_name_of_a_built_in_one():
    """A saved router would come back with the other one's rule in it."""
    with pytest.raises(InvalidInput, match="'Percentage' already"):
        type("Percentage", (Rule,), {"__module__": "theirs"})


def test_a_rule_that_defines_nothing_says_what_to_define():
    with pytest.raises(NotImplementedError, match="neither `holds` nor `judge`"):
        type("Empty", (Rule,), {})().judge({}, "1")
