"""One running service for the session with boto3 clients on it, and a machine whose clock the tests turn."""

import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import urllib3

from a2i_al import local
from a2i_al.local.api.resources import Resources
from a2i_al.local.home import Config
from a2i_al.local.loops.desk import Desk
from a2i_al.local.loops.machine import Machine
from a2i_al.local.loops.store import Store
from a2i_al.local.portal.rendering import why_not

TEMPLATE = """
<script src="https://assets.crowd.aws/crowd-html-elements.js"></script>
<crowd-form>
  <crowd-classifier name="category" categories="['spam', 'ham']" header="Is this spam?">
    <classification-target>{{ task.input.text }}</classification-target>
    <full-instructions header="Spam">Spam is what nobody asked for.</full-instructions>
    <short-instructions>Choose one.</short-instructions>
  </crowd-classifier>
</crowd-form>
"""
ROLE = "arn:aws:iam::000000000000:role/reviews"


def spam(label="spam"):
    return {"category": {"label": label}}


@dataclass
class Clients:
    """boto3's clients of a service, and what most tests need of them."""

    service: local.Service

    def __post_init__(self):
        session = self.service.boto3_session()
        made = {name: session.client(name, endpoint_url=url) for name, url in self.service.endpoints().items()}
        self.runtime, self.sagemaker = made["sagemaker-a2i-runtime"], made["sagemaker"]
        self.s3, self.sts = made["s3"], made["sts"]

    def flow(self, *, template=TEMPLATE, output_path="s3://outputs/results", **human):
        """Create a human task UI and a flow definition of fresh names; return the latter's ARN."""
        name = f"f-{uuid.uuid4().hex[:12]}"
        ui = self.sagemaker.create_human_task_ui(HumanTaskUiName=name, UiTemplate={"Content": template})
        request = {
            "WorkteamArn": self.service.workteam_arn(),
            "HumanTaskUiArn": ui["HumanTaskUiArn"],
            "TaskTitle": "Is this spam?",
            "TaskDescription": "Read it and choose.",
            "TaskCount": 1,
        }
        return self.sagemaker.create_flow_definition(
            FlowDefinitionName=name,
            HumanLoopConfig=request | human,
            OutputConfig={"S3OutputPath": output_path},
            RoleArn=ROLE,
        )["FlowDefinitionArn"]

    def start(self, flow_arn, name=None, **task_input):
        """Start a loop and return its name."""
        name = name or f"l-{uuid.uuid4().hex[:12]}"
        content = json.dumps(task_input or {"text": "You have won!"})
        self.runtime.start_human_loop(
            HumanLoopName=name, FlowDefinitionArn=flow_arn, HumanLoopInput={"InputContent": content}
        )
        return name

    def status(self, name):
        """Return a loop's status."""
        return self.runtime.describe_human_loop(HumanLoopName=name)["HumanLoopStatus"]

    def output(self, name):
        """Return a loop's output, parsed."""
        uri = self.runtime.describe_human_loop(HumanLoopName=name)["HumanLoopOutput"]["OutputS3Uri"]
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        return json.load(self.s3.get_object(Bucket=bucket, Key=key)["Body"])


@pytest.fixture(scope="session")
def service(tmp_path_factory):
    """Serve a home in a process of its own for the whole session."""
    home = tmp_path_factory.mktemp("home")
    yield local.ensure(home)
    local.stop(home)


@pytest.fixture(scope="session")
def clients(service):
    """Give boto3's clients on the session's service."""
    return Clients(service)


@pytest.fixture
def http():
    """Send requests as anybody's program would: no key, no cookie, no retry."""
    with urllib3.PoolManager(retries=False) as pool:
        yield pool


@pytest.fixture
def clients_of():
    """Make clients of another service."""
    return Clients


@dataclass
class Bench:
    """A machine and a desk without HTTP, on a clock that stands still until it is turned."""

    path: object
    time: datetime = datetime(2026, 11, 1, 9, 0, 0, 250_000, tzinfo=UTC)
    outputs: dict = field(default_factory=dict)
    broken: bool = False

    def __post_init__(self):
        self.store = Store(self.path)
        config = Config()
        self.machine = Machine(self.store, config, write=self.write, check=why_not, clock=lambda: self.time)
        self.desk = Desk(self.machine)
        self.resources = Resources(self.store, config, lambda: self.time)

    def write(self, uri, data, *, kms_key):  # noqa: ARG002  # the machine's protocol
        if self.broken:
            raise OSError("no space left")
        self.outputs[uri] = json.loads(data)

    def wait(self, seconds):
        self.time += timedelta(seconds=seconds)

    def flow(self, name="flow", *, template=TEMPLATE, count=1, **human):
        ui = self.resources.add("human-task-ui", name, template)
        request = {
            "FlowDefinitionName": name,
            "HumanLoopConfig": {"TaskTitle": name, "TaskDescription": "d", "TaskCount": count, **human},
            "OutputConfig": {"S3OutputPath": "s3://outputs/results/"},
        }
        return self.resources.add("flow-definition", name, json.dumps(request), ui_arn=ui)

    def start(self, flow_arn, name="loop", content='{"text": "hello"}'):
        return self.machine.start(name, flow_arn, content)

    def status(self, name="loop"):
        return self.machine.describe(name).status

    def answers(self, name="loop"):
        return self.outputs[self.machine.describe(name).output_uri]["humanAnswers"]


@pytest.fixture
def bench(tmp_path):
    """Give a fresh machine."""
    made = Bench(tmp_path / "service.sqlite3")
    yield made
    made.store.close()


@pytest.fixture
def make_bench():
    """Make machines in places of one's own."""
    return Bench
