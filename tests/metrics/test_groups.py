"""Segments and windows: every item in one of them, intervals for each, and clear words for what cannot be parted."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from a2i_al.errors import InvalidInput
from a2i_al.metrics import compare, wilson
from a2i_al.metrics.groups import rates, segment_of, window_of

DAYS = pd.to_datetime(["2026-11-02T23:59Z", "2026-11-01T08:00Z", "2026-11-01T20:00Z", "2026-11-09T01:00Z"], utc=True)


def compared(**columns):
    """Return a comparison of four items, the first two wrong, with extra columns of the items table."""
    ids = list("ijkl")
    return compare(
        pd.DataFrame({"item_id": ids, "predicted_label": "a", "model_version": "v1"}),
        pd.DataFrame({"item_id": ids, "label": ["b", "b", "a", "a"], "status": "agreed"}),
        items=pd.DataFrame({"item_id": ids} | columns),
    )


def test_segments_have_rates_with_wilsons_intervals():
    """Sorted, missing values as a segment of their own, several columns below one another."""
    table = compared(language=["en", "de", "en", None], vip=[True, False, False, False]).by_segment("language", "vip")
    assert table["segment"].tolist() == ["de", "en", "(missing)", "False", "True"]
    assert table["column"].tolist() == ["language"] * 3 + ["vip"] * 2
    assert table["n"].tolist() == [1, 2, 1, 3, 1]
    assert table["rate"].tolist() == pytest.approx([1, 0.5, 0, 1 / 3, 1])
    assert table.loc[1, ["low", "high"]].tolist() == pytest.approx(wilson(1, 2))


def test_a_number_with_many_values_is_cut_into_quarters():
    """Four ranges, each with a quarter of the items."""
    parts = segment_of(pd.DataFrame({"amount": np.arange(100.0)}), "amount").value_counts(sort=False)
    assert parts.to_dict() == {
        "0 to 24.75": 25, "24.75 to 49.5": 25, "49.5 to 74.25": 25, "74.25 to 99": 25, "(missing)": 0
    }  # fmt: skip


@pytest.mark.parametrize("values", [[10, 2, 1, 10], [2.5, "x", None, 1]])
def test_segments_are_in_the_order_of_their_values(values):
    """Ten comes after two; what does not compare goes by its text."""
    parts = segment_of(pd.DataFrame({"x": pd.Series(values, dtype=object)}), "x")
    assert list(parts.cat.categories) == [
        *map(str, sorted({v for v in values if v is not None}, key=str if None in values else None)),
        "(missing)",
    ]
    assert parts.astype(object).tolist() == ["(missing)" if v is None else str(v) for v in values]


def test_items_fill_in_what_predictions_do_not_say():
    """A column that both have is the predictions'; items without a row are missing."""
    result = compare(
        pd.DataFrame({"item_id": ["i", "j"], "predicted_label": "a", "model_version": "v1", "source": "model"}),
        pd.DataFrame({"item_id": ["i", "j"], "label": "a"}),
        items=pd.DataFrame({"item_id": ["j", "x"], "source": "items", "language": ["en", "de"]}),
    ).table
    assert result["source"].tolist() == ["model", "model"]
    assert result["language"].fillna("-").tolist() == ["-", "en"]


def test_windows_of_time_are_days_unless_told_otherwise():
    """Each starts at its beginning, in UTC; what was not observed is no row."""
    result = compared(seen_at=DAYS)
    by_day = result.over_time("seen_at")
    assert by_day["window"].dt.strftime("%m-%d").tolist() == ["11-01", "11-02", "11-09"]
    assert by_day["n"].tolist() == [2, 1, 1]
    assert by_day["rate"].tolist() == [0.5, 1.0, 0.0]
    assert result.over_time("seen_at", "30D")["n"].tolist() == [4]
    assert result.over_time("seen_at", "7D")["window"].dt.strftime("%m-%d").tolist() == ["11-01", "11-08"]


def test_windows_of_items_follow_the_order_of_time():
    """Three items, then the rest."""
    assert window_of(pd.DataFrame({"t": DAYS}), "t", 3).tolist() == [0, 0, 0, 1]
    assert compared(seen_at=DAYS).over_time("seen_at", 2)["disagreements"].tolist() == [1, 1]


def test_rounds_are_windows_of_their_own():
    """The default, and per model version."""
    assert compared().over_time()[["window", "n"]].to_numpy().tolist() == [[0, 4]]


@pytest.mark.parametrize(
    ("time", "window", "found"),
    [
        ("when", None, "there is no column 'when'"),
        ("round", "1D", "window is '1D' and 'round' has int64"),
        ("round", 0, "window is 0"),
        ("seen_at", "1 fortnight", "window is '1 fortnight'"),
        ("seen_at", "0D", "window is '0D'"),
        ("gone_at", None, "'gone_at' is missing in 1 of 4 rows"),
    ],
)
def test_what_is_no_window_is_refused(time, window, found):
    """With what would be one."""
    with pytest.raises(InvalidInput, match=found):
        compared(seen_at=DAYS, gone_at=[*DAYS[:3], None]).over_time(time, window)


def test_what_is_no_segment_is_refused():
    """A column that is not there, and one of lists."""
    result = compared(tags=[["x"], [], [], []])
    with pytest.raises(InvalidInput, match=r"no column 'language'.*give compare\(\) items="):
        result.by_segment("language")
    with pytest.raises(InvalidInput, match="values of 'tags' are no segments"):
        result.by_segment("tags")


@given(st.lists(st.tuples(st.booleans(), st.sampled_from("xyz")), min_size=1, max_size=30))
def test_parts_add_up_to_the_whole(rows):
    """Every item and every disagreement is in one group, and the rate is within its interval."""
    differs, names = zip(*rows, strict=True)
    table = rates(differs, np.ones(len(rows)), names)
    assert (table["n"].sum(), table["disagreements"].sum()) == (len(rows), sum(differs))
    assert ((table["low"] <= table["rate"]) & (table["rate"] <= table["high"])).all()
