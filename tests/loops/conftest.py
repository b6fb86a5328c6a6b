"""A service that remembers what was started and fails where it is told to, and a clock on which nobody waits."""

import threading
from datetime import UTC, datetime

import pandas as pd
import pytest
from botocore.exceptions import ClientError

from a2i_al.loops.bookkeeping.ledger import Ledger

ARN = "arn:aws:sagemaker:us-east-1:000000000000:flow-definition/f"


def client_error(code, status=400):
    return ClientError(
        {"Error": {"Code": code, "Message": "text"}, "ResponseMetadata": {"HTTPStatusCode": status}}, "StartHumanLoop"
    )


class FakeA2I:
    """Remembers what was started, and fails where it is told to: before or after it has accepted."""

    error = staticmethod(client_error)

    def __init__(self):
        self.started, self.status, self.sent, self.trouble = {}, {}, [], {}
        self.calls, self.lock = 0, threading.Lock()
        self.a2i = self.a2i_once = self

    def start_human_loop(self, *, HumanLoopName, FlowDefinitionArn, HumanLoopInput, **more):  # noqa: N803
        with self.lock:
            self.calls += 1
            when, error = self.trouble.pop(self.calls, (None, None))
            if when == "before":
                raise error
            asked = (FlowDefinitionArn, HumanLoopInput["InputContent"])
            if self.started.get(HumanLoopName, asked) != asked or HumanLoopName in self.status:
                raise client_error("ConflictException")
            self.started[HumanLoopName] = asked
            self.sent.append(more)
            if when == "after":
                raise error

    def describe_human_loop(self, *, HumanLoopName):  # noqa: N803
        if HumanLoopName not in self.started:
            raise client_error("ResourceNotFoundException")
        return {
            "HumanLoopName": HumanLoopName,
            "HumanLoopStatus": self.status.get(HumanLoopName, "InProgress"),
            "FlowDefinitionArn": self.started[HumanLoopName][0],
            "CreationTime": datetime(2026, 11, 1, tzinfo=UTC),
        }


class Hands:
    """A clock whose hands are moved by whoever waits."""

    def __init__(self):
        self.time, self.waits, self.lock = 0.0, [], threading.Lock()

    def now(self):
        return self.time

    def wait(self, seconds, halt=None):
        if seconds > 0 and not (halt and halt.is_set()):
            with self.lock:
                self.time += seconds
                self.waits.append(seconds)


@pytest.fixture
def hands():
    """Give a clock on which nobody waits."""
    return Hands()


@pytest.fixture
def service():
    """Give a service, which is its own connection."""
    return FakeA2I()


@pytest.fixture
def error():
    """Make boto3's errors."""
    return client_error


@pytest.fixture
def arn():
    """Give the flow definition's ARN."""
    return ARN


@pytest.fixture
def items():
    """Give six items."""
    return pd.DataFrame({"item_id": [f"i{n}" for n in range(6)], "text": [f"text {n}" for n in range(6)]})


@pytest.fixture
def ledger(tmp_path):
    """Give an empty ledger."""
    return Ledger(tmp_path / "deep" / "ledger.sqlite3")
