"""detect_change() and Comparison.drift: alarms that are as rare as promised, and say since when."""

import numpy as np
import pandas as pd
import pytest

from a2i_al.errors import ComparisonWarning, InvalidInput
from a2i_al.metrics import compare
from a2i_al.metrics.drift import detect_change


def changed(before=0.1, after=0.45, seed=0):
    """Return a stream of 400 items at one rate and 200 at another."""
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.random(400) < before, rng.random(200) < after])


@pytest.mark.parametrize("direction", ["up", "down", "both"])
@pytest.mark.parametrize("baseline", [0.2, None])
def test_false_alarms_are_as_rare_as_promised(baseline, direction):
    """Of 300 streams of 300 items with one rate, at most 5 in a hundred ever alarm, an unlucky reference included."""
    streams = np.random.default_rng(0).random((300, 300)) < 0.2
    alarms = [detect_change(stream, baseline=baseline, direction=direction).alarm is not None for stream in streams]
    assert np.mean(alarms) <= 0.05


def test_false_alarms_of_an_average_run_length_are_so_far_apart_in_both_directions_together():
    """200 streams of 600 items with one rate: the mean time to the first is 100 items or more; and it says so."""
    streams = np.random.default_rng(0).random((200, 600)) < 0.2
    found = [detect_change(stream, baseline=0.2, average_run_length=100).alarm for stream in streams]
    assert np.mean([600 if alarm is None else alarm.item for alarm in found]) > 100
    assert any(found)
    shown = detect_change(streams[0], baseline=0.2, average_run_length=100)._repr_html_()
    assert "once in 100 items on average" in shown
    assert "ever" not in shown


def test_a_rise_and_a_fall_are_found_with_their_direction_and_start():
    """After 400 items, both ways."""
    rise = detect_change(changed()).alarm
    assert (rise.direction, abs(rise.since - 400) < 15, rise.item > 400) == ("up", True, True)
    fall = detect_change(~changed()).alarm
    assert (fall.direction, fall.item, fall.since) == ("down", rise.item, rise.since)


def test_only_the_asked_direction_alarms():
    """A rise is none to somebody who looks for a fall."""
    assert detect_change(changed(), direction="down").alarm is None
    assert detect_change(changed(), direction="up").alarm.direction == "up"


def test_the_table_has_every_item_and_no_evidence_for_the_reference():
    """A hundred items by default; evidence reaches the threshold at the alarm and not before."""
    drift = detect_change(changed(), direction="up")
    table = drift.table
    assert (drift.reference, len(table)) == (100, 600)
    assert table["evidence_up"].isna().sum() == 100
    reached = table["item"][table["evidence_up"] >= drift.threshold]
    assert reached.iloc[0] == drift.alarm.item
    assert drift.bounds[0] < drift.baseline < drift.bounds[1]
    assert detect_change(changed(), reference=300).baseline == changed()[:300].mean()


def test_what_is_found_is_said_in_words():
    """In the line, the sentence and the HTML."""
    drift = detect_change(changed(), baseline=0.1)
    assert repr(drift) == f"Drift(600 items, baseline 10.0 %: up by item {drift.alarm.item})"
    assert "the rate had risen from 10.0 %" in drift._repr_html_()
    quiet = detect_change(np.zeros(50, dtype=bool), baseline=0.1, direction="up")
    assert "In 50 items no change of the rate of 10.0 % is seen." in quiet._repr_html_()


def test_a_comparison_is_watched_in_the_order_of_time():
    """Whatever the order of its rows; the alarm has the times of its items."""
    stream = changed()
    ids = [f"i{n:03d}" for n in np.random.default_rng(0).permutation(600)]
    seen = pd.Timestamp("2026-11-01", tz="UTC") + pd.to_timedelta(np.arange(600), unit="h")
    result = compare(
        pd.DataFrame({"item_id": ids, "predicted_label": "a", "model_version": "v1", "seen_at": seen}),
        pd.DataFrame({"item_id": ids, "label": np.where(stream, "b", "a")}),
    )
    drift, alone = result.drift("seen_at"), detect_change(stream)
    assert drift.table["disagrees"].tolist() == stream.tolist()
    assert (drift.alarm.item, drift.alarm.since) == (alone.alarm.item, alone.alarm.since)
    assert drift.alarm.since_time == seen[alone.alarm.since]
    assert drift.table["time"].dt.tz is not None


def test_a_mixture_of_draws_and_choices_is_said():
    """The rate then moves with the mixture; of the draws alone it does not."""
    ids = [f"i{n:02d}" for n in range(60)]
    chance = [0.5, None] * 30
    result = compare(
        pd.DataFrame({"item_id": ids, "predicted_label": "a", "model_version": "v1"}),
        pd.DataFrame({"item_id": ids, "label": "a"}),
        pd.DataFrame({"item_id": ids, "inclusion_probability": chance}),
    )
    with pytest.warns(ComparisonWarning, match="chosen in different ways"):
        result.drift(baseline=0.1)
    assert result.only(scope="audit slice").drift(baseline=0.1).alarm is None


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ({"reference": 600}, "600 items and a reference of 600"),
        ({"reference": 0}, "600 items and a reference of 0"),
        ({"alpha": 5}, "alpha is 5"),
        ({"times": [1, 2]}, "600 outcomes and 2 times"),
        ({"direction": "sideways"}, "direction is 'sideways'"),
        ({"average_run_length": 1}, "average_run_length is 1"),
        ({"baseline": -0.1}, "baseline is -0.1"),
    ],
)
def test_impossible_arguments_are_refused(arguments, found):
    """With what was found."""
    with pytest.raises(InvalidInput, match=found):
        detect_change(changed(), **arguments)


def test_a_stream_too_short_for_a_reference_is_refused():
    """A hundred items, and some to watch."""
    with pytest.raises(InvalidInput, match="there are 100 items and a reference of 100"):
        detect_change(np.zeros(100, dtype=bool))


def test_looks_at_a_growing_stream_are_looks_at_one_test():
    """What was an alarm stays it, and nothing before it changes: the promise is about all looks together."""
    stream = changed()
    last = detect_change(stream)
    for n in (200, 400, last.alarm.item - 1, last.alarm.item, 590):
        look = detect_change(stream[:n])
        pd.testing.assert_frame_equal(look.table, last.table.head(n))
        assert (look.alarm is None) == (n < last.alarm.item)
