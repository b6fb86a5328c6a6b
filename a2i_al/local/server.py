"""A home is served over HTTP until a signal comes: locked, listened to, announced, and all that undone again."""

from __future__ import annotations

import errno
import ipaddress
import logging
import os
import secrets
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import uvicorn

from a2i_al.errors import InvalidInput, LocalServiceError, PortInUse
from a2i_al.local.app import Backend, application
from a2i_al.local.clock import utc_now
from a2i_al.local.home import Home
from a2i_al.local.loops.store import Store

_GRACE_SECONDS = 5


def serve(
    home: str | os.PathLike[str] | None = None,
    *,
    port: int = 0,
    host: str = "127.0.0.1",
    s3: str | None = None,
    requests_per_second: float | None = None,
    loops_in_flight: int | None = None,
    events_queue_url: str | None = None,
    allow_remote: bool = False,
    on_listening: Callable[[], None] | None = None,
) -> None:
    """Serve a home until SIGINT or SIGTERM; print where.

    Parameters
    ----------
    home : path-like, optional
        See `a2i_al.settings.home_directory`.
    port : int
        0 takes the one that this home had before, so that whoever talks to it finds it again; if that is taken, a free
        one.
    host : str
        The address to listen on.
    s3 : str, optional
        ``"embedded"`` or ``"aws"``: changes the home's setting.
    requests_per_second : float, optional
        Changes the home's setting: the runtime API answers what exceeds it with ``ThrottlingException`` (429).
    loops_in_flight : int, optional
        Changes the home's setting: a flow definition that has so many is refused another one, with
        ``ServiceQuotaExceededException`` (402). 5000 is A2I's own quota for private work teams.

        Both limits are off in a new home, as nothing here is scarce; they are for rehearsing what the real service does
        to a large submission. 0 lifts them.
    events_queue_url : str, optional
        Changes the home's setting: an SQS queue that is sent an event for each loop that ends, as EventBridge does it.
        Empty sends none.
    allow_remote : bool
        Needed for an address beyond loopback. The portal then opens to everybody who has its link.
    on_listening : callable, optional
        Called when the home and the port are taken, before the first request is answered; may fork.

    Raises
    ------
    HomeNotWritable, HomeInUse, PortInUse
        If it cannot be served.
    InvalidInput
        If the host is beyond loopback without `allow_remote`, or a setting has an impossible value.
    """
    if not allow_remote and not _is_loopback(host):
        raise InvalidInput(
            f"host is {host!r}",
            expected="an address of this machine only, such as 127.0.0.1",
            fix="pass allow_remote=True (--allow-remote) if other machines shall reach it; the links carry its token",
        )
    opened = Home.open(home)
    with opened.lock(), _listen_again(host, port, opened.last_port) as listener:
        settings = {
            "s3": s3,
            "requests_per_second": requests_per_second,
            "loops_in_flight": loops_in_flight,
            "events_queue_url": events_queue_url,
        }
        opened = opened.configure(**{name: value for name, value in settings.items() if value is not None})
        instance = secrets.token_hex(16)
        shown = f"[{host}]" if ":" in host else host
        url = f"http://{shown}:{listener.getsockname()[1]}"
        Store(opened.database).close()  # what cannot be served is said while somebody still listens
        if on_listening is not None:
            on_listening()
        # After a fork in there: an open SQLite file must not be carried into a child.
        backend = Backend(opened, instance=instance, allowed_hosts=_allowed_hosts(host))
        opened.announce(url=url, pid=os.getpid(), instance=instance, started_at=utc_now().isoformat(timespec="seconds"))
        opened.keep_port(listener.getsockname()[1])
        try:
            print(f"embedded A2I  {url}\nhome          {opened.path}", flush=True)  # noqa: T201  # what its user needs
            print(f"portal        {url}/portal?token={opened.portal_token}", flush=True)  # noqa: T201
            _run(backend, listener)
        finally:
            opened.withdraw()


def _run(backend: Backend, listener: socket.socket) -> None:
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.INFO)
    config = uvicorn.Config(
        application(backend),
        log_config=None,
        access_log=False,
        proxy_headers=False,  # no proxy stands before it: whoever says so lies
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        timeout_keep_alive=75,  # botocore keeps connections for a minute: it must not be us who closes first
    )
    with _ended_by_signals():
        uvicorn.Server(config).run(sockets=[listener])


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let SIGINT and SIGTERM end the block and nothing more: uvicorn raises them once again when it is done."""
    if threading.current_thread() is not threading.main_thread():  # where signals never arrive
        yield
        return
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _listen_again(host: str, port: int, before: int) -> socket.socket:
    if port == 0 and before:
        with suppress(LocalServiceError):
            return _listen(host, before)
    return _listen(host, port)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named: only then does asyncio switch off Nagle's algorithm, which costs 40 ms a request.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(
                f"another program listens on port {port}", fix="choose another port; 0 takes a free one"
            ) from error
        raise LocalServiceError(f"cannot listen on {host}:{port}: {error.strerror}") from error
    return listener


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _allowed_hosts(host: str) -> frozenset[str]:
    unspecified = host in {"0.0.0.0", "::"}  # noqa: S104  # every name of this machine, which the user asked for
    return frozenset({"*" if unspecified else host})
