"""A loop's answers come in; the bytes of A2I's output.json, and the place where they belong, go out.

Format and key: https://docs.aws.amazon.com/sagemaker/latest/dg/a2i-output-data.html
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from a2i_al.local.clock import from_ms, iso
from a2i_al.local.durable import write_durably
from a2i_al.local.home import AWS, Config
from a2i_al.local.s3.objects import Buckets

ISSUER = "https://a2i-al.localhost/workforce/private-crowd"


@dataclass(frozen=True)
class Answer:
    """What one worker answered; times in milliseconds, `content` the JSON text of answerContent."""

    worker_id: str
    sub: str
    accepted: int
    submitted: int
    content: str


def output_uri(output_path: str, flow_name: str, loop_name: str, created: int) -> str:
    """Return where a loop's output is or will be.

    Examples
    --------
    >>> output_uri("s3://bucket/results/", "flow", "loop-1", 1_585_595_153_306)
    's3://bucket/results/flow/2020/03/30/19/05/53/loop-1/output.json'
    """
    time = from_ms(created).strftime("%Y/%m/%d/%H/%M/%S")
    return f"{output_path.rstrip('/')}/{flow_name}/{time}/{loop_name}/output.json"


def worker_identity(name: str) -> tuple[str, str]:
    """Return workerId and ``sub`` for a worker's name: the same for the same name, on any machine.

    Examples
    --------
    >>> worker_identity("Ann")
    ('71a0c7a172b6c153', '322df917-f6bc-5a89-9477-56f12b50e2e8')
    """
    key = f"{ISSUER}/{name}"
    return sha256(key.encode()).hexdigest()[:16], str(uuid.uuid5(uuid.NAMESPACE_URL, key))


def output_json(flow_arn: str, loop_name: str, input_content: str, answers: Sequence[Answer]) -> bytes:
    """Return the bytes of output.json: keys in alphabetical order at every level, as A2I's are."""
    output = {
        "flowDefinitionArn": flow_arn,
        "humanAnswers": [_human_answer(answer) for answer in answers],
        "humanLoopName": loop_name,
        "inputContent": json.loads(input_content),
    }
    # ASCII: half of a surrogate pair is legal in JSON, but not in UTF-8.
    return json.dumps(output, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")


def _human_answer(answer: Answer) -> dict[str, Any]:
    return {
        "acceptanceTime": iso(answer.accepted),
        "answerContent": json.loads(answer.content),
        "submissionTime": iso(answer.submitted),
        "timeSpentInSeconds": (answer.submitted - answer.accepted) / 1000,
        "workerId": answer.worker_id,
        "workerMetadata": {
            "identityData": {"identityProviderType": "Cognito", "issuer": ISSUER, "sub": answer.sub},
        },
    }


@dataclass(frozen=True)
class OutputWriter:
    """Puts outputs into the embedded S3, a folder, or the real S3."""

    config: Config
    buckets: Buckets

    def __call__(self, uri: str, data: bytes, *, kms_key: str | None) -> None:
        """Write durably; raises OSError, botocore's errors or a Refusal if that fails."""
        if uri.startswith("file://"):
            write_durably(Path(unquote(uri.removeprefix("file://"))), data)
            return
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        if self.config.s3 == AWS:
            _put_on_aws(bucket, key, data, kms_key)
        else:
            self.buckets.create(bucket)
            self.buckets.put(bucket, key, data, {"content-type": "application/json"})


def _put_on_aws(bucket: str, key: str, data: bytes, kms_key: str | None) -> None:
    import boto3  # noqa: PLC0415  # only this setting needs it

    encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms_key} if kms_key else {}
    client = boto3.Session().client("s3")
    client.put_object(Bucket=bucket, Key=key, Body=data, ContentType="application/json", **encryption)
