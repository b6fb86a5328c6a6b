"""Simulated reviewers: they sign in at the portal, open tasks and answer them over HTTP, as people do."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import urllib3

from a2i_al.arguments import able, text
from a2i_al.errors import InvalidInput, ServiceError, Unreachable
from a2i_al.local.service import Service

_JSON = {"Accept": "application/json", "X-CSRF": "1"}
_OK, _NOTHING = 200, 204


@dataclass(frozen=True)
class SimulatedReviewer:
    """A reviewer made of a function.

    Parameters
    ----------
    name : str
        Signed in with; another name is another worker.
    answer : callable
        From a task's input to its answerContent: ``{"category": {"label": "spam"}}``. It should depend on nothing but
        the input, so that a run can be repeated.

    Examples
    --------
    >>> shouting = SimulatedReviewer("Ann", lambda task_input: {"category": {"label": task_input["text"].upper()}})
    >>> shouting
    SimulatedReviewer(name='Ann')
    >>> shouting.answer({"text": "spam"})
    {'category': {'label': 'SPAM'}}
    """

    name: str
    answer: Callable[[Mapping[str, Any]], Mapping[str, Any]] = field(repr=False)

    def __post_init__(self) -> None:
        text("name", self.name)
        able("answer", self.answer, "__call__", "a function: from a task's input to its answerContent")


def review(
    service: Service,
    reviewers: Sequence[SimulatedReviewer],
    *,
    flow_definition_arn: str | None = None,
    limit: int | None = None,
) -> int:
    """Have reviewers answer everything that waits, and return how many answers they gave.

    They take tasks in turn, in the order given, and think in parallel: who answers what does not depend on who is
    faster.

    Parameters
    ----------
    service : Service
        The embedded A2I.
    reviewers : sequence of SimulatedReviewer
        With distinct names.
    flow_definition_arn : str, optional
        Only tasks of this flow definition.
    limit : int, optional
        At most so many answers.

    Raises
    ------
    InvalidInput
        If two reviewers have one name, or an answer is not a JSON object.
    ServiceError
        If the service refuses.
    """
    names = [reviewer.name for reviewer in reviewers]
    if len(set(names)) != len(names):
        raise InvalidInput(f"the reviewers are called {names}", expected="a name of their own for each")
    flow = flow_definition_arn.rsplit("/", 1)[-1] if flow_definition_arn else None
    http = urllib3.PoolManager(maxsize=max(1, len(reviewers)), retries=urllib3.Retry(3, redirect=False))
    with http, ThreadPoolExecutor(max(1, len(reviewers))) as threads:
        seats = [_Seat(service, http, reviewer) for reviewer in reviewers]
        given = 0
        while seats and (limit is None or given < limit):
            turn = seats if limit is None else seats[: limit - given]
            tasks = [(seat, seat.next(flow)) for seat in turn]
            # Nothing for one of them now is nothing for them later: others' answers free no task.
            idle = [seat for seat, task in tasks if task is None]
            given += sum(
                threads.map(lambda opened: opened[0].answer(opened[1]), [t for t in tasks if t[1] is not None])
            )
            seats = [seat for seat in seats if seat not in idle]
    return given


class _Seat:
    """A reviewer who has signed in."""

    def __init__(self, service: Service, http: urllib3.PoolManager, reviewer: SimulatedReviewer) -> None:
        self._service, self._http, self._reviewer = service, http, reviewer
        form = {"token": service.portal_url.rpartition("token=")[2], "name": reviewer.name}
        body = urlencode(form).encode()
        response = self._send("POST", "/portal/sign-in", body, {"Content-Type": "application/x-www-form-urlencoded"})
        self._headers = {"Cookie": response.headers["set-cookie"].partition(";")[0]}

    def next(self, flow: str | None) -> dict[str, Any] | None:
        """Open the next task."""
        query = f"?{urlencode({'flow': flow})}" if flow else ""
        response = self._send("GET", f"/portal/tasks/next{query}", None, self._headers)
        return None if response.status == _NOTHING else response.json()

    def answer(self, task: Mapping[str, Any]) -> int:
        """Answer an open task; give it back if that fails."""
        try:
            content = dict(self._reviewer.answer(task["input"]))
            body = json.dumps({"answerContent": content}, allow_nan=False).encode()
        except BaseException as error:
            self._send("POST", task["answer_url"].removesuffix("answer") + "release", b"", self._headers)
            if isinstance(error, TypeError | ValueError):
                raise InvalidInput(
                    f"{self._reviewer.name}'s answer to {task['human_loop_name']!r} failed: {error}",
                    expected="a JSON object, such as {'category': {'label': 'spam'}}",
                ) from error
            raise
        self._send("POST", task["answer_url"], body, self._headers | {"Content-Type": "application/json"})
        return 1

    def _send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> urllib3.BaseHTTPResponse:
        try:
            response = self._http.request(method, self._service.url + path, body=body, headers={**_JSON, **headers})
        except urllib3.exceptions.HTTPError as error:
            raise Unreachable(f"the embedded A2I at {self._service.url} does not answer: {error}") from error
        if response.status not in {_OK, _NOTHING}:
            refusal = response.json()
            raise ServiceError(f"{method} {path}: {refusal['message']}", code=refusal["__type"])
        return response
