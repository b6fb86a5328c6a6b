"""operations(): durations by hand, and every time that may be missing missing."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from a2i_al.errors import ComparisonWarning, InvalidInput, InvalidTable
from a2i_al.metrics import BacklogDisplay, OperationsDisplay, operations
from a2i_al.tables import ANSWERS

DAY = "2026-11-02T"


def answer(loop, worker, accepted=None, submitted=None, seconds=None, *, field="label"):
    """Return a row of an answers table; times are hours and minutes of a day."""
    at = [None if time is None else f"{DAY}{time}Z" for time in (accepted, submitted)]
    return {
        "human_loop_name": loop, "item_id": f"item of {loop}", "worker_id": worker, "field": field, "value": "x",
        "accepted_at": at[0], "submitted_at": at[1], "seconds": seconds,
    }  # fmt: skip


def answers(*rows):
    return pd.DataFrame(rows)


def loops(**created):
    """Return a loops table from name=(created, finished or None)."""
    rows = [
        {
            "human_loop_name": name, "item_id": f"item of {name}", "created_at": f"{DAY}{began}Z",
            "finished_at": None if ended is None else f"{DAY}{ended}Z",
            "status": "InProgress" if ended is None else "Completed",
        }
        for name, (began, ended) in created.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


@pytest.fixture
def morning():
    """Give two loops with three forms of two workers, and one that is open."""
    return operations(
        answers(
            answer("l1", "u", "10:00", "10:01", 60),
            answer("l1", "u", "10:00", "10:01", 60, field="comment"),
            answer("l1", "v", "10:30", "10:32", 120),
            answer("l2", "u", "10:02", "10:05", 180),
        ),
        loops(l1=("09:00", "10:32"), l2=("10:00", "10:05"), l3=("10:10", None)),
        now=f"{DAY}11:10Z",
    )


def test_durations_by_hand(morning):
    """Several fields of a form are one form."""
    times = morning.times().set_index("duration")
    assert times["n"].tolist() == [3, 3, 3]
    assert times["median"].tolist() == [3_600, 120, 3_660]
    assert times["max"].tolist() == [5_400, 180, 5_520]
    assert times["mean"].tolist() == pytest.approx([(3_600 + 5_400 + 120) / 3, 120, (3_660 + 5_520 + 300) / 3])


def test_the_backlog_is_what_is_open_and_how_old(morning):
    """An hour, up to now."""
    assert morning.backlog().to_dict("records") == [
        {"status": "InProgress", "loops": 1, "median_age": 3_600.0, "oldest": 3_600.0}
    ]


def test_the_backlog_over_time_rises_with_starts_and_falls_with_ends(morning):
    """From 9:00 in steps of ten minutes."""
    table = morning.backlog_over_time(14)
    assert table["open"].tolist() == [1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 1, 1, 1, 1]
    assert table["finished"].tolist() == [0] * 7 + [1] * 3 + [2] * 4


def test_workers_by_hand(morning):
    """The busiest first, with their pace at work."""
    table = morning.workers()
    assert table["worker_id"].tolist() == ["u", "v"]
    assert table["forms"].tolist() == [2, 1]
    assert table["hours"].tolist() == pytest.approx([240 / 3_600, 120 / 3_600])
    assert table["forms_per_hour"].tolist() == pytest.approx([30, 30])
    assert table["median_seconds"].tolist() == [120, 120]


def test_throughput_has_a_row_for_an_hour_in_which_nothing_came():
    """Zero is a number, too."""
    table = operations(answers(answer("l1", "u", None, "10:59"), answer("l2", "v", None, "12:00"))).throughput("1h")
    assert table["forms"].tolist() == [1, 0, 1]
    assert table["forms_per_worker"].fillna(-1).tolist() == [1, -1, 1]
    with pytest.raises(InvalidInput, match="window is 'often'"):
        operations(answers(answer("l1", "u", None, "10:59"))).throughput("often")


def test_costs_by_hand(morning):
    """Three loops at 0.08, three forms at 0.012, a tenth of an hour at 30; two labelled items."""
    costs = morning.costs(per_loop=0.08, per_form=0.012, per_hour=30).set_index("what")
    assert costs["quantity"].tolist()[:3] == pytest.approx([3, 3, 0.1])
    assert costs.loc["total", "cost"] == pytest.approx(0.24 + 0.036 + 3)
    assert costs.loc["per label", "cost"] == pytest.approx(3.276 / 2)
    labels = pd.DataFrame({"item_id": list("abc"), "label": ["x", None, "y"], "status": ["agreed", "tied", "agreed"]})
    few = operations(answers(answer("l1", "u")), labels=labels.head(2)).costs(per_form=2.0).set_index("what")
    assert few.loc["per label", ["quantity", "cost"]].tolist() == [1, 2.0]


@pytest.mark.parametrize("price", [-1, np.nan, np.inf])
def test_impossible_prices_are_refused(morning, price):
    """Of whatever."""
    for name in ("per_loop", "per_form", "per_hour"):
        with pytest.raises(InvalidInput, match=name):
            morning.costs(**{name: price})


def test_a_missing_acceptance_is_told_from_the_seconds_of_work():
    """Sent in at 10:05 after two minutes: opened at 10:03."""
    result = operations(answers(answer("l", "u", None, "10:05", 120)), loops(l=("10:00", "10:05")))
    assert result.times().set_index("duration")["median"].to_dict() == {
        "pick_up": 180,
        "answer": 120,
        "turnaround": 300,
    }


def test_missing_seconds_are_told_from_the_times():
    """Opened and sent in."""
    result = operations(answers(answer("l", "u", "10:03", "10:05")))
    assert result.table["answer"].tolist() == [120]


def test_without_any_times_there_are_counts():
    """Old outputs have none: nothing is guessed, and nothing fails."""
    result = operations(answers(answer("l", "u"), answer("m", "v")))
    assert result.times()["missing"].tolist() == [2, 2, 2]
    assert result.times()["median"].isna().all()
    assert result.workers()["forms"].tolist() == [1, 1]
    assert result.workers()["forms_per_hour"].isna().all()
    assert result.throughput().empty
    assert result.costs(per_form=1.5).set_index("what").loc["total", "cost"] == 3
    assert np.isnan(result.costs(per_hour=20).set_index("what").loc["total", "cost"])
    assert repr(result) == "Operations(2 forms sent in by 2 workers)"
    assert "2 forms" in result._repr_html_()
    with pytest.raises(InvalidInput, match="no duration is known"):
        result.plot()


def test_no_answers_at_all_are_an_answer():
    """An open loop, and nobody yet."""
    result = operations(ANSWERS.empty(), loops(l=("10:00", None)), now=f"{DAY}12:00Z")
    assert result.workers().empty
    assert result.backlog()["oldest"].tolist() == [7_200]
    assert result.costs(per_loop=1).set_index("what").loc["total", "cost"] == 1
    assert np.isnan(result.costs(per_loop=1).set_index("what").loc["per label", "cost"])
    assert operations(ANSWERS.empty()).times()["n"].tolist() == [0, 0, 0]


def test_a_clock_that_went_backwards_is_said_and_not_counted():
    """Opened an hour before it was started."""
    with pytest.warns(ComparisonWarning, match="1 durations are below 0"):
        result = operations(answers(answer("l", "u", "09:00", "10:05", 30)), loops(l=("10:00", "10:05")))
    assert result.times().set_index("duration").loc["pick_up", ["n", "missing"]].tolist() == [0, 1]


def test_a_worker_who_answered_a_loop_twice_is_refused():
    """One answer per loop, worker and field; which of two counts is nobody's to guess."""
    with pytest.raises(InvalidTable, match="repeated key"):
        operations(answers(answer("l", "u"), answer("l", "u")))


def test_without_loops_the_backlog_is_refused_with_what_it_needs():
    """Answers do not tell what is open."""
    with pytest.raises(InvalidInput, match=r"operations\(answers, loops\)"):
        operations(answers(answer("l", "u"))).backlog()
    with pytest.raises(InvalidInput, match="points is 1"):
        operations(ANSWERS.empty(), loops(l=("10:00", None))).backlog_over_time(1)
    with pytest.raises(InvalidInput, match="now is 'soon'"):
        operations(answers(answer("l", "u")), now="soon")


def test_what_a_notebook_shows_is_escaped_and_says_what_waits(morning):
    """Names of workers are anybody's."""
    shown = morning._repr_html_()
    for text in ("until opened", "2 min", "InProgress", "Open loops"):
        assert text in shown
    assert repr(morning) == "Operations(3 forms sent in by 2 workers, half of them within 2 min of opening)"
    many = operations(answers(*(answer("l", f"<b>{n}") for n in range(8))))._repr_html_()
    assert "&lt;b&gt;0" in many
    assert "<b>" not in many
    assert "and 3 more workers" in many


def test_the_pictures_are_of_the_tables(morning):
    """Steps up to 100 %, and the open loops."""
    display = OperationsDisplay.from_operations(morning)
    assert [line.get_xdata()[-1] for line in display.ax_.lines] == [5_400, 180, 5_520]
    assert display._repr_png_()[0].startswith(b"\x89PNG")
    backlog = BacklogDisplay.from_operations(morning)
    assert backlog.ax_.lines[0].get_ydata().max() == 2
    assert backlog._repr_png_()[0].startswith(b"\x89PNG")


@given(st.permutations(range(4)))
def test_the_order_of_rows_does_not_matter(order):
    """Of answers and of loops."""
    rows = [
        answer("l1", "u", "10:00", "10:01"),
        answer("l1", "v", None, "10:09", 30),
        answer("l2", "u"),
        answer("l3", "w"),
    ]
    open_and_done = loops(l1=("09:00", "10:32"), l2=("10:00", None), l3=("10:10", None), l4=("10:11", None))
    plain = operations(answers(*rows), open_and_done)
    mixed = operations(answers(*(rows[n] for n in order)), open_and_done.iloc[list(order)])
    for name in ("times", "workers", "backlog", "costs"):
        pd.testing.assert_frame_equal(getattr(plain, name)(), getattr(mixed, name)())
