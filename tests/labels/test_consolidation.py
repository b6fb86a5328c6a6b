"""consolidate(): a row for every item, and a status instead of a guess."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from a2i_al.errors import InvalidInput, InvalidTable, UnknownLabel
from a2i_al.labels import consolidate
from a2i_al.tables import ANSWERS, LABELS

VALUES = st.sampled_from(["cat", "dog", "eel", "", None, True, 3, ["a"], {"b": 1}])
GRIDS = st.dictionaries(
    st.sampled_from(["i", "j", "k"]), st.dictionaries(st.sampled_from("uvwx"), VALUES, min_size=1), min_size=1
)


def answers(grid, field="label"):
    """Return an answers table from {item: {worker: value}}."""
    rows = [
        {"human_loop_name": f"loop-{item}", "item_id": item, "worker_id": worker, "field": field, "value": value}
        for item, given_ in grid.items()
        for worker, value in given_.items()
    ]
    return ANSWERS.from_rows(rows)


def one(values, **arguments):
    """Consolidate one item's answers, given one per worker, and return its row."""
    result = consolidate(answers({"i": dict(zip("uvwxyz", values, strict=False))}), "label", **arguments)
    assert len(result) == 1
    return result.iloc[0]


@pytest.mark.parametrize(
    ("values", "reviewers", "expected"),
    [
        # status, label, confidence, n_answers, agreement
        (["cat", "dog", "cat"], 3, ("agreed", "cat", 2 / 3, 3, 1 / 3)),
        (["cat", "cat", "cat"], None, ("agreed", "cat", 1.0, 3, 1.0)),
        (["cat"], None, ("agreed", "cat", 1.0, 1, None)),
        (["cat", "", None], 3, ("agreed", "cat", 1.0, 1, None)),
        (["cat", "dog"], 2, ("tied", None, None, 2, 0.0)),
        (["cat", "cat", "dog", "dog", "eel"], 5, ("tied", None, None, 5, 2 / 10)),
        (["", None, "  "], 3, ("abstained", None, None, 0, None)),
        (["cat", "cat"], 3, ("incomplete", None, None, 2, 1.0)),
        (["", ""], 3, ("incomplete", None, None, 0, None)),
    ],
)
def test_hand_worked_items(values, reviewers, expected):
    row = one(values, reviewers=reviewers)
    found = [row[name] for name in ("status", "label", "confidence", "n_answers", "agreement")]
    assert [None if pd.isna(value) else value for value in found] == [
        value if value is None or isinstance(value, str) else pytest.approx(value) for value in expected
    ]
    assert row["method"] == "majority"


def test_a_form_that_left_the_field_out_counts_as_a_review_and_its_item_stays():
    """A2I omits empty inputs: the worker has answered, so the item is not incomplete for ever."""
    given_ = pd.concat(
        [answers({"i": {"u": "cat"}, "j": {"u": "dog"}}), answers({"i": {"v": "blurred"}}, field="note")]
    )
    result = consolidate(given_, "label", reviewers=2).set_index("item_id")
    assert result["status"].to_dict() == {"i": "agreed", "j": "incomplete"}
    notes = consolidate(given_, "note").set_index("item_id")
    assert notes["status"].to_dict() == {"i": "agreed", "j": "abstained"}


def test_a_worker_who_answers_twice_is_one_reviewer():
    twice = pd.concat([answers({"i": {"u": "cat", "v": "dog"}}), answers({"i": {"u": "dog"}})])
    times = pd.to_datetime(["2026-11-01", "2026-11-01", "2026-11-02"], utc=True)
    again = twice.assign(submitted_at=times, human_loop_name=["l1", "l1", "l2"])
    row = consolidate(again, "label", reviewers=2).iloc[0]
    assert row[["label", "n_answers", "confidence"]].tolist() == ["dog", 2, 1.0]
    assert consolidate(again, "label", reviewers=3).iloc[0]["status"] == "incomplete"


@pytest.mark.parametrize(
    ("value", "label"), [(True, "True"), (3, "3"), ({"b": 1, "a": 2}, '{"a": 2, "b": 1}'), (["x"], '["x"]')]
)
def test_any_json_value_can_be_a_label(value, label):
    assert one([value, value])[["label", "status"]].tolist() == [label, "agreed"]


def test_dicts_are_equal_whatever_the_order_of_their_keys():
    assert one([{"a": 1, "b": 2}, {"b": 2, "a": 1}])["confidence"] == 1.0


@given(grid=GRIDS, seed=st.integers(0, 9))
def test_no_item_disappears_and_the_order_of_rows_changes_nothing(grid, seed):
    table = answers(grid)
    result = consolidate(table, "label", reviewers=2)
    assert result["item_id"].tolist() == sorted(grid)
    assert (result["label"].notna() == (result["status"] == "agreed")).all()
    shuffled = table.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(consolidate(shuffled, "label", reviewers=2), result)


@given(grid=GRIDS, names=st.permutations("uvwx"))
def test_renaming_the_workers_changes_nothing(grid, names):
    renamed = {item: {names["uvwx".index(w)]: v for w, v in given_.items()} for item, given_ in grid.items()}
    pd.testing.assert_frame_equal(consolidate(answers(renamed), "label"), consolidate(answers(grid), "label"))


@given(grid=st.dictionaries(st.sampled_from("ijk"), st.dictionaries(st.sampled_from("uvwx"), st.sampled_from("abc"),
                            min_size=1), min_size=1), names=st.permutations("abc"))  # fmt: skip
def test_renaming_the_labels_renames_the_result(grid, names):
    """Nothing depends on what a label is called, ties least of all."""
    new = dict(zip("abc", names, strict=True))
    renamed = {item: {worker: new[value] for worker, value in given_.items()} for item, given_ in grid.items()}
    before, after = consolidate(answers(grid), "label"), consolidate(answers(renamed), "label")
    assert after["label"].dropna().tolist() == before["label"].dropna().map(new).tolist()
    pd.testing.assert_frame_equal(after.drop(columns="label"), before.drop(columns="label"))


def test_the_result_is_a_labels_table_and_an_empty_harvest_an_empty_one():
    names = [column.name for column in LABELS.columns]
    full, empty = consolidate(answers({"i": {"u": "cat"}}), "label"), consolidate(ANSWERS.empty(), "label")
    assert list(full.columns) == list(empty.columns) == names
    pd.testing.assert_series_equal(full.dtypes, empty.dtypes)
    assert empty.empty


def test_extra_columns_pass_where_they_are_the_items_own():
    table = answers({"i": {"u": "cat", "v": "cat"}, "j": {"u": "dog"}})
    table = table.assign(source=["web", "web", None], page=[[1], [1], [2]], browser=["x", "y", "x"], status=["s"] * 3)
    result = consolidate(table, "label")
    assert list(result.columns) == [*(column.name for column in LABELS.columns), "source", "page"]
    assert result["page"].tolist() == [[1], [2]]
    assert result.loc[0, "source"] == "web"
    assert result["status"].tolist() == ["agreed", "agreed"]


def test_a_label_that_was_not_offered_is_an_error_that_names_worker_and_item():
    with pytest.raises(UnknownLabel, match=r"worker 'v' answered 'eel' for item 'i'. Expected: one of 'cat', 'dog'"):
        one(["cat", "eel", "fox"], labels=["cat", "dog"])
    assert one(["cat", "", None], labels=["cat", "dog"])["label"] == "cat"


@pytest.mark.parametrize("chosen", [["cat", "eel"], np.array(["cat", "eel"])])
def test_of_a_multiple_choice_every_element_must_have_been_offered(chosen):
    assert one([chosen, []], labels=["cat", "eel"])["n_answers"] == 2
    with pytest.raises(UnknownLabel, match="answered 'eel'"):
        one([chosen], labels=["cat", "dog"])


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ({"field": "lable"}, "no answer has the field 'lable'"),
        ({"method": "mayority"}, "method is 'mayority'"),
        ({"reviewers": 0}, "reviewers is 0"),
    ],
)
def test_what_cannot_be_done_is_refused_by_name(arguments, found):
    with pytest.raises(InvalidInput) as error:
        consolidate(answers({"i": {"u": "cat"}}), **({"field": "label"} | arguments))
    assert found in error.value.found
    assert error.value.expected


def test_a_table_that_is_no_answers_table_is_refused():
    with pytest.raises(InvalidTable, match="answers lacks"):
        consolidate(pd.DataFrame({"item_id": ["i"]}), "label")
