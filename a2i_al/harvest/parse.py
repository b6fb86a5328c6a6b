"""The bytes of an output come in; rows of the answers table go out. The one parser of A2I's output format."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from sys import intern
from typing import Any, Final

from a2i_al.errors import InvalidOutput
from a2i_al.harvest.kinds import kind_of, simplify
from a2i_al.harvest.loading import load_output
from a2i_al.harvest.shapes import get, identifier, shape_of

_YEARS: Final = range(1970, 2200)  # pandas before 3 counts nanoseconds, which end in 2262


def parse_output(data: bytes, output_uri: str = "") -> list[dict[str, Any]]:
    """Return one row per worker and form field of an output.json.

    Parameters
    ----------
    data : bytes
        The file: of Amazon A2I's own or built-in tasks, of a model evaluation, or a Ground Truth worker response.
        Unknown keys are ignored; ``acceptanceTime``, ``timeSpentInSeconds`` and ``workerMetadata`` may be absent, as
        in old and vendor outputs.
    output_uri : str
        Where it was read from; goes into every row.

    Returns
    -------
    list of dict
        Rows of the answers table, with ``kind`` (see `kind_of`), ``model_version`` and ``round`` beside, in the order
        of submission. Empty if nobody answered. ``item_id`` is the loop's name where this package did not start the
        loop. A comment on a picture is a field of its own, ``<name>.workerComment``.

    Raises
    ------
    InvalidOutput
        If the file is not UTF-8, not JSON, truncated, ambiguous, or not of A2I's shape.

    Examples
    --------
    >>> answer = b'{"workerId": "w", "submissionTime": "2026-11-01T10:00:00Z", "answerContent": {"c": {"label": "x"}}}'
    >>> output = b'{"humanLoopName": "n", "inputContent": {}, "humanAnswers": [' + answer + b']}'
    >>> [(row["worker_id"], row["field"], row["kind"], row["value"]) for row in parse_output(output)]
    [('w', 'c', 'choice', 'x')]
    """
    return _rows(load_output(data), output_uri)


def parse_report(data: bytes, output_uri: str = "") -> list[tuple[int, list[dict[str, Any]] | InvalidOutput]]:
    """Return every line of a model evaluation's report, by number from 1, with its rows or its fault.

    Parameters
    ----------
    data : bytes
        JSON lines, each with the object of a human loop under ``humanEvaluationResult``.
    output_uri : str
        Of the file; the line's number goes behind it, after a ``#``.

    References
    ----------
    https://docs.aws.amazon.com/bedrock/latest/userguide/model-evaluation-report-s3.html

    Examples
    --------
    >>> parse_report(b'{"humanEvaluationResult": {"humanLoopName": "n", "humanAnswers": []}}')
    [(1, [])]
    """
    lines: list[tuple[int, list[dict[str, Any]] | InvalidOutput]] = []
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.strip():
            try:
                lines.append((number, parse_output(line, f"{output_uri}#{number}")))
            except InvalidOutput as error:
                lines.append((number, error))
    return lines


def _rows(output: Mapping[str, Any], output_uri: str) -> list[dict[str, Any]]:
    shape = shape_of(output, output_uri)
    rows = []
    for number, answer in enumerate(shape.answers):
        where = f"humanAnswers[{number}]"
        if not isinstance(answer, dict):
            raise InvalidOutput(f"{where} is a {type(answer).__name__}", expected="an object per worker")
        common = {
            "human_loop_name": shape.human_loop_name,
            "item_id": shape.item_id,
            "worker_id": intern(identifier(get(answer, "workerId", str, where), f"{where}: 'workerId'")),
            "accepted_at": _time(answer, "acceptanceTime", where) if answer.get("acceptanceTime") else None,
            "submitted_at": _time(answer, "submissionTime", where),
            "seconds": _seconds(answer, where),
            "output_uri": output_uri,
            "model_version": intern(shape.model_version),
            "round": shape.round,
        }
        for field, value in _content(answer, where).items():
            name = identifier(field, f"{where}: the name of a field")
            for part, answered in _comment_apart(name, value):
                kind = kind_of(answered)
                rows.append(common | {"field": intern(part), "value": simplify(answered, kind), "kind": kind})
    return rows


def _content(answer: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return the form's answer; the one object in a list, as the elements' own pages show it, is that object."""
    match answer.get("answerContent"):
        case [dict() as content]:
            return content
        case _:
            content = get(answer, "answerContent", dict, where)
            return dict(content)


def _comment_apart(field: str, value: Any) -> list[tuple[str, Any]]:
    """Return an image classifier's choice and the comment that came with it as two fields, any other answer as one."""
    match value:
        case {"workerComment": comment, **choice} if choice.keys() in ({"label"}, {"labels"}):
            return [(field, choice), (f"{field}.workerComment", comment)]
        case _:
            return [(field, value)]


def _time(answer: Mapping[str, Any], key: str, where: str) -> datetime:
    text = get(answer, key, str, where)
    try:
        time = datetime.fromisoformat(text)
        if time.tzinfo is not UTC:
            time = time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        time = None
    if time is None or time.year not in _YEARS:
        raise InvalidOutput(f"{where}: {key!r} is {text!r}", expected="a time such as 2026-11-01T10:00:00.000Z")
    return time


def _seconds(answer: Mapping[str, Any], where: str) -> float | None:
    seconds = answer.get("timeSpentInSeconds")
    if seconds is None:
        return None
    if isinstance(seconds, int | float) and not isinstance(seconds, bool) and abs(seconds) < math.inf:
        try:
            return float(seconds)
        except OverflowError:  # a whole number of hundreds of digits
            pass
    raise InvalidOutput(f"{where}: 'timeSpentInSeconds' is {seconds!r:.50}", expected="a number of seconds")
