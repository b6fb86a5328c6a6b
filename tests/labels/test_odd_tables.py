"""However a table holds its answers, and whatever they are, every method gives the same result or a clear error."""

import uuid
import warnings

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from a2i_al.errors import A2IError, ConsolidationWarning, InvalidInput, InvalidTable, UnreadAnswerWarning
from a2i_al.labels import RunningLabels, consolidate, needs_another_review, worker_confusion, worker_quality
from a2i_al.labels.categorical import METHODS as OF_LABELS
from a2i_al.labels.structured.registry import METHODS as OF_PARTS

EVERY = [*OF_LABELS, *OF_PARTS, "running", "worker_quality", "worker_confusion", "needs_another_review"]


def answered(values, *, items=6, workers=3):
    """Return a plain answers table: the values in turn, a step further with every item."""
    places = [(item, worker) for item in range(items) for worker in range(workers)]
    rows = [(f"l{item}", f"i{item}", f"w{worker}", "f") for item, worker in places]
    given = [values[(item + worker * worker) % len(values)] for item, worker in places]
    table = pd.DataFrame(rows, columns=["human_loop_name", "item_id", "worker_id", "field"])
    return table.assign(value=pd.Series(given, dtype=object))


def outcome(answers, how):
    """Return what a method or function makes of a table: a table, or the class of our own error."""
    functions = {
        "running": lambda: RunningLabels("f").add(answers).labels(),
        "worker_quality": lambda: worker_quality(answers, "f"),
        "worker_confusion": lambda: worker_confusion(answers, "f"),
        "needs_another_review": lambda: needs_another_review(answers, "f"),
    }
    options = {}
    if how == "crowdlab" and isinstance(answers, pd.DataFrame) and "item_id" in answers:
        ids = sorted({str(item) for item in answers["item_id"]})
        options["predictions"] = pd.DataFrame({"item_id": ids, "predicted_label": "a", "confidence": 0.7})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConsolidationWarning)
        warnings.simplefilter("ignore", UnreadAnswerWarning)
        try:
            return functions.get(how, lambda: consolidate(answers, "f", method=how, **options))()
        except A2IError as error:
            return type(error)


def arrow_of(name, type_):
    """Return a function that holds a column as Arrow does."""
    return lambda table: table.assign(**{name: table[name].astype(pd.ArrowDtype(type_))})


HELD = {
    "pandas' text with NA": lambda t: t.astype("string[python]"),
    "Arrow's text": lambda t: t.astype(pd.ArrowDtype(pa.string())),
    "Arrow's dictionaries": arrow_of("value", pa.dictionary(pa.int32(), pa.string())),
    "categoricals": lambda t: t.astype("category"),
    "categories out of order, one unused": lambda t: t.assign(value=pd.Categorical(t["value"], ["z", "b", "a"])),
    "rows named": lambda t: t.set_index(pd.Index([f"row {row}" for row in range(len(t))])),
    "rows all named alike": lambda t: t.set_index(pd.Index([np.nan] * len(t))),
    "rows named by item and worker": lambda t: t.set_index(["item_id", "worker_id"], drop=False),
    "rows backwards": lambda t: t.iloc[::-1],
}


@pytest.mark.parametrize("how", EVERY)
@pytest.mark.parametrize("held", HELD)
def test_how_a_table_holds_its_answers_does_not_matter(how, held):
    """Nor does what the rows are called, or their order."""
    plain = answered(["a", "b", "a", None])
    expected, found = outcome(plain, how), outcome(HELD[held](plain), how)
    if isinstance(expected, type):
        assert found is expected
    else:
        pd.testing.assert_frame_equal(found, expected)


@pytest.mark.parametrize("how", EVERY)
@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([1, 2, None], "Int64"),
        ([True, False, None], "boolean"),
        ([1.5, 2.0, None], "Float64"),
        ([1.5, 2.0, None], pd.ArrowDtype(pa.float64())),
        ([["a"], ["b", "a"], None], pd.ArrowDtype(pa.list_(pa.string()))),
    ],
)
def test_what_may_be_missing_is_as_if_python_objects_were(how, values, dtype):
    plain = answered(values)
    expected, found = (outcome(table, how) for table in (plain, plain.assign(value=plain["value"].astype(dtype))))
    if isinstance(expected, type):
        assert found is expected
    else:
        pd.testing.assert_frame_equal(found, expected)


ANSWERS = {
    "of every kind at once": [1, "1", True, 1.0, None, "True", ["a"], {"b": 1}],
    "no two written alike": ["é", "e\u0301", "🙂", "日本"],
    "half a surrogate pair": ["\ud800", "a"],
    "numpy's": [np.int64(1), np.str_("a"), np.bool_(True), np.float32(1.5), np.array(["a"])],
    "times, bytes, sets": [pd.Timestamp("2026-01-01"), pd.NaT, b"a", {"a"}, float("inf")],
    "nobody's": [None],
    "white space": ["", " ", "\n\x00"],
    "one": ["a"],
    "lists in lists": [[["a"], ["b"]], [["a", "b"]]],
}


@pytest.mark.parametrize("how", EVERY)
@pytest.mark.parametrize("answers", ANSWERS)
def test_whatever_is_answered_every_item_has_a_row_with_a_status(how, answers):
    """Also where an item has one answer."""
    found = outcome(answered(ANSWERS[answers]).drop(index=[1, 2]), how)
    if isinstance(found, type):
        assert issubclass(found, InvalidInput)
        assert how == "worker_confusion"  # of which nothing is known where nobody gave a label
    elif how not in ("worker_quality", "worker_confusion"):
        assert found["item_id"].tolist() == [f"i{item}" for item in range(6)]
        if "status" in found:
            assert (found["label"].notna() == (found["status"] == "agreed")).all()


@pytest.mark.parametrize("how", OF_LABELS)
def test_as_many_labels_as_answers_and_as_many_workers(how):
    """Nobody shares an item with more than one other, or a label with anybody."""
    table = answered([f"class {code}" for code in range(120)], items=60, workers=2)
    table = table.assign(worker_id=[f"w{row}" for row in range(120)])
    found = outcome(table, how)
    assert len(found) == 60
    assert found["status"].isin(["agreed", "tied"]).all()


@pytest.mark.parametrize("how", EVERY)
@pytest.mark.parametrize(
    "broken",
    [
        lambda t: t.assign(item_id=t["item_id"].where(t.index != 3)),
        lambda t: t.assign(item_id=t["item_id"].where(t.index != 3, "")),
        lambda t: t.assign(worker_id=t["worker_id"].where(t.index != 3)),
        lambda t: pd.concat([t, t[["value"]]], axis=1),
        lambda t: t.drop(columns="field"),
        lambda t: pd.concat([t, t]),
        lambda t: t["value"],
        lambda _: None,
    ],
    ids=["no item", "empty item", "no worker", "a column twice", "no column", "rows twice", "a column", "nothing"],
)
def test_what_is_no_table_of_answers_is_refused_by_every_method(how, broken):
    assert outcome(broken(answered(["a", "b"])), how) is InvalidTable


@pytest.mark.parametrize("how", EVERY)
def test_no_answers_are_no_labels(how):
    found = outcome(answered(["a"]).iloc[:0], how)
    assert found is InvalidInput if isinstance(found, type) else found.empty


@pytest.mark.parametrize("how", EVERY)
def test_ids_need_not_be_texts_and_columns_may_be_called_anything(how):
    plain = answered(["a", "b"])
    ids = {f"i{item}": uuid.UUID(int=item) for item in range(6)}
    odd = plain.assign(item_id=plain["item_id"].map(ids)).rename(columns={"note": 7}).assign(**{"": 1})
    odd[7] = 1
    expected, found = outcome(plain.assign(item_id=plain["item_id"].map(ids).map(str)), how), outcome(odd, how)
    pd.testing.assert_frame_equal(found[expected.columns], expected, check_column_type=False)
