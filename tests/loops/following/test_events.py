"""A2I's events from a queue: the ledger has them before they are deleted, and nothing in a queue does harm."""

import json

import boto3
import pytest
from hypothesis import given, strategies as st

from a2i_al.aws.connection import Connection
from a2i_al.errors import InvalidInput, NotFound
from a2i_al.local.app import Backend
from a2i_al.local.home import Home
from a2i_al.loops.bookkeeping.ledger import Ledger
from a2i_al.loops.following.events import Inbox, Received
from a2i_al.loops.following.status_changes import status_change

ARN = "arn:aws:sagemaker:us-east-1:000000000000:flow-definition/f"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["detail", "Message", "humanLoopName", "humanLoopStatus", "flowDefinitionArn", "source"])
            | st.text(),
            inner,
        )
    ),
    max_leaves=8,
)


def event(name="a", status="Completed", **detail):
    """Make an event as EventBridge has it."""
    return {
        "version": "0",
        "id": "12345678-1111-2222-3333-12345EXAMPLE",
        "detail-type": "SageMaker A2I HumanLoop Status Change",
        "source": "aws.sagemaker",
        "account": "000000000000",
        "time": "2026-11-14T17:49:25Z",
        "region": "us-east-1",
        "resources": [f"arn:aws:sagemaker:us-east-1:000000000000:human-loop/{name}"],
        "detail": {
            "creationTime": "2026-11-14T17:37:36.740Z",
            "failureCode": None,
            "failureReason": None,
            "flowDefinitionArn": ARN,
            "humanLoopArn": f"arn:aws:sagemaker:us-east-1:000000000000:human-loop/{name}",
            "humanLoopName": name,
            "humanLoopOutput": {"outputS3Uri": f"s3://b/f/2026/11/14/17/37/36/{name}/output.json"},
            "humanLoopStatus": status,
            **detail,
        },
    }


class StandingClock:
    """Seconds that pass only when somebody waits, or long-polls."""

    def __init__(self):
        self.seconds, self.waited = 0.0, []

    def now(self):
        return self.seconds

    def wait(self, seconds, halt=None):  # noqa: ARG002  # the clock's protocol
        self.seconds += seconds
        self.waited.append(seconds)


class Queue:
    """A queue of moto's, a ledger with the loops a, b and c, and the inbox between them."""

    def __init__(self, endpoint, path):
        session = boto3.Session("AKID", "secret", region_name="us-east-1")
        self.sqs = session.client("sqs", endpoint_url=endpoint)
        self.url = self.sqs.create_queue(QueueName=f"q{abs(hash(path))}")["QueueUrl"]
        self.ledger, self.clock = Ledger(path / "ledger.sqlite3"), StandingClock()
        shared = {"round": 0, "model_version": "", "flow_definition_arn": ARN}
        self.ledger.plan({"human_loop_name": name, "item_id": name, **shared} for name in "abc")
        self.ledger.receipt("a", "b", "c")
        self.inbox = Inbox(Connection(session), self.ledger, self.url, clock=self.clock)

    def send(self, *bodies):
        for body in bodies:
            self.sqs.send_message(QueueUrl=self.url, MessageBody=body if isinstance(body, str) else json.dumps(body))

    def left(self):
        """Return how many messages the queue still has, those that are out for a while included."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=names)["Attributes"]
        return sum(int(found[name]) for name in names)

    def statuses(self):
        loops = self.ledger.loops()
        return dict(zip(loops["human_loop_name"], loops["status"], strict=True))


@pytest.fixture
def queue(moto_endpoint, tmp_path):
    return Queue(moto_endpoint, tmp_path)


def test_an_event_is_in_the_ledger_and_then_gone_from_the_queue(queue):
    """Status, times and output are the event's."""
    queue.send(event("a"), event("b", "Failed", failureCode="Expired", failureReason="late", humanLoopOutput=None))
    assert queue.inbox.receive(0) == Received(news=2)
    assert queue.left() == 0
    loops = queue.ledger.loops().set_index("human_loop_name")
    assert loops["status"].tolist() == ["Completed", "Failed", "InProgress"]
    assert loops.loc["a", "created_at"].isoformat() == "2026-11-14T17:37:36.740000+00:00"
    assert loops.loc["a", "output_uri"] == "s3://b/f/2026/11/14/17/37/36/a/output.json"
    assert loops.loc["b", ["failure_code", "failure_reason"]].tolist() == ["Expired", "late"]


def test_the_documented_example_is_read():
    """AWS's own sample event, in the form of its documentation."""
    found = status_change(json.dumps(event("humanloop-nov-14-1", "Completed")))
    assert found == {
        "human_loop_name": "humanloop-nov-14-1",
        "flow_definition_arn": ARN,
        "status": "Completed",
        "created_at": "2026-11-14T17:37:36.740+00:00",
        "failure_code": None,
        "failure_reason": None,
        "output_uri": "s3://b/f/2026/11/14/17/37/36/humanloop-nov-14-1/output.json",
    }


@pytest.mark.parametrize(
    "wrap",
    [
        lambda e: e,
        lambda e: e["detail"],
        lambda e: {"Type": "Notification", "Message": json.dumps(e), "TopicArn": "arn:aws:sns:us-east-1:0:t"},
        lambda e: {"Type": "Notification", "Message": json.dumps(e["detail"])},
        lambda e: {"version": "0", "detail": e["detail"]},
        lambda e: {"detail": json.dumps(e["detail"])},
    ],
    ids=["raw", "detail", "SNS", "SNS of detail", "no type", "detail as text"],
)
def test_envelopes_are_opened(wrap):
    """EventBridge's own form, its detail, and either through SNS say the same."""
    assert status_change(json.dumps(wrap(event()))) == status_change(json.dumps(event()))


def test_what_comes_twice_or_late_changes_nothing(queue):
    """Duplicates are deleted and counted; a final state stays whatever is said afterwards."""
    queue.send(event("a"), event("a"))
    assert queue.inbox.receive(0) == Received(news=1, duplicates=1)
    before = queue.ledger.loops()
    queue.send(event("a", "Stopped"))
    assert queue.inbox.receive(0) == Received(duplicates=1)
    assert queue.statuses() == {"a": "Completed", "b": "InProgress", "c": "InProgress"}
    assert queue.ledger.loops()["finished_at"].equals(before["finished_at"])
    assert queue.left() == 0


def test_events_of_others_are_left_for_them(queue):
    """A loop that is not in the ledger, or is there for another flow definition, is somebody else's news."""
    queue.send(event("stranger"), event("a", flowDefinitionArn=f"{ARN}-2"), event("b"))
    assert queue.inbox.receive(0) == Received(news=1, foreign=2)
    assert queue.left() == 2
    assert queue.statuses() == {"a": "InProgress", "b": "Completed", "c": "InProgress"}


@pytest.mark.parametrize(
    "body",
    [
        "hello",
        "{",
        "[" * 100_000,
        "null",
        {"Event": "s3:TestEvent"},
        event(status="InProgress"),
        event(status="Deleted"),
        event(status=["Completed"]),
        event(name={"a": 1}),
        event(creationTime="yesterday"),
        event(creationTime=7),
        event(humanLoopOutput="s3://b/k"),
        event(failureReason={"why": "unclear"}),
        event() | {"source": "com.example"},
        event() | {"detail-type": "SageMaker Training Job State Change"},
    ],
    ids=range(15),
)
def test_rubbish_is_left_and_stops_nothing(queue, body):
    """What is no event of A2I stays in the queue, and the event beside it is taken."""
    queue.send(body, event("c"))
    assert queue.inbox.receive(0) == Received(news=1, malformed=1)
    assert queue.left() == 1
    assert queue.statuses()["c"] == "Completed"


@given(JSON)
def test_any_json_is_an_event_or_none(body):
    """No message raises, and what is taken for an event can be written down."""
    found = status_change(json.dumps(body))
    assert found is None or {type(value) for value in found.values()} <= {str, type(None)}


def test_many_events_are_taken_at_once(queue):
    """More than a request has room for, each of them once."""
    shared = {"round": 0, "model_version": "", "flow_definition_arn": ARN}
    names = [f"n{n}" for n in range(25)]
    queue.ledger.plan({"human_loop_name": name, "item_id": name, **shared} for name in names)
    queue.send(*(event(name) for name in names))
    assert queue.inbox.receive(0) == Received(news=25)
    assert queue.left() == 0


def test_an_event_is_news_of_a_loop_whose_receipt_was_lost(queue):
    """It was planned, so it is ours; it is finished, so it was started."""
    shared = {"round": 0, "model_version": "", "flow_definition_arn": ARN}
    queue.ledger.plan([{"human_loop_name": "p", "item_id": "p", **shared}])
    queue.send(event("p"))
    assert queue.inbox.receive(0) == Received(news=1)
    assert queue.statuses()["p"] == "Completed"


def test_what_the_ledger_could_not_take_stays_in_the_queue(queue, monkeypatch):
    """A crash between queue and ledger costs nothing: the event comes again."""
    queue.send(event("a"))
    with monkeypatch.context() as broken:
        broken.setattr(queue.ledger, "observe", lambda _: (_ for _ in ()).throw(OSError("disk full")))
        with pytest.raises(OSError, match="disk full"):
            queue.inbox.receive(0)
    assert queue.left() == 1


def test_waiting_is_bounded_also_with_messages_that_nobody_takes(queue):
    """Without news it waits its time and not longer, in a second's steps where SQS does not wait itself."""
    queue.sqs.set_queue_attributes(QueueUrl=queue.url, Attributes={"VisibilityTimeout": "0"})
    queue.send("rubbish")
    assert queue.inbox.receive(2.5) == Received(malformed=1)
    assert queue.clock.waited == [1.0, 1.0, 0.5]


def test_less_than_a_second_is_waited_too(queue):
    """Whoever looks again and again does not do so without a pause."""
    assert queue.inbox.receive(0.4) == Received()
    assert queue.clock.waited == [0.4]


def test_a_queue_that_is_not_there_is_said(moto_endpoint, tmp_path):
    """Our own error names the URL."""
    session = boto3.Session("AKID", "secret", region_name="us-east-1")
    inbox = Inbox(Connection(session), Ledger(tmp_path / "l.sqlite3"), f"{moto_endpoint}/000000000000/nothing")
    with pytest.raises(NotFound, match="receiving from http://127"):
        inbox.receive(0)


def test_the_embedded_a2i_s_events_are_read(queue, tmp_path):
    """From a loop that ends, over a real queue, into the ledger."""
    home = Home.open(tmp_path / "home").configure(events_queue_url=queue.url)
    service = Backend(home)
    resources = service._sagemaker._resources
    ui = resources.add("human-task-ui", "ui", "<p>x</p>")
    human = {"TaskTitle": "t", "TaskDescription": "d", "TaskCount": 1}
    request = {"FlowDefinitionName": "f", "HumanLoopConfig": human, "OutputConfig": {"S3OutputPath": "s3://outputs/p"}}
    assert resources.add("flow-definition", "f", json.dumps(request), ui_arn=ui) == ARN
    service.machine.start("a", ARN, "{}")
    service.machine.stop("a")
    service.sweep()
    service.close()
    assert queue.inbox.receive(0) == Received(news=1)
    assert queue.statuses()["a"] == "Stopped"


@pytest.mark.parametrize(
    "url", ["", "queue", "arn:aws:sqs:us-east-1:000000000000:q", "https://sqs.us-east-1.amazonaws.com"]
)
def test_what_is_no_url_of_a_queue_is_refused(tmp_path, url):
    """An ARN, a name or a host alone is said at once."""
    with pytest.raises(InvalidInput, match="Expected: its URL"):
        Inbox(Connection(), Ledger(tmp_path / "l.sqlite3"), url)


def test_amazon_s_queues_are_reached_where_boto3_goes(tmp_path, monkeypatch):
    """Region and endpoint are the session's there; anything else is reached at its URL."""
    session = boto3.Session("AKID", "secret", region_name="eu-west-1")
    url = "https://sqs.eu-west-1.amazonaws.com/000000000000/q"
    inbox = Inbox(Connection(session), Ledger(tmp_path / "l.sqlite3"), url)
    assert inbox._sqs.meta.endpoint_url == "https://sqs.eu-west-1.amazonaws.com"
    other = Inbox(Connection(session), Ledger(tmp_path / "l.sqlite3"), "http://127.0.0.1:9324/queue/q")
    assert other._sqs.meta.endpoint_url == "http://127.0.0.1:9324"
