"""An event for each loop that ends: in A2I's form, kept until the queue has it, and none where nobody asked."""

import json
import logging

import pytest

from a2i_al.errors import InvalidInput
from a2i_al.local.app import Backend
from a2i_al.local.home import Home
from a2i_al.local.loops.desk import Desk
from a2i_al.local.loops.events import Events

URL = "http://127.0.0.1:9324/000000000000/ended"
TEMPLATE = "<p>{{ task.input.picture | grant_read_access }}</p>"


class Queue:
    """Takes messages as SQS does; `trouble` is raised once, and `refuses` messages are not taken once."""

    def __init__(self):
        self.events, self.trouble, self.refuses = [], None, 0

    def send_message_batch(self, *, QueueUrl, Entries):  # noqa: N803
        assert QueueUrl == URL
        assert 1 <= len(Entries) <= 10
        trouble, self.trouble = self.trouble, None
        if trouble:
            raise trouble
        taken, failed = Entries[self.refuses :], Entries[: self.refuses]
        self.refuses = 0
        self.events += [json.loads(entry["MessageBody"]) for entry in taken]
        return {"Successful": [{"Id": e["Id"]} for e in taken], "Failed": [{"Id": e["Id"]} for e in failed]}


class Place:
    """A service without a port, with a flow definition, and the queue that it sends to."""

    def __init__(self, path, url=URL):
        self.home = Home.open(path).configure(events_queue_url=url)
        self.queue = Queue()
        self.open()
        resources = self.backend._sagemaker._resources
        ui = resources.add("human-task-ui", "ui", TEMPLATE)
        human = {"TaskTitle": "t", "TaskDescription": "d", "TaskCount": 1}
        request = {
            "FlowDefinitionName": "f",
            "HumanLoopConfig": human,
            "OutputConfig": {"S3OutputPath": "s3://outputs/p"},
        }
        self.flow = resources.add("flow-definition", "f", json.dumps(request), ui_arn=ui)

    def open(self):
        self.backend = Backend(self.home)
        self.backend._events._client = lambda _: self.queue

    def start(self, name, picture="s3://pictures/k.png"):
        self.backend.machine.start(name, self.flow, json.dumps({"picture": picture}))

    def answer(self):
        desk = Desk(self.backend.machine)
        ann = desk.sign_in("Ann")
        desk.submit(ann, desk.next(ann).human_loop_name, {"category": {"label": "spam"}})

    def kept(self):
        with self.backend._store.transaction() as tx:
            return tx.execute("SELECT count(*) FROM event").fetchone()[0]


@pytest.fixture
def place(tmp_path):
    made = Place(tmp_path)
    yield made
    made.backend.close()


def test_every_end_is_an_event(place):
    """Completed, Stopped and Failed from the start: each once, with A2I's words, and none for what goes on."""
    place.start("answered")
    place.answer()
    place.start("stopped")
    place.backend.machine.stop("stopped")
    place.start("failed", picture="no URI")
    place.start("open")
    place.backend.sweep()
    place.backend.sweep()
    details = {event["detail"]["humanLoopName"]: event["detail"] for event in place.queue.events}
    assert len(place.queue.events) == 3
    assert {name: detail["humanLoopStatus"] for name, detail in details.items()} == {
        "answered": "Completed",
        "stopped": "Stopped",
        "failed": "Failed",
    }
    assert details["failed"]["failureCode"] == "ValidationError"
    assert details["failed"]["failureReason"].startswith("Task failed to render")
    assert details["failed"]["humanLoopOutput"] is None
    assert place.kept() == 0


def test_an_event_has_the_form_of_amazon_s(place):
    """Names, cases, nulls and times are EventBridge's, and the output is where it was written."""
    place.start("a")
    place.answer()
    place.backend.sweep()
    (event,) = place.queue.events
    arn = "arn:aws:sagemaker:us-east-1:000000000000:human-loop/a"
    assert event["source"] == "aws.sagemaker"
    assert event["detail-type"] == "SageMaker A2I HumanLoop Status Change"
    assert event["resources"] == [arn]
    assert set(event) == {"version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"}
    loop = place.backend.machine.describe("a")
    assert event["detail"]["humanLoopOutput"] == {"outputS3Uri": loop.output_uri}
    assert event["detail"] == event["detail"] | {
        "failureCode": None,
        "failureReason": None,
        "flowDefinitionArn": place.flow,
        "humanLoopArn": arn,
    }
    assert event["detail"]["creationTime"].endswith("Z")


@pytest.mark.parametrize("how", ["trouble", "refuses"])
def test_what_the_queue_did_not_take_is_sent_again(place, how, caplog):
    """A queue that is away, or takes only some, gets the others with the next sweep; the service goes on."""
    place.start("a")
    place.answer()
    setattr(place.queue, how, OSError("no route") if how == "trouble" else 1)
    with caplog.at_level(logging.ERROR):
        place.backend.sweep()
    assert place.queue.events == []
    assert "1 events" in caplog.text
    place.backend.sweep()
    assert [event["detail"]["humanLoopName"] for event in place.queue.events] == ["a"]


def test_events_outlive_the_service(place):
    """What was not sent when the service died is sent by the next one."""
    place.start("a")
    place.answer()
    place.backend.close()
    place.open()
    place.backend.sweep()
    assert len(place.queue.events) == 1


def test_more_than_a_request_has_room_for_is_sent(place):
    """Twenty-five loops that fail at once are twenty-five events."""
    for number in range(25):
        place.start(f"l-{number}", picture="no URI")
    place.backend.sweep()
    assert len({event["id"] for event in place.queue.events}) == 25


def test_without_a_queue_nothing_is_kept(tmp_path):
    """A home that nobody gave a queue does not gather events."""
    place = Place(tmp_path, url="")
    place.start("a")
    place.answer()
    place.backend.sweep()
    assert (place.queue.events, place.kept()) == ([], 0)
    place.backend.close()


def test_what_is_no_queue_s_url_is_refused(tmp_path):
    """A name or an ARN is said before anything is served."""
    for wrong in ("ended", "arn:aws:sqs:us-east-1:000000000000:ended", "https://sqs.us-east-1.amazonaws.com"):
        with pytest.raises(InvalidInput, match="URL of an SQS queue"):
            Home.open(tmp_path).configure(events_queue_url=wrong)


def test_amazon_s_queues_are_reached_with_the_user_s_own_key(tmp_path, monkeypatch):
    """The home's key opens nothing at AWS; it is for queues on this machine."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAMINE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "mine")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    home = Home.open(tmp_path)
    make = Events(home, None)._make_client
    amazon = make("https://sqs.eu-west-1.amazonaws.com/000000000000/ended")
    assert amazon.meta.endpoint_url == "https://sqs.eu-west-1.amazonaws.com"
    assert amazon._request_signer._credentials.access_key == "AKIAMINE"
    here = make(URL)
    assert here.meta.endpoint_url == "http://127.0.0.1:9324"
    assert here._request_signer._credentials.access_key == home.credentials.access_key_id
