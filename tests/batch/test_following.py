"""A batch over its life: failed loops asked again, open ones stopped, finished ones deleted, caps kept. Real boto3."""

import json
from dataclasses import replace

import pandas as pd
import pytest

from a2i_al.errors import InvalidInput, InvalidTable, OverBudgetWarning
from a2i_al.loops.calling.rate import RateController


def at_service(flow):
    pages = flow.connection.a2i.get_paginator("list_human_loops").paginate(FlowDefinitionArn=flow.arn)
    return {s["HumanLoopName"]: s["HumanLoopStatus"] for page in pages for s in page["HumanLoopSummaries"]}


def test_failed_loops_are_told_with_their_reasons(flow, items):
    """What only fails after it was started is not lost among the rest."""
    batch = flow.submit(items, progress=False)
    assert batch.failed.empty  # nobody has looked yet
    assert batch.status().to_dict() == {"Failed": 2, "InProgress": 2}
    failed = batch.failed
    assert failed["item_id"].tolist() == ["b", "d"]
    assert set(failed["failure_code"]) == {"ValidationError"}
    assert failed["failure_reason"].str.contains("not a valid S3 URI").all()


def test_what_has_failed_is_asked_again_once_with_better_items(flow, items, answer):
    """Under names that follow from the old ones; the same call, and the same cell, find the same loops."""
    batch = flow.submit(items, progress=False)
    better = items.assign(image="s3://a2i-al/a.png")
    again = batch.resubmit(items=pd.concat([better.iloc[[3, 1]], better.head(1).assign(item_id="stranger")]))
    assert again.outcome["action"].tolist() == ["already asked", "start", "already asked", "start"]
    assert again.human_loop_names[1] == f"{batch.human_loop_names[1]}-1"
    assert again.status().to_dict() == {"InProgress": 4}
    assert batch.resubmit(batch.failed, items=better).human_loop_names == again.human_loop_names
    assert flow.submit(better, progress=False).human_loop_names == again.human_loop_names
    assert len(at_service(flow)) == 6
    answer()
    assert sorted(again.harvest()["item_id"]) == list("abcd")
    assert again.loops()["attempt"].tolist() == [0, 0, 1, 1]


def test_what_fails_again_has_further_attempts(flow, items):
    """Each is a loop of its own, and the batch follows the last one."""
    batch = flow.submit(items, progress=False)
    for attempt in (1, 2):
        batch = batch.resubmit()
        batch.status()
        assert batch.failed["attempt"].tolist() == [attempt] * 2
    assert batch.human_loop_names[1].endswith("-2")
    assert batch.resubmit(batch.failed.head(1)).status().to_dict() == {"Failed": 2, "InProgress": 2}


def test_only_what_was_lost_can_be_asked_again(flow, items, answer):
    """A review is never bought twice: not while it is open, and not once it is there."""
    batch = flow.submit(items, progress=False)
    answer(1)
    with pytest.raises(InvalidInput, match="has not failed"):
        batch.resubmit(batch.loops())
    with pytest.raises(InvalidInput, match="human_loop_name"):
        batch.resubmit(["a"])
    assert len(at_service(flow)) == 4


def test_stopping_ends_what_is_open_and_leaves_what_is_answered(flow, items, answer):
    """And may be done twice; what was stopped may be asked again."""
    batch = flow.submit(items, progress=False)
    answer(1)
    for _ in range(2):
        loops = batch.stop(progress=False)
        assert loops["status"].value_counts().to_dict() == {"Failed": 2, "Completed": 1, "Stopped": 1}
    stopped = loops[loops["status"] == "Stopped"]
    assert batch.resubmit(stopped).status().to_dict() == {"Failed": 2, "Completed": 1, "InProgress": 1}


def test_stopping_forgets_what_was_planned_and_never_started(flow, items):
    """Nobody starts it later by accident."""
    batch = flow.submit(items, progress=False)
    flow.ledger.plan(
        [{"human_loop_name": "x", "item_id": "x", "round": 0, "model_version": "", "flow_definition_arn": flow.arn}]
    )
    batch.human_loop_names += ("x",)
    batch.stop(progress=False)
    assert "x" not in set(flow.ledger.loops(flow.arn)["human_loop_name"])


def test_deleting_removes_finished_loops_and_asks_nothing_twice(flow, items, answer):
    """The outputs and the ledger stay: the cell that submitted finds everything asked."""
    batch = flow.submit(items, progress=False)
    answer(1)
    loops = batch.delete(progress=False)
    assert loops.set_index("status")["deleted"].to_dict() == {"Failed": True, "Completed": True, "InProgress": False}
    assert set(at_service(flow).values()) == {"InProgress"}
    assert batch.delete(progress=False)["deleted"].sum() == 3
    assert set(flow.submit(items, progress=False).outcome["action"]) == {"already asked"}
    assert len(at_service(flow)) == 1
    assert len(batch.harvest()) == 1


def test_a_loop_that_somebody_else_has_deleted_is_not_waited_for(flow, items):
    """It was there and is gone: that is an end too."""
    batch = flow.submit(items.iloc[[0, 2]], progress=False)
    batch.status()
    for name in batch.human_loop_names:
        flow.connection.a2i.stop_human_loop(HumanLoopName=name)
        flow.connection.a2i.delete_human_loop(HumanLoopName=name)
    assert set(batch.wait(timeout=0, progress=False)["status"]) == {"Deleted"}


def test_waiting_looks_until_the_last_answer(flow, items, answer, busy):
    """On the workflow's clock, so that nobody waits here."""
    batch = flow.submit(items.iloc[[0, 2]], progress=False)
    flow.rate = RateController(busy(lambda: answer(1)))
    assert set(batch.wait(timeout=60, progress=False)["status"]) == {"Completed"}
    assert flow.rate.clock.waits == 2


def test_an_event_in_a_queue_ends_the_waiting_at_once(flow, items, moto_endpoint, busy):
    """The list is asked once, in the beginning; what the queue tells after that is enough."""
    queue = flow.connection.session.client("sqs", endpoint_url=moto_endpoint)
    url = queue.create_queue(QueueName=f"events-{flow.definition.name}")["QueueUrl"]
    batch = flow.submit(items.iloc[[0, 2]], progress=False)
    for name in batch.human_loop_names:
        event = {"humanLoopName": name, "humanLoopStatus": "Completed", "flowDefinitionArn": flow.arn}
        queue.send_message(QueueUrl=url, MessageBody=json.dumps(event))
    flow.rate = RateController(busy(lambda: None))
    listed = []
    flow.connection.a2i.meta.events.register("before-call.*.ListHumanLoops", lambda **_: listed.append(1))
    loops = batch.wait(timeout=60, queue_url=url, progress=False)
    assert set(loops["status"]) == {"Completed"}
    assert len(listed) == 1


def test_a_cap_is_kept_over_submissions_and_what_it_leaves_out_is_a_row(flow, items):
    """The cell that runs again starts nothing more; a higher cap starts the rest."""
    assert len(flow.submit(items.head(1), progress=False)) == 1
    for _ in range(2):
        with pytest.warns(OverBudgetWarning, match="1 of 4 items are over budget, such as 'd'") as warned:
            batch = flow.submit(items, max_loops=3, progress=False)
        assert warned[0].filename == __file__  # the cell, not a file of ours
        assert batch.over_budget["item_id"].tolist() == ["d"]
        assert repr(batch) == "Batch(3 human loops, 1 over budget)"
        assert "over budget" in batch._repr_html_()
        assert len(at_service(flow)) == 3
    assert len(flow.submit(items, max_loops=4, progress=False)) == 4


def test_asking_again_counts_against_the_cap(flow, items):
    """Failed loops were started, too."""
    batch = flow.submit(items, max_loops=5, progress=False)
    with pytest.warns(OverBudgetWarning, match="1 of 4 items") as warned:
        again = batch.resubmit()
    assert warned[0].filename == __file__
    assert len(at_service(flow)) == 5
    assert again.over_budget["item_id"].tolist() == ["d"]


def test_a_dry_run_tells_costs_and_caps_and_starts_nothing(flow, items):
    """Per object once, per worker as often as there are people; what is left out costs nothing."""
    prices = {"price_per_object": 0.08, "price_per_worker": 0.012}
    table = flow.submit(items, dry_run=True, max_cost=0.3, **prices)
    assert table["action"].tolist() == ["start"] * 3 + ["over budget"]
    assert table["cost"].sum() == pytest.approx(3 * 0.092)
    assert flow.submit(items, dry_run=True)["cost"].isna().all()
    with pytest.raises(InvalidInput, match="no price is known"):
        flow.submit(items, dry_run=True, max_cost=0.3)
    assert flow.ledger.loops(flow.arn).empty


def test_redacted_columns_never_leave_and_the_page_must_do_without_them(flow, items, answer):
    """A page that prints one would have a hole."""
    flow.submit(items.head(1).assign(phone="0123"), redact=["phone"], progress=False)
    answer()
    assert "0123" not in str(answer.seen)
    assert answer.seen[0]["a2i_al"]["redacted"] == ["phone"]
    with pytest.raises(InvalidTable, match="prints 'text'"):
        flow.submit(items, redact=["text"])


def test_a_public_crowd_is_refused_before_anything_is_started(flow, items):
    """The workflow knows who its people are."""
    public = "arn:aws:sagemaker:us-east-1:394669845002:workteam/public-crowd/default"
    flow.__dict__["definition"] = replace(flow.definition, workteam_arn=public)
    with pytest.raises(InvalidInput, match="Mechanical Turk"):
        flow.submit(items)
    assert flow.ledger.loops(flow.arn).empty


def test_large_columns_are_stored_once_and_their_links_sent(flow, items, answer):
    """Bytes by themselves, texts where they are named; a template grants its reader access to them."""
    picture = b"\x89PNG" + bytes(100_000)
    asked = items.head(2).assign(image=[picture, picture], text="long " * 1000)
    assert flow.submit(asked, as_files=["text"], dry_run=True)["files"].tolist() == [2, 2]
    batch = flow.submit(asked, as_files=["text"], progress=False)
    answer()
    seen = answer.seen[0]
    bucket, _, key = seen["image"].removeprefix("s3://").partition("/")
    assert flow.connection.s3.get_object(Bucket=bucket, Key=key)["Body"].read() == picture
    assert seen["text"].endswith(".txt")
    assert set(batch.loops()["status"]) == {"Completed"}  # the page could be rendered with the link
    folder = flow.connection.s3.list_objects_v2(Bucket=bucket, Prefix=key.rpartition("/")[0])
    assert [o["Key"] for o in folder["Contents"]].count(key) == 1


def test_a_full_quota_is_waited_for(flow, items, answer, busy, embedded):
    """The third loop starts when somebody has answered one of the first two."""
    flow.rate = RateController(busy(lambda: answer(1)))
    embedded.limit(loops_in_flight=2)
    try:
        batch = flow.submit(items.assign(image="s3://a2i-al/a.png"), progress=False, max_workers=1)
    finally:
        embedded.limit(loops_in_flight=0)
    assert len(batch) == len(at_service(flow)) == 4
    assert flow.rate.clock.waits >= 2


def test_a_limit_that_nobody_has_told_us_is_found(flow, items, embedded):
    """Throttled calls reach the controller, not boto3's own retries, and every loop is started."""
    embedded.limit(requests_per_second=30)
    before = embedded.traffic()["refused"].get("ThrottlingException", 0)
    try:
        asked = items.head(1).loc[[0] * 60].assign(item_id=[f"n{number}" for number in range(60)])
        batch = flow.submit(asked, progress=False)
        throttled = embedded.traffic()["refused"]["ThrottlingException"] - before
    finally:
        embedded.limit(requests_per_second=0)
    assert len(at_service(flow)) == len(batch) == 60
    assert 0 < throttled < 30
    assert flow.rate.rate < 100
