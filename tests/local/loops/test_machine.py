"""The life of a human loop, transition by transition, on a clock that the tests turn."""

import json

import pytest

from a2i_al.local.loops.machine import Machine
from a2i_al.local.wire.call import Refusal

ANSWER = {"category": {"label": "spam"}}


def code(call, *args):
    with pytest.raises(Refusal) as caught:
        call(*args)
    return caught.value.code


def test_a_loop_is_completed_by_as_many_distinct_workers_as_it_wants(bench):
    bench.start(bench.flow(count=2))
    ann, ben = bench.desk.sign_in("Ann"), bench.desk.sign_in("Ben")
    bench.desk.next(ann)
    bench.desk.submit(ann, "loop", ANSWER)
    assert bench.desk.next(ann) is None
    assert bench.status() == "InProgress"
    assert bench.outputs == {}
    bench.desk.next(ben)
    bench.desk.submit(ben, "loop", ANSWER)
    assert bench.status() == "Completed"
    assert {a["workerId"] for a in bench.answers()} == {ann.id, ben.id}


def test_no_more_workers_have_it_open_than_answers_are_wanted(bench):
    bench.start(bench.flow(count=1))
    assert bench.desk.next(bench.desk.sign_in("Ann")) is not None
    assert bench.desk.next(bench.desk.sign_in("Ben")) is None


def test_a_worker_gets_the_open_task_again_and_then_the_oldest(bench):
    flow = bench.flow()
    for number in range(3):
        bench.start(flow, f"loop-{number}")
    ann, ben = bench.desk.sign_in("Ann"), bench.desk.sign_in("Ben")
    assert [bench.desk.next(ann).human_loop_name for _ in range(2)] == ["loop-0", "loop-0"]
    assert bench.desk.next(ben).human_loop_name == "loop-1"
    bench.desk.submit(ann, "loop-0", ANSWER)
    assert bench.desk.next(ann).human_loop_name == "loop-2"


def test_an_abandoned_task_goes_back_after_its_time_limit(bench):
    bench.start(bench.flow(TaskTimeLimitInSeconds=60))
    ann, ben = bench.desk.sign_in("Ann"), bench.desk.sign_in("Ben")
    bench.desk.next(ann)
    bench.wait(59.999)
    assert bench.desk.next(ben) is None
    bench.wait(0.001)
    assert bench.desk.next(ben).human_loop_name == "loop"
    assert code(bench.desk.submit, ann, "loop", ANSWER) == "ConflictException"


def test_a_returned_task_is_free_again_and_comes_last_to_who_returned_it(bench):
    flow = bench.flow()
    bench.start(flow, "first")
    bench.start(flow, "second")
    ann, ben = bench.desk.sign_in("Ann"), bench.desk.sign_in("Ben")
    bench.desk.next(ann)
    assert bench.desk.release(ann, "first").count == 2
    assert bench.desk.next(ann).human_loop_name == "second"
    assert bench.desk.next(ben).human_loop_name == "first"
    bench.desk.release(ben, "first")
    bench.desk.submit(ann, "second", ANSWER)
    assert bench.desk.next(ann).human_loop_name == "first"


def test_a_place_that_becomes_free_behind_a_worker_is_offered_to_them(bench):
    flow = bench.flow(TaskTimeLimitInSeconds=60)
    for number in range(3):
        bench.start(flow, f"loop-{number}")
    ann, ben = bench.desk.sign_in("Ann"), bench.desk.sign_in("Ben")
    bench.desk.next(ben)
    assert bench.desk.next(ann).human_loop_name == "loop-1"
    bench.desk.submit(ann, "loop-1", ANSWER)
    bench.wait(60)
    assert bench.desk.next(ann).human_loop_name == "loop-0"


def test_a_task_that_another_worker_returns_is_offered_to_who_had_passed_it(bench):
    flow = bench.flow()
    for number in range(2):
        bench.start(flow, f"loop-{number}")
    ann, ben = bench.desk.sign_in("Ann"), bench.desk.sign_in("Ben")
    bench.desk.next(ann)
    assert bench.desk.next(ben).human_loop_name == "loop-1"
    bench.desk.submit(ben, "loop-1", ANSWER)
    bench.desk.release(ann, "loop-0")
    assert bench.desk.waiting(ben, "flow").count == 1
    assert bench.desk.next(ben).human_loop_name == "loop-0"


def test_sending_an_answer_twice_keeps_it_once(bench):
    bench.start(bench.flow(count=2))
    ann = bench.desk.sign_in("Ann")
    bench.desk.next(ann)
    bench.desk.submit(ann, "loop", ANSWER)
    bench.desk.submit(ann, "loop", ANSWER)
    assert code(bench.desk.submit, ann, "loop", {"category": {"label": "ham"}}) == "ConflictException"
    assert bench.status() == "InProgress"


def test_who_did_not_open_a_task_cannot_answer_or_return_it(bench):
    bench.start(bench.flow())
    ann = bench.desk.sign_in("Ann")
    assert code(bench.desk.submit, ann, "loop", ANSWER) == "ConflictException"
    assert code(bench.desk.release, ann, "loop") == "ConflictException"


def test_a_name_is_one_person_whatever_its_case_and_spacing(bench):
    assert bench.desk.sign_in("  Ann  Lee ").id == bench.desk.sign_in("ann lee").id
    assert code(bench.desk.sign_in, " \n") == "ValidationException"
    assert code(bench.desk.sign_in, "x" * 65) == "ValidationException"


def test_starting_the_same_loop_again_while_active_changes_nothing(bench):
    flow = bench.flow()
    assert bench.start(flow) == bench.start(flow)
    assert len(bench.machine.list(flow)) == 1


def test_an_active_name_with_another_input_is_a_conflict(bench):
    flow, other = bench.flow(), bench.flow("other")
    bench.start(flow)
    assert code(bench.machine.start, "loop", flow, '{"text": "another"}') == "ConflictException"
    assert code(bench.machine.start, "loop", other, '{"text": "hello"}') == "ConflictException"
    assert code(bench.machine.start, "loop", flow, '{"text": "hello"}', ("FreeOfAdultContent",)) == "ConflictException"


def test_a_finished_name_is_refused_in_a2is_words_and_a_deleted_one_is_free(bench):
    flow = bench.flow()
    bench.start(flow)
    bench.machine.stop("loop")
    with pytest.raises(Refusal, match=r"'loop' already exists and is finished\. To start a new HumanLoop") as caught:
        bench.start(flow)
    assert caught.value.status == 409
    bench.machine.delete("loop")
    assert code(bench.machine.describe, "loop") == "ResourceNotFoundException"
    bench.start(flow)
    assert bench.status() == "InProgress"


def test_only_a_finished_loop_can_be_deleted(bench):
    bench.start(bench.flow())
    assert code(bench.machine.delete, "loop") == "ValidationException"


def test_stopping_a_loop_that_nobody_has_open_stops_it_at_once_with_an_output(bench):
    bench.start(bench.flow(count=2))
    ann = bench.desk.sign_in("Ann")
    bench.desk.next(ann)
    bench.desk.submit(ann, "loop", ANSWER)
    bench.machine.stop("loop")
    assert bench.status() == "Stopped"
    assert [a["workerId"] for a in bench.answers()] == [ann.id]
    assert code(bench.machine.stop, "loop") == "ValidationException"


def test_stopping_waits_for_who_has_it_open(bench):
    bench.start(bench.flow(count=3))
    ann, ben = bench.desk.sign_in("Ann"), bench.desk.sign_in("Ben")
    bench.desk.next(ann)
    bench.desk.next(ben)
    bench.machine.stop("loop")
    bench.machine.stop("loop")
    assert bench.status() == "Stopping"
    assert bench.desk.next(bench.desk.sign_in("Cem")) is None
    bench.desk.submit(ann, "loop", ANSWER)
    assert bench.status() == "Stopping"
    bench.desk.release(ben, "loop")
    assert bench.status() == "Stopped"
    assert len(bench.answers()) == 1


def test_stopping_ends_when_the_last_open_task_times_out(bench):
    bench.start(bench.flow(TaskTimeLimitInSeconds=60))
    bench.desk.next(bench.desk.sign_in("Ann"))
    bench.machine.stop("loop")
    bench.wait(60)
    assert bench.status() == "Stopped"
    assert bench.answers() == []


def test_a_loop_expires_with_the_answers_so_far(bench):
    bench.start(bench.flow(count=2, TaskAvailabilityLifetimeInSeconds=100))
    ann = bench.desk.sign_in("Ann")
    bench.desk.next(ann)
    bench.desk.submit(ann, "loop", ANSWER)
    bench.wait(99.999)
    assert bench.status() == "InProgress"
    bench.wait(0.001)
    loop = bench.machine.describe("loop")
    assert (loop.status, loop.failure_code) == ("Failed", "Expired")
    assert len(bench.answers()) == 1


def test_who_opened_a_task_before_its_lifetime_ended_may_still_answer_it(bench):
    bench.start(bench.flow(TaskAvailabilityLifetimeInSeconds=100))
    ann, ben = bench.desk.sign_in("Ann"), bench.desk.sign_in("Ben")
    bench.desk.next(ann)
    bench.wait(100)
    assert bench.status() == "InProgress"
    assert bench.desk.next(ben) is None
    bench.desk.submit(ann, "loop", ANSWER)
    assert bench.status() == "Completed"


def test_a_task_is_not_offered_after_its_lifetime_even_while_somebody_has_it_open(bench):
    bench.start(bench.flow(count=2, TaskAvailabilityLifetimeInSeconds=100))
    ann, ben = bench.desk.sign_in("Ann"), bench.desk.sign_in("Ben")
    bench.desk.next(ann)
    bench.wait(100)
    assert bench.desk.next(ben) is None
    bench.desk.submit(ann, "loop", ANSWER)
    assert bench.status() == "Failed"
    assert len(bench.answers()) == 1


def test_a_page_that_cannot_be_rendered_fails_the_loop_after_its_start(bench):
    flow = bench.flow(template="<img src='{{ task.input.image | grant_read_access }}'>")
    bench.start(flow, content='{"image": " "}')
    loop = bench.machine.describe("loop")
    assert (loop.status, loop.failure_code, loop.output_uri) == ("Failed", "ValidationError", None)
    assert loop.failure_reason == (
        'Task failed to render: [ InvalidParameters: \'"grant_read_access" input is not a valid S3 URI: " ".\' ].'
    )
    assert bench.desk.next(bench.desk.sign_in("Ann")) is None


@pytest.mark.parametrize("content", ["", "nonsense", "[1]", '"text"', '{"x": NaN}', '{"x": 1e400}', "[" * 100_000])
def test_an_input_that_is_no_json_object_is_refused(bench, content):
    assert code(bench.machine.start, "loop", bench.flow(), content) == "ValidationException"


def test_a_loop_on_a_flow_definition_that_does_not_exist_is_refused_by_name(bench):
    with pytest.raises(Refusal, match="flow-definition/nowhere does not exist"):
        bench.start(bench.machine.config.arn("flow-definition", "nowhere"))


def test_loops_go_on_when_their_flow_definition_and_template_are_deleted(bench):
    flow = bench.flow()
    bench.start(flow)
    bench.resources.delete("flow-definition", "flow")
    bench.resources.delete("human-task-ui", "flow")
    ann = bench.desk.sign_in("Ann")
    assert "crowd-classifier" in bench.desk.next(ann).template
    bench.desk.submit(ann, "loop", ANSWER)
    assert bench.status() == "Completed"
    assert code(bench.machine.start, "another", flow, "{}") == "ValidationException"


def test_an_output_that_cannot_be_written_keeps_the_answers_and_is_tried_again(bench, caplog):
    bench.start(bench.flow())
    ann = bench.desk.sign_in("Ann")
    bench.desk.next(ann)
    bench.broken = True
    bench.desk.submit(ann, "loop", ANSWER)
    assert bench.status() == "InProgress"
    assert "it will be tried again" in caplog.text
    assert code(bench.machine.delete, "loop") == "ValidationException"
    bench.machine.stop("loop")
    bench.broken = False
    bench.machine.sweep()
    assert bench.status() == "Completed"
    assert len(bench.answers()) == 1


def test_what_a_dead_process_had_begun_is_finished_by_the_next(bench, make_bench, caplog):
    bench.start(bench.flow())
    ann = bench.desk.sign_in("Ann")
    bench.desk.next(ann)
    bench.broken = True
    bench.desk.submit(ann, "loop", ANSWER)
    second = make_bench(bench.path)
    second.machine.finish_all()
    assert second.status() == "Completed"
    assert len(second.answers()) == 1
    second.store.close()


def test_the_output_is_there_before_the_loop_is_completed(bench):
    seen = []
    bench.start(bench.flow())
    ann = bench.desk.sign_in("Ann")
    bench.desk.next(ann)
    write = bench.write

    def watch(uri, data, *, kms_key):
        seen.append(bench.status())
        write(uri, data, kms_key=kms_key)

    bench.machine = Machine(
        bench.store, bench.machine.config, write=watch, check=lambda *_: None, clock=lambda: bench.time
    )
    type(bench.desk)(bench.machine).submit(ann, "loop", ANSWER)
    assert seen == ["InProgress"]
    assert bench.status() == "Completed"


def test_lists_page_through_all_loops_in_both_orders_without_gaps(bench):
    flow = bench.flow()
    names = [f"loop-{number}" for number in range(7)]
    for number, name in enumerate(names):
        bench.start(flow, name)
        bench.wait(number % 2)  # some share their millisecond
    for ascending in (True, False):
        found, beyond = [], None
        while page := bench.machine.list(flow, ascending=ascending, limit=2, beyond=beyond):
            found += [loop.name for loop in page]
            beyond = (page[-1].created, page[-1].id)
        assert found == (names if ascending else names[::-1])


def test_jobs_count_what_waits_for_a_worker_and_what_is_open(bench):
    one, two = bench.flow("one"), bench.flow("two", count=2)
    for number in range(2):
        bench.start(one, f"one-{number}")
    bench.start(two, "two-0")
    ann = bench.desk.sign_in("Ann")
    bench.desk.next(ann, "one")
    assert [(job.flow_name, job.waiting) for job in bench.desk.jobs(ann)] == [("one", 2), ("two", 1)]
    assert bench.desk.next(ann, "two").flow_name == "two"
    assert bench.desk.next(ann, "nowhere") is None


def test_output_has_the_keys_and_times_of_a2i(bench):
    bench.start(bench.flow(), content=json.dumps({"text": "ä", "number": 1.5}))
    ann = bench.desk.sign_in("Ann")
    bench.wait(1)
    bench.desk.next(ann)
    bench.wait(2.5)
    bench.desk.submit(ann, "loop", ANSWER)
    uri, output = next(iter(bench.outputs.items()))
    assert uri == "s3://outputs/results/flow/2026/11/01/09/00/00/loop/output.json"
    assert list(output) == ["flowDefinitionArn", "humanAnswers", "humanLoopName", "inputContent"]
    assert output["inputContent"] == {"number": 1.5, "text": "ä"}
    (answer,) = output["humanAnswers"]
    assert list(answer) == sorted(answer)
    assert answer["acceptanceTime"] == "2026-11-01T09:00:01.250Z"
    assert answer["submissionTime"] == "2026-11-01T09:00:03.750Z"
    assert answer["timeSpentInSeconds"] == 2.5
    assert len(answer["workerId"]) == 16
    assert set(answer["workerId"]) <= set("0123456789abcdef")
    assert answer["workerMetadata"]["identityData"]["identityProviderType"] == "Cognito"
