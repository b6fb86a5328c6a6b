"""The notebook's desk on a running embedded A2I: the portal's rules, durable answers, a service that comes and goes."""

import json
import socket
from urllib.parse import urlsplit

import pytest

from a2i_al import local
from a2i_al.errors import AlreadyExists, ServiceError, Unreachable
from a2i_al.widgets.desk import OpenTask
from a2i_al.widgets.portal import PortalDesk

SPAM = {"category": {"label": "spam"}}


def desk_of(flow, worker="Ann"):
    return PortalDesk(lambda: flow.portal_url, worker, flow.definition.name)


def test_an_answer_is_in_the_harvest_when_the_call_returns(flow):
    """The answer has A2I's shape in A2I's output file; sent again, it changes nothing."""
    desk = desk_of(flow)
    task = desk.next()
    desk.answer(task, SPAM)
    desk.answer(task, SPAM)
    answers = flow.harvest().answers
    assert answers[["human_loop_name", "field", "value"]].to_numpy().tolist() == [
        [task.human_loop_name, "category", "spam"]
    ]


def test_the_open_task_stays_open_and_a_released_one_comes_last(flow):
    """Two kernels of one worker see the same task; skipping goes on to another."""
    first = desk_of(flow).next()
    assert desk_of(flow).next() == first
    assert (first.title, first.input["item_id"] in "123") == (
        flow.definition.name.rpartition("-")[0].replace("-", " "),
        True,
    )
    desk = desk_of(flow)
    desk.release(first)
    assert desk.next().human_loop_name != first.human_loop_name


def test_a_task_that_is_not_open_is_refused_with_the_service_s_words(flow):
    """Somebody else's task cannot be answered."""
    task = desk_of(flow, "Ann").next()
    with pytest.raises(AlreadyExists, match="You do not have this task open"):
        desk_of(flow, "Ben").answer(task, SPAM)
    with pytest.raises(ServiceError):
        desk_of(flow, "").next()


def test_nothing_waits_after_the_last(flow):
    """None says so, of this flow definition only."""
    desk = desk_of(flow)
    for _ in range(3):
        desk.answer(desk.next(), SPAM)
    assert desk.next() is None


def test_the_service_may_stop_and_start_again_on_another_port(tmp_path):
    """A stopped service is said to be stopped; once it runs again the same desk goes on, and nothing was lost."""
    home = tmp_path / "home"
    service = local.ensure(home)

    def link():
        running = local.running(home)
        return running.portal_url if running else None

    try:
        desk = PortalDesk(link, "Ann")
        assert desk.next() is None
        local.stop(home)
        with pytest.raises(Unreachable, match="does not run"):
            desk.next()
        with socket.create_server(("127.0.0.1", urlsplit(service.url).port)):
            assert local.ensure(home).url != service.url
        assert desk.next() is None
    finally:
        local.stop(home)


def test_an_answer_that_is_no_a2i_s_reply_is_an_error_too(monkeypatch):
    """A proxy's page in place of the service's JSON is told by its status."""

    class Page:
        status, headers = 502, {}

        def json(self):
            return json.loads("<html>")

    desk = PortalDesk(lambda: "http://127.0.0.1:9/portal?token=t", "Ann")
    monkeypatch.setattr(desk._http, "request", lambda *_, **__: Page())
    with pytest.raises(ServiceError, match="status 502"):
        desk.answer(OpenTask("l", "t", {}, 0), SPAM)
