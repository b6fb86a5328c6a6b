"""Connections: which client repeats what, and from how many threads."""

import boto3
import pytest
from botocore.awsrequest import AWSResponse

from a2i_al.aws.connection import Connection


class Body:
    def stream(self, **_):
        yield b"{}"


@pytest.fixture
def once():
    """Give the client that makes each request once."""
    session = boto3.Session("AKIDEXAMPLE", "secret", region_name="us-east-1")
    return Connection(session, {"sagemaker-a2i-runtime": "http://a2i.test"}).a2i_once


def test_whoever_repeats_calls_himself_has_each_of_them_sent_once(once):
    """Throttling and faults come through at once, to be counted."""
    sent = []
    fault = lambda request, **_: (sent.append(request), AWSResponse(request.url, 500, {}, Body()))[1]  # noqa: E731
    once.meta.events.register("before-send.*", fault)
    with pytest.raises(once.exceptions.ClientError):
        once.stop_human_loop(HumanLoopName="a")
    assert len(sent) == 1


def test_there_is_a_connection_for_each_of_64_threads(once):
    """None of them waits for another one's, and none is thrown away."""
    assert once.meta.config.max_pool_connections == 64
