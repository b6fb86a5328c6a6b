"""The JSON object of an output comes in; whose loop it is and who answered goes out, whichever service wrote it.

Amazon A2I's own tasks and its built-in Textract and Rekognition tasks:
https://docs.aws.amazon.com/sagemaker/latest/dg/a2i-output-data.html. Model evaluations wrap the same object:
https://docs.aws.amazon.com/bedrock/latest/userguide/model-evaluation-report-s3.html. Ground Truth's worker responses
hold the same answers: https://docs.aws.amazon.com/sagemaker/latest/dg/sms-data-output.html.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from a2i_al.errors import InvalidOutput
from a2i_al.harvest.loading import WANTED

_REPORT = re.compile(r"(?:^|/)datasets/[^/]+/[^/]+_output\.jsonl$")
_WORKER_RESPONSE = re.compile(
    r"(?:^|/)(?P<name>(?P<job>[^/]+)/annotations/worker-response/[^/]+/(?P<index>[^/]+))/[^/]+$"
)


@dataclass(frozen=True)
class Shape:
    """What every kind of output has.

    Attributes
    ----------
    human_loop_name : str
        Of a Ground Truth job, which has no loops: job, iteration and index of the object.
    item_id : str
        As this package recorded it; the index in the manifest for Ground Truth; else the loop's name.
    model_version : str
        As recorded, or empty.
    round : int
        As recorded, or 0.
    answers : list
        One object per worker, unchecked.
    """

    human_loop_name: str
    item_id: str
    model_version: str
    round: int
    answers: list[Any]


def shape_of(output: Mapping[str, Any], output_uri: str = "") -> Shape:
    """Return what an output says, in the one shape.

    Parameters
    ----------
    output : mapping
        What `load_output` returned.
    output_uri : str
        Where it was read from: a Ground Truth file names its job and object nowhere else.

    Raises
    ------
    InvalidOutput
        If it is of no shape that A2I, model evaluations or Ground Truth write.

    Examples
    --------
    >>> shape_of({"humanEvaluationResult": {"humanLoopName": "n", "humanAnswers": []}, "inputRecord": {}}).item_id
    'n'
    """
    if "humanEvaluationResult" in output:
        return shape_of(get(output, "humanEvaluationResult", dict), output_uri)
    place = worker_response(output_uri)
    if "humanLoopName" not in output and "answers" in output and place:
        name, index = place
        return Shape(name, index, "", 0, get(output, "answers", list))
    name = identifier(get(output, "humanLoopName", str), "humanLoopName")
    record = _record(output)
    return Shape(
        human_loop_name=name,
        item_id=identifier(str(record.get("item_id", name)), "inputContent.a2i_al.item_id"),
        model_version=identifier(str(record.get("model_version", "")), "inputContent.a2i_al.model_version", empty=True),
        round=_round(record),
        answers=get(output, "humanAnswers", list),
    )


def worker_response(place: str) -> tuple[str, str] | None:
    """Return the name and the item of a Ground Truth worker response by its key or URI; None for any other file.

    Examples
    --------
    >>> worker_response("s3://b/job/annotations/worker-response/iteration-1/7/2026-11-01_10:00:00.json")
    ('job/iteration-1/7', '7')
    """
    found = _WORKER_RESPONSE.search(place)
    return (found["name"].replace("/annotations/worker-response", "", 1), found["index"]) if found else None


def is_report(place: str) -> bool:
    """Say whether a key or URI is that of a model evaluation by people: JSON lines, a human loop each.

    Examples
    --------
    >>> is_report("job/8f0c/datasets/prompts/1b2c_output.jsonl")
    True
    >>> is_report("job/8f0c/models/m/taskTypes/Summarization/datasets/prompts/1b2c_output.jsonl")  # nobody was asked
    False
    """
    return place.endswith(".jsonl") and _REPORT.search(place) is not None and "/taskTypes/" not in place


def get(holder: Mapping[str, Any], key: str, kind: type, where: str = "the file") -> Any:
    """Return a value that must be there and of a kind.

    Raises
    ------
    InvalidOutput
        Naming the key and where it should be.

    Examples
    --------
    >>> get({"workerId": "w"}, "workerId", str)
    'w'
    """
    if key not in holder:
        raise InvalidOutput(f"{where} has no {key!r}", expected=WANTED)
    if not isinstance(holder[key], kind):
        raise InvalidOutput(f"{where}: {key!r} is a {type(holder[key]).__name__}", expected=f"a {kind.__name__}")
    return holder[key]


def identifier(text: str, what: str, *, empty: bool = False) -> str:
    r"""Return a text that identifies something, if it can: every table and file must be able to hold it.

    Raises
    ------
    InvalidOutput
        If it is empty, or has half of a surrogate pair, which JSON can write (``"\ud800"``) and UTF-8 cannot.

    Examples
    --------
    >>> identifier("loop-1", "humanLoopName")
    'loop-1'
    """
    if not (text or empty):
        raise InvalidOutput(f"{what} is empty", expected="a name")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise InvalidOutput(f"{what} is {text!r}", expected="text that UTF-8 can write") from None
    return text


def _record(output: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the record that this package put into the loop's input; empty for loops of others."""
    content = output.get("inputContent", output.get("humanLoopInputContent"))  # the latter until mid 2020
    record = content.get("a2i_al") if isinstance(content, dict) else None
    return record if isinstance(record, dict) else {}


def _round(record: Mapping[str, Any]) -> int:
    number = record.get("round", 0)
    if isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 2**31:
        return number
    raise InvalidOutput(f"inputContent.a2i_al.round is {number!r}", expected="a whole number from 0")
