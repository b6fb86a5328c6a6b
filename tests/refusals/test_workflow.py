"""What workflows, batches, cycles, previews and readers of outputs are given."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from a2i_al import RetrainCycle, SimulatedReviewer, Workflow, preview, read_outputs

ITEMS = pd.DataFrame({"item_id": ["1", "2"], "text": ["hello", "bye"]})
PREDICTIONS = pd.DataFrame({"item_id": ["1", "2"], "predicted_label": "a", "model_version": "v"})
PAGE = "<p>{{ task.input.text }}</p>"
TEXTS, PRICES = "text blank", dict.fromkeys(("max_loops", "max_cost", "price_per_object", "price_per_worker"), "three")
LISTS = dict.fromkeys(("redact", "as_files", "content_classifiers", "allow_hosts", "human_loop_names"), "list dict")

CALLS = {
    "local": (
        Workflow.local,
        {"name": "refusals", "template": "text-classification", "labels": ["a", "b"], "title": "t", "description": ""}
        | {"reviewers": 1, "output_path": None, "home": None, "allow_hosts": ()},
        # What is right would start a service of its own, or another workflow.
        dict.fromkeys(("title", "description", "output_path", "home"), TEXTS + " none")
        | {"name": "text", "labels": "none", "reviewers": "three", "allow_hosts": "list dict"},
    ),
    "from_arn": (
        Workflow.from_arn,
        {"arn": "arn:aws:sagemaker:eu-west-1:1:flow-definition/x", "template": PAGE, "ledger": None},
        {"template": TEXTS, "ledger": "text"},
    ),
    "preview": (
        preview,
        {"template": PAGE, "item": {"text": "hello"}, "grant_read_access": None, "allow_hosts": (), "height": 500},
        LISTS | {"template": TEXTS, "item": "dict table", "height": "three"},
        {"item": "item|task.input"},
    ),
    "preview of many": (
        preview,
        {"template": PAGE, "item": ITEMS, "grant_read_access": None, "allow_hosts": (), "height": 500},
        LISTS | {"template": TEXTS, "item": "dict table", "height": "three"},
    ),
    "SimulatedReviewer": (SimulatedReviewer, {"name": "Ann", "answer": dict}, {"name": TEXTS}),
}
# The methods of what needs a service: from a workflow and its batch to the call.
METHODS = {
    "upload": lambda flow, _: (
        flow.upload,
        {"files": {}, "suffix": ".png", "max_workers": 2},
        {"files": "dict", "suffix": TEXTS, "max_workers": "three"},
        {"max_workers": "max_workers"},
    ),
    "Workflow.preview": lambda flow, _: (
        flow.preview,
        {"item": {"text": "hello"}, "height": 500},
        {"item": "dict table", "height": "three"},
    ),
    "review": lambda flow, _: (
        flow.review,
        {"worker": "me", "limit": 3, "undo_seconds": 1.5},
        {"worker": TEXTS, "limit": "three", "undo_seconds": "three"},
    ),
    "simulate": lambda flow, _: (
        flow.simulate,
        {"reviewers": [], "limit": 3},
        {"reviewers": "list dict", "limit": "three"},
    ),
    "submit": lambda flow, _: (
        flow.submit,
        {"items": ITEMS, "picks": None, "predictions": PREDICTIONS, "dry_run": True, "check": True, "progress": False}
        | {"max_loops": 5, "max_cost": 5.0, "price_per_object": 0.1, "price_per_worker": 0.1}
        | {"redact": (), "as_files": (), "content_classifiers": (), "wait_for_room": 1.0, "max_workers": 2},
        PRICES
        | {"wait_for_room": "three", "max_workers": "three"}
        | LISTS
        | {"redact": "list dict empty_table", "as_files": "list dict empty_table"},
        {"max_cost": "max_cost|price", "price_per_object": "price", "price_per_worker": "price"},
    ),
    "submit, at once": lambda flow, _: (
        flow.submit,
        {"items": ITEMS, "progress": False, "wait_for_room": 1.0, "max_workers": 2},
        {"wait_for_room": "three", "max_workers": "three"},
    ),
    "Workflow.harvest": lambda flow, _: (flow.harvest, {"human_loop_names": None}, LISTS),
    "rebuild_ledger": lambda flow, _: (
        flow.rebuild_ledger,
        {"items": ITEMS, "model_versions": (), "dry_run": True},
        {"items": "none", "model_versions": "list dict"},
    ),
    "watch": lambda _, batch: (batch.watch, {"timeout": 0, "poll": 0.1}, {"timeout": "three", "poll": "three"}),
    "wait": lambda _, batch: (
        batch.wait,
        {"timeout": 0, "poll": 0.1, "queue_url": None, "progress": False},
        {"timeout": "three", "poll": "three", "queue_url": TEXTS},
    ),
    "Batch.consolidate": lambda _, batch: (batch.consolidate, {"field": "category", "method": None}),
    "stop": lambda _, batch: (batch.stop, {"max_workers": 2, "progress": False}, {"max_workers": "three"}),
    "delete": lambda _, batch: (batch.delete, {"max_workers": 2, "progress": False}, {"max_workers": "three"}),
    "resubmit": lambda _, batch: (batch.resubmit, {"failed": None, "items": None}, {"items": "none"}),
}


@pytest.fixture(scope="module")
def flow(embedded):
    """Give a workflow of one template."""
    return Workflow.local("refusals", template="text-classification", labels=["a", "b"], home=embedded.home)


@pytest.fixture(scope="module")
def batch(flow):
    """Give a batch that is answered, so that nothing waits."""
    batch = flow.submit(ITEMS, progress=False)
    flow.simulate([SimulatedReviewer("Ann", lambda _: {"category": {"label": "a"}})])
    return batch


def test_rubbish_is_refused_by_its_name(faults, name, argument, tmp_path, monkeypatch):
    """With an error of this package's own that says what was expected, and before a service is started."""
    home = tmp_path / "home"
    monkeypatch.setenv("A2I_AL_HOME", str(home))
    assert faults(CALLS[name], argument) == []
    assert not home.exists()


@pytest.mark.parametrize("method", METHODS)
def test_methods_refuse_rubbish_by_its_name(faults, flow, batch, method):
    """Of workflows and of batches, before the service is asked for anything."""
    call = METHODS[method](flow, batch)
    assert {argument: found for argument in call[1] if (found := faults(call, argument))} == {}


def test_a_cycle_refuses_rubbish_before_there_is_a_folder(faults, flow, tmp_path):
    """A misspelt strategy included: a round whose answers nobody can use has been paid for in vain."""
    given = {"trainer": LogisticRegression(), "items": ITEMS, "flow": flow, "features": np.eye(2), "field": "category"}
    given |= {"seed_labels": {"s": "a", "t": "b"}, "seed_features": np.eye(2), "n": 1, "rounds": 1, "test": None}
    given |= {"strategy": "margin", "audit_fraction": 0.1, "random_state": 0, "directory": tmp_path / "cycle"}
    right = dict.fromkeys(("n", "rounds", "random_state"), "three") | {"directory": "text", "test": "none"}
    call = (RetrainCycle, given, right, {"flow": "flow", "trainer": "trainer", "items": "items", "n": r"\bn\b"})
    assert {argument: found for argument in given if (found := faults(call, argument))} == {}
    assert not (tmp_path / "cycle").exists()


def test_a_reader_refuses_rubbish_by_its_name(faults, tmp_path):
    """Where it reads, which loops, what was offered and where it keeps what it has read."""
    given = {"output_path": tmp_path.as_uri(), "human_loop_names": None, "offered": None, "cache": None}
    call = (read_outputs, given, LISTS | {"offered": "dict", "cache": "text"}, {"output_path": "output_path|location"})
    assert {argument: found for argument in given if (found := faults(call, argument))} == {}
