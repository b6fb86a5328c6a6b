"""A desk and a page maker come in; one reviewer's way through the tasks goes out, as what there is to be shown.

Messages may come on any thread, twice, late or from a page that is gone: one lock lets one at a time through, and each
task has a nonce of its own that only messages about it carry. An answer is sent to the desk at once and counts as
saved when the desk says so. What the kernel has not acknowledged is still in the reader's page.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, Literal, Protocol

from a2i_al.errors import A2IError, AlreadyExists
from a2i_al.widgets.desk import Desk, OpenTask

MESSAGE_LIMIT = 1024 * 1024  # characters; a mask of a large photograph has some hundred thousand

State = Literal["before", "task", "paused", "finished", "empty"]


class PageMaker(Protocol):
    """Makes the document of a task."""

    def __call__(self, task_input: Mapping[str, Any], /, *, nonce: str) -> str:
        """Return it."""


@dataclass(frozen=True)
class Scene:
    """What there is to be shown.

    Attributes
    ----------
    state : str
        ``before`` the first task, a ``task``, ``paused`` by the reviewer, ``finished`` as many as were wanted, or
        ``empty``: nothing waits.
    title : str
        Of the flow definition.
    page, nonce : str
        Of the task.
    answered : int
        Answers that are saved.
    total : int or None
        How many answers there will be, as far as is known.
    notice : str
        What the reviewer should know.
    """

    state: State
    title: str
    page: str = ""
    nonce: str = ""
    answered: int = 0
    total: int | None = None
    notice: str = ""


class Session:
    """One reviewer's way through the tasks.

    Parameters
    ----------
    desk : Desk
        Hands out tasks and keeps answers.
    make_page : PageMaker
        Makes a task's document.
    show : callable
        Called with each new `Scene`.
    tell : callable
        Called with the nonce of the page on show and what went wrong with what it sent.
    title : str
        To show before the first task is known.
    waiting : int, optional
        How many tasks wait, as far as is known.
    limit : int, optional
        Stop after so many answers.
    """

    def __init__(
        self,
        desk: Desk,
        make_page: PageMaker,
        *,
        show: Callable[[Scene], None],
        tell: Callable[[str, str], None],
        title: str,
        waiting: int | None = None,
        limit: int | None = None,
    ) -> None:
        self._desk, self._make_page, self._show, self._tell = desk, make_page, show, tell
        self._known, self._limit, self._until = waiting, limit, limit
        self._task: OpenTask | None = None
        self._skipped: set[str] = set()
        self._lock = Lock()
        known = [bound for bound in (waiting, limit) if bound is not None]
        self.scene = Scene("before", title, total=min(known) if known else None)

    def start(self) -> None:
        """Open the first task, or go on after a pause."""
        with self._lock:
            if self.scene.state == "task":
                return
            if self.scene.state == "finished" and self._limit is not None:
                self._until = self.scene.answered + self._limit
            self._advance()

    def skip(self) -> None:
        """Give the open task back and go on; it comes again, last."""
        with self._lock:
            if self._task is not None:
                self._skip(self._task)

    def pause(self) -> None:
        """Give the open task back, so that it does not wait for somebody who has left."""
        with self._lock:
            if self._task is not None and self._release(self._task, "Not given back"):
                self._set(state="paused", page="", nonce="", notice="")

    def receive(self, message: str) -> None:
        """Take a message of the page; what is not one of ours, or not about the open task, changes nothing."""
        with self._lock:
            task = self._task
            if task is None:
                return
            if len(message) > MESSAGE_LIMIT:
                self._complain(f"Not saved: the answer is over {MESSAGE_LIMIT // 1024:,} KiB.")
                return
            match _parsed(message):
                case {"nonce": str(nonce), "kind": "answer", "value": dict(content)} if self._is_current(nonce):
                    self._answer(task, content)
                case {"nonce": str(nonce), "kind": "skip"} if self._is_current(nonce):
                    self._skip(task)

    def _answer(self, task: OpenTask, content: dict[str, Any]) -> None:
        try:
            self._desk.answer(task, content)
        except AlreadyExists as error:
            self._complain(f"Not saved: {error} Skip goes on with the next task.")
            return
        except A2IError as error:
            self._complain(f"Not saved: {error}")
            return
        self._task = None
        self.scene = replace(self.scene, answered=self.scene.answered + 1)
        self._advance()

    def _skip(self, task: OpenTask) -> None:
        if self._release(task, "Not skipped"):
            self._skipped.add(task.human_loop_name)
            self._advance()

    def _release(self, task: OpenTask, failure: str) -> bool:
        try:
            self._desk.release(task)
        except AlreadyExists:  # it was over: answered elsewhere, withdrawn, or its time had run out
            pass
        except A2IError as error:
            self._complain(f"{failure}: {error}")
            return False
        self._task = None
        return True

    def _advance(self) -> None:
        """Show the next task, or why there is none."""
        answered = self.scene.answered
        if self._until is not None and answered >= self._until:
            self._set(state="finished", page="", nonce="", total=answered, notice="")
            return
        try:
            self._task = self._desk.next()
            if self._task is None:
                self._set(state="empty", page="", nonce="", total=answered, notice="")
            else:
                self._open(self._task)
        except A2IError as error:
            self._stop(f"There is no next task now: {error}")
        except BaseException:
            # The kernel was interrupted, or something is broken: nobody should sit before a page that is over.
            self._stop("Interrupted. What was answered is saved; Go on opens the next task.")
            raise

    def _stop(self, notice: str) -> None:
        self._task = None
        self._set(state="paused", page="", nonce="", notice=notice)

    def _open(self, task: OpenTask) -> None:
        nonce = secrets.token_hex(16)
        notice = "You have skipped this one before." if task.human_loop_name in self._skipped else ""
        try:
            page = self._make_page(task.input, nonce=nonce)
        except A2IError as error:
            page, notice = "", f"This task cannot be shown; skip it to go on. {error}"
        total = self._least(self.scene.answered + 1 + task.waiting)
        self._set(state="task", title=task.title, page=page, nonce=nonce, total=total, notice=notice)

    def _least(self, total: int | None) -> int | None:
        """Return the least of what is known about the end: each may count tasks that are not for this session."""
        bounds = [bound for bound in (total, self._known, self._until) if bound is not None]
        return max(min(bounds), self.scene.answered + 1) if bounds else None

    def _is_current(self, nonce: str) -> bool:
        return hmac.compare_digest(nonce.encode(), self.scene.nonce.encode())

    def _complain(self, text: str) -> None:
        self._tell(self.scene.nonce, text)

    def _set(self, **changes: Any) -> None:
        self.scene = replace(self.scene, **changes)
        self._show(self.scene)


def _parsed(message: str) -> Any:
    """Return what a message says; None if it is not JSON, which has no NaN."""
    try:
        return json.loads(message, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None


def _refuse(constant: str) -> None:
    raise ValueError(constant)
