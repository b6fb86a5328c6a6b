"""`a2i-al ledger rebuild`: the report on standard output, items from files, and nothing written in a dry run."""

import json

import pandas as pd
import pytest

from a2i_al import SimulatedReviewer, Workflow, local
from a2i_al.aws import flows
from a2i_al.cli import main
from a2i_al.loops.bookkeeping.ledger import Ledger

ITEMS = pd.DataFrame({"item_id": ["007", "NA", "ä"], "text": ["x", "y", "z"]})


@pytest.fixture(scope="module")
def flow(embedded, tmp_path_factory):
    """Give a workflow with one loop finished and two open, whose ledger the command does not know."""
    flow = Workflow.local("rebuilt", template="text-classification", labels=["a", "b"], home=embedded.home)
    flow.ledger = Ledger(tmp_path_factory.mktemp("kept") / "ledger.sqlite3")
    flow.submit(ITEMS, progress=False, max_workers=1)
    flow.simulate([SimulatedReviewer("Ann", lambda _: {"category": {"label": "a"}})], limit=1)
    return flow


@pytest.fixture
def command(flow, tmp_path, capsys):
    """Run the command on a fresh ledger; return its exit code, output and errors."""

    def run(*arguments, name=flow.arn):
        ledger = str(tmp_path / "fresh.sqlite3")
        home = str(flow.service.home)
        code = main(["ledger", "rebuild", name, "--ledger", ledger, "--local", "--home", home, *arguments])
        return code, *capsys.readouterr()

    return run


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_items_come_from_a_file(command, flow, tmp_path, suffix):
    """Ids keep their zeros, their letters and what pandas would take for a missing value."""
    file = tmp_path / f"items.{suffix}"
    if suffix == "csv":
        ITEMS.to_csv(file, index=False)
    elif suffix == "jsonl":
        ITEMS.to_json(file, orient="records", lines=True)
    else:
        ITEMS.to_parquet(file)
    code, out, _ = command("--items", str(file), name=flow.definition.name)
    assert code == 0
    assert "3 human loops\n" in out
    assert "1  rebuilt from their outputs" in out
    assert "2  rebuilt from the items, by their names" in out
    assert sorted(Ledger(tmp_path / "fresh.sqlite3").loops()["item_id"]) == sorted(ITEMS["item_id"])


def test_what_is_not_known_is_said_plainly(command, flow, tmp_path):
    """Without the items, each open loop is named with the reason."""
    code, out, _ = command()
    assert code == 0
    assert "2  not rebuilt" in out
    open_loops = flow.ledger.loops().query("item_id != '007'")["human_loop_name"]
    for name in open_loops:
        assert f"{name} (InProgress): it has no output; with the items, it may be known by its name" in out
    assert len(Ledger(tmp_path / "fresh.sqlite3").loops()) == 1


def test_a_dry_run_says_so_and_writes_nothing(command, tmp_path):
    """The ledger has no row afterwards."""
    _, out, _ = command("--dry-run")
    assert out.endswith("nothing was written\n")
    assert Ledger(tmp_path / "fresh.sqlite3").loops().empty


def test_json_is_for_programs(command):
    """A list with a row per loop, missing items as null."""
    _, out, _ = command("--json", "--dry-run")
    rows = json.loads(out)
    assert sorted(row["source"] for row in rows) == ["output", "unknown", "unknown"]
    assert {row["item_id"] for row in rows} == {"007", None}


def test_the_facade_does_the_same(flow, tmp_path):
    """`Workflow.rebuild_ledger` fills the workflow's own ledger."""
    kept, flow.ledger = flow.ledger, Ledger(tmp_path / "mine.sqlite3")
    table = flow.rebuild_ledger(ITEMS)
    assert set(table["source"]) == {"output", "name"}
    assert sorted(flow.ledger.loops()["item_id"]) == sorted(ITEMS["item_id"])
    flow.ledger = kept


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("items.txt", "item_id", "a .csv, .jsonl or .parquet file"),
        ("items.csv", "id\n1\n", "a column item_id"),
        ("items.parquet", "rubbish", "a column item_id"),
        ("items.jsonl", "rubbish", "a column item_id"),
        ("absent.csv", None, "cannot be read"),
    ],
)
def test_unusable_items_are_one_line(command, tmp_path, file, text, words):
    """What was found and what was expected, and exit code 1."""
    if text is not None:
        (tmp_path / file).write_text(text)
    code, _, errors = command("--items", str(tmp_path / file))
    assert code == 1
    assert words in errors
    assert "Traceback" not in errors


def test_a_flow_definition_that_is_not_there_is_said(command):
    """The name that was looked for is in the message."""
    code, _, errors = command(name="nobody")
    assert code == 1
    assert "looking up flow definition 'nobody'" in errors


def test_a_service_that_was_started_to_look_is_not_left_behind(tmp_path, capsys):
    """Whether the flow definition is found or not: nobody serves the home, as before."""
    flow = Workflow.local("idle", template="text-classification", labels=["a"], home=tmp_path)
    flow.stop_service()
    for name, code, words in (("nobody", 1, ""), (flow.arn, 0, "0 human loops")):
        assert main(["ledger", "rebuild", name, "--local", "--home", str(tmp_path)]) == code
        assert words in capsys.readouterr().out
        assert local.running(tmp_path) is None


@pytest.mark.parametrize(
    "join",
    [
        lambda home: Workflow.local("new", template="text-classification", labels=["a"], home=home),
        lambda home: main(["local", "env", "--home", str(home)]),
    ],
    ids=["notebook", "local env"],
)
def test_who_joins_while_the_command_runs_keeps_the_service(tmp_path, monkeypatch, join):
    """The command had started it for itself, but its end is not the end of what others do."""
    flow = Workflow.local("idle", template="text-classification", labels=["a"], home=tmp_path)
    flow.stop_service()
    describe = flows.describe_flow

    def describe_and_be_joined(*given):
        monkeypatch.undo()
        join(tmp_path)
        return describe(*given)

    monkeypatch.setattr(flows, "describe_flow", describe_and_be_joined)
    assert main(["ledger", "rebuild", flow.arn, "--local", "--home", str(tmp_path)]) == 0
    assert local.stop(tmp_path)
