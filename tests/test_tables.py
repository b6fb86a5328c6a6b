"""The door of every stage: documented columns first, in their dtypes; everything else is said clearly or kept."""

import numpy as np
import pandas as pd
import pytest

from a2i_al import tables
from a2i_al.errors import InvalidTable
from a2i_al.tables import ANSWERS, ITEMS, LABELS, LOOPS, PICKS, PREDICTIONS, Table

ALL = [value for value in vars(tables).values() if isinstance(value, Table)]


def test_documented_columns_come_first_and_extra_columns_stay():
    """A picks table with a column of the user's own keeps it, behind the documented ones."""
    checked = PICKS.check(pd.DataFrame({"mine": [1.5], "rank": [1], "item_id": ["a"]}))
    assert list(checked.columns) == [column.name for column in PICKS.columns] + ["mine"]
    assert checked.loc[0, "mine"] == 1.5


def test_ids_become_text_and_input_is_left_alone():
    """Integer ids are text afterwards, and the caller's table is not changed."""
    given = pd.DataFrame({"item_id": [1, 2]})
    assert ITEMS.check(given)["item_id"].tolist() == ["1", "2"]
    assert given["item_id"].tolist() == [1, 2]


def test_times_become_aware_utc_microseconds():
    """A time in another zone is the same instant in UTC."""
    loops = LOOPS.check(
        pd.DataFrame({"human_loop_name": ["a"], "item_id": ["1"], "created_at": ["2026-11-01T12:00+02:00"]})
    )
    assert str(loops["created_at"].dtype) == "datetime64[us, UTC]"
    assert loops.loc[0, "created_at"] == pd.Timestamp("2026-11-01T10:00Z")


def test_missing_text_stays_missing():
    """A label that is not there is not the text 'None' or 'nan'."""
    labels = LABELS.check(pd.DataFrame({"item_id": ["a", "b"], "label": ["x", None], "n_answers": [1, 0]}))
    assert labels["label"].isna().tolist() == [False, True]


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)
def test_an_empty_table_has_every_column_in_its_dtype(table):
    """No rows is an ordinary result: all columns, and the dtypes that rows would have."""
    empty = table.empty()
    assert list(empty.columns) == [column.name for column in table.columns]
    for column in table.columns:
        assert empty[column.name].dtype == column.missing(pd.RangeIndex(1)).dtype, column.name


@pytest.mark.parametrize(
    ("df", "words"),
    [
        ([1], "is a list"),
        (pd.DataFrame({"id": ["a"]}), "lacks 'item_id'; it has 'id'"),
        (pd.DataFrame({"item_id": ["a", None]}), "missing in 1 of 2 rows, first in row 1"),
        (pd.DataFrame({"item_id": ["a", ""]}), "missing in 1 of 2 rows"),
        (pd.DataFrame({"item_id": ["a", "b", "a"]}), "2 rows with a repeated key, such as {'item_id': 'a'}"),
    ],
)
def test_an_unusable_table_is_refused_with_what_was_found(df, words):
    """Wrong type, no id column, missing ids and duplicate ids each say so."""
    with pytest.raises(InvalidTable) as caught:
        ITEMS.check(df)
    assert words in str(caught.value)
    assert "Expected:" in str(caught.value)


def test_a_value_of_the_wrong_kind_names_its_column():
    """A confidence that is not a number is refused by name."""
    frame = pd.DataFrame({"item_id": ["a"], "predicted_label": ["x"], "model_version": ["m"], "confidence": ["high"]})
    with pytest.raises(InvalidTable, match=r"predictions\.confidence"):
        PREDICTIONS.check(frame)


def test_any_values_pass_through_as_they_are():
    """An answer's value may be text, a number, a list or an object."""
    values = ["x", 3, [1, 2], {"a": True}, None]
    frame = pd.DataFrame(
        {"human_loop_name": list("abcde"), "item_id": list("abcde"), "worker_id": "w", "field": "f", "value": values}
    )
    assert ANSWERS.check(frame)["value"].tolist() == values


def test_from_rows_without_rows_is_the_empty_table():
    """No rows give the schema, not a frame without columns."""
    pd.testing.assert_frame_equal(PICKS.from_rows([]), PICKS.empty())
    assert np.isnan(PICKS.from_rows([{"item_id": "a"}]).loc[0, "score"])
