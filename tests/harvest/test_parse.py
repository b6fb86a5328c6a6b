"""One output.json: every shape that A2I has written becomes rows, anything else a reason."""

import contextlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, strategies as st

from a2i_al.errors import InvalidOutput
from a2i_al.harvest.parse import parse_output

ANSWER = {
    "acceptanceTime": "2026-11-01T10:00:00.000Z",
    "answerContent": {"category": {"label": "spam"}, "comment": "odd"},
    "submissionTime": "2026-11-01T10:00:04.500Z",
    "timeSpentInSeconds": 4.5,
    "workerId": "0123456789abcdef",
    "workerMetadata": {"identityData": {"identityProviderType": "Cognito", "issuer": "https://x", "sub": "s"}},
}
RECORD = {"schema_version": 1, "item_id": "7", "model_version": "m1", "round": 2, "request_id": "r"}
OUTPUT = {
    "flowDefinitionArn": "arn:f",
    "humanAnswers": [ANSWER],
    "humanLoopName": "loop-1",
    "inputContent": {"text": "hi", "a2i_al": RECORD},
}


def parse(output):
    return parse_output(json.dumps(output).encode(), "s3://b/k/output.json")


def test_a_row_per_worker_and_field():
    """Two workers with two fields each are four rows that know their loop, item, model and round."""
    rows = parse(OUTPUT | {"humanAnswers": [ANSWER, ANSWER | {"workerId": "fedcba9876543210"}]})
    assert [(row["worker_id"][0], row["field"], row["value"]) for row in rows] == [
        ("0", "category", "spam"),
        ("0", "comment", "odd"),
        ("f", "category", "spam"),
        ("f", "comment", "odd"),
    ]
    assert rows[0] | {"field": 0, "value": 0} == {
        "human_loop_name": "loop-1",
        "item_id": "7",
        "worker_id": "0123456789abcdef",
        "field": 0,
        "value": 0,
        "accepted_at": datetime(2026, 11, 1, 10, 0, 0, tzinfo=UTC),
        "submitted_at": datetime(2026, 11, 1, 10, 0, 4, 500_000, tzinfo=UTC),
        "seconds": 4.5,
        "output_uri": "s3://b/k/output.json",
        "model_version": "m1",
        "round": 2,
        "kind": "choice",
    }


def test_outputs_without_acceptance_times_and_metadata():
    """Outputs of 2020 and of vendors lack keys that newer ones have."""
    old = {key: ANSWER[key] for key in ("answerContent", "submissionTime", "workerId")}
    row = parse(OUTPUT | {"humanAnswers": [old]})[0]
    assert row["accepted_at"] is None
    assert row["seconds"] is None


def test_outputs_of_the_preview_era():
    """humanLoopInputContent was the name of inputContent until mid 2020."""
    old = {key: value for key, value in OUTPUT.items() if key != "inputContent"}
    assert parse(old | {"humanLoopInputContent": OUTPUT["inputContent"]})[0]["item_id"] == "7"


@pytest.mark.parametrize("content", [{"text": "hi"}, "text", None, {"a2i_al": "not ours"}])
def test_a_loop_of_somebody_else_goes_by_its_own_name(content):
    """Without our record the loop's name identifies the item."""
    row = parse(OUTPUT | {"inputContent": content})[0]
    assert (row["item_id"], row["model_version"], row["round"]) == ("loop-1", "", 0)


def test_a_stopped_loop_that_nobody_answered_has_no_rows():
    """An output with empty humanAnswers is not an error."""
    assert parse(OUTPUT | {"humanAnswers": []}) == []


def test_a_comment_on_a_picture_is_a_field_of_its_own():
    """The choice stays a plain label, to be counted with the others'."""
    content = {"category": {"label": "cat", "workerComment": "blurred"}, "tags": {"labels": [], "workerComment": ""}}
    rows = parse(OUTPUT | {"humanAnswers": [ANSWER | {"answerContent": content}]})
    assert [(row["field"], row["value"]) for row in rows] == [
        ("category", "cat"),
        ("category.workerComment", "blurred"),
        ("tags", []),
        ("tags.workerComment", ""),
    ]


def test_the_one_object_in_a_list_is_the_answer():
    """The elements' own pages show answers so."""
    rows = parse(OUTPUT | {"humanAnswers": [ANSWER | {"answerContent": [{"category": {"label": "spam"}}]}]})
    assert [(row["field"], row["value"]) for row in rows] == [("category", "spam")]


def test_times_of_any_zone_are_in_utc():
    """A time without a zone is UTC; one with another is converted."""
    for text in ("2026-11-01T10:00:00", "2026-11-01T12:00:00+02:00"):
        row = parse(OUTPUT | {"humanAnswers": [ANSWER | {"submissionTime": text}]})[0]
        assert row["submitted_at"] == datetime(2026, 11, 1, 10, tzinfo=UTC)
        assert row["submitted_at"].tzinfo is UTC


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not JSON, or cut off, at character 0 of 0"),
        (json.dumps(OUTPUT).encode()[:100], "cut off"),
        (b"\xff\xfe{}", "byte 0 is not UTF-8"),
        (b"[]", "holds a list"),
        (b"{}", "no 'humanLoopName'"),
        (json.dumps(OUTPUT | {"humanAnswers": {}}).encode(), "'humanAnswers' is a dict"),
        (json.dumps(OUTPUT | {"humanAnswers": [1]}).encode(), "humanAnswers[0] is a int"),
        (json.dumps(OUTPUT | {"humanAnswers": [ANSWER | {"answerContent": "x"}]}).encode(), "'answerContent' is a str"),
        (json.dumps(OUTPUT | {"humanAnswers": [{"answerContent": {}}]}).encode(), "humanAnswers[0] has no 'workerId'"),
        (
            json.dumps(OUTPUT | {"humanAnswers": [ANSWER | {"submissionTime": "noon"}]}).encode(),
            "'submissionTime' is 'noon'",
        ),
        (json.dumps(OUTPUT | {"humanAnswers": [ANSWER | {"timeSpentInSeconds": "4"}]}).encode(), "timeSpentInSeconds"),
        (
            json.dumps(OUTPUT | {"humanAnswers": [ANSWER | {"submissionTime": "9999-12-31T23:59:59-12:00"}]}).encode(),
            "'submissionTime' is '9999",
        ),
        (
            json.dumps(OUTPUT | {"humanAnswers": [ANSWER | {"submissionTime": "0001-01-01T00:00:00Z"}]}).encode(),
            "'submissionTime' is '0001",
        ),
        (json.dumps(OUTPUT | {"humanAnswers": [ANSWER | {"timeSpentInSeconds": 10**400}]}).encode(), "timeSpentIn"),
        (json.dumps(OUTPUT | {"humanAnswers": [ANSWER | {"timeSpentInSeconds": 1e999}]}).encode(), "timeSpentIn"),
        (json.dumps(OUTPUT | {"humanAnswers": [ANSWER | {"workerId": ""}]}).encode(), "'workerId' is empty"),
        (json.dumps(OUTPUT | {"humanAnswers": [ANSWER | {"workerId": "\ud800"}]}).encode(), "UTF-8 can write"),
        (json.dumps(OUTPUT | {"humanAnswers": [ANSWER | {"answerContent": {"": 1}}]}).encode(), "a field is empty"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_what_cannot_be_read_says_why(data, words):
    """Empty, truncated, mis-encoded, foreign and half-shaped files each have their reason."""
    with pytest.raises(InvalidOutput) as caught:
        parse_output(data)
    assert words in str(caught.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
)


@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_rubbish_is_refused_and_never_crashes(data):
    """Any bytes give rows or InvalidOutput."""
    with contextlib.suppress(InvalidOutput):
        assert isinstance(parse_output(data), list)


@given(st.sampled_from(sorted(ANSWER)), JSON)
def test_an_answer_with_any_one_value_changed_is_read_or_refused(key, value):
    """No single odd value in an answer gets past the parser into the table unchecked."""
    try:
        rows = parse(OUTPUT | {"humanAnswers": [ANSWER | {key: value}]})
    except InvalidOutput:
        return
    assert all(isinstance(row["worker_id"], str) for row in rows)
