"""Simulated reviewers: they answer everything, as people do, and the same way every time."""

import threading

import pytest

from a2i_al import local
from a2i_al.errors import InvalidInput, ServiceError, Unreachable
from a2i_al.local.loops.outputs import worker_identity
from a2i_al.local.service import Service


def reviewer(name, label="spam"):
    return local.SimulatedReviewer(name, lambda _: {"category": {"label": label}})


def test_every_loop_gets_as_many_answers_as_it_wants(clients):
    flow = clients.flow(TaskCount=2)
    names = [clients.start(flow) for _ in range(4)]
    people = [reviewer("Ann"), reviewer("Ben"), reviewer("Cem")]
    assert local.review(clients.service, people, flow_definition_arn=flow) == 8
    assert local.review(clients.service, people, flow_definition_arn=flow) == 0
    assert {clients.status(name) for name in names} == {"Completed"}


def test_who_answers_what_does_not_depend_on_who_is_faster(clients):
    """Three people share loops of one answer each; the slow one still gets every third."""
    flow = clients.flow()
    names = [clients.start(flow) for _ in range(6)]
    fast_are_done, done = threading.Event(), []

    def answer(who):
        def think(_):
            if who == "Slow":
                fast_are_done.wait(10)
            else:
                done.append(who)
                if len(done) % 2 == 0:
                    fast_are_done.set()
            return {"who": who}

        return think

    people = [local.SimulatedReviewer(who, answer(who)) for who in ("Slow", "Fast", "Faster")]
    assert local.review(clients.service, people, flow_definition_arn=flow) == 6
    answers = [clients.output(name)["humanAnswers"][0]["answerContent"]["who"] for name in names]
    assert answers == ["Slow", "Fast", "Faster"] * 2


def test_workers_are_the_same_in_every_run(clients):
    flow = clients.flow()
    name = clients.start(flow)
    local.review(clients.service, [reviewer("Ann")], flow_definition_arn=flow)
    (answer,) = clients.output(name)["humanAnswers"]
    worker, sub = worker_identity("ann")
    assert (answer["workerId"], answer["workerMetadata"]["identityData"]["sub"]) == (worker, sub)


def test_only_the_flow_definition_asked_for_is_answered_and_no_more_than_the_limit(clients):
    flow, other = clients.flow(), clients.flow()
    for _ in range(3):
        clients.start(flow)
    name = clients.start(other)
    assert local.review(clients.service, [reviewer("Ann"), reviewer("Ben")], flow_definition_arn=flow, limit=3) == 3
    assert clients.status(name) == "InProgress"
    assert local.review(clients.service, [reviewer("Ann")], flow_definition_arn=other, limit=0) == 0
    clients.runtime.stop_human_loop(HumanLoopName=name)


@pytest.mark.parametrize("answer", [{"x": object()}, {"x": float("nan")}, 3])
def test_an_answer_that_is_no_json_object_is_refused_and_the_task_given_back(clients, answer):
    flow = clients.flow()
    name = clients.start(flow)
    broken = local.SimulatedReviewer("Ann", lambda _: answer)
    with pytest.raises(InvalidInput, match=f"Ann's answer to '{name}' failed"):
        local.review(clients.service, [broken], flow_definition_arn=flow)
    assert local.review(clients.service, [reviewer("Ben")], flow_definition_arn=flow) == 1


def test_an_error_of_the_answer_function_comes_out_and_the_task_is_given_back(clients):
    flow = clients.flow()
    clients.start(flow)

    def fail(_):
        raise LookupError("no idea")

    with pytest.raises(LookupError, match="no idea"):
        local.review(clients.service, [local.SimulatedReviewer("Ann", fail)], flow_definition_arn=flow)
    assert local.review(clients.service, [reviewer("Ben")], flow_definition_arn=flow) == 1


def test_two_reviewers_of_one_name_are_refused(clients):
    with pytest.raises(InvalidInput, match="a name of their own"):
        local.review(clients.service, [reviewer("Ann"), reviewer("Ann")])


def test_a_service_that_refuses_or_is_gone_is_an_error_of_ours(clients):
    real = clients.service
    fields = {"region": real.region, "account": real.account, "credentials": real.credentials, "home": real.home}
    with pytest.raises(ServiceError, match="token is wrong"):
        local.review(Service(url=real.url, portal_url="x?token=wrong", **fields), [reviewer("Ann")])
    with pytest.raises(Unreachable):
        local.review(Service(url="http://127.0.0.1:9", portal_url=real.portal_url, **fields), [reviewer("Ann")])
