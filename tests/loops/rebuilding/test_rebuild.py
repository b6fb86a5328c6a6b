"""A ledger that was lost is rebuilt from what the service lists and the outputs say, as far as can be known."""

import json
from pathlib import Path

import pandas as pd
import pytest

from a2i_al import SimulatedReviewer, Workflow
from a2i_al.errors import InvalidTable
from a2i_al.loops.bookkeeping.ledger import Ledger
from a2i_al.loops.rebuilding.rebuild import rebuild

ITEMS = pd.DataFrame({"item_id": [f"i{n}" for n in range(5)], "text": [f"text {n}" for n in range(5)]})
SAID = pd.DataFrame({"item_id": ITEMS["item_id"], "predicted_label": "spam", "confidence": 0.6, "model_version": "m1"})
FAILING = pd.DataFrame({"item_id": ["f"], "text": ["t"], "picture": ["no URI"]})  # A2I cannot give access to that
TEMPLATE = """<crowd-form><crowd-classifier name="category" categories="['spam', 'ham']" header="?">
<classification-target>{{ task.input.text }} {% if task.input.picture %}
<img src="{{ task.input.picture | grant_read_access }}">{% endif %}</classification-target></crowd-classifier>
</crowd-form>"""
ANN = SimulatedReviewer("Ann", lambda _: {"category": {"label": "spam"}})
SAME = ["item_id", "round", "model_version", "attempt", "status", "created_at", "output_uri", "flow_definition_arn"]


@pytest.fixture
def flow(embedded, tmp_path):
    """Give a workflow with a ledger and outputs of its own."""
    name = f"r-{abs(hash(tmp_path)) % 10**9}"
    flow = Workflow.local(
        name,
        template=TEMPLATE,
        output_path=(tmp_path / "outputs").as_uri(),
        home=embedded.home,
    )
    flow.ledger = Ledger(tmp_path / "ledger.sqlite3")
    return flow


@pytest.fixture
def again(flow, tmp_path):
    """Rebuild into a ledger: a fresh one, or another."""

    def run(items=None, ledger=None, **more):
        path = flow.definition.outputs
        ledger = ledger or Ledger(tmp_path / "fresh.sqlite3")
        return rebuild(flow.connection, ledger, flow.arn, path, items, **more), ledger

    return run


def rows(ledger, columns=SAME):
    return ledger.loops().set_index("human_loop_name")[columns].sort_index()


def sources(table):
    return dict(zip(table["item_id"].fillna(table["human_loop_name"]), table["source"], strict=True))


def outputs(flow):
    return sorted(Path(flow.definition.output_path.removeprefix("file://")).rglob("output.json"))


def test_the_rebuilt_ledger_is_the_one_that_was_lost(flow, again):
    """Finished loops by their outputs, open ones by name: every column is as it was but the times of writing."""
    flow.submit(ITEMS, predictions=SAID, progress=False, max_workers=1)
    flow.simulate([ANN], limit=3)
    flow.loops()
    flow.harvest()
    table, ledger = again(ITEMS)
    assert list(table["source"]) == ["output"] * 3 + ["name"] * 2
    assert table["reason"].eq("").all()
    pd.testing.assert_frame_equal(rows(ledger), rows(flow.ledger))


def test_a_loop_is_finished_when_its_last_answer_came(flow, again):
    """The time comes from the output, not from the day of the rebuild."""
    flow.submit(ITEMS.head(1), progress=False, max_workers=1)
    flow.simulate([ANN])
    _, ledger = again()
    (answer,) = json.loads(outputs(flow)[0].read_bytes())["humanAnswers"]
    assert ledger.loops()["finished_at"][0] == pd.Timestamp(answer["submissionTime"])


def test_open_loops_without_items_are_said_to_be_unknown(flow, again):
    """They are rows of the report, and the ledger has no row with a made-up item; a later rebuild finds them."""
    flow.submit(ITEMS.head(2), progress=False, max_workers=1)
    flow.simulate([ANN], limit=1)
    table, ledger = again()
    assert list(table["source"]) == ["output", "unknown"]
    assert pd.isna(table["item_id"][1])
    assert "with the items, it may be known by its name" in table["reason"][1]
    assert len(ledger.loops()) == 1
    flow.simulate([ANN])
    assert list(again(ledger=ledger)[0]["source"]) == ["ledger", "output"]
    assert set(ledger.loops()["status"]) == {"Completed"}


def test_rebuilding_twice_changes_nothing(flow, again):
    """The second time finds all of it in the ledger, and leaves it as it is."""
    flow.submit(ITEMS, progress=False, max_workers=1)
    flow.simulate([ANN], limit=2)
    _, ledger = again(ITEMS)
    before = ledger.loops()
    table, _ = again(ITEMS, ledger=ledger)
    assert set(table["source"]) == {"ledger"}
    pd.testing.assert_frame_equal(ledger.loops(), before)


def test_what_the_ledger_has_stays(flow, again):
    """An intent that never reached the service, and times that were seen, outlive a rebuild; what was missing comes."""
    flow.submit(ITEMS.head(2), progress=False, max_workers=1)
    flow.simulate([ANN])
    flow.loops()
    flow.ledger.plan(
        [{"human_loop_name": "p", "item_id": "p", "round": 0, "model_version": "", "flow_definition_arn": flow.arn}]
    )
    before = flow.ledger.loops()
    whole, flow.ledger = flow.ledger, Ledger(flow.ledger.path.parent / "other.sqlite3")
    flow.submit(ITEMS.tail(3), progress=False, max_workers=1)
    table, _ = again(ITEMS, ledger=whole)
    assert sources(table) == {"i0": "ledger", "i1": "ledger", "p": "ledger"} | dict.fromkeys(["i2", "i3", "i4"], "name")
    after = whole.loops()
    pd.testing.assert_frame_equal(after.head(3).drop(columns="output_uri"), before.drop(columns="output_uri"))
    assert after["status"].tolist() == ["Completed"] * 2 + ["Planned"] + ["InProgress"] * 3


def test_a_dry_run_writes_nothing(flow, again, tmp_path):
    """The report is the same, and there is no row afterwards."""
    flow.submit(ITEMS.head(2), progress=False, max_workers=1)
    flow.simulate([ANN], limit=1)
    table, ledger = again(ITEMS, dry_run=True)
    assert list(table["source"]) == ["output", "name"]
    assert ledger.loops().empty
    pd.testing.assert_frame_equal(again(ITEMS)[0], table)


def test_loops_that_the_service_has_forgotten_are_known_by_their_outputs(flow, again):
    """A deleted loop was asked all the same: it is in the ledger, and is not bought again."""
    batch = flow.submit(ITEMS.head(2), progress=False, max_workers=1)
    flow.simulate([ANN])
    for name in batch.human_loop_names:
        flow.connection.a2i.delete_human_loop(HumanLoopName=name)
    table, ledger = again()
    assert list(table["status"]) == ["Deleted"] * 2
    flow.ledger = ledger
    assert set(flow.submit(ITEMS.head(2), dry_run=True)["action"]) == {"already asked"}


def test_failed_loops_come_with_their_reasons_and_attempts(flow, again):
    """A loop that was stopped or failed, and the one that asked again after it, are two rows with their attempts."""
    batch = flow.submit(ITEMS.head(1), progress=False, max_workers=1)
    batch.stop(progress=False)
    batch.resubmit(batch.loops())
    table, ledger = again(ITEMS)
    assert list(table["attempt"]) == [0, 1]
    assert list(table["status"]) == ["Stopped", "InProgress"]
    pd.testing.assert_frame_equal(
        rows(ledger, ["item_id", "attempt", "status"]), rows(flow.ledger, ["item_id", "attempt", "status"])
    )


def test_a_failed_loop_has_its_code(flow, again):
    """The list does not carry it: it is asked for."""
    flow.submit(FAILING, progress=False, max_workers=1)
    flow.loops()
    _, ledger = again(FAILING)
    failure = ["status", "failure_code", "failure_reason"]
    assert rows(ledger, failure)["failure_code"].tolist() == ["ValidationError"]
    pd.testing.assert_frame_equal(rows(ledger, failure), rows(flow.ledger, failure))


def test_outputs_of_others_and_damaged_ones_are_said(flow, again):
    """Another program's loop, a cut-off file, and a loop under a name that is not its question's are unknown."""
    flow.submit(ITEMS.head(3), progress=False, max_workers=1)
    flow.connection.a2i.start_human_loop(
        HumanLoopName=f"foreign-{flow.definition.name}"[:63].rstrip("-"),
        FlowDefinitionArn=flow.arn,
        HumanLoopInput={"InputContent": '{"text": "not ours"}'},
    )
    flow.simulate([ANN])
    for path in outputs(flow):
        output = json.loads(path.read_bytes())
        match output["inputContent"].get("a2i_al", {}).get("item_id"):
            case "i0":
                path.write_bytes(path.read_bytes()[:50])
            case "i1":
                output["inputContent"]["a2i_al"]["item_id"] = "another"
                path.write_text(json.dumps(output))
    table, ledger = again()
    reasons = sorted(table.loc[table["source"] == "unknown", "reason"].str.replace(r"file:\S*", "FILE", regex=True))
    assert [reason[:44] for reason in reasons] == [
        "FILE cannot be read: JSONDecodeError: Unterm",
        "its input has no 'a2i_al' record: another pr",
        "its name is not the one of the question in i",
    ]
    assert ledger.loops()["item_id"].tolist() == ["i2"]
    assert sources(again(ITEMS)[0])["i1"] == "name"


def test_items_that_are_no_items_are_refused_before_anything_is_asked(again):
    """The table is checked first."""
    with pytest.raises(InvalidTable, match="item_id"):
        again(pd.DataFrame({"text": ["x"]}))


def test_an_empty_flow_definition_gives_an_empty_report(again):
    """Nothing was asked: no row, and no error."""
    table, ledger = again(ITEMS)
    assert table.empty
    assert ledger.loops().empty


def test_what_lies_beside_the_outputs_is_left_alone(flow, again):
    """Another flow definition's outputs, a stray file and a name that only resembles an output's make no row."""
    flow.submit(ITEMS.head(1), progress=False, max_workers=1)
    flow.simulate([ANN])
    (output,) = outputs(flow)
    for stray in ("other/2026/11/01/10/00/00/x/output.json", "output.json", "x/output.json"):
        path = Path(flow.definition.outputs.removeprefix("file://")) / stray
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(output.read_bytes())
    table, _ = again()
    assert list(table["source"]) == ["output"]


def test_a_rebuild_that_is_cut_short_leaves_no_loop_to_be_started_again(flow, again, monkeypatch):
    """A restored row has its state from the first moment: killed right after, a deleted loop is not bought again."""
    batch = flow.submit(ITEMS.head(2), progress=False, max_workers=1)
    flow.simulate([ANN], limit=1)
    flow.connection.a2i.delete_human_loop(HumanLoopName=batch.human_loop_names[0])
    ledger = Ledger(flow.ledger.path.parent / "cut.sqlite3")

    def killed(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(ledger, "observe", killed)
    with pytest.raises(KeyboardInterrupt):
        again(ITEMS, ledger=ledger)
    assert ledger.loops()["status"].tolist() == ["InProgress", "Deleted"]


def test_a_long_cycle_s_latest_round_is_looked_for(flow, again):
    """Where an output tells of some round, an open loop of the next one is known by its name too."""
    for item, number in (("i0", 10**9), ("i1", 10**9 + 1)):
        picks = pd.DataFrame({"item_id": [item], "round": [number]})
        flow.submit(ITEMS, picks, progress=False, max_workers=1)
    flow.simulate([ANN], limit=1)
    table, _ = again(ITEMS)
    assert list(zip(table["source"], table["round"], strict=True)) == [("output", 10**9), ("name", 10**9 + 1)]
