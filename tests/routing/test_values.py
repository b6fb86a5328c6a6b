"""Values as rules read them, single and in a table: missing ones, labels that are numbers, probabilities, lists."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from a2i_al.errors import InvalidInput, InvalidTable
from a2i_al.routing import ActivationConditions, Column, Confidence, Margin, Router
from a2i_al.routing.values import is_missing

MISSING = [
    None,
    float("nan"),
    np.float64("nan"),
    np.float32("nan"),
    np.float16("nan"),
    Decimal("NaN"),
    np.datetime64("NaT"),
    np.timedelta64("NaT"),
    pd.NA,
    pd.NaT,
]
MISSING_KEY = ActivationConditions(
    {"ConditionType": "MissingImportantFormKey", "ConditionParameters": {"ImportantFormKey": "x"}}
)
PERCENT = r"'confidence' is 64\.0\. Expected: a probability from 0 to 1, or None\. To fix: divide it by 100"


def both(rule, values):
    """Return what a rule says of each value of `x`, the same one by one and in a table of an object column."""
    router, column = Router([rule]), pd.Series([*values, None], dtype=object)
    alone = [router.decide({"x": each}, item_id=1).review for each in [*values, None]]
    frame = pd.DataFrame({"item_id": range(len(column)), "x": column})
    assert router.decide_table(frame)["review"].tolist() == alone
    return alone[:-1]


@pytest.mark.parametrize("value", MISSING, ids=repr)
def test_what_stands_for_none_is_missing_whatever_its_type(value):
    """One by one as in a table: for a rule on missing values, for one on a key that was not found, for a confidence."""
    assert is_missing(value)
    assert both(Column("x", "missing"), [value]) == [True]
    assert both(Column("x", "!=", 5), [value]) == [True]
    assert both(Column("x", "<", 5), [value]) == [False]
    assert both(MISSING_KEY, [value]) == [True]
    assert both(Confidence(below=0.5, column="x"), [value]) == [True]


@pytest.mark.parametrize("value", [np.array([1.0, np.nan]), np.array([]), [None], "", 0, False, pd.Series([1])])
def test_several_values_and_empty_ones_are_not_missing(value):
    assert not is_missing(value)


@pytest.mark.parametrize("kind", ["datetime64[ns]", "timedelta64[s]", "datetime64[us, UTC]"])
def test_times_are_no_numbers_in_a_table_either(kind):
    """Microseconds or nanoseconds since 1970 are above every limit, and nobody meant them."""
    column = pd.Series([1, 2]).astype(kind)
    router, frame = Router([Column("age", ">", 5)]), pd.DataFrame({"item_id": [1, 2], "age": column})
    wanted = rf"'age' is {type(column[0]).__name__}\(.*Expected: a number, or None"
    for decide in (lambda: router.decide({"age": column[0]}, item_id=1), lambda: router.decide_table(frame)):
        with pytest.raises(InvalidInput, match=wanted):
            decide()
    with pytest.raises(InvalidInput, match="a number, or None"):
        router.decide({"age": np.datetime64("2026-01-01", "ns")}, item_id=1)


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("op", ["==", "!=", "in", "not in", "<", ">=", "matches"])
def test_numbers_of_fewer_bits_are_what_they_are_in_64(kind, op):
    """0.1 in 32 bits is above 0.1: it cannot be equal as well, nor the one alone and the other in a table."""
    value = {"in": [0.1], "not in": [0.1], "matches": "^0.1$"}.get(op, 0.1)
    router, column = Router([Column("x", op, value)]), np.array([0.1, 0.5], dtype=kind)
    wanted = [router.decide({"x": float(each)}, item_id=1).review for each in column]
    assert [router.decide({"x": each}, item_id=1).review for each in column] == wanted
    for kept in (column, column.astype(object)):
        frame = pd.DataFrame({"item_id": [1, 2], "x": kept})
        assert router.decide_table(frame)["review"].tolist() == wanted


def test_a_column_of_lists_is_compared_as_its_lists_are():
    lists = [["x"], [], ["y", "x"], {"x": 1}, np.array([1, 2]), "x"]
    assert both(Column("x", "matches", "x"), lists) == [True, False, True, True, False, True]
    assert both(Column("x", "==", "x"), lists) == [False] * 5 + [True]
    assert both(Column("x", "not in", ["x", 1]), lists) == [True] * 5 + [False]
    assert both(MISSING_KEY, [["x"], {"a": 1}]) == [False, False]


def test_a_column_of_lists_of_arrow_is_one_too():
    lists = pd.Series([["x"], ["y"]], dtype=pd.ArrowDtype(pa.list_(pa.string())))
    frame = pd.DataFrame({"item_id": [1, 2], "x": lists})
    assert Router([Column("x", "matches", "x")]).decide_table(frame)["review"].tolist() == [True, False]


def test_values_of_several_kinds_are_each_compared_as_themselves():
    """1, 1.0 and True are equal, and not the same text."""
    values = [1, 1.0, True, "1", Decimal(1)]
    assert both(Column("x", "matches", "True"), values) == [False, False, True, False, False]
    assert both(Column("x", "matches", r"^1\.0$"), values) == [False, True, False, False, False]


def test_labels_that_are_numbers_have_the_thresholds_of_their_text():
    """An integer in a column with a missing value is a float, and after JSON the key of a threshold is a text."""
    for key in (1, 1.0, "1", np.int64(1), np.float32(1)):
        rule = Confidence(below=0.1, per_class={key: 0.9})
        assert dict(rule.per_class) == {"1": 0.9}
        for label in (1, 1.0, "1", np.int8(1), np.float32(1)):
            assert rule.holds({"predicted_label": label, "confidence": 0.5})
        frame = pd.DataFrame({"item_id": [1, 2, 3], "predicted_label": [1, None, 2], "confidence": 0.5})
        assert Router([rule]).decide_table(frame)["review"].tolist() == [True, False, False]
    assert not Confidence(below=0.1, per_class={1.5: 0.9}).holds({"predicted_label": 1, "confidence": 0.5})


def test_thresholds_for_labels_of_the_same_text_and_for_no_label_are_refused():
    with pytest.raises(InvalidInput, match="'1' twice, as a text and as a number"):
        Confidence(per_class={1: 0.9, "1": 0.8})
    with pytest.raises(InvalidInput, match="per_class has nan"):
        Confidence(per_class={float("nan"): 0.9})


@pytest.mark.parametrize("label", ["1", "None", "nan"])
def test_an_activation_condition_finds_a_label_that_is_a_number_and_not_one_that_is_missing(label):
    parameters = {"ModerationLabelName": label, "ConfidenceLessThan": 60}
    rule = ActivationConditions({"ConditionType": "ModerationLabelConfidenceCheck", "ConditionParameters": parameters})
    frame = pd.DataFrame({"item_id": [1, 2, 3], "predicted_label": [1, None, 2], "confidence": 0.5})
    found = label == "1"
    assert Router([rule]).decide_table(frame)["review"].tolist() == [found, False, False]
    alone = [rule.judge({"predicted_label": each, "confidence": 0.5}, "1").fired for each in (1, None, float("nan"))]
    assert alone == [found, False, False]


RULES = [
    Router([Confidence(below=0.8)]),
    Router(budget_per_day=5),
    Router([Column("item_id", "present")], budget_per_day=5, score="margin"),
    Router([Margin(below=0.2)]),
]


@pytest.mark.parametrize("router", RULES, ids=["threshold", "budget", "margin as score", "margin"])
@pytest.mark.parametrize("sure", [np.float32(1.0000001), 1 + 9e-7, 1.0, -1e-7])
def test_what_is_rounded_a_little_above_one_is_one(router, sure):
    """Softmax in 32 bits gives such; a whole table must not be refused for it."""
    row = {"confidence": sure, "proba_a": sure, "proba_b": 0.0}
    frame = pd.DataFrame([{"item_id": "1", **row}, {"item_id": "2", **row}])
    router.decide(row, item_id="1")
    assert len(router.decide_table(frame)) == 2


@pytest.mark.parametrize("router", RULES, ids=["threshold", "budget", "margin as score", "margin"])
@pytest.mark.parametrize("value", [64.0, float("inf"), 1.001, -0.5])
def test_a_confidence_in_per_cent_is_refused_by_its_name_instead_of_never_reviewed(router, value):
    names = ["proba_a"] if router in RULES[2:] else ["confidence"]
    row = {"confidence": 0.5, "proba_a": 0.5, "proba_b": 0.5} | dict.fromkeys(names, value)
    wanted = rf"'{names[0]}' is {value}\. Expected: a probability from 0 to 1, or None\."
    for decide in (
        lambda: router.decide(row, item_id="1"),
        lambda: router.decide_table(pd.DataFrame([{"item_id": "1", **row}])),
    ):
        with pytest.raises(InvalidInput, match=wanted) as refused:
            decide()
        assert ("divide it by 100" in str(refused.value)) == (value > 1)


def test_nothing_else_reads_a_confidence_and_responses_of_services_are_in_per_cent():
    assert Router([Column("confidence", ">", 60)]).decide({"confidence": 64.0}, item_id="1").review
    condition = {"ModerationLabelName": "*", "ConfidenceLessThan": 70}
    rule = ActivationConditions({"ConditionType": "ModerationLabelConfidenceCheck", "ConditionParameters": condition})
    assert rule.judge({"ModerationLabels": [{"Name": "a", "Confidence": 64.0}]}, "1").fired
    with pytest.raises(InvalidInput, match=PERCENT):
        rule.judge({"predicted_label": "a", "confidence": 64.0}, "1")


def test_a_table_with_responses_in_some_rows_reads_the_others_as_predictions():
    """In either spelling; what a row does not have, pandas fills with NaN."""
    parameters = {"ModerationLabelName": "*", "ConfidenceLessThan": 60}
    rule = ActivationConditions({"ConditionType": "ModerationLabelConfidenceCheck", "ConditionParameters": parameters})
    rows = [
        {"item_id": "1", "ModerationLabels": [{"Name": "a", "Confidence": 50.0}]},
        {"item_id": "2", "moderationLabels": [{"name": "a", "confidence": 50.0}]},
        {"item_id": "3", "moderationLabels": []},
        {"item_id": "4", "predicted_label": "a", "confidence": 0.5},
        {"item_id": "5", "predicted_label": "a", "confidence": 0.9},
    ]
    wanted = [True, True, False, True, False]
    assert [rule.judge(row, "1").fired for row in rows] == wanted
    assert Router([rule]).decide_table(pd.DataFrame(rows))["review"].tolist() == wanted


def test_two_columns_of_one_name_are_refused():
    frame = pd.DataFrame([["1", 0.5, 0.6]], columns=["item_id", "confidence", "confidence"])
    with pytest.raises(InvalidTable, match="several columns 'confidence'"):
        Router([Confidence(below=0.8)]).decide_table(frame)
