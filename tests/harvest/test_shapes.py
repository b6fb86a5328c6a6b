"""Outputs of other services: the same answers in other wrappings."""

import json

import pytest
from hypothesis import given, strategies as st

from a2i_al.errors import InvalidOutput
from a2i_al.harvest.parse import parse_output, parse_report

TEXTRACT = "AWS/Textract/AnalyzeDocument/Forms/V1"
REKOGNITION = "AWS/Rekognition/DetectModerationLabels/Image/V3"
RESPONSE = "s3://b/out/job-1/annotations/worker-response/iteration-1/7/2026-11-01_10:00:00.json"


def answer(content, worker="w"):
    return {"answerContent": content, "submissionTime": "2026-11-01T10:00:00.000Z", "workerId": worker}


def parse(output, uri="s3://b/k/output.json"):
    return parse_output(json.dumps(output).encode(), uri)


@pytest.mark.parametrize(
    ("source", "content", "kind"),
    [
        (TEXTRACT, {"blocks": []}, "key_values"),
        (REKOGNITION, {"moderationLabels": []}, "moderation_labels"),
        (REKOGNITION, {"ModerationLabels": ["Violence"]}, "moderation_labels"),
    ],
)
def test_built_in_tasks(source, content, kind):
    """Textract's and Rekognition's answers are a field under the name of their task."""
    output = {
        "awsManagedHumanLoopRequestSource": source,
        "flowDefinitionArn": "arn:f",
        "humanAnswers": [answer({source: content})],
        "humanLoopName": "loop",
        "inputContent": {"aiServiceRequest": {}, "aiServiceResponse": {}, "selectedAiServiceResponse": {}},
    }
    (row,) = parse(output)
    assert (row["item_id"], row["field"], row["kind"], row["value"]) == ("loop", source, kind, content)


def test_a_model_evaluation_wraps_the_same_object():
    """What is inside is read as if it stood alone."""
    inner = {"humanLoopName": "loop", "humanAnswers": [answer({"evaluationResults": {"thumbsUpDown": []}})]}
    output = {"inputRecord": {"prompt": "p"}, "modelResponses": [], "humanEvaluationResult": inner}
    (row,) = parse(output)
    assert (row["human_loop_name"], row["field"], row["kind"]) == ("loop", "evaluationResults", "other")
    with pytest.raises(InvalidOutput, match="'humanEvaluationResult' is a list"):
        parse(output | {"humanEvaluationResult": [inner]})


def test_a_report_has_an_output_in_every_line():
    """Each line stands or falls alone; blank ones are none."""
    good = json.dumps({"humanEvaluationResult": {"humanLoopName": "a", "humanAnswers": [answer({"c": "x"})]}})
    lines = parse_report(f"{good}\n\n{good[:50]}\n{good}\n".encode(), "s3://b/r.jsonl")
    assert [(number, len(rows)) for number, rows in lines if not isinstance(rows, InvalidOutput)] == [(1, 1), (4, 1)]
    assert [(number, "cut off" in str(fault)) for number, fault in lines if isinstance(fault, InvalidOutput)] == [
        (3, True)
    ]
    assert lines[2][1][0]["output_uri"] == "s3://b/r.jsonl#4"


@given(st.lists(st.binary() | st.just(json.dumps({"humanEvaluationResult": {}}).encode())))
def test_any_bytes_are_a_report_of_faults(lines):
    """Every line that is not blank is one of its own, and none is an error of the reading."""
    data = b"\n".join(lines)
    found = parse_report(data)
    assert [number for number, _ in found] == [n for n, line in enumerate(data.split(b"\n"), 1) if line.strip()]
    assert all(isinstance(fault, InvalidOutput) for _, fault in found)


def test_a_ground_truth_response_is_named_by_its_place():
    """Its file knows neither loop nor item; its key does."""
    rows = parse({"answers": [answer({"c": {"label": "x"}}), answer({"c": {"label": "y"}}, "v")]}, RESPONSE)
    assert [(r["human_loop_name"], r["item_id"], r["worker_id"], r["value"]) for r in rows] == [
        ("job-1/iteration-1/7", "7", "w", "x"),
        ("job-1/iteration-1/7", "7", "v", "y"),
    ]
    with pytest.raises(InvalidOutput, match="no 'humanLoopName'"):
        parse({"answers": []})


@pytest.mark.parametrize("number", [-1, True, "1", 1.5, 10**30, None])
def test_a_round_is_a_whole_number(number):
    """What the rounds' column cannot hold is refused before it is in a table."""
    with pytest.raises(InvalidOutput, match=r"a2i_al\.round"):
        parse({"humanLoopName": "n", "humanAnswers": [], "inputContent": {"a2i_al": {"round": number}}})


@pytest.mark.parametrize(
    ("name", "record", "words"),
    [
        ("", {}, "humanLoopName is empty"),
        ("n", {"item_id": ""}, "item_id is empty"),
        ("n", {"item_id": "\ud800"}, "UTF-8 can write"),
        ("n", {"model_version": "\ud800"}, "UTF-8 can write"),
    ],
)
def test_names_are_texts_that_a_table_can_hold(name, record, words):
    """An empty name identifies nothing, and half a surrogate pair cannot be written."""
    with pytest.raises(InvalidOutput, match=words):
        parse({"humanLoopName": name, "humanAnswers": [], "inputContent": {"a2i_al": record}})
