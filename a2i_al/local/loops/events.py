"""Human loops that have ended come in; EventBridge's events about them go out to an SQS queue, each at least once.

An event is in the store from the moment that its loop is final, and until the queue has it.
https://docs.aws.amazon.com/sagemaker/latest/dg/a2i-cloudwatch-events.html
"""

from __future__ import annotations

import json
import logging
import sqlite3
import uuid
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from a2i_al.local.clock import from_ms, iso
from a2i_al.local.home import Home
from a2i_al.local.loops.store import Store
from a2i_al.local.loops.transitions import FINAL

_log = logging.getLogger(__name__)
_BATCH = 10  # the most that SQS takes at once


class Events:
    """The events of a home's loops; without a queue, there are none.

    Parameters
    ----------
    home : Home
        Region and account of the events, the queue's URL, and the key for a queue that is not Amazon's.
    store : Store
        Keeps events until they are sent.
    client : callable, optional
        From a queue's URL to the client that sends to it.
    """

    def __init__(self, home: Home, store: Store, client: Callable[[str], Any] | None = None) -> None:
        self._home, self._store = home, store
        self._url = home.config.events_queue_url
        self._client = client or lru_cache(maxsize=1)(self._make_client)

    def note(self, tx: sqlite3.Connection, loop: int, now: int) -> None:
        """Keep an event about a loop, if it is final, in the transaction that has made it so."""
        if not self._url:
            return
        row = tx.execute(
            "SELECT loop.name, loop.status, loop.created, loop.output_uri, failure_code, failure_reason,"
            " flow_definition.arn FROM loop JOIN flow_definition ON flow_definition.id = flow WHERE loop.id = ?",
            (loop,),
        ).fetchone()
        if row["status"] in FINAL:
            tx.execute("INSERT INTO event (body) VALUES (?)", (json.dumps(self._event(row, now)),))

    def deliver(self) -> None:
        """Send what is kept; what the queue does not take is logged, and sent with the next call."""
        while self._url:
            with self._store.transaction() as tx:
                rows = tx.execute("SELECT id, body FROM event ORDER BY id LIMIT ?", (_BATCH,)).fetchall()
            if not rows:
                return
            entries = [{"Id": str(row["id"]), "MessageBody": row["body"]} for row in rows]
            try:
                reply = self._client(self._url).send_message_batch(QueueUrl=self._url, Entries=entries)
            except Exception:  # noqa: BLE001  # whatever boto3 may raise: people go on answering
                _log.exception("%d events cannot be sent to %s; it will be tried again", len(rows), self._url)
                return
            sent = [(int(one["Id"]),) for one in reply.get("Successful", ())]
            with self._store.transaction() as tx:
                tx.executemany("DELETE FROM event WHERE id = ?", sent)
            if reply.get("Failed"):
                _log.error("%s did not take %d events: %s", self._url, len(reply["Failed"]), reply["Failed"][0])
                return

    def _event(self, row: sqlite3.Row, now: int) -> dict[str, Any]:
        config = self._home.config
        arn = config.arn("human-loop", row["name"])
        return {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": "SageMaker A2I HumanLoop Status Change",
            "source": "aws.sagemaker",
            "account": config.account,
            "time": from_ms(now).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "region": config.region,
            "resources": [arn],
            "detail": {
                "creationTime": iso(row["created"]),
                "failureCode": row["failure_code"],
                "failureReason": row["failure_reason"],
                "flowDefinitionArn": row["arn"],
                "humanLoopArn": arn,
                "humanLoopName": row["name"],
                "humanLoopOutput": {"outputS3Uri": row["output_uri"]} if row["output_uri"] else None,
                "humanLoopStatus": row["status"],
            },
        }

    def _make_client(self, queue_url: str) -> Any:
        import boto3  # noqa: PLC0415  # only this setting needs it

        parts = urlsplit(queue_url)
        if (parts.hostname or "").endswith((".amazonaws.com", ".amazonaws.com.cn")):
            return boto3.Session().client("sqs")
        key, region = self._home.credentials, self._home.config.region
        session = boto3.Session(key.access_key_id, key.secret_access_key, region_name=region)
        return session.client("sqs", endpoint_url=f"{parts.scheme}://{parts.netloc}")
