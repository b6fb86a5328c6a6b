"""Answers in portions end at the labels of all at once, whatever the portions, and survive being written down."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from a2i_al.errors import InvalidInput, InvalidTable, UnknownLabel
from a2i_al.labels import RunningLabels, consolidate, running as module
from a2i_al.labels.counting.merging import dated, merged
from a2i_al.tables import LABELS
from tests.labels.conftest import table

METHODS = ["dawid_skene", "one_coin", "glad", "majority", "weighted_majority"]
SAME = ["item_id", "label", "n_answers", "agreement", "status", "method"]


@pytest.mark.parametrize("method", METHODS)
def test_portions_end_at_the_table_of_one_fit(method, crowd):
    answers, _, _ = crowd(items=400, workers=15)
    shuffled = answers.sample(frac=1, random_state=0)
    running = RunningLabels("label", method=method, reviewers=3)
    for portion in np.array_split(np.arange(len(answers)), 5):
        running.add(shuffled.iloc[portion]).labels()
    pd.testing.assert_frame_equal(running.labels(), consolidate(answers, "label", method=method, reviewers=3))


@pytest.mark.parametrize("method", ["dawid_skene", "one_coin", "glad"])
def test_between_estimates_labels_are_near_and_settling_ends_at_those_of_one_fit(method, crowd, monkeypatch):
    """Items, a worker and a label are new on the way, and a worker changes an answer."""
    monkeypatch.setattr(module, "ONLINE_FROM", 1)
    monkeypatch.setattr(module, "_NEW_SHARE", 0.1)
    answers, _, _ = crowd(items=3_000, workers=25, low=0.6)
    answers.loc[answers.index[-1], ["worker_id", "value"]] = ["aa", "another"]
    again = answers.iloc[:1].assign(human_loop_name="later", submitted_at="2026-11-01T10:00Z", value="class 3")
    portions = [answers.iloc[:8_700], answers.iloc[8_700:8_900], pd.concat([again, answers.iloc[8_900:]])]
    running = RunningLabels("label", method=method)
    for portion in portions:
        near = running.add(portion).labels()
    assert running._votes_settled == 8_700
    everything = pd.concat(portions)
    whole = consolidate(everything, "label", method=method)
    assert (near["label"].fillna("") == whole["label"].fillna("")).mean() > 0.99
    assert (
        near[["item_id", "n_answers", "agreement"]].fillna(-1)
        == whole[["item_id", "n_answers", "agreement"]].fillna(-1)
    ).all(axis=None)
    pd.testing.assert_frame_equal(running.labels(settle=True), whole)
    assert running.labels()["label"].fillna("").tolist() == whole["label"].fillna("").tolist()


def test_between_estimates_only_touched_items_are_judged(crowd, monkeypatch):
    monkeypatch.setattr(module, "ONLINE_FROM", 1)
    answers, _, _ = crowd(items=500)
    running = RunningLabels("label").add(answers.iloc[:-4])
    running.labels()
    judged = []
    found = module.decided
    monkeypatch.setattr(module, "decided", lambda cast, *rest: judged.append(len(cast.items)) or found(cast, *rest))
    running.add(answers.iloc[-4:]).labels()
    running.labels()
    assert judged == [2]


def test_when_much_is_new_everything_is_estimated(crowd, monkeypatch):
    monkeypatch.setattr(module, "ONLINE_FROM", 1)
    answers, _, _ = crowd(items=300)
    running = RunningLabels("label")
    for first, last, settled in ((0, 500, 500), (500, 504, 500), (504, 506, 506), (506, 507, 506)):
        running.add(answers.iloc[first:last]).labels()
        assert running._votes_settled == settled
    assert len(running.labels(settle=False)) == running.labels(proba=True)["proba_class 0"].notna().sum()
    assert running._votes_settled == 507


@settings(max_examples=60)
@given(
    rows=st.lists(
        st.tuples(*(st.sampled_from(letters) for letters in ("ijk", "uvw", "ab ", ["label", "note"], [None, 1, 2]))),
        min_size=1,
        max_size=12,
    ),
    cut=st.integers(0, 12),
)
def test_ballots_of_two_portions_are_those_of_both(rows, cut):
    """A loop per row: workers who come back, leave the field out, or answer without a time."""
    names = ["item_id", "worker_id", "value", "field", "day"]
    answers = pd.DataFrame(rows, columns=names).assign(human_loop_name=[f"l{n:02}" for n in range(len(rows))])
    answers["submitted_at"] = pd.to_datetime(answers["day"].map({1: "2026-11-01", 2: "2026-11-02"}), utc=True)
    first, second = answers.iloc[:cut], answers.iloc[cut:]
    if first.empty or second.empty:
        return
    both, _ = merged(dated(first, "label", needed=False), dated(second, "label", needed=False))
    whole = dated(answers, "label", needed=False)
    for name in ("items", "workers"):
        assert getattr(both.ballots, name).equals(getattr(whole.ballots, name)), name
    for name in ("item", "worker"):
        assert np.array_equal(getattr(both.ballots, name), getattr(whole.ballots, name)), name
    # What nobody says any more may still be a class.
    assert said(both.ballots) == said(whole.ballots)
    assert np.array_equal(both.time, whole.time)


def said(ballots):
    """Return the label of every entry, None for an empty one."""
    return [ballots.class_names[code] if code >= 0 else None for code in ballots.vote]


def test_the_same_answers_again_change_nothing(crowd):
    answers, _, _ = crowd(items=50)
    running = RunningLabels("label", method="majority").add(answers)
    before = running.labels()
    pd.testing.assert_frame_equal(running.add(answers.iloc[::3]).labels(), before)
    assert len(running) == 50


@pytest.mark.parametrize("method", METHODS)
def test_it_goes_on_from_what_was_written_down(method, crowd):
    answers, truth, _ = crowd(items=80)
    options = {} if method == "majority" else {"gold": truth.iloc[:5].to_dict()}
    running = RunningLabels("label", method=method, labels=[*truth.unique(), "other"], **options)
    running.add(answers.iloc[:200]).labels()
    again = RunningLabels.from_bytes(running.to_bytes())
    assert repr(again) == repr(running)
    pd.testing.assert_frame_equal(again.labels(proba=True), running.labels(proba=True))
    pd.testing.assert_frame_equal(
        again.add(answers.iloc[200:]).labels()[SAME], running.add(answers.iloc[200:]).labels()[SAME]
    )


def test_before_any_answer_there_is_an_empty_table():
    running = RunningLabels("label")
    assert RunningLabels.from_bytes(running.to_bytes()).labels().columns.tolist() == LABELS.empty().columns.tolist()
    assert running.add(LABELS.empty()).labels().empty


def test_a_portion_without_the_field_is_one_of_empty_answers():
    """A2I leaves out what was left empty; but in the first portion the name may be wrong."""
    running = RunningLabels("label", method="majority")
    with pytest.raises(InvalidInput, match="no answer has the field"):
        running.add(table({"i": "a"}).assign(field="lable"))
    running.add(table({"i": "a"})).add(table({"j": "a"}).assign(field="note"))
    assert running.labels()["status"].tolist() == ["agreed", "abstained"]


def test_an_answer_that_is_refused_changes_nothing():
    running = RunningLabels("label", method="majority", labels=["a", "b"]).add(table({"i": "a"}))
    with pytest.raises(UnknownLabel):
        running.add(table({"j": "c"}))
    with pytest.raises(InvalidTable):
        running.add(pd.DataFrame({"item_id": ["j"]}))
    assert running.labels()["item_id"].tolist() == ["i"]


@pytest.mark.parametrize("kept", [b"", b"nothing", b"PK\x03\x04"])
def test_other_bytes_are_refused(kept):
    with pytest.raises(InvalidInput, match="no RunningLabels"):
        RunningLabels.from_bytes(kept)


def test_no_pickle_is_read(tmp_path):
    """A pickle runs code when it is read."""
    np.savez(tmp_path / "x.npz", head=np.array([{"version": 1}], dtype=object))
    with pytest.raises(InvalidInput, match="no RunningLabels"):
        RunningLabels.from_bytes((tmp_path / "x.npz").read_bytes())


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ({"method": "numbers"}, "method is 'numbers'"),
        ({"x": 1}, "no option 'x'"),
        ({"start": {}}, "start= is what"),
        ({"labels": ["a"], "gold": {"i": "b"}}, "gold gives item 'i' the label 'b'"),
    ],
)
def test_what_cannot_be_is_refused(arguments, found):
    with pytest.raises(InvalidInput, match=found):
        RunningLabels("label", **arguments)
    with pytest.raises(InvalidInput, match="options cannot be kept"):
        RunningLabels("label", method="crowdlab", predictions=pd.DataFrame()).to_bytes()
