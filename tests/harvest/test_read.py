"""Harvesting a place: any number of times, in any order, with whatever lies there; from files and from S3."""

import json
import tempfile
import threading
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from a2i_al.errors import InvalidInput, QuarantineWarning
from a2i_al.harvest.loading import LARGEST
from a2i_al.harvest.read import read_outputs
from a2i_al.storage import Store, file_uri, open_store


def output(name, label="spam", worker="w1", submitted="2026-11-01T10:00:00.000Z"):
    answer = {"answerContent": {"category": {"label": label}}, "submissionTime": submitted, "workerId": worker}
    record = {"item_id": f"item-{name}", "model_version": "m", "round": 1}
    return json.dumps({"humanLoopName": name, "humanAnswers": [answer], "inputContent": {"a2i_al": record}}).encode()


@pytest.fixture
def place(tmp_path):
    """A flow definition's output folder with three outputs."""

    def put(name, data, second="00"):
        folder = tmp_path / "out" / "flow" / "2026" / "11" / "01" / "10" / "00" / second / name
        folder.mkdir(parents=True)
        (folder / "output.json").write_bytes(data)

    for name in "abc":
        put(name, output(name))
    return put, file_uri(tmp_path / "out")


def test_the_answers_of_every_output_below_the_place(place):
    """One row per answer, with the URI it came from, sorted by loop."""
    _, uri = place
    answers = read_outputs(uri).answers
    assert answers["human_loop_name"].tolist() == ["a", "b", "c"]
    assert answers["item_id"].tolist() == ["item-a", "item-b", "item-c"]
    assert answers.loc[0, "output_uri"] == f"{uri}/flow/2026/11/01/10/00/00/a/output.json"
    assert answers["round"].tolist() == [1, 1, 1]


def test_harvesting_again_gives_the_same_table_and_late_answers(place):
    """A second harvest is the first one and what came since."""
    put, uri = place
    first = read_outputs(uri).answers
    put("d", output("d"), second="07")
    again = read_outputs(uri).answers
    assert again.head(3).equals(first)
    assert again["human_loop_name"].tolist() == ["a", "b", "c", "d"]


def test_only_the_wanted_loops(place):
    """Other people's loops below the same place are left alone."""
    _, uri = place
    found = read_outputs(uri, human_loop_names=["b", "not there"])
    assert found.answers["human_loop_name"].tolist() == ["b"]
    assert list(found.uris) == ["b"]


@pytest.mark.parametrize("bad", [output("x")[:40], b"not json", b"", b"\xff"])
def test_an_unreadable_output_is_quarantined_and_the_rest_is_read(place, bad):
    """A truncated or foreign file costs itself only, and says where it lies and why."""
    put, uri = place
    put("bad", bad)
    with pytest.warns(QuarantineWarning, match="1 of 4 outputs"):
        found = read_outputs(uri)
    assert found.answers["human_loop_name"].tolist() == ["a", "b", "c"]
    assert found.quarantine.loc[0, "output_uri"].endswith("/bad/output.json")
    assert found.quarantine.loc[0, "reason"]


def test_a_label_that_the_page_does_not_offer_is_quarantined(place):
    """An answer that no worker can have given on this page is not counted as one."""
    put, uri = place
    put("odd", output("odd", label="sausage"))
    with pytest.warns(QuarantineWarning, match="'sausage'"):
        found = read_outputs(uri, offered={"category": ["spam", "ham"]})
    assert "odd" not in set(found.answers["human_loop_name"])
    assert "one of 'spam', 'ham'" in found.quarantine.loc[0, "reason"]


def test_of_two_outputs_of_one_loop_the_later_counts(place):
    """A loop that was deleted and started again has two outputs; it is one loop."""
    put, uri = place
    put("a", output("a", label="ham"), second="30")
    answers = read_outputs(uri).answers
    assert answers.loc[answers["human_loop_name"] == "a", "value"].tolist() == ["ham"]


def test_nothing_there_is_an_empty_table(tmp_path):
    """Before the first answer the harvest is empty, with all its columns."""
    found = read_outputs(file_uri(tmp_path / "nothing"))
    assert found.answers.empty
    assert {"model_version", "round", "value"} <= set(found.answers.columns)


def test_a_place_that_is_no_place_is_refused():
    """A plain path is not a URI."""
    with pytest.raises(InvalidInput, match="s3://bucket/key or file:///absolute/path"):
        read_outputs("/data/out")


def test_the_same_from_s3(place, s3, tmp_path, monkeypatch):
    """Outputs in a bucket give the same answers as outputs in a folder, and are fetched once."""
    _, uri = place
    source, prefix = open_store(uri)
    target, key = open_store("s3://outputs/flow", s3)
    for name, *_ in list(source.list(prefix)):
        target.put(f"{key}/{name.removeprefix(prefix)}".replace("//", "/"), source.get(name))
    found = read_outputs("s3://outputs/flow", cache=tmp_path / "kept", connection=s3)
    assert found.answers["item_id"].tolist() == ["item-a", "item-b", "item-c"]
    assert found.answers.loc[0, "output_uri"].startswith("s3://outputs/flow/")
    monkeypatch.setattr(Store, "get", None)
    again = read_outputs("s3://outputs/flow", cache=tmp_path / "kept", connection=s3)
    assert again.answers.equals(found.answers)


def test_a_file_too_large_to_be_an_output_is_not_fetched(place, monkeypatch):
    """Fifty megabytes of something else cost a line in the quarantine table."""
    put, uri = place
    put("vast", b"")
    with next(Path(uri.removeprefix("file://")).rglob("vast/output.json")).open("wb") as file:
        file.truncate(LARGEST + 1)
    fetched, get = [], Store.get
    monkeypatch.setattr(Store, "get", lambda store, key: fetched.append(key) or get(store, key))
    with pytest.warns(QuarantineWarning, match="the file has 34 MB"):
        assert len(read_outputs(uri).answers) == 3
    assert len(fetched) == 3


def test_of_large_outputs_few_are_in_memory_at_once(place, monkeypatch):
    """Masks of megabytes from many readers at once would fill it; each is read all the same."""
    put, uri = place
    for number in range(12):
        put(f"mask-{number:02d}", output(f"mask-{number:02d}", label="x" * 2_000_000))
    lock, reading, most, get, full = threading.Lock(), set(), [], Store.get, threading.Barrier(4)

    def watched(store, key):
        if "mask" not in key:
            return get(store, key)
        with lock:
            reading.add(key)
            most.append(len(reading))
        full.wait(timeout=30)  # twelve pass it four at a time: no fewer may come, or none gets on
        data = get(store, key)
        with lock:
            reading.remove(key)
        return data

    monkeypatch.setattr(Store, "get", watched)
    assert len(read_outputs(uri).answers) == 15
    assert max(most) == 4


def test_ground_truth_responses_are_found_by_their_place(tmp_path):
    """Of several files of one object in one iteration the latest counts."""
    answer = {"submissionTime": "2026-11-01T10:00:00Z", "workerId": "private.us-east-1.0123456789abcdef"}
    for time, label in (("10:00", "old"), ("11:00", "new")):
        path = tmp_path / "job/annotations/worker-response/iteration-1/0" / f"2026-11-01_{time}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"answers": [answer | {"answerContent": {"c": {"label": label}}}]}))
    (tmp_path / "job/annotations/worker-response/iteration-1/0/notes.txt").write_text("no answer")
    answers = read_outputs(file_uri(tmp_path)).answers
    assert answers[["human_loop_name", "item_id", "value"]].to_numpy().tolist() == [["job/iteration-1/0", "0", "new"]]


def test_whole_numbers_stay_whole_beside_missing_answers(place):
    """A column of numbers would make 3 and nothing 3.0 and NaN."""
    put, uri = place
    for name, value in (("x", 3), ("y", None), ("z", 2**60 + 1)):
        put(name, output(name).replace(b'{"label": "spam"}', json.dumps(value).encode()))
    answers = read_outputs(uri, human_loop_names=list("xyz")).answers
    assert [(type(value), value) for value in answers["value"]] == [(int, 3), (type(None), None), (int, 2**60 + 1)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda x: st.lists(x) | st.dictionaries(st.text(st.characters(codec=None)), x),
)
WRONG = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("answerContent", "submissionTime", "workerId", "acceptanceTime"), JSON)
    | {"answerContent": st.dictionaries(st.text(st.characters(codec=None)), JSON), "timeSpentInSeconds": JSON},
)


@settings(max_examples=50)
@given(st.binary() | WRONG | st.tuples(st.sampled_from(["humanLoopName", "humanAnswers", "inputContent"]), JSON), JSON)
def test_no_file_takes_the_others_with_it(wrong, item):
    """Whatever one file holds, the other's answers come, and come again from the cache."""
    good = json.loads(output("good"))
    if isinstance(wrong, bytes):
        data = wrong
    elif isinstance(wrong, tuple):
        data = json.dumps(good | {"humanLoopName": "odd", wrong[0]: wrong[1]}).encode()
    else:
        answers = [good["humanAnswers"][0] | wrong]
        record = {"a2i_al": {"item_id": item, "round": item, "model_version": item}}
        data = json.dumps({"humanLoopName": "odd", "humanAnswers": answers, "inputContent": record}).encode()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", QuarantineWarning)
        for name, content in (("good", output("good")), ("odd", data)):
            path = Path(folder, name, "output.json")
            path.parent.mkdir()
            path.write_bytes(content)
        found = [read_outputs(file_uri(folder), cache=Path(folder, "kept")) for _ in range(2)]
        assert "good" in set(found[0].answers["human_loop_name"])
        assert repr(found[0].answers.to_dict("list")) == repr(found[1].answers.to_dict("list"))
        assert found[0].quarantine.equals(found[1].quarantine)
