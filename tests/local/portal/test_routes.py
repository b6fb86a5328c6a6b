"""The worker portal's routes over real HTTP: signing in, taking tasks, answering, and what is not allowed."""

import json
import re
import uuid
from urllib.parse import urlencode

import pytest
import urllib3

from a2i_al import local

SANDBOX = "sandbox allow-scripts allow-forms"
SPAM = {"answerContent": {"category": {"label": "spam"}}}


class Browser:
    """Keeps a cookie, follows no redirect."""

    def __init__(self, service):
        self.http, self.url, self.headers = urllib3.PoolManager(), service.url, {}
        self.token = service.portal_url.rpartition("=")[2]

    def send(self, method, path, body=None, **headers):
        headers = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.request(method, self.url + path, body=body, headers=headers, redirect=False, retries=False)

    def get(self, path, **headers):
        return self.send("GET", path, **headers)

    def json(self, path):
        return self.get(path, accept="application/json")

    def post(self, path, content=None, **headers):
        return self.send("POST", path, json.dumps(content).encode(), **({"origin": self.url} | headers))

    def sign_in(self, name="Ann", token=None, **headers):
        body = urlencode({"token": token or self.token, "name": name}).encode()
        reply = self.send("POST", "/portal/sign-in", body, **({"origin": self.url} | headers))
        if "set-cookie" in reply.headers:
            self.headers["cookie"] = reply.headers["set-cookie"].partition(";")[0]
        return reply


@pytest.fixture
def browser(service):
    made = Browser(service)
    yield made
    made.http.clear()


@pytest.fixture
def ann(browser):
    browser.sign_in(f"Ann {uuid.uuid4().hex[:8]}")
    return browser


@pytest.fixture
def flow(clients):
    return clients.flow()


@pytest.fixture
def next_task(flow):
    return f"/portal/tasks/next?flow={flow.rpartition('/')[2]}"


def test_the_link_leads_to_the_sign_in_page_and_from_there_to_the_tasks(browser):
    page = browser.get(f"/portal?token={browser.token}")
    assert page.status == 200
    assert b"autofocus" in page.data
    reply = browser.sign_in("Ann")
    assert (reply.status, reply.headers["location"]) == (303, "tasks")
    assert {"HttpOnly", "SameSite=Strict"} <= set(reply.headers["set-cookie"].split("; "))
    assert b"Ann" in browser.get("/portal/tasks").data
    assert browser.get("/portal").headers["location"] == "portal/tasks"


def test_without_the_token_nobody_gets_in(browser):
    assert browser.get("/portal").status == 403
    assert browser.get("/portal?token=wrong").status == 403
    assert browser.sign_in(token="wrong").status == 403
    assert browser.get("/portal/tasks").status == 403


def test_a_forged_cookie_is_nobodys(browser):
    browser.sign_in("Ann")
    name, _, value = browser.headers["cookie"].partition("=")
    worker, _, mark = value.partition(".")
    for forged in (f"{worker}.{'0' * 64}", f"{'0' * 16}.{mark}", worker, "."):
        browser.headers["cookie"] = f"{name}={forged}"
        assert browser.get("/portal/tasks").status == 403


def test_a_bad_name_is_asked_for_again(browser):
    reply = browser.sign_in(" ")
    assert reply.status == 400
    assert b'role="alert"' in reply.data
    assert browser.sign_in("<script>alert(1)</script>").status == 303
    assert b"<script>alert" not in browser.get("/portal/tasks").data


def test_a_task_goes_from_the_list_over_the_frame_to_an_answer(clients, ann, flow, next_task):
    name = clients.start(flow, text="<b>won</b>")
    assert b"Is this spam?" in ann.get("/portal/tasks").data
    assert ann.get(next_task).headers["location"] == name
    shell = ann.get(f"/portal/tasks/{name}")
    assert b'sandbox="allow-scripts allow-forms"' in shell.data
    page = ann.get(f"/portal/tasks/{name}/page")
    assert page.headers["content-security-policy"] == SANDBOX
    assert b"&lt;b&gt;won" in page.data
    nonce = re.search(rb'data-nonce="([0-9a-f]{32})"', shell.data)[1]
    assert nonce in page.data
    assert f"img-src data: blob: https://*.amazonaws.com {ann.url}" in page.data.decode()
    reply = ann.post(f"/portal/tasks/{name}/answer", SPAM).json()
    assert reply["saved"] is True
    assert clients.status(name) == "Completed"
    assert ann.get(f"/portal/tasks/{name}").status == 409


def test_the_same_routes_answer_json(clients, ann, flow, next_task):
    assert ann.json(next_task).status == 204
    names = [clients.start(flow, text=str(number)) for number in range(2)]
    task = ann.json(next_task).json()
    assert task == ann.json(f"/portal/tasks/{names[0]}").json()
    assert task["human_loop_name"] == names[0]
    assert task["flow_definition_arn"] == flow
    assert task["task_title"] == "Is this spam?"
    assert task["input"] == {"text": "0"}
    reply = ann.post(task["answer_url"], SPAM).json()
    assert reply["next"] == next_task
    assert ann.json(reply["next"]).json()["human_loop_name"] == names[1]
    refusal = ann.json(f"/portal/tasks/{names[0]}")
    assert (refusal.status, refusal.json()["__type"]) == (409, "ConflictException")


def test_a_returned_task_is_offered_again(clients, ann, flow, next_task):
    name = clients.start(flow)
    ann.get(next_task)
    reply = ann.post(f"/portal/tasks/{name}/release").json()
    assert (reply["saved"], reply["next"]) == (False, next_task)
    assert ann.json(next_task).json()["human_loop_name"] == name
    ann.post(f"/portal/tasks/{name}/answer", SPAM)


@pytest.mark.parametrize("headers", [{"origin": "http://evil.example"}, {"origin": "null"}, {"origin": ""}])
def test_a_post_from_another_site_is_refused(clients, ann, flow, next_task, headers):
    name = clients.start(flow)
    ann.get(next_task)
    assert ann.post(f"/portal/tasks/{name}/answer", SPAM, **headers).status == 403
    assert ann.sign_in(**headers).status == 403
    assert clients.status(name) == "InProgress"
    assert ann.post(f"/portal/tasks/{name}/answer", SPAM, **(headers | {"x_csrf": "1", "origin": "null"})).status == 200


@pytest.mark.parametrize("content", [None, [], {}, {"answerContent": []}, {"answerContent": "x"}])
def test_an_answer_that_is_no_object_is_refused(clients, ann, flow, next_task, content):
    name = clients.start(flow)
    ann.get(next_task)
    assert ann.post(f"/portal/tasks/{name}/answer", content).status == 400
    assert ann.send("POST", f"/portal/tasks/{name}/answer", b'{"answerContent": {"x": NaN}}', x_csrf="1").status == 400
    assert clients.status(name) == "InProgress"
    clients.runtime.stop_human_loop(HumanLoopName=name)


def test_an_answer_of_10_mb_is_kept_and_a_larger_one_refused(clients, ann, flow, next_task):
    name = clients.start(flow)
    ann.get(next_task)
    room = 10 * 1024 * 1024 - len(json.dumps({"answerContent": {"x": ""}}))
    assert ann.post(f"/portal/tasks/{name}/answer", {"answerContent": {"x": "y" * (room + 1)}}).status == 413
    assert ann.post(f"/portal/tasks/{name}/answer", {"answerContent": {"x": "y" * room}}).status == 200
    assert len(clients.output(name)["humanAnswers"][0]["answerContent"]["x"]) == room


def test_signing_out_takes_the_cookie_back(ann):
    reply = ann.post("/portal/sign-out")
    assert "Max-Age=0" in reply.headers["set-cookie"]
    assert reply.json()["next"] == f"/portal?token={ann.token}"


def test_pages_run_no_foreign_script_and_are_framed_by_nobody_else(browser):
    policy = browser.get(f"/portal?token={browser.token}").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy


def test_looking_at_the_headers_of_the_next_task_does_not_open_it(ann, next_task):
    assert ann.send("HEAD", next_task).status == 405


def test_static_files_are_those_of_the_portal_only(browser):
    assert browser.get("/portal/static/portal.css").headers["content-type"].startswith("text/css")
    assert browser.get("/portal/static/__init__.py").status in {403, 404}
    assert browser.get("/portal/static/..%2f..%2fhome.py").status in {403, 404}


def test_the_list_thanks_whoever_has_answered_the_last_task(tmp_path, clients_of):
    """With nothing left it is a thank-you after an answer, and says that nothing waits otherwise."""
    service = local.ensure(tmp_path)
    browser = Browser(service)
    try:
        browser.sign_in()
        name = clients_of(service).start(clients_of(service).flow())
        browser.json("/portal/tasks/next")
        reply = browser.post(f"/portal/tasks/{name}/answer", SPAM).json()
        assert (reply["saved"], reply["next"]) == (True, None)
        assert "All done. Thank you!" in browser.get("/portal/tasks?done").data.decode()
        assert "Nothing waits for you" in browser.get("/portal/tasks").data.decode()
    finally:
        browser.http.clear()
        local.stop(service.home)
