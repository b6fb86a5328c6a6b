"""The saved state of a cycle: what is written comes back the same, and a half-written round is not a round."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, strategies as st

from a2i_al.errors import CycleError, InvalidInput
from a2i_al.retrain.state import CycleState
from a2i_al.tables import LABELS, PICKS, ROUNDS

PICK = {"item_id": "007", "rank": 1, "score": 0.1 + 0.2, "strategy": "margin", "round": 0}


def test_tables_come_back_as_they_were(tmp_path):
    """Ids with leading zeros, odd text, missing values and every digit of a number survive."""
    state = CycleState(tmp_path, {})
    picks = PICKS.from_rows([PICK, PICK | {"item_id": 'a,"b"\n', "inclusion_probability": 1 / 3}])
    state.save(0, "picks", picks)
    pd.testing.assert_frame_equal(state.load(0, "picks"), picks, check_exact=True)


@given(
    st.lists(st.text(st.characters(codec="utf-8"), min_size=1), min_size=1, unique=True),
    st.floats(allow_nan=False, allow_infinity=False),
)
def test_any_ids_and_labels_come_back(tmp_path_factory, names, score):
    """Labels that look like numbers, dates or missing values are still those texts."""
    state = CycleState(tmp_path_factory.mktemp("state"), {})
    rows = [{"item_id": n, "label": n, "confidence": score, "status": "agreed", "method": "majority"} for n in names]
    state.save(0, "labels", LABELS.from_rows(rows))
    loaded = state.load(0, "labels")
    assert loaded["label"].tolist() == loaded["item_id"].tolist() == names
    assert loaded["confidence"].tolist() == [score] * len(names)


def test_a_round_is_open_with_its_picks_and_closed_with_its_row(tmp_path):
    """What a crash leaves between the two is an open round."""
    state = CycleState(tmp_path, {})
    assert (state.current(), state.is_open()) == (0, False)
    state.save(0, "picks", PICKS.from_rows([PICK]))
    state.save(0, "labels", LABELS.empty())
    assert (state.current(), state.is_open()) == (0, True)
    state.save(0, "round", ROUNDS.from_rows([{"round": 0, "labels_bought": 1, "accuracy": 0.5}]))
    assert (state.current(), state.is_open()) == (1, False)
    assert state.rounds()["labels_bought"].tolist() == [1]


def test_a_file_that_was_cut_off_while_written_is_not_seen(tmp_path):
    """The new file takes its name when it is whole."""
    state = CycleState(tmp_path, {})
    (tmp_path / "round-000").mkdir()
    (tmp_path / "round-000" / "picks.jsonl.new").write_text('{"item_id": "a')
    assert not state.is_open()


def test_a_directory_that_cannot_be_one_is_refused(tmp_path):
    """A file, a place below one, and one that turns into one while the cycle runs."""
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "cycle"):
        with pytest.raises(InvalidInput, match=f"^directory is {place}: .* is a file"):
            CycleState(place, {})
    state = CycleState(tmp_path / "cycle", {})
    (tmp_path / "cycle" / "round-000").write_text("")
    with pytest.raises(InvalidInput, match=r"^directory is \S+cycle: \S+round-000 is a file"):
        state.save(0, "labels", LABELS.empty())
    (tmp_path / "cycle" / "round-001" / "labels.jsonl").mkdir(parents=True)
    with pytest.raises(InvalidInput, match=r"^directory is \S+cycle: \S+labels.jsonl is a folder"):
        state.save(1, "labels", LABELS.empty())


@pytest.mark.parametrize("does", ["exists", "open"])
def test_a_directory_of_somebody_else_is_refused(tmp_path, monkeypatch, does):
    """One that cannot be searched, and one that cannot be written in."""

    def denied(*_, **__):
        raise PermissionError(13, "Permission denied", "settings.json")

    monkeypatch.setattr(Path, does, denied)
    with pytest.raises(InvalidInput, match=rf"^directory is {tmp_path}: Permission denied"):
        CycleState(tmp_path, {})


@pytest.mark.parametrize("text", ["[1", "[1]", "\udcff"])
def test_settings_that_no_cycle_has_written_are_said(tmp_path, text):
    """Not JSON, another thing than settings, no text: the file is named, with what to do."""
    (tmp_path / "settings.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(CycleError, match=r"settings\.json cannot be read: .*another directory"):
        CycleState(tmp_path, {})


def test_other_settings_need_another_directory(tmp_path):
    """Going on with a changed strategy would mix two experiments: it is refused, by name."""
    CycleState(tmp_path, {"n": 30, "strategy": "margin"})
    CycleState(tmp_path, {"n": 30, "strategy": "margin"})
    with pytest.raises(CycleError, match=r"strategy = 'margin', not 'entropy'.*another directory"):
        CycleState(tmp_path, {"n": 30, "strategy": "entropy"})


def test_a_damaged_file_is_named(tmp_path):
    """A table that cannot be read says which file to restore."""
    state = CycleState(tmp_path, {})
    state.save(0, "picks", PICKS.from_rows([PICK]))
    (tmp_path / "round-000" / "picks.jsonl").write_text("rubbish")
    with pytest.raises(CycleError, match=r"picks\.jsonl cannot be read"):
        state.load(0, "picks")
