"""The worker portal: people, simulated reviewers and notebook widgets sign in, open tasks and answer them here.

    GET  /portal?token=…             sign-in page           POST /portal/sign-in, /portal/sign-out
    GET  /portal/tasks               what waits             GET  /portal/tasks/next[?flow=NAME]     opens the next task
    GET  /portal/tasks/{loop}        a page around …        GET  /portal/tasks/{loop}/page          … the worker page
    POST /portal/tasks/{loop}/answer {"answerContent": …}   POST /portal/tasks/{loop}/release

Two of them answer JSON to those who ask for it (``Accept: application/json``). Links in pages are relative, so that
the portal also works behind a proxy that puts it under a path of its own.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

from starlette.responses import RedirectResponse, Response

from a2i_al.errors import InvalidTemplate
from a2i_al.local.loops.desk import Desk, Task, Waiting, Worker
from a2i_al.local.portal.images import ImageLinks
from a2i_al.local.portal.pages import page, static_file
from a2i_al.local.portal.sessions import Sessions
from a2i_al.local.wire.call import Call, Refusal, json_refusal, json_reply
from a2i_al.templates import render, worker_page

PREFIX = "/portal"
ANSWER_LIMIT = 10 * 1024 * 1024
SANDBOX = "sandbox allow-scripts allow-forms"


class Portal:
    """The portal's routes.

    Parameters
    ----------
    desk : Desk
        The tasks.
    sessions : Sessions
        Who may.
    images : ImageLinks
        Makes the links that `grant_read_access` puts into pages.
    """

    def __init__(self, desk: Desk, sessions: Sessions, images: ImageLinks) -> None:
        self._desk, self._sessions, self._images = desk, sessions, images

    def __call__(self, call: Call) -> Response:
        """Answer a request; every refusal is a page, or JSON for those who asked for that."""
        try:
            self._sessions.check_host(call)
            return self._dispatch(call)
        except Refusal as refusal:
            if _wants_json(call) or call.method == "POST":
                return json_refusal(refusal)
            way_back = refusal.code != "AccessDenied"
            return page("problem", call, status=refusal.status, message=refusal.message, way_back=way_back)

    def _dispatch(self, call: Call) -> Response:
        parts = call.path.removeprefix(PREFIX).strip("/").split("/")
        match call.method, parts:
            case "GET" | "HEAD", ["static", name]:
                return static_file(name)
            case "GET", [""]:
                return self._welcome(call)
            case "POST", ["sign-in"]:
                return self._sign_in(call)
        if call.method not in {"GET", "POST"}:
            raise Refusal("MethodNotAllowed", f"There is no {call.method} here.", 405)
        worker = self._signed_in(call)
        if call.method == "POST":
            self._sessions.check_origin(call)
            return self._change(call, worker, parts)
        return self._show(call, worker, parts)

    def _show(self, call: Call, worker: Worker, parts: list[str]) -> Response:
        match parts:
            case ["tasks"]:
                return self._tasks(call, worker)
            case ["tasks", "next"]:
                return self._next(call, worker)
            case ["tasks", name]:
                return self._task(call, worker, self._desk.task(worker, name))
            case ["tasks", name, "page"]:
                return self._worker_page(call, worker, self._desk.task(worker, name))
        raise _no_such_page()

    def _change(self, call: Call, worker: Worker, parts: list[str]) -> Response:
        match parts:
            case ["sign-out"]:
                response = json_reply({"next": f"{PREFIX}?token={self._sessions.token}"})  # for the next person
                response.headers["set-cookie"] = self._sessions.no_cookie()
                return response
            case ["tasks", name, "answer"]:
                return _saved(self._desk.submit(worker, name, _answer_content(call.body)), saved=True)
            case ["tasks", name, "release"]:
                return _saved(self._desk.release(worker, name), saved=False)
        raise _no_such_page()

    def _signed_in(self, call: Call) -> Worker:
        worker_id = self._sessions.worker_id(call)
        worker = self._desk.worker(worker_id) if worker_id else None
        if worker is None:
            message = "You are not signed in. Please open the portal by its link: `a2i-al local status` prints it."
            raise Refusal("AccessDenied", message, 403)
        return worker

    def _welcome(self, call: Call) -> Response:
        if self._sessions.worker_id(call):
            return _redirect("portal/tasks")
        token = call.query.get("token", "")
        if not self._sessions.is_token(token):
            message = "Please open the portal by its whole link, token included: `a2i-al local status` prints it."
            raise Refusal("AccessDenied", message, 403)
        return page("sign-in", call, token=token)

    def _sign_in(self, call: Call) -> Response:
        self._sessions.check_origin(call)
        form = {name: values[-1] for name, values in parse_qs(call.body.decode("utf-8", "replace")).items()}
        token = form.get("token", "")
        if not self._sessions.is_token(token):
            raise Refusal("AccessDenied", "The portal's token is wrong.", 403)
        try:
            worker = self._desk.sign_in(form.get("name", ""))
        except Refusal as refusal:
            if _wants_json(call):
                raise
            return page("sign-in", call, status=400, token=token, message=refusal.message)
        response = json_reply({"worker_id": worker.id}) if _wants_json(call) else _redirect("tasks")
        response.headers["set-cookie"] = self._sessions.cookie(worker.id)
        return response

    def _tasks(self, call: Call, worker: Worker) -> Response:
        jobs = [
            {
                "title": j.title,
                "description": j.description,
                "waiting": j.waiting,
                "query": urlencode({"flow": j.flow_name}),
            }
            for j in self._desk.jobs(worker)
        ]
        return page("tasks", call, worker=worker.name, jobs=jobs, done="done" in call.query)

    def _next(self, call: Call, worker: Worker) -> Response:
        task = self._desk.next(worker, call.query.get("flow"))
        if _wants_json(call):
            return Response(status_code=204) if task is None else self._as_json(worker, task)
        return _redirect("../tasks" if task is None else quote(task.human_loop_name))

    def _task(self, call: Call, worker: Worker, task: Task) -> Response:
        if _wants_json(call):
            return self._as_json(worker, task)
        return page(
            "task",
            call,
            worker=worker.name,
            title=task.title,
            description=task.description,
            loop=quote(task.human_loop_name),
            nonce=self._sessions.nonce(worker.id, task.human_loop_name, task.accepted),
            waiting=self._desk.waiting(worker, task.flow_name).count,
        )

    def _as_json(self, worker: Worker, task: Task) -> Response:
        return json_reply(
            {
                "human_loop_name": task.human_loop_name,
                "flow_definition_arn": task.flow_definition_arn,
                "task_title": task.title,
                "input": task.input,
                "answer_url": f"{PREFIX}/tasks/{quote(task.human_loop_name)}/answer",
                "waiting": self._desk.waiting(worker, task.flow_name).count,
            }
        )

    def _worker_page(self, call: Call, worker: Worker, task: Task) -> Response:
        try:
            rendered = render(task.template, task.input, grant_read_access=self._images.granter(call.base_url))
        except InvalidTemplate as error:
            # It could be rendered when the loop was started: a newer version of this package may be stricter.
            raise Refusal("ValidationError", f"This task's page cannot be shown: {error}", 500) from error
        nonce = self._sessions.nonce(worker.id, task.human_loop_name, task.accepted)
        html = worker_page(
            rendered.html, nonce=nonce, img_hosts=self._images.hosts(call.base_url), allow_hosts=task.allow_hosts
        )
        # Opened alone, outside its frame, the page must have no more rights than inside it.
        headers = {"content-security-policy": SANDBOX, "cache-control": "no-store", "referrer-policy": "no-referrer"}
        return Response(html.encode("utf-8", "replace"), 200, headers, "text/html; charset=utf-8")


def _answer_content(body: bytes) -> dict[str, Any]:
    if len(body) > ANSWER_LIMIT:
        raise Refusal("ValidationException", f"The answer is over {ANSWER_LIMIT // 1024**2} MB.", 413)
    try:
        answer = json.loads(body)
        json.dumps(answer, allow_nan=False)
    except (ValueError, RecursionError):
        answer = None
    content = answer.get("answerContent") if isinstance(answer, dict) else None
    if not isinstance(content, dict):
        raise Refusal("ValidationException", 'An answer is JSON of the form {"answerContent": {…}}.', 400)
    return content


def _saved(waiting: Waiting, *, saved: bool) -> Response:
    """Say what comes next: first more of the same kind, so that nobody has to change their mind with every task."""
    query = f"?{urlencode({'flow': waiting.flow_name})}" if waiting.of_flow else ""
    following = f"{PREFIX}/tasks/next{query}" if waiting.count else None
    return json_reply({"saved": saved, "next": following, "waiting": waiting.count})


def _no_such_page() -> Refusal:
    return Refusal("NotFound", "There is no such page.", 404)


def _redirect(location: str) -> Response:
    return RedirectResponse(location, 303)


def _wants_json(call: Call) -> bool:
    return "application/json" in call.headers.get("accept", "")
