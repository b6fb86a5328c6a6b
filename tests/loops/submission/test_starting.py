"""Starting: once each, whatever happens between the intent, the call and the receipt."""

import _thread
import signal

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from a2i_al.errors import AccessDenied, AlreadyExists, InvalidInput, QuotaExceeded, ServiceFault, Throttled, Unreachable
from a2i_al.loops.bookkeeping.ledger import Ledger
from a2i_al.loops.calling.rate import RateController
from a2i_al.loops.calling.threads import do_all
from a2i_al.loops.requests.planning import Terms, plan
from a2i_al.loops.submission import starting
from a2i_al.loops.submission.starting import Pace, start


@pytest.fixture
def submit(service, ledger, items, arn, hands):
    """Submit items to the service, without waiting."""

    def submit(into=ledger, *, of=items, workers=2, wait_for_room=100.0, **more):
        pace = Pace(RateController(hands), wait_for_room)
        planned = plan(arn, of, ledger=into, **more)
        return start(service, planned, ledger=into, max_workers=workers, progress=False, pace=pace)

    return submit


def test_the_same_submission_twice_starts_each_loop_once(service, submit):
    """A cell that is run again calls the service not at all."""
    assert submit().empty
    assert submit().empty
    assert len(service.started) == service.calls == 6


@pytest.mark.parametrize("workers", [1, 2])
def test_a_lost_answer_is_asked_for_again_under_the_same_name(service, submit, ledger, workers):
    """A timeout after the service had accepted ends with the loop started once and a receipt."""
    service.trouble[3] = ("after", ReadTimeoutError(endpoint_url="http://127.0.0.1"))
    submit(workers=workers)
    assert len(service.started) == 6
    assert service.calls == 7
    assert set(ledger.loops()["status"]) == {"InProgress"}


@pytest.mark.parametrize("code", ["InternalServerException", "ThrottlingException", "ServiceQuotaExceededException"])
def test_what_may_pass_is_tried_again(service, submit, ledger, error, code):
    """A fault, throttling and a full quota each cost a call and nothing else."""
    service.trouble |= {2: ("before", error(code)), 4: ("before", error(code))}
    assert submit().empty
    assert len(service.started) == 6
    assert service.calls == 8
    assert set(ledger.loops()["status"]) == {"InProgress"}


@pytest.mark.parametrize(
    ("trouble", "raised"),
    [
        ("InternalServerException", ServiceFault),
        ("ThrottlingException", Throttled),
        ("ServiceQuotaExceededException", QuotaExceeded),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1"), Unreachable),
    ],
)
def test_what_does_not_pass_ends_it_and_the_next_goes_on(service, submit, hands, trouble, raised):
    """Patience has an end; what was started by then stays started and is not started again."""
    refusal = service.error(trouble) if isinstance(trouble, str) else trouble
    service.trouble = dict.fromkeys(range(4, 1000), ("before", refusal))
    with pytest.raises(raised):
        submit()
    assert len(service.started) < 6
    assert hands.time < 300
    service.trouble, before = {}, service.calls
    submit()
    assert len(service.started) == 6
    assert service.calls <= before + 5  # two may have got through, one of them without a receipt


def test_what_never_passes_ends_the_submission_at_once(service, submit, error):
    """Without a permission, one call is enough to know."""
    service.trouble[1] = ("before", error("AccessDeniedException", 403))
    with pytest.raises(AccessDenied):
        submit(workers=1)
    assert service.calls == 1


def test_a_refused_item_is_a_row_and_the_others_go_on(service, submit, ledger, error):
    """One ValidationException costs one item, and leaves no intent behind."""
    service.trouble[2] = ("before", error("ValidationException"))
    left_out = submit()
    assert left_out["action"].tolist() == ["refused"]
    assert "ValidationException" in left_out.loc[0, "reason"]
    assert len(service.started) == 5
    assert left_out.loc[0, "human_loop_name"] not in set(ledger.loops()["human_loop_name"])


def test_a_lost_ledger_finds_the_loops_that_are_there(service, submit, tmp_path):
    """With a fresh ledger the same names are found, finished ones with their state."""
    submit()
    finished = next(iter(service.started))
    service.status[finished] = "Completed"
    fresh = Ledger(tmp_path / "fresh.sqlite3")
    submit(fresh)
    assert len(service.started) == 6
    loops = fresh.loops().set_index("human_loop_name")
    assert loops["status"].value_counts().to_dict() == {"InProgress": 5, "Completed": 1}
    assert loops.loc[finished, "created_at"].isoformat() == "2026-11-01T00:00:00+00:00"


def test_a_loop_that_was_deleted_and_whose_name_is_still_taken_is_not_asked_again(service, submit, ledger, error):
    """A conflict with a loop that nobody can describe any more is a question that was asked."""
    service.trouble[1] = ("before", error("ConflictException"))
    assert submit(workers=1).empty
    assert sorted(ledger.loops()["status"]) == ["Deleted"] + ["InProgress"] * 5


def test_a_name_taken_by_another_flow_definition_is_an_error(service, ledger, items, arn):
    """A conflict is not taken for our own loop when the loop belongs to somebody else."""
    planned = plan(arn, items.head(1), ledger=ledger)
    service.started[planned.requests[0].name] = ("arn:other", "{}")
    with pytest.raises(AlreadyExists):
        start(service, planned, ledger=ledger, progress=False)


def test_the_intent_is_durable_before_the_first_call_and_receipts_before_the_end(service, ledger, submit, monkeypatch):
    """Whoever dies in a call leaves a ledger that knows of it."""
    seen = []
    call = service.start_human_loop
    monkeypatch.setattr(
        service, "start_human_loop", lambda **more: (seen.append(set(ledger.loops()["status"])), call(**more))
    )
    submit(workers=1)
    assert seen == [{"Planned"}] * 6
    assert set(ledger.loops()["status"]) == {"InProgress"}


@pytest.fixture
def interruptible():
    """Have Ctrl-C interrupt, also where the tests run in a shell's background, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_waits_for_the_calls_under_way_and_writes_their_receipts(service, ledger, submit, monkeypatch):
    """After Ctrl-C every loop that the service has is known to be started, and no further one is."""
    call, entered, halts = service.start_human_loop, [], []

    def watched(*given, halt, **more):
        halts.append(halt)
        do_all(*given, halt=halt, **more)

    def slow(**more):
        entered.append(more)
        if len(entered) == 2:
            _thread.interrupt_main()
        if len(entered) > 1:
            assert halts[0].wait(30)  # under way until the interrupt has arrived
        call(**more)

    monkeypatch.setattr(starting, "do_all", watched)
    monkeypatch.setattr(service, "start_human_loop", slow)
    with pytest.raises(KeyboardInterrupt):
        submit(workers=2)
    statuses = ledger.loops().set_index("human_loop_name")["status"]
    assert set(statuses[statuses == "InProgress"].index) == set(service.started)
    assert 2 <= len(service.started) <= 3


def test_two_who_submit_different_items_stay_within_one_cap(service, submit, ledger, items, arn):
    """What another one has planned since the plan was made counts: the rest are rows, not loops."""
    terms = Terms(most=4)
    late = plan(arn, items.tail(3), ledger=ledger, terms=terms)
    submit(of=items.head(3), terms=terms)
    left_out = start(service, late, ledger=ledger, progress=False)
    assert left_out["item_id"].tolist() == ["i4", "i5"]
    assert set(left_out["action"]) == {"over budget"}
    assert left_out.loc[0, "reason"] == "the cap for the round, 4 loops, is reached"
    assert len(service.started) == len(ledger.loops()) == 4


def test_content_classifiers_reach_the_service(service, submit):
    """They are DataAttributes of every loop."""
    submit(terms=Terms(content_classifiers=["FreeOfAdultContent"]))
    assert service.sent == [{"DataAttributes": {"ContentClassifiers": ["FreeOfAdultContent"]}}] * 6


@pytest.mark.parametrize("seconds", [-1, float("nan"), "1 h", None])
def test_a_patience_that_is_no_time_is_refused(seconds):
    """Before anything is started."""
    with pytest.raises(InvalidInput, match="wait_for_room"):
        Pace(wait_for_room=seconds)


@pytest.mark.parametrize("workers", [0, 65, -1, 2.5])
def test_a_number_of_workers_that_makes_no_sense_is_refused(submit, service, workers):
    """Before anything is started."""
    with pytest.raises(InvalidInput, match="1 to 64"):
        submit(workers=workers)
    assert service.calls == 0
