"""A world with a service, a ledger and a clock in one process, without a port, in which everything may break."""

import json
import os
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import boto3
import pytest

from a2i_al.local.app import Backend
from a2i_al.local.home import Home
from a2i_al.local.loops.desk import Desk
from a2i_al.local.wire.call import Call
from a2i_al.loops.bookkeeping.ledger import Ledger


class World:
    """A service, a place for a ledger, and a clock that moves only when somebody looks at it."""

    def __init__(self, path):
        self.path, self.home, self.offset = path, Home.open(path / "home"), timedelta(0)
        self.time, self.flows = datetime(2026, 11, 1, 9, tzinfo=UTC), count()
        key = self.home.credentials
        self.session = boto3.Session(key.access_key_id, key.secret_access_key, region_name=self.home.config.region)
        self.boot()

    def boot(self):
        self.backend = Backend(self.home, clock=self.now)
        self.desk = Desk(self.backend.machine)

    def reboot(self):
        self.backend.close()
        self.boot()

    def now(self):
        self.time += timedelta(milliseconds=3)
        return self.time + self.offset

    def log(self, line):
        """Tell what happens, for whoever reads a failure."""
        print(line)  # noqa: T201  # pytest shows it then

    def begin(self):
        """Forget what was: another flow definition, another ledger, the right time."""
        self.offset = timedelta(0)
        self.started, self.forgotten, self.deleted = set(), set(), set()
        number = next(self.flows)
        self.ledger = self.path / f"{number}.sqlite3"
        resources = self.backend._sagemaker._resources
        ui = resources.add("human-task-ui", f"u{number}", "<p>{{ task.input.text }}</p>")
        human = {"TaskTitle": "t", "TaskDescription": "d", "TaskCount": 1}
        output = {"S3OutputPath": (self.path / "outputs").as_uri()}
        self.outputs = f"{output['S3OutputPath']}/f{number}"
        request = {"FlowDefinitionName": f"f{number}", "HumanLoopConfig": human, "OutputConfig": output}
        self.flow = resources.add("flow-definition", f"f{number}", json.dumps(request), ui_arn=ui)

    def answer(self, request):
        """Let the service answer a request as it leaves botocore."""
        url = urlsplit(request.url)
        headers = {name.lower(): _text(value) for name, value in request.headers.items()} | {"host": url.netloc}
        reply = self.backend(Call(request.method, url.path, url.query, headers, request.body or b""))
        if request.method == "POST" and reply.status_code == 200:
            name = json.loads(request.body)["HumanLoopName"]
            self.started.add((name, self.backend.machine.describe(name).id))
        return reply

    def review(self, times):
        """Let a worker answer so many tasks."""
        worker = self.desk.sign_in("Ann")
        for _ in range(times):
            task = self.desk.next(worker, self.flow.rpartition("/")[2])
            if task is not None:
                self.desk.submit(worker, task.human_loop_name, {"category": {"label": "spam"}})

    def loops(self):
        """Return what the service has, name to status."""
        self.backend.machine.sweep()
        return {loop.name: loop.status for loop in self.backend.machine.list(self.flow, limit=1000)}

    def delete_finished(self):
        """Delete at the service what is finished: only the outputs tell of it from now on."""
        for name, status in self.loops().items():
            if status == "Completed":
                self.backend.machine.delete(name)
                self.deleted.add(name)

    def unknown(self):
        """Return the loops that were started and are not in the ledger, though it was not lost since."""
        return {name for name, _ in self.started - self.forgotten} - set(Ledger(self.ledger).loops()["human_loop_name"])

    def lose_ledger(self):
        self.forgotten |= self.started
        for path in self.path.glob(f"{self.ledger.name}*"):
            path.unlink()


def _text(value):
    return value.decode() if isinstance(value, bytes) else value


@pytest.fixture(scope="session")
def whole_world():
    """Give a world for the session: what schedules share is the service, and nothing of a flow definition."""
    # In memory where there is such a place: what a power cut leaves of a disk is not what these tests are about.
    memory = Path("/dev/shm")  # noqa: S108
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as path:
        world = World(Path(path))
        yield world
        world.backend.close()
