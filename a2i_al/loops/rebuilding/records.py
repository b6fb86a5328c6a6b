"""A place with outputs comes in; what each of its loops asked, by the record in its own input, goes out."""

from __future__ import annotations

import json
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from a2i_al.errors import NotFound
from a2i_al.loops.rebuilding.questions import Question
from a2i_al.loops.requests.payload import RECORD
from a2i_al.storage import Store

_FILE = "output.json"
_SEGMENTS = 9  # of a key, from the name of the flow definition on
_READERS = 32


@dataclass(frozen=True)
class Record:
    """What an output says.

    Attributes
    ----------
    question : Question or None
        What its loop asked.
    reason : str
        Why that is not known.
    finished_at : str or None
        When the last worker submitted an answer.
    """

    question: Question | None = None
    reason: str = ""
    finished_at: str | None = None


def output_keys(store: Store, prefix: str, flow_name: str) -> dict[str, str]:
    """Return where the outputs of a flow definition lie: human loop name to key; of several of a loop, the latest.

    Only keys that end in ``<flow definition>/YYYY/MM/DD/hh/mm/ss/<human loop>/output.json`` count.

    Examples
    --------
    >>> from a2i_al.storage import open_store
    >>> output_keys(*open_store("file:///nothing/here"), "spam")
    {}
    """
    try:
        keys = sorted(entry.key for entry in store.list(prefix))
    except NotFound:  # a folder that no output has made yet
        return {}
    parts = {key: key.split("/")[-_SEGMENTS:] for key in keys}
    return {part[-2]: key for key, part in parts.items() if (part[0], part[-1]) == (flow_name, _FILE)}


def read_records(store: Store, keys: Collection[str], flow_definition_arn: str) -> list[Record]:
    """Return what outputs say, in the order of their keys."""
    with ThreadPoolExecutor(_READERS) as pool:
        return list(pool.map(lambda key: _read(store, key, flow_definition_arn), keys))


def _read(store: Store, key: str, flow_definition_arn: str) -> Record:
    try:
        output = json.loads(store.get(key).decode("utf-8-sig"))
        name, content = output["humanLoopName"], output["inputContent"]
        times = [str(answer.get("submissionTime")) for answer in output["humanAnswers"]]
    except NotFound:  # removed since it was listed
        return Record(reason="its output was removed just now")
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        return Record(reason=f"{store.uri(key)} cannot be read: {type(error).__name__}: {error}")
    question = _question(content)
    if question is None:
        return Record(reason=f"its input has no {RECORD!r} record: another program started it")
    if question.name(flow_definition_arn) != name:
        return Record(reason=f"its name is not the one of the question in its input, about item {question.item_id!r}")
    return Record(question, finished_at=_latest(times))


def _question(content: Any) -> Question | None:
    match content.get(RECORD) if isinstance(content, dict) else None:
        case {"item_id": str(item_id), "model_version": str(version), "round": int(number), **rest}:
            attempt = rest.get("attempt", 0)
            return Question(item_id, version, number, attempt) if isinstance(attempt, int) else None
    return None


def _latest(times: Collection[str]) -> str | None:
    try:
        last = max(map(datetime.fromisoformat, times), default=None)
        return last.astimezone(UTC).isoformat(timespec="milliseconds") if last else None
    except (TypeError, ValueError, OverflowError):  # harvest says what is wrong with such an output
        return None
