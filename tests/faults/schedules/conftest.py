"""Submitters in a world where everything breaks where it is told to: the real client and ledger, kills at every effect.

A `Life` is one run of a submitter. Between any two of its effects (a request, a transaction of its ledger) it may be
killed, and whoever submits at the same time takes turns with it there, in an order that the schedule's seed decides.
"""

import random
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore import auth
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError, ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError

from a2i_al.aws.connection import Connection
from a2i_al.errors import A2IError
from a2i_al.local.wire.call import Refusal, json_refusal
from a2i_al.loops.bookkeeping.ledger import Ledger

URL = "http://a2i.test"
SERVICE = "sagemaker-a2i-runtime"
REFUSALS = {
    "429": Refusal("ThrottlingException", "Rate exceeded", 429),
    "402": Refusal("ServiceQuotaExceededException", "Too many in flight", 402),
    "500": Refusal("InternalServerException", "Sorry", 500),
    "503": Refusal("ServiceUnavailable", "Sorry", 503),
}
BEFORE = {"refused connection": EndpointConnectionError, "connect timeout": ConnectTimeoutError}
AFTER = {"read timeout": ReadTimeoutError, "closed connection": ConnectionClosedError}
_acting = threading.local()


class Killed(BaseException):
    """The process ends here, as by kill -9: no handler of its own does anything about it."""


class Turns:
    """Lets the lives that run at the same time act one after the other, in an order drawn from the seed."""

    def __init__(self, rng, lives):
        self.rng, self.active = rng, set(lives)
        self.waiting, self.next, self.changed = set(), None, threading.Condition()

    def take(self, life):
        with self.changed:
            self.waiting.add(life)
            self._choose()
            assert self.changed.wait_for(lambda: self.next == life, timeout=60), "a life waits for ever"
            self.waiting.discard(life)
            self.next = None

    def leave(self, life):
        with self.changed:
            self.active.discard(life)
            self._choose()

    def _choose(self):
        if self.next is None and self.waiting and self.waiting == self.active:
            self.next = self.rng.choice(sorted(self.waiting))
            self.changed.notify_all()


class Watch:
    """A submitter's clock, which whoever waits moves on."""

    def __init__(self):
        self.seconds = 0.0

    def now(self):
        return self.seconds

    def wait(self, seconds, halt=None):  # noqa: ARG002  # the clock's protocol
        self.seconds += max(0.0, seconds)


@dataclass
class Life:
    """One run of a submitter: what goes wrong in it, and what it does until then.

    `faults` are by the number of the request; `dies` is the number of the boundary between effects where it is killed.
    """

    world: Any
    name: str = "A"
    faults: dict = field(default_factory=dict)
    dies: int = -1
    offset: timedelta = timedelta(0)
    turns: Turns | None = None

    def __post_init__(self):
        self.steps, self.requests, self.dead, self.lock = 0, 0, False, threading.RLock()
        self.connection = Connection(self.world.session, {SERVICE: URL})
        self.watch = Watch()
        for client in (self.connection.a2i, self.connection.a2i_once):
            client.meta.events.register(f"before-sign.{SERVICE}", lambda **_: self.act())
            client.meta.events.register(f"before-send.{SERVICE}", lambda request, **_: self.send(request))
        self.ledger = LifesLedger(self.world.ledger)
        self.ledger.life = self
        self.act()

    def act(self):
        """Be the one whose clock this thread goes by."""
        _acting.life = self

    def now(self):
        return self.world.time + self.offset

    def run(self, action):
        """Do something until it is done, fails, or the life ends."""
        self.act()
        self.world.log(f"{self.name} begins, its clock {self.offset} beside the right time")
        try:
            return action(self)
        except Killed:
            return None
        except A2IError as error:
            self.world.log(f"{self.name} ends with {type(error).__name__}: {str(error)[:90]}")
            return None
        finally:
            if self.turns:
                self.turns.leave(self.name)

    def at(self, what, *, turn=True):
        """Pass a boundary between effects, after whoever else has a turn; or be killed there."""
        with self.lock:
            if self.turns and turn and not self.dead:
                self.turns.take(self.name)
            self.steps += 1
            if self.steps == self.dies:
                self.dead = True
                self.world.log(f"{self.name} is killed: {what}")
            if self.dead:
                raise Killed

    def send(self, request):
        self.at(f"before {request.method} {urlsplit(request.url).path}")
        self.requests += 1
        fault = self.faults.get(self.requests)
        if fault:
            self.world.log(f"{self.name} request {self.requests}: {fault}")
        if fault == "service killed before":
            self.world.reboot()
            raise ConnectionClosedError(endpoint_url=URL)
        if fault in BEFORE:
            raise BEFORE[fault](endpoint_url=URL)
        reply = json_refusal(REFUSALS[fault]) if fault in REFUSALS else self.world.answer(request)
        if fault == "500 after accepting":
            reply = json_refusal(REFUSALS["500"])
        if fault == "service killed after":
            self.world.reboot()
        self.at(f"after {request.method} {urlsplit(request.url).path}")
        if fault in AFTER or fault == "service killed after":
            raise AFTER.get(fault, ConnectionClosedError)(endpoint_url=URL)
        return AWSResponse(request.url, reply.status_code, dict(reply.headers), Raw(reply.body))


class LifesLedger(Ledger):
    """The real ledger; a life may end before, within and after each of its transactions."""

    @contextmanager
    def _transaction(self):
        self.life.at("before a transaction")
        with super()._transaction() as db:
            yield db
            self.life.at("before a commit", turn=False)
        self.life.at("after a commit")


class Raw(BytesIO):
    """The body of a reply, as botocore takes it from urllib3."""

    def stream(self, **_):
        yield self.read()


@pytest.fixture
def world(whole_world, monkeypatch):
    """Give a world begun anew, in which nobody sleeps and everybody goes by a clock of their own."""
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda _: None))
    _sign_at(monkeypatch, lambda: _acting.life.now().replace(tzinfo=None))
    monkeypatch.setattr(
        "a2i_al.loops.bookkeeping.ledger._now", lambda: _acting.life.now().isoformat(timespec="milliseconds")
    )
    monkeypatch.setattr("a2i_al.loops.following.track._now", lambda: _acting.life.now())  # noqa: PLW0108  # whose it is then
    whole_world.begin()
    yield whole_world
    if whole_world.backend.limits.loops_in_flight:
        whole_world.backend.limits.change(loops_in_flight=0)


def _sign_at(monkeypatch, now):
    """Signatures carry this time; older releases of botocore ask the datetime class for it."""
    if hasattr(auth, "get_current_datetime"):
        monkeypatch.setattr(auth, "get_current_datetime", now)
    else:
        clock = type("Clock", (datetime,), {"utcnow": staticmethod(now)})
        monkeypatch.setattr(auth, "datetime", SimpleNamespace(datetime=clock))


@pytest.fixture
def draw(number):
    """Give what a schedule is drawn with: its number decides."""
    return random.Random(number)  # noqa: S311


@pytest.fixture
def live():
    """Make lives."""
    return Life


@pytest.fixture
def take_turns():
    """Let lives take turns."""
    return Turns
