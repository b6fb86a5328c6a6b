"""A server's URL comes in; the answers table goes out, with what reading it took. Each runs in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import obstore.auth.boto3
import obstore.store
import pandas as pd
import pyarrow.parquet
from botocore.config import Config
from speed.clock import peak_mb, timed

from a2i_al import read_outputs
from a2i_al.aws.connection import Connection
from reading.outputs import BUCKET, FLOW
from reading.servers import ACCESS, SECRET

_THREADS = 32
# What ours loads with its first use is loaded beforehand, as the peer's boto3 is.
_LOADED = (obstore.store, obstore.auth.boto3, pyarrow.parquet)
PLACE = f"s3://{BUCKET}/{FLOW}"


@dataclass(frozen=True)
class Read:
    """What one reader took: seconds by the clock, seconds of the processors, and the most memory of its process."""

    seconds: float
    cpu: float
    peak_mb: float
    answers: pd.DataFrame


def ours(url: str, cache: Path | None = None) -> Read:
    """Harvest; with a cache, what is there already counts as read."""
    connection = Connection(_session(), {"s3": url})
    _ = connection.s3  # made beforehand, as the peer's client is
    return _taken(lambda: read_outputs(PLACE, cache=cache, connection=connection).answers)


def with_boto3(url: str) -> Read:
    """List, get, load and build the table, as one would write it without a library for it."""
    s3 = _session().client("s3", endpoint_url=url, config=Config(max_pool_connections=_THREADS))
    return _taken(lambda: _table(s3))


def _table(s3: Any) -> pd.DataFrame:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=f"{FLOW}/")
    keys = [entry["Key"] for page in pages for entry in page["Contents"] if entry["Key"].endswith("/output.json")]

    def load(key: str) -> dict[str, Any]:
        output: dict[str, Any] = json.loads(s3.get_object(Bucket=BUCKET, Key=key)["Body"].read())
        return output

    with ThreadPoolExecutor(_THREADS) as pool:
        outputs = list(pool.map(load, keys))
    rows = [row for key, output in zip(keys, outputs, strict=True) for row in _rows(key, output)]
    table = pd.DataFrame(rows).sort_values("human_loop_name", kind="stable", ignore_index=True)
    times = {name: pd.to_datetime(table[name], utc=True) for name in ("accepted_at", "submitted_at")}
    return table.assign(value=table["value"].astype(object), **times)


def _rows(key: str, output: dict[str, Any]) -> list[dict[str, Any]]:
    record = output["inputContent"]["a2i_al"]
    return [
        {
            "human_loop_name": output["humanLoopName"],
            "item_id": record["item_id"],
            "worker_id": answer["workerId"],
            "field": field,
            "value": value["label"] if isinstance(value, dict) else value,
            "accepted_at": answer.get("acceptanceTime"),
            "submitted_at": answer["submissionTime"],
            "seconds": answer.get("timeSpentInSeconds"),
            "output_uri": f"s3://{BUCKET}/{key}",
            "kind": "choice" if isinstance(value, dict) else "text",
            "model_version": record["model_version"],
            "round": record["round"],
        }
        for answer in output["humanAnswers"]
        for field, value in answer["answerContent"].items()
    ]


def _session() -> Any:
    return boto3.Session(aws_access_key_id=ACCESS, aws_secret_access_key=SECRET, region_name="us-east-1")


def _taken(work: Callable[[], pd.DataFrame]) -> Read:
    tables: list[pd.DataFrame] = []
    took = timed(lambda: tables.append(work()))
    return Read(took.seconds, took.cpu, peak_mb(), tables[0])
