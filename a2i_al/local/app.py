"""The embedded A2I as one ASGI application: a home comes in; its store, machine, APIs and portal go out as one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext, suppress

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from a2i_al.local.api import limits, runtime, sagemaker
from a2i_al.local.api.resources import Resources
from a2i_al.local.api.sts import StsApi
from a2i_al.local.clock import Clock, utc_now
from a2i_al.local.home import Home
from a2i_al.local.loops.desk import Desk
from a2i_al.local.loops.events import Events
from a2i_al.local.loops.machine import Machine
from a2i_al.local.loops.outputs import OutputWriter
from a2i_al.local.loops.store import Store
from a2i_al.local.portal.images import ImageLinks
from a2i_al.local.portal.rendering import why_not
from a2i_al.local.portal.routes import ANSWER_LIMIT, PREFIX as PORTAL_PREFIX, Portal
from a2i_al.local.portal.sessions import Sessions
from a2i_al.local.s3.api import S3Api
from a2i_al.local.s3.objects import Buckets
from a2i_al.local.wire.call import Call, Refusal, json_refusal, json_reply
from a2i_al.local.wire.signatures import S3_MOUNT
from a2i_al.local.wire.signed_json import SignedJson

_log = logging.getLogger(__name__)
_SWEEP_SECONDS = 5.0
_S3_LIMIT = 512 * 1024 * 1024
_LIMIT = ANSWER_LIMIT + 64 * 1024
# Requests of the runtime API at once; the others wait where waiting costs nothing. So many are committed together
# (`Commits`); more threads would take the interpreter's lock from each other.
_LOOPS_AT_ONCE = 4

Handler = Callable[[Call], Response]


class Backend:
    """Everything behind one home's address.

    Parameters
    ----------
    home : Home
        What it serves.
    instance : str
        Told by ``/healthz``, so that a client knows this server from another program on the same port.
    allowed_hosts : frozenset of str
        Host names for the portal, beside loopback.
    clock : callable
        Returns the time, aware.
    """

    def __init__(
        self,
        home: Home,
        *,
        instance: str = "",
        allowed_hosts: frozenset[str] = frozenset(),
        clock: Clock = utc_now,
    ) -> None:
        buckets = Buckets(home.objects)
        signed = SignedJson(home.credentials, clock)
        images = ImageLinks(home)
        self._store = Store(home.database)
        self.limits = limits.Limits(home)
        self._events = Events(home, self._store)
        self.machine = Machine(
            self._store,
            home.config,
            write=OutputWriter(home.config, buckets),
            check=why_not,
            clock=clock,
            quota=lambda: self.limits.loops_in_flight,
            note=self._events.note,
        )
        self.machine.finish_all()  # what the last process had begun
        self._instance = instance
        self._sessions = Sessions(home, allowed_hosts)
        self._portal = Portal(Desk(self.machine), self._sessions, images)
        self._s3 = S3Api(home, buckets, clock)
        self._runtime = runtime.RuntimeApi(self.machine, signed, self.limits)
        self._sagemaker = sagemaker.SagemakerApi(home, Resources(self._store, home.config, clock), signed, images)
        self._limits = limits.LimitsApi(self.limits, signed)
        self._sts = StsApi(home, clock)

    def __call__(self, call: Call) -> Response:
        """Answer a request."""
        handler = self._handler(call)
        try:
            return handler(call)
        except Exception:  # noqa: BLE001  # a bug in one request must not end the others; it is logged
            _log.exception("%s %s", call.method, call.path)
            return json_refusal(Refusal("InternalServerException", "The embedded A2I failed; its log says why.", 500))

    def limit(self, path: str) -> int:
        """Return how many bytes a request to a path may bring."""
        return _S3_LIMIT if _under(S3_MOUNT, path) else _LIMIT

    def sweep(self) -> None:
        """Do what is due, and send what is to be sent."""
        self.machine.sweep()
        self._events.deliver()

    def close(self) -> None:
        """Close the store."""
        self._store.close()

    def _handler(self, call: Call) -> Handler:
        path = call.raw_path
        for prefix, handler in (
            (PORTAL_PREFIX, self._portal),
            (S3_MOUNT, self._s3),
            (runtime.PREFIX, self._runtime),
            (sagemaker.TEMPLATES, self._sagemaker.template),
            (limits.PATH, self._limits),
            ("/healthz", self._health),
        ):
            if _under(prefix, path):
                return handler
        if path == "/" and "x-amz-target" in call.headers:
            return self._sagemaker
        if path == "/" and call.method == "POST":
            return self._sts
        return _nothing_here

    def _health(self, call: Call) -> Response:
        try:
            self._sessions.check_host(call)
        except Refusal as refusal:
            return json_refusal(refusal)
        return json_reply({"service": "a2i_al", "instance": self._instance})


def application(backend: Backend) -> ASGIApp:
    """Return the ASGI application that serves a backend and sweeps after it."""
    endpoint = _endpoint(backend)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        sweeper = asyncio.create_task(_sweep(backend))
        yield
        sweeper.cancel()
        with suppress(asyncio.CancelledError):
            await sweeper
        backend.close()

    life = Starlette(lifespan=lifespan)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        # The backend knows its own paths, and says itself what failed: no router, no middleware.
        await (endpoint if scope["type"] == "http" else life)(scope, receive, send)

    return app


def _endpoint(backend: Backend) -> ASGIApp:
    few, many = asyncio.Semaphore(_LOOPS_AT_ONCE), nullcontext()

    async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await _body(request, backend.limit(scope["path"]))
        if body is None:
            response = json_refusal(Refusal("RequestEntityTooLarge", "The request's body is too large.", 413))
            response.headers["connection"] = "close"
        else:
            call = Call(
                method=request.method,
                raw_path=scope["raw_path"].decode("latin-1"),
                raw_query=scope["query_string"].decode("latin-1"),
                headers=_headers(request),
                body=body,
            )
            async with few if _under(runtime.PREFIX, call.raw_path) else many:
                response = await run_in_threadpool(backend, call)
        await response(scope, receive, send)

    return endpoint


async def _body(request: Request, limit: int) -> bytes | None:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            return None
    return bytes(body)


def _headers(request: Request) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in request.headers.items():
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers


async def _sweep(backend: Backend) -> None:
    while True:
        await asyncio.sleep(_SWEEP_SECONDS)
        try:
            await run_in_threadpool(backend.sweep)
        except Exception:  # noqa: BLE001  # the next sweep may do better, and requests go on
            _log.exception("the sweep failed")


def _under(prefix: str, path: str) -> bool:
    return path == prefix or path.startswith(f"{prefix}/")


def _nothing_here(call: Call) -> Response:
    message = f"There is nothing at {call.method} {call.path}. This is the embedded A2I of a2i_al."
    return json_refusal(Refusal("UnknownOperationException", message, 404))
