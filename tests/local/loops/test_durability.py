"""What a kill -9 in the very worst moment leaves behind, and what becomes of it."""

import json
import signal
import subprocess
import sys

import pytest

from a2i_al.local.app import Backend
from a2i_al.local.durable import write_durably
from a2i_al.local.home import Home

# Answers the last task of a loop in a process that is killed when it is about to write the output.
KILLED = """
import json, os, signal, sys
from a2i_al.local.loops import machine
from a2i_al.local.app import Backend
from a2i_al.local.loops.desk import Desk
from a2i_al.local.home import Home
service = Backend(Home.open(sys.argv[1]))
resources = service._sagemaker._resources
ui = resources.add("human-task-ui", "ui", "<p>x</p>")
human = {"TaskTitle": "t", "TaskDescription": "d", "TaskCount": 1}
request = {"FlowDefinitionName": "f", "HumanLoopConfig": human, "OutputConfig": {"S3OutputPath": "s3://outputs"}}
flow = resources.add("flow-definition", "f", json.dumps(request), ui_arn=ui)
service.machine.start("loop", flow, "{}")
desk = Desk(service.machine)
ann = desk.sign_in("Ann")
desk.next(ann)
service.machine._write = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
desk.submit(ann, "loop", {"category": {"label": "spam"}})
"""


def test_an_answer_outlives_a_kill_between_answer_and_output(tmp_path):
    done = subprocess.run([sys.executable, "-c", KILLED, tmp_path], check=False)
    assert done.returncode == -signal.SIGKILL
    assert not list(tmp_path.rglob("output.json"))
    service = Backend(Home.open(tmp_path))
    assert service.machine.describe("loop").status == "Completed"
    service.close()
    (path,) = tmp_path.rglob("output.json")
    assert json.loads(path.read_bytes())["humanAnswers"][0]["answerContent"] == {"category": {"label": "spam"}}


def test_a_file_is_wholly_the_old_or_wholly_the_new(tmp_path, monkeypatch):
    path = tmp_path / "a" / "b" / "file"
    write_durably(path, b"old")

    with path.open("rb") as reader:
        write_durably(path, b"newer")
        assert reader.read() == b"old"
    assert path.read_bytes() == b"newer"

    def fail(*_):
        raise OSError("power cut")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="power cut"):
        write_durably(path, b"new")
    assert path.read_bytes() == b"newer"
    assert [p.name for p in path.parent.iterdir()] == ["file"]
