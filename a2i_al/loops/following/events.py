"""A2I's events come in from an SQS queue; the ledger has what they say before they are deleted from it.

What AWS needs is a rule ``{"source": ["aws.sagemaker"], "detail-type": ["SageMaker A2I HumanLoop Status Change"]}`` of
EventBridge with the queue as its target, directly or through SNS. Events come late, twice, in any order or never: they
tell sooner what `refresh` would tell anyway.
https://docs.aws.amazon.com/sagemaker/latest/dg/a2i-cloudwatch-events.html
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlsplit

from a2i_al.aws.connection import Connection
from a2i_al.errors import InvalidInput, service_errors
from a2i_al.loops.bookkeeping.ledger import FINAL, Ledger
from a2i_al.loops.calling.clock import Clock, SystemClock
from a2i_al.loops.following.status_changes import status_change

_BATCH, _LONGEST_POLL = 10, 20  # the most messages, and seconds, that SQS has for one request
_AT_ONCE = 10_000  # messages after which even a queue that never ends is enough


@dataclass(frozen=True)
class Received:
    """What became of messages.

    Attributes
    ----------
    news : int
        Told the ledger of a loop's end, and were deleted.
    duplicates : int
        Told what the ledger had already, and were deleted.
    foreign : int
        Events of loops that are not in the ledger: somebody else's, and left for them.
    malformed : int
        No events of A2I, and left: a queue that was named by mistake loses nothing.
    """

    news: int = 0
    duplicates: int = 0
    foreign: int = 0
    malformed: int = 0

    def __add__(self, other: Received) -> Received:
        return Received(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


class Inbox:
    """A queue with A2I's events, for one ledger.

    What is left in the queue shows up again when its visibility timeout is over, until its retention period is: give a
    queue that others use a dead-letter queue, or each ledger a queue of its own.

    Parameters
    ----------
    connection : Connection
        Credentials and Region of the queue. A queue that is not Amazon's is reached at its own URL.
    ledger : Ledger
        Takes what the events say.
    queue_url : str
        As SQS shows it, ``https://sqs.<region>.amazonaws.com/<account>/<name>``.
    clock : Clock, optional
        Tells and passes the time.

    Raises
    ------
    InvalidInput
        If that is not the URL of a queue.
    """

    def __init__(self, connection: Connection, ledger: Ledger, queue_url: str, *, clock: Clock | None = None) -> None:
        self._ledger, self._url, self._clock = ledger, queue_url, clock or SystemClock()
        self._sqs = _client(connection, queue_url)

    def receive(self, seconds: float = _LONGEST_POLL) -> Received:
        """Wait until there is news, though not longer than so many seconds, and take all that is there.

        Raises
        ------
        ServiceError
            If the queue does not exist, may not be read, or cannot be reached. What was taken is in the ledger.
        """
        deadline = self._clock.now() + seconds
        seen: set[str] = set()
        total = Received()
        while True:
            left = max(0.0, deadline - self._clock.now())
            messages = self._poll(0 if total.news else int(min(_LONGEST_POLL, left)))
            new = [message for message in messages if message["MessageId"] not in seen]
            seen |= {message["MessageId"] for message in new}
            total += self._take(new)
            if new and len(seen) < _AT_ONCE:
                continue
            left = max(0.0, deadline - self._clock.now())
            if total.news or not left:
                return total
            if messages or left < 1:
                # SQS cannot wait for less than a second, nor does it while there is what was left in a queue without a
                # visibility timeout.
                self._clock.wait(min(left, 1.0))

    def _poll(self, seconds: int) -> Sequence[Mapping[str, Any]]:
        with service_errors(f"receiving from {self._url}"):
            reply = self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=_BATCH, WaitTimeSeconds=seconds)
        messages: Sequence[Mapping[str, Any]] = reply.get("Messages", ())
        return messages

    def _take(self, messages: Sequence[Mapping[str, Any]]) -> Received:
        if not messages:
            return Received()
        events = [(message, status_change(message.get("Body", ""))) for message in messages]
        known = self._ledger.look_up(event["human_loop_name"] for _, event in events if event)
        counts, news, uris, done = Counter[str](), [], dict[str, str](), []
        for message, event in events:
            name = event["human_loop_name"] if event else ""
            arn, status = known.get(name, (None, None))
            if event is None or arn != event["flow_definition_arn"]:
                counts["malformed" if event is None else "foreign"] += 1
                continue
            counts["duplicates" if status in FINAL else "news"] += 1
            known[name] = (event["flow_definition_arn"], event["status"])
            uris |= {name: event["output_uri"]} if event["output_uri"] else {}
            news.append(event)
            done.append(message)
        self._ledger.observe(news)
        self._ledger.found_outputs(uris)
        self._delete(done)
        return Received(**counts)

    def _delete(self, messages: Sequence[Mapping[str, Any]]) -> None:
        if messages:
            entries = [{"Id": str(n), "ReceiptHandle": m["ReceiptHandle"]} for n, m in enumerate(messages)]
            # Single ones that cannot be deleted come again, and are duplicates then.
            with service_errors(f"deleting from {self._url}"):
                self._sqs.delete_message_batch(QueueUrl=self._url, Entries=entries)


def _client(connection: Connection, queue_url: str) -> Any:
    parts = urlsplit(queue_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not parts.path.strip("/"):
        raise InvalidInput(
            f"the queue is {queue_url!r}", expected="its URL, https://sqs.<region>.amazonaws.com/<account>/<name>"
        )
    if parts.hostname.endswith((".amazonaws.com", ".amazonaws.com.cn")):
        return connection.client("sqs")
    return Connection(connection.session, {"sqs": f"{parts.scheme}://{parts.netloc}"}).client("sqs")
