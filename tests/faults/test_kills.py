"""Exactly once with real processes, a real port and a real kill -9: of a submitter, of one of two, of the service."""

import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from a2i_al import local
from a2i_al.aws.connection import Connection
from a2i_al.loops.bookkeeping.ledger import Ledger
from a2i_al.loops.following.track import refresh

# Loads everything once, then forks a submitter per job of each line it reads, all at the same time, and writes how they
# ended. At the boundary between effects that a job names, whatever its other threads are at, it kills: itself, by
# default.
NURSERY = """
import json, os, signal, sys
from contextlib import contextmanager
from itertools import count
import boto3, pandas as pd
from a2i_al.aws.connection import Connection
from a2i_al.loops.bookkeeping.ledger import Ledger
from a2i_al.loops.requests.planning import plan
from a2i_al.loops.submission.starting import start

def submit(job):
    steps = count(1)
    def at(**_):
        if next(steps) == job["dies"]:
            os.kill(job["victim"] or os.getpid(), signal.SIGKILL)
    class Dying(Ledger):
        @contextmanager
        def _transaction(self):
            at()
            with super()._transaction() as db:
                yield db
                at()
            at()
    connection = Connection(boto3.Session(*job["key"], region_name=job["region"]), job["endpoints"])
    for moment in "before-send", "response-received":
        connection.a2i_once.meta.events.register(f"{moment}.sagemaker-a2i-runtime", at)
    items = pd.DataFrame({"item_id": job["items"], "text": "hello"})
    ledger = Dying(job["ledger"])
    start(connection, plan(job["flow"], items, ledger=ledger), ledger=ledger, max_workers=8, progress=False)

for line in sys.stdin:
    children = []
    for job in json.loads(line):
        child = os.fork()
        if not child:
            signal.alarm(120)  # whatever happens, it ends
            sys.stderr = open(os.devnull, "w")
            try:
                submit(job)
            except BaseException:
                os._exit(1)
            os._exit(0)
        children.append(child)
    print(json.dumps([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]), flush=True)
"""
KILLED, FAILED, DONE = -9, 1, 0
ITEMS = 24


@pytest.fixture(scope="module")
def nursery():
    """Give what runs submitters at once and says how each ended."""
    alone = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # a fork takes one thread with it
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", NURSERY], env=alone, text=True, **pipes) as process:

        def run(*jobs):
            print(json.dumps(jobs), file=process.stdin, flush=True)
            return json.loads(process.stdout.readline())

        yield run
        process.stdin.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Serve a home that tests may kill the service of, with a quota and a rate that is never reached."""
    home = tmp_path_factory.mktemp("served")
    yield local.ensure(home, requests_per_second=5000, loops_in_flight=5000)
    local.stop(home)


@pytest.fixture
def batch(served, tmp_path):
    """Give a batch: a job that asks about some items on a flow definition and a ledger of its own."""
    connection = Connection(served.boto3_session(), served.endpoints())
    name = f"f{abs(hash(tmp_path))}"
    human = {"WorkteamArn": served.workteam_arn(), "TaskTitle": "t", "TaskDescription": "d", "TaskCount": 1}
    ui = connection.sagemaker.create_human_task_ui(HumanTaskUiName=name, UiTemplate={"Content": "<p>x</p>"})
    flow = connection.sagemaker.create_flow_definition(
        FlowDefinitionName=name,
        HumanLoopConfig=human | {"HumanTaskUiArn": ui["HumanTaskUiArn"]},
        OutputConfig={"S3OutputPath": tmp_path.as_uri()},
        RoleArn=f"arn:aws:iam::{served.account}:role/reviews",
    )["FlowDefinitionArn"]
    job = {
        "flow": flow,
        "ledger": str(tmp_path / "ledger.sqlite3"),
        "items": [f"item-{n}" for n in range(ITEMS)],
        "key": [served.credentials.access_key_id, served.credentials.secret_access_key],
        "region": served.region,
        "endpoints": served.endpoints(),
        "dies": -1,
        "victim": 0,
    }
    return SimpleNamespace(job=job, connection=connection, ledger=Ledger(job["ledger"]), flow=flow)


def listed(batch):
    pages = batch.connection.a2i.get_paginator("list_human_loops").paginate(FlowDefinitionArn=batch.flow)
    return [(s["HumanLoopName"], s["HumanLoopStatus"]) for page in pages for s in page["HumanLoopSummaries"]]


def check_once(batch, nursery):
    """Submit once more; then each item has one loop, and the ledger says of each what the service says."""
    assert nursery(batch.job) == [DONE]
    refresh(batch.connection, batch.ledger, batch.flow)
    loops = batch.ledger.loops()
    assert sorted(loops["item_id"]) == sorted(batch.job["items"])
    assert sorted(listed(batch)) == sorted(zip(loops["human_loop_name"], loops["status"], strict=True))


@pytest.mark.parametrize("dies", range(1, 55, 3))
def test_a_submitter_is_killed(dies, batch, nursery):
    """A kill -9 at any boundary, seven other threads in full flight, loses nothing and doubles nothing."""
    assert nursery(batch.job | {"dies": dies}) == [KILLED]
    assert {name for name, _ in listed(batch)} <= set(batch.ledger.loops()["human_loop_name"])
    check_once(batch, nursery)


@pytest.mark.parametrize("dies", range(3, 90, 12))
def test_one_of_two_submitters_is_killed(dies, batch, nursery):
    """Two processes with one ledger submit the same batch, and one is killed; the other finishes for both."""
    assert nursery(batch.job, batch.job | {"dies": dies})[0] == DONE
    check_once(batch, nursery)


def test_two_submitters_with_ledgers_of_their_own(batch, nursery, tmp_path):
    """Two laptops that share nothing but the question buy it once."""
    other = batch.job | {"ledger": str(tmp_path / "other.sqlite3")}
    assert nursery(batch.job, other) == [DONE, DONE]
    assert len(listed(batch)) == ITEMS
    check_once(batch, nursery)


@pytest.mark.parametrize("dies", [20, 45])
def test_the_service_is_killed(dies, batch, nursery, served):
    """A kill -9 of the service under a limit that bites: what it had accepted is there, once, and the limit too."""
    served.limit(requests_per_second=8)
    pid = json.loads((served.home / "service.json").read_text())["pid"]
    assert nursery(batch.job | {"dies": dies, "victim": pid}) == [FAILED]
    again = local.ensure(served.home, port=int(served.url.rpartition(":")[2]))
    limits = again.traffic()
    assert (limits["requests_per_second"], limits["loops_in_flight"]) == (8, 5000)
    check_once(batch, nursery)
    again.limit(requests_per_second=5000)
