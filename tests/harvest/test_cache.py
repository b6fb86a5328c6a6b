"""Harvesting twice is harvesting once: what was parsed is kept, and nothing that changed or came late is missed."""

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

from a2i_al.errors import QuarantineWarning
from a2i_al.harvest import cache as cache_module
from a2i_al.harvest.read import read_outputs
from a2i_al.storage import Store, file_uri

CONTENT = {
    "category": {"label": "spam"},
    "tags": {"labels": ["a", "é\u2028"]},
    "ok": {"on": True},
    "count": 10**30,
    "share": 0.1,
    "nothing": None,
    "half": "\ud83d",
    "deep": {"a": [{"b": None}]},
}


def output(name, content=CONTENT, **more):
    answer = {"answerContent": content, "submissionTime": "2026-11-01T10:00:00.123Z", "workerId": "w"} | more
    record = {"item_id": f"item-{name}", "model_version": "m", "round": 1}
    return json.dumps({"humanLoopName": name, "humanAnswers": [answer], "inputContent": {"a2i_al": record}})


class Place:
    """A folder of outputs, a cache, and a record of what was fetched."""

    def __init__(self, folder):
        self.folder, self.fetched = folder, []
        self.cache = folder / "kept"

    def put(self, name, text):
        path = self.folder / "out" / name / "output.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def read(self, **options):
        self.fetched.clear()
        return read_outputs(file_uri(self.folder / "out"), **({"cache": self.cache} | options))

    @property
    def names(self):
        return sorted(key.split("/")[-2] for key in self.fetched)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Three outputs, none of them read yet."""
    place, get = Place(tmp_path), Store.get
    monkeypatch.setattr(Store, "get", lambda store, key: place.fetched.append(key) or get(store, key))
    for name in "abc":
        place.put(name, output(name))
    return place


def same(one, other):
    pd.testing.assert_frame_equal(one.answers, other.answers)
    pd.testing.assert_frame_equal(one.quarantine, other.quarantine)
    assert one.uris == other.uris
    assert [type(value) for value in one.answers["value"]] == [type(value) for value in other.answers["value"]]


def test_twice_is_once(place):
    """The second harvest lists only, and gives the very same tables, as the harvest without a cache does."""
    place.put("d", output("d", acceptanceTime="2026-11-01T09:00:00Z", timeSpentInSeconds=3.5))
    first = place.read()
    assert place.names == ["a", "b", "c", "d"]
    again = place.read()
    assert place.names == []
    same(first, again)
    same(first, place.read(cache=None))


def test_only_what_is_new_is_fetched_however_late_it_comes(place):
    """An answer whose file and times are years older than the last harvest is not behind anything."""
    place.read()
    late = place.put("aa", output("aa", submissionTime="2020-01-01T00:00:00Z"))
    os.utime(late, (1, 1))
    found = place.read()
    assert place.names == ["aa"]
    assert found.answers["human_loop_name"].drop_duplicates().tolist() == ["a", "aa", "b", "c"]
    same(found, place.read(cache=None))


def test_an_output_that_was_replaced_is_read_again(place):
    """Even by one of the same size with an older date."""
    place.read()
    os.utime(place.put("b", output("b", CONTENT | {"category": {"label": "spim"}})), (1, 1))
    found = place.read()
    assert place.names == ["b"]
    values = found.answers.query("field == 'category'")["value"].tolist()
    assert values == ["spam", "spim", "spam"]


def test_an_output_that_was_removed_is_gone(place):
    """The cache remembers; the place decides."""
    path = place.put("d", output("d"))
    place.read()
    path.unlink()
    assert "d" not in place.read().uris
    same(place.read(), place.read(cache=None))


def test_what_cannot_be_read_is_not_fetched_for_it_again(place):
    """The reason is kept with the rest; once the file is put right, its answers come."""
    place.put("bad", output("bad")[:50])
    place.put("empty", json.dumps({"humanLoopName": "empty", "humanAnswers": []}))
    for fetched in (["a", "b", "bad", "c", "empty"], []):
        with pytest.warns(QuarantineWarning, match="1 of 5 outputs"):
            found = place.read()
        assert place.names == fetched
        assert found.quarantine["output_uri"].tolist() == [found.uris["bad"]]
    place.put("bad", output("bad"))
    assert "bad" in set(place.read().answers["human_loop_name"])


def test_some_loops_now_and_the_others_later(place):
    """A harvest of a few loops adds to what is kept of the others."""
    place.read(human_loop_names=["a"])
    assert place.names == ["a"]
    assert set(place.read(human_loop_names=["b"]).answers["human_loop_name"]) == {"b"}
    assert place.names == ["b"]
    place.read()
    assert place.names == ["c"]


def test_the_labels_that_were_offered_are_checked_each_time(place):
    """They are the caller's, not the file's: with others, or none, the kept answers count again."""
    place.read()
    with pytest.warns(QuarantineWarning, match="3 of 3"):
        assert place.read(offered={"category": ["ham"]}).answers.empty
    assert len(place.read().uris) == 3
    assert not place.read().answers.empty


@pytest.mark.parametrize("damage", [b"", b"PAR1 nothing", None])
def test_a_damaged_or_foreign_cache_is_no_cache(place, damage):
    """It is read anew and replaced."""
    first = place.read()
    (file,) = place.cache.iterdir()
    if damage is None:
        pd.DataFrame({"key": ["x"]}).to_parquet(file)
    else:
        file.write_bytes(damage)
    same(first, place.read())
    assert place.names == ["a", "b", "c"]
    place.read()
    assert place.names == []


def test_another_version_of_the_parser_reads_anew(place, monkeypatch):
    """Rows of an older parser are not mixed with those of a newer one."""
    place.read()
    monkeypatch.setattr(cache_module, "_VERSION", "next")
    place.read()
    assert place.names == ["a", "b", "c"]


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(place):
    """The harvest is complete, and the warning says what to do."""
    file = place.folder / "a file"
    file.write_text("")
    with pytest.warns(UserWarning, match="give cache= a folder that can be written"):
        found = place.read(cache=file)
    same(found, place.read(cache=None))


def test_two_notebooks_at_once(place):
    """Both get everything, and the file is whole afterwards."""
    for number in range(40):
        place.put(f"n{number}", output(f"n{number}"))
    uri = file_uri(place.folder / "out")
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: read_outputs(uri, cache=place.cache), range(8)))
    for one in found[1:]:
        same(found[0], one)
    place.read()
    assert place.names == []
    assert [path.suffix for path in place.cache.iterdir()] == [".parquet"]


def test_a_write_that_fails_leaves_the_old_file(place, monkeypatch):
    """The file is replaced as a whole or not at all."""
    place.read()
    (file,) = place.cache.iterdir()
    before = file.read_bytes()
    place.put("d", output("d"))

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.warns(UserWarning, match="No space left"):
        found = place.read()
    assert len(found.uris) == 4
    assert [path.read_bytes() for path in place.cache.iterdir()] == [before]


def test_what_a_killed_writer_left_is_removed_and_what_another_one_writes_is_not(place):
    """A folder that is written for years does not fill up with halves."""
    place.cache.mkdir()
    for name, age in (("old", 7200), ("new", 60)):
        (place.cache / f"{name}.partial").write_bytes(b"PAR1")
        os.utime(place.cache / f"{name}.partial", (time.time() - age,) * 2)
    place.read()
    assert [path.name for path in place.cache.glob("*.partial")] == ["new.partial"]


def test_places_do_not_share_and_others_do_not_read(place, tmp_path):
    """A folder keeps any number of places, each in a file that its owner alone can open."""
    place.read()
    read_outputs(file_uri(tmp_path / "out" / "a"), cache=place.cache)
    files = list(place.cache.iterdir())
    assert len(files) == 2
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_a_model_evaluations_report_is_many_outputs(place):
    """Every line is one: a bad line costs itself, and the rest comes from the cache the next time."""
    folder = place.folder / "out" / "job" / "8f0c" / "datasets" / "prompts"
    folder.mkdir(parents=True)
    wrapped = [f'{{"humanEvaluationResult": {output(name)}, "inputRecord": {{}}}}' for name in ("x", "y")]
    report = folder / "1b2c_output.jsonl"
    report.write_text("\n".join([wrapped[0], "{", wrapped[1]]))
    tasks = place.folder / "out" / "job" / "8f0c" / "models" / "m" / "taskTypes" / "QA" / "datasets" / "prompts"
    tasks.mkdir(parents=True)
    (tasks / "3d4e_output.jsonl").write_text('{"automatedEvaluationResult": {}}')  # nobody was asked
    for fetched in (4, 0):
        with pytest.warns(QuarantineWarning, match="1 of 6 outputs"):
            found = place.read()
        assert len(place.fetched) == fetched
        assert found.quarantine["output_uri"].tolist() == [f"{file_uri(report)}#2"]
        assert found.uris["y"] == f"{file_uri(report)}#3"
        mine = found.answers.query("human_loop_name == 'y' and field == 'category'")
        assert mine[["value", "output_uri"]].to_numpy().tolist() == [["spam", f"{file_uri(report)}#3"]]
    assert "x" not in place.read(human_loop_names=["a", "x"]).uris
