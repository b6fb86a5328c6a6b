"""A link to a worker portal and a worker's name come in; tasks and kept answers go out, by the portal's own routes.

What a notebook answers takes the same way as what a person answers at the portal, so the same rules hold for it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import urllib3

from a2i_al.errors import BY_CODE, ServiceError, Unreachable
from a2i_al.widgets.desk import OpenTask

_JSON = {"Accept": "application/json", "X-CSRF": "1"}
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_OK, _NOTHING = 200, 204
_SECONDS = urllib3.Timeout(connect=2, read=30)


class PortalDesk:
    """The desk of one worker at a portal. Makes no request before its first method is called.

    Parameters
    ----------
    link : callable
        Returns the portal's whole link, token included, or None if no service runs. It is called again when the
        service no longer answers: one that was started again has another port.
    worker : str
        The name to sign in with.
    flow_name : str, optional
        Only tasks of this flow definition.

    Examples
    --------
    >>> PortalDesk(lambda: None, "me").next()
    Traceback (most recent call last):
        ...
    a2i_al.errors.Unreachable: the embedded A2I does not run. To fix: run the cell with Workflow.local(...), then ...
    """

    def __init__(self, link: Callable[[], str | None], worker: str, flow_name: str | None = None) -> None:
        self._link, self._worker, self._flow_name = link, worker, flow_name
        self._http = urllib3.PoolManager(maxsize=2, timeout=_SECONDS, retries=urllib3.Retry(1, redirect=False))
        self._origin, self._cookie = "", ""

    def next(self) -> OpenTask | None:
        """Open the next task, or the one that is still open; None if nothing waits."""
        query = f"?{urlencode({'flow': self._flow_name})}" if self._flow_name else ""
        response = self._send("GET", f"/portal/tasks/next{query}")
        if response.status == _NOTHING:
            return None
        task = response.json()
        return OpenTask(task["human_loop_name"], task["task_title"], task["input"], task["waiting"])

    def answer(self, task: OpenTask, content: Mapping[str, Any]) -> None:
        """Keep an answer; when this returns it is durable. The same answer again changes nothing."""
        body = json.dumps({"answerContent": content}, allow_nan=False).encode()
        self._send("POST", f"/portal/tasks/{quote(task.human_loop_name)}/answer", body)

    def release(self, task: OpenTask) -> None:
        """Give a task back unanswered."""
        self._send("POST", f"/portal/tasks/{quote(task.human_loop_name)}/release", b"{}")

    def _send(self, method: str, path: str, body: bytes | None = None) -> urllib3.BaseHTTPResponse:
        """Send a request; if nobody answers, look once where the service is now."""
        if self._cookie:
            try:
                return self._request(method, path, body, {"Cookie": self._cookie})
            except Unreachable:
                self._cookie = ""
        self._sign_in()
        return self._request(method, path, body, {"Cookie": self._cookie})

    def _sign_in(self) -> None:
        link = self._link()
        if link is None:
            raise Unreachable(
                "the embedded A2I does not run",
                fix="run the cell with Workflow.local(...), then send it once more: what was saved is kept",
            )
        parts = urlsplit(link)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        form = urlencode({"token": parse_qs(parts.query)["token"][0], "name": self._worker}).encode()
        response = self._request("POST", "/portal/sign-in", form, _FORM)
        self._cookie = response.headers["set-cookie"].partition(";")[0]

    def _request(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> urllib3.BaseHTTPResponse:
        try:
            response = self._http.request(method, self._origin + path, body=body, headers={**_JSON, **headers})
        except urllib3.exceptions.HTTPError as error:
            raise Unreachable(
                "the embedded A2I does not answer", fix="check `a2i-al local status`, then send it once more"
            ) from error
        if response.status in {_OK, _NOTHING}:
            return response
        code, message = _refusal(response)
        raise BY_CODE.get(code, ServiceError)(message, code=code)


def _refusal(response: urllib3.BaseHTTPResponse) -> tuple[str, str]:
    try:
        refusal = response.json()
        return str(refusal["__type"]), str(refusal["message"])
    except (ValueError, KeyError, TypeError):
        return str(response.status), f"the embedded A2I answered with status {response.status}"
