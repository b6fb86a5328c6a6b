"""A number comes in; the key and the bytes of that output.json go out, 1.5 KB as a text task writes them."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

BUCKET, FLOW = "outputs", "ticket-intent-5f0c1d2e"
LABELS = ("refund", "delivery", "account", "other")
_START = datetime(2026, 11, 1, 8, tzinfo=UTC)
_WORDS = ("Parcel", "came", "two days", "early", "&", "everything", "in", "one piece,", "but", "the invoice", "says so")


def key(number: int) -> str:
    """Return where the output of a loop lies: A2I's layout, a loop a second or so."""
    return f"{FLOW}/{_created(number):%Y/%m/%d/%H/%M/%S}/{name(number)}/output.json"


def name(number: int) -> str:
    """Return the human loop's name."""
    return f"ti-{hashlib.sha256(str(number).encode()).hexdigest()[:24]}"


def content(number: int) -> bytes:
    """Return the file: one reviewer, a choice and a comment, keys in A2I's order."""
    accepted = _created(number) + timedelta(minutes=5, milliseconds=number % 997)
    seconds = 4 + number % 31 / 8
    answer = {
        "acceptanceTime": _written(accepted),
        "answerContent": {
            "category": {"label": LABELS[number % len(LABELS)]},
            "comment": f"The sender says so in sentence {number % 9}.",
        },
        "submissionTime": _written(accepted + timedelta(seconds=seconds)),
        "timeSpentInSeconds": seconds,
        "workerId": f"{number % 23:016x}",
        "workerMetadata": {
            "identityData": {
                "identityProviderType": "Cognito",
                "issuer": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI",
                "sub": f"00000000-1111-2222-3333-{number % 23:012d}",
            }
        },
    }
    text = " ".join(_WORDS[(number + word) % len(_WORDS)] for word in range(130))
    record = {"item_id": f"t{number}", "model_version": "m1", "request_id": name(number), "round": 1}
    output = {
        "flowDefinitionArn": f"arn:aws:sagemaker:eu-west-1:111122223333:flow-definition/{FLOW}",
        "humanAnswers": [answer],
        "humanLoopName": name(number),
        "inputContent": {"a2i_al": record | {"schema_version": 1}, "text": text},
    }
    return json.dumps(output).encode()


def write(folder: Path, count: int) -> None:
    """Write the outputs as files, below a folder that stands for the bucket."""
    for number in range(count):
        path = folder / BUCKET / key(number)
        path.parent.mkdir(parents=True)
        path.write_bytes(content(number))


def _created(number: int) -> datetime:
    return _START + timedelta(seconds=number)


def _written(time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%S}.{time.microsecond // 1000:03d}Z"
