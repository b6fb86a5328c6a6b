"""Submitting: once each, whatever happens between the intent, the call and the receipt."""

import threading

import pandas as pd
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from a2i_al.errors import AlreadyExists, InvalidTable, Throttled, UnknownLabel, Unreachable
from a2i_al.loops.ledger import Ledger
from a2i_al.loops.submit import plan, start

ARN = "arn:aws:sagemaker:us-east-1:000000000000:flow-definition/f"
ITEMS = pd.DataFrame({"item_id": [f"i{n}" for n in range(6)], "text": [f"text {n}" for n in range(6)]})
PREDICTIONS = pd.DataFrame(
    {"item_id": ITEMS["item_id"], "predicted_label": "spam", "confidence": 0.6, "model_version": "m1"}
)


class FakeA2I:
    """Remembers what was started, and fails where it is told to: before or after it has accepted."""

    def __init__(self):
        self.started, self.calls, self.trouble, self.lock = {}, 0, {}, threading.Lock()

    @property
    def a2i(self):
        return self

    def start_human_loop(self, *, HumanLoopName, FlowDefinitionArn, HumanLoopInput):  # noqa: N803
        with self.lock:
            self.calls += 1
            when, error = self.trouble.pop(self.calls, (None, None))
            if when == "before":
                raise error
            if HumanLoopName in self.started and self.started[HumanLoopName] != (
                FlowDefinitionArn,
                HumanLoopInput["InputContent"],
            ):
                raise client_error("ConflictException")
            self.started[HumanLoopName] = (FlowDefinitionArn, HumanLoopInput["InputContent"])
            if when == "after":
                raise error

    def describe_human_loop(self, *, HumanLoopName):  # noqa: N803
        return {"FlowDefinitionArn": self.started[HumanLoopName][0]}


def client_error(code):
    return ClientError({"Error": {"Code": code, "Message": "text"}, "ResponseMetadata": {}}, "StartHumanLoop")


@pytest.fixture
def service():
    return FakeA2I()


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path / "ledger.sqlite3")


def submit(service, ledger, items=ITEMS, **more):
    return start(service, plan(ARN, items, ledger=ledger, **more), ledger=ledger, max_workers=2, progress=False)


def test_the_same_submission_twice_starts_each_loop_once(service, ledger):
    """A cell that is run again calls the service not at all."""
    submit(service, ledger)
    submit(service, ledger)
    assert len(service.started) == service.calls == 6


def test_a_lost_answer_is_asked_for_again_under_the_same_name(service, ledger):
    """A timeout after the service had accepted ends with the loop started once and a receipt."""
    service.trouble[3] = ("after", ReadTimeoutError(endpoint_url="http://127.0.0.1"))
    with pytest.raises(Unreachable):
        submit(service, ledger)
    submit(service, ledger)
    assert len(service.started) == 6
    assert set(ledger.loops()["status"]) == {"InProgress"}


def test_an_error_half_way_stops_the_submission_and_the_next_goes_on(service, ledger):
    """Throttling beyond the retries ends it; what was started stays started and is not started again."""
    service.trouble[4] = ("before", client_error("ThrottlingException"))
    with pytest.raises(Throttled):
        submit(service, ledger)
    before = dict(service.started)
    assert len(before) < 6
    submit(service, ledger)
    assert len(service.started) == 6
    assert service.calls == 6 + 1


def test_a_refused_item_is_a_row_and_the_others_go_on(service, ledger):
    """One ValidationException costs one item, and leaves no intent behind."""
    service.trouble[2] = ("before", client_error("ValidationException"))
    refused = submit(service, ledger)
    assert len(refused) == 1
    assert "ValidationException" in refused.loc[0, "reason"]
    assert len(service.started) == 5
    assert refused.loc[0, "human_loop_name"] not in set(ledger.loops()["human_loop_name"])


def test_a_payload_that_is_too_large_is_refused_and_the_others_go_on(service, ledger):
    """3 MiB are checked before anything is sent."""
    items = ITEMS.assign(text=["x" * 3_200_000, *ITEMS["text"][1:]])
    planned = plan(ARN, items, ledger=ledger)
    assert planned.refused["item_id"].tolist() == ["i0"]
    assert "3,145,728" in planned.refused.loc[0, "reason"]
    start(service, planned, ledger=ledger, progress=False)
    assert len(service.started) == 5


def test_a_lost_ledger_finds_the_loops_that_are_there(service, ledger, tmp_path):
    """With a fresh ledger the same names are found started, finished ones too, and get their receipts."""
    submit(service, ledger)
    service.trouble[7] = ("before", client_error("ConflictException"))  # as A2I answers for a finished loop
    fresh = Ledger(tmp_path / "fresh.sqlite3")
    submit(service, fresh)
    assert len(service.started) == 6
    assert set(fresh.loops()["status"]) == {"InProgress"}


def test_a_name_taken_by_another_flow_definition_is_an_error(service, ledger):
    """A conflict is not taken for our own loop when the loop belongs to somebody else."""
    planned = plan(ARN, ITEMS.head(1), ledger=ledger)
    service.started[planned.requests[0].name] = ("arn:other", "{}")
    with pytest.raises(AlreadyExists):
        start(service, planned, ledger=ledger, progress=False)


def test_another_round_or_model_is_another_question(service, ledger):
    """The same item may be asked about again on purpose."""
    picks = ITEMS[["item_id"]]
    submit(service, ledger, picks=picks.assign(round=0), predictions=PREDICTIONS)
    submit(service, ledger, picks=picks.assign(round=1), predictions=PREDICTIONS)
    submit(service, ledger, picks=picks.assign(round=0), predictions=PREDICTIONS.assign(model_version="m2"))
    assert len(service.started) == 18


def test_the_plan_says_what_would_be_done_and_does_nothing(service, ledger):
    """Started, new and refused items are told apart before anything happens."""
    submit(service, ledger, ITEMS.head(2))
    items = ITEMS.assign(text=[*ITEMS["text"][:5], float("inf")])
    table = plan(ARN, items, ledger=ledger).table
    assert table["action"].tolist() == ["already asked"] * 2 + ["start"] * 3 + ["refused"]
    assert service.calls == 2
    assert len(ledger.loops()) == 2


def test_items_come_in_the_order_of_the_picks(ledger):
    """Rank decides, not the order of the pool; items that were not picked are not asked about."""
    planned = plan(ARN, ITEMS, pd.DataFrame({"item_id": ["i4", "i1"]}), ledger=ledger)
    assert planned.table["item_id"].tolist() == ["i4", "i1"]
    assert '"text 4"' in planned.requests[0].content


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"items": pd.DataFrame({"item_id": ["a", "a"]})}, InvalidTable, "repeated key"),
        ({"picks": pd.DataFrame({"item_id": ["stranger"]})}, InvalidTable, "not among the items, such as 'stranger'"),
        ({"labels": ["ham"], "predictions": PREDICTIONS}, UnknownLabel, "'i0' is predicted as 'spam'"),
        (
            {"predictions": pd.concat([PREDICTIONS, PREDICTIONS.assign(model_version="m2")])},
            InvalidTable,
            "several model versions: m1, m2",
        ),
    ],
)
def test_unusable_tables_are_refused_before_anything_is_planned(ledger, arguments, error, words):
    """Duplicate ids, foreign picks, labels the page does not offer and mixed model versions stop it all."""
    with pytest.raises(error) as caught:
        plan(ARN, **({"items": ITEMS} | arguments), ledger=ledger)
    assert words in str(caught.value)
    assert ledger.loops().empty
