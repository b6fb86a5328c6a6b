"""Which method consolidates which answers, and what is said where none fits."""

import pandas as pd
import pytest

from a2i_al.errors import InvalidInput, UnreadAnswerWarning
from a2i_al.labels import consolidate
from a2i_al.labels.structured.registry import BY_KIND, METHODS, make
from a2i_al.tables import ANSWERS, LABELS


@pytest.mark.parametrize("name", METHODS)
def test_every_method_can_be_made_and_says_what_it_does(name):
    """With its defaults, and with none of another's options."""
    assert make(name, {}).read
    with pytest.raises(InvalidInput, match=f"method '{name}' has no option 'no_such'"):
        make(name, {"no_such": 1})


def test_every_kind_asks_for_a_method_that_there_is():
    assert set(BY_KIND.values()) <= set(METHODS)


@pytest.mark.parametrize(
    ("kind", "values", "method", "label"),
    [
        ("choice", ["a", "a", "b"], "majority", "a"),
        ("flag", [True, True], "majority", "True"),
        ("choices", [["b", "a"], ["a", "b"], ["a"]], "multi_label", '["a", "b"]'),
        ("flags", [{"a": True, "b": False}, {"a": True, "b": True}, {"b": False}], "multi_label", '["a"]'),
        ("number", [3, 4, 8], "numbers", "4"),
        ("text", ["A b", "a  b", "c"], "text", "A b"),
        ("other", [{"x": 1}, {"x": 1}], "majority", '{"x": 1}'),
        (None, ["A b", "a  b", "a  b"], "majority", "a  b"),
    ],
)
def test_the_kind_of_the_answers_chooses(one, kind, values, method, label):
    """By default and as "auto"; without a kind, answers count as they are."""
    for asked in (None, "auto"):
        row = one(values, asked, kind)
        assert (row["method"], row["label"], row["status"]) == (method, label, "agreed")


def test_a_method_can_be_named_whatever_the_kind(one):
    """Texts as numbers; lists as wholes."""
    assert one(["3", "4", "5"], "numbers", "text")["value"] == 4
    assert one([["a", "b"], ["a", "b"], ["a"]], "majority", "choices")["label"] == '["a", "b"]'


def test_kinds_that_ask_for_several_methods_are_refused(answers):
    """With the kinds, how many answers are of each, and what to do."""
    table = answers({"i": [["a"], 3, 4]}).assign(kind=["choices", "number", "number"])
    with pytest.raises(InvalidInput, match=r"1 of kind 'choices', 2 of kind 'number'.*method='multi_label'"):
        consolidate(table, "f")
    with pytest.warns(UnreadAnswerWarning, match=r"1 of 3 answers cannot be read.*worker 'u' for item 'i'"):
        assert consolidate(table, "f", method="numbers")["value"].tolist() == [3.5]


def test_empty_answers_and_unknown_ones_choose_nothing(answers):
    """None and "" are of no kind; what is malformed is set aside once the others have chosen."""
    table = answers({"i": [["a"], None, "", {"odd": 1}]}).assign(kind=["choices", "other", "text", "other"])
    with pytest.warns(UnreadAnswerWarning, match="1 of 2"):
        row = consolidate(table, "f").iloc[0]
    assert row[["method", "label", "n_answers"]].tolist() == ["multi_label", '["a"]', 1]
    both = answers({"i": ["a", "a"]}).assign(kind=["choice", "text"])
    assert consolidate(both, "f")["method"].tolist() == ["majority"]


def test_every_item_keeps_its_row(answers):
    """Agreed, tied, abstained, incomplete; an item whose answers cannot be read has abstained."""
    grid = {"agreed": [["a"], ["a"]], "tied": [["a"], ["b"]], "abstained": [None, ""], "incomplete": [["a"]],
            "unread": [7, 8]}  # fmt: skip
    with pytest.warns(UnreadAnswerWarning, match="2 of 7 answers"):
        result = consolidate(answers(grid), "f", method="multi_label", reviewers=2).set_index("item_id")
    assert result["status"].to_dict() == {name: name for name in grid if name != "unread"} | {"unread": "abstained"}
    assert result["n_answers"].to_dict() == {"agreed": 2, "tied": 2, "abstained": 0, "incomplete": 1, "unread": 0}
    undecided = result[result["status"] != "agreed"]
    assert undecided[["label", "confidence"]].isna().all().all()
    assert undecided["value"].isna().all()
    assert result.loc["tied", "detail"] == {"votes": {"a": 1, "b": 1}, "tied": ["a", "b"]}


def test_the_result_is_a_labels_table_with_value_and_detail_behind(answers):
    """In this order, other columns after them, whatever they are called."""
    table = answers({"i": [["a"], ["a"]]}).assign(kind="choices", page="1", detail="theirs")
    result = consolidate(table, "f")
    assert list(result.columns) == [*(c.name for c in LABELS.columns), "value", "detail", "kind", "page"]
    assert result["value"].tolist() == [["a"]]
    assert LABELS.check(result).equals(result)


def test_all_answers_empty_or_no_answers():
    """A table of statuses, and an empty one."""
    nothing = ANSWERS.from_rows(
        [{"human_loop_name": "l", "item_id": "i", "worker_id": "u", "field": "f", "value": None}]
    )
    result = consolidate(nothing.assign(kind="other"), "f", method="numbers")
    assert result[["status", "n_answers"]].to_numpy().tolist() == [["abstained", 0]]
    assert consolidate(ANSWERS.empty(), "f", method="numbers").empty


def test_offered_labels_are_minded(one):
    """An answer that names another does not count; methods without labels take none."""
    with pytest.warns(UnreadAnswerWarning, match=r"'eel' is none of the labels \['cat', 'dog'\]"):
        assert one([["cat"], ["eel", "cat"]], "multi_label", labels=["cat", "dog"])["n_answers"] == 1
    with pytest.raises(InvalidInput, match="labels= is given"):
        one([3], "numbers", labels=["3"])


def test_an_unknown_option_is_refused_with_those_that_there_are(one):
    """For methods of both sorts."""
    with pytest.raises(InvalidInput, match=r"'numbers' has no option 'iou'. Expected: one of 'centre', 'tolerance'"):
        one([3], "numbers", iou=0.5)
    with pytest.raises(InvalidInput, match="'majority' has no option 'threshold'"):
        one(["a"], "majority", threshold=0.5)


def test_the_warning_points_at_the_caller(answers):
    """And at no line of this package."""
    with pytest.warns(UnreadAnswerWarning) as caught:
        consolidate(answers({"i": ["x"]}), "f", method="numbers")
    assert caught[0].filename == __file__


def test_the_latest_answer_of_a_worker_counts(answers):
    """As for single labels."""
    table = pd.concat([answers({"i": [3]}), answers({"i": [5]}).assign(human_loop_name="later")])
    times = pd.to_datetime(["2026-11-01", "2026-11-02"], utc=True)
    assert consolidate(table.assign(submitted_at=times), "f", method="numbers")["value"].tolist() == [5]
