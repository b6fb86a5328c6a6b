"""The main job as a stranger runs it: it ends well, buys nothing twice, and survives being killed."""

import json
import os
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest

from a2i_al import demo, local

COMMAND = [sys.executable, "-m", "a2i_al", "demo", "--out"]


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """Run the demo: killed half-way with no warning, then started again and let finish."""
    out = tmp_path_factory.mktemp("demo") / "out"
    first = subprocess.Popen([*COMMAND, str(out)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    closed = out / ".state" / "simulated-0" / "cycle" / "round-001" / "round.jsonl"
    deadline = time.monotonic() + 120
    while not closed.exists() and first.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    assert closed.exists()
    assert not (out / "summary.json").exists()
    second = subprocess.run([*COMMAND, str(out)], check=False, capture_output=True, text=True, timeout=240)
    assert second.returncode == 0, second.stderr
    assert "Warning" not in second.stderr
    (out / "stdout").write_text(second.stdout)
    return out


def test_killed_half_way_it_goes_on_and_buys_nothing_twice(out):
    """Six rounds of thirty, once each, although the run was killed in the middle."""
    summary = json.loads((out / "summary.json").read_text())
    assert summary["rounds"] == 6
    assert summary["loops_started"] == 180
    assert summary["loops_duplicated"] == 0
    assert summary["labels_bought"] == 180


def test_choosing_pays(out):
    """The labels that were chosen teach more than as many drawn at random."""
    summary = json.loads((out / "summary.json").read_text())
    assert summary["accuracy"] > summary["accuracy_random"]
    assert summary["accuracy"] > 0.9


def test_the_results_are_there(out):
    """A table of rounds, a picture, a page that needs nothing else, and the table on standard output."""
    rounds = pd.read_csv(out / "rounds.csv")
    assert len(rounds) == 6
    assert (rounds["disagreement_low"] <= rounds["disagreement"]).all()
    assert (out / "learning_curve.png").read_bytes().startswith(b"\x89PNG")
    page = (out / "report.html").read_text()
    assert 'src="http' not in page
    assert 'href="http' not in page
    assert page.count("data:image/svg") == 3
    assert len((out / "stdout").read_text().splitlines()) >= 8


def test_the_outputs_lie_where_a2i_writes_them(out):
    """<flow definition>/YYYY/MM/DD/hh/mm/ss/<human loop>/output.json, one per loop."""
    root = out / ".state" / "simulated-0" / "home" / "s3" / "a2i-al" / "outputs"
    paths = [path.relative_to(root).parts for path in root.rglob("output.json")]
    assert len(paths) == 180
    assert all(len(parts) == 9 and parts[0].startswith("digits-") for parts in paths)


def test_the_service_was_stopped(out):
    """The demo leaves nothing running."""
    assert local.running(out / ".state" / "simulated-0" / "home") is None


def test_a_demo_that_fails_at_once_leaves_nothing_running(tmp_path, monkeypatch):
    """The service is there before the workflow is."""

    def fail(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("a2i_al.workflow.facade.ensure_flow", fail)
    with pytest.raises(KeyboardInterrupt):
        demo.run(tmp_path)
    assert local.running(tmp_path / ".state" / "simulated-0" / "home") is None


def test_a_finished_demo_run_again_only_shows_its_results(out):
    """Nothing is bought, and the numbers are the same."""
    before = json.loads((out / "summary.json").read_text())
    done = subprocess.run([*COMMAND, str(out)], check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    after = json.loads((out / "summary.json").read_text())
    assert {k: v for k, v in after.items() if k != "seconds"} == {k: v for k, v in before.items() if k != "seconds"}
