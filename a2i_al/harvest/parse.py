"""The bytes of one output.json come in; rows of the answers table go out. The one parser of A2I's output format.

Format: https://docs.aws.amazon.com/sagemaker/latest/dg/a2i-output-data.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from a2i_al.errors import InvalidOutput

_WANTED = "an output.json of Amazon A2I"


def parse_output(data: bytes, output_uri: str = "") -> list[dict[str, Any]]:
    """Return one row per worker and form field of an output.json.

    Parameters
    ----------
    data : bytes
        The file. Unknown keys are ignored; ``acceptanceTime``, ``timeSpentInSeconds`` and ``workerMetadata`` may be
        absent, as in old and vendor outputs.
    output_uri : str
        Where it was read from; goes into every row.

    Returns
    -------
    list of dict
        Rows of the answers table, with ``model_version`` and ``round`` beside, in the order of submission. Empty if
        nobody answered. ``item_id`` is the loop's name where this package did not start the loop. A comment on a
        picture is a field of its own, ``<name>.workerComment``.

    Raises
    ------
    InvalidOutput
        If the file is not UTF-8, not JSON, truncated, or not of A2I's shape.

    Examples
    --------
    >>> answer = b'{"workerId": "w", "submissionTime": "2026-11-01T10:00:00Z", "answerContent": {"c": {"label": "x"}}}'
    >>> output = b'{"humanLoopName": "n", "inputContent": {}, "humanAnswers": [' + answer + b']}'
    >>> [(row["worker_id"], row["field"], row["value"]) for row in parse_output(output)]
    [('w', 'c', 'x')]
    """
    output = _load(data)
    name = _get(output, "humanLoopName", str)
    answers = _get(output, "humanAnswers", list)
    record = _record(output)
    rows = []
    for number, answer in enumerate(answers):
        where = f"humanAnswers[{number}]"
        if not isinstance(answer, dict):
            raise InvalidOutput(f"{where} is a {type(answer).__name__}", expected="an object per worker")
        common = {
            "human_loop_name": name,
            "item_id": str(record.get("item_id", name)),
            "worker_id": _get(answer, "workerId", str, where),
            "accepted_at": _time(answer, "acceptanceTime", where) if answer.get("acceptanceTime") else None,
            "submitted_at": _time(answer, "submissionTime", where),
            "seconds": _seconds(answer, where),
            "output_uri": output_uri,
            "model_version": str(record.get("model_version", "")),
            "round": _round(record),
        }
        content = _get(answer, "answerContent", dict, where)
        parts = [part for field, value in content.items() for part in _comment_apart(field, value)]
        rows += [common | {"field": field, "value": simplify(value)} for field, value in parts]
    return rows


def simplify(value: Any) -> Any:
    """Return what a form element answered without its wrapping; anything not recognised stays as it is.

    A choice ``{"label": x}`` is ``x``, a multiple choice ``{"labels": [...]}`` the list, a lone checkbox or toggle
    ``{"on": true}`` the boolean, and of radio buttons or checkboxes ``{"a": true, "b": false}`` the object stays.

    Examples
    --------
    >>> simplify({"label": "spam"}), simplify({"labels": ["a", "b"]}), simplify({"on": True}), simplify("free text")
    ('spam', ['a', 'b'], True, 'free text')
    """
    match value:
        case {"label": str() as label} if len(value) == 1:
            return label
        case {"labels": list() as labels} if len(value) == 1:
            return labels
        case {"on": bool() as flag} if len(value) == 1:
            return flag
        case _:
            return value


def _comment_apart(field: str, value: Any) -> list[tuple[str, Any]]:
    """Return an image classifier's choice and the comment that came with it as two fields, any other answer as one."""
    match value:
        case {"workerComment": comment, **choice} if choice.keys() in ({"label"}, {"labels"}):
            return [(field, choice), (f"{field}.workerComment", comment)]
        case _:
            return [(field, value)]


def _load(data: bytes) -> dict[str, Any]:
    try:
        output = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InvalidOutput(f"byte {error.start} is not UTF-8", expected=_WANTED) from error
    except json.JSONDecodeError as error:
        raise InvalidOutput(
            f"not JSON, or cut off, at character {error.pos} of {len(error.doc)}: {error.msg}", expected=_WANTED
        ) from error
    except RecursionError as error:
        raise InvalidOutput("the JSON is nested too deeply to be read", expected=_WANTED) from error
    if not isinstance(output, dict):
        raise InvalidOutput(f"the file holds a {type(output).__name__}", expected=_WANTED)
    return output


def _record(output: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the record that this package put into the loop's input; empty for loops of others."""
    content = output.get("inputContent", output.get("humanLoopInputContent"))  # the latter until mid 2020
    record = content.get("a2i_al") if isinstance(content, dict) else None
    return record if isinstance(record, dict) else {}


def _time(answer: Mapping[str, Any], key: str, where: str) -> datetime:
    text = _get(answer, key, str, where)
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidOutput(
            f"{where}: {key!r} is {text!r}", expected="a time such as 2026-11-01T10:00:00.000Z"
        ) from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _seconds(answer: Mapping[str, Any], where: str) -> float | None:
    seconds = answer.get("timeSpentInSeconds")
    if seconds is None or (isinstance(seconds, int | float) and not isinstance(seconds, bool)):
        return seconds
    raise InvalidOutput(f"{where}: 'timeSpentInSeconds' is {seconds!r}", expected="a number of seconds")


def _round(record: Mapping[str, Any]) -> int:
    number = record.get("round", 0)
    if isinstance(number, int):
        return number
    raise InvalidOutput(f"inputContent.a2i_al.round is {number!r}", expected="a whole number")


def _get(holder: Mapping[str, Any], key: str, kind: type, where: str = "the file") -> Any:
    if key not in holder:
        raise InvalidOutput(f"{where} has no {key!r}", expected=_WANTED)
    if not isinstance(holder[key], kind):
        raise InvalidOutput(f"{where}: {key!r} is a {type(holder[key]).__name__}", expected=f"a {kind.__name__}")
    return holder[key]
