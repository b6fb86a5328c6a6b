"""The embedded A2I from outside: find the one that serves a home, start one in the background, stop it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from a2i_al.errors import HomeInUse, HomeNotWritable, PortInUse, ServiceNotRunning
from a2i_al.local.home import Config, Home
from a2i_al.local.service import Service
from a2i_al.settings import home_directory

_IN_USE = 3
_POLL_SECONDS = 0.02
_START_SECONDS = 20.0


def ensure(
    home: str | os.PathLike[str] | None = None,
    *,
    port: int = 0,
    timeout: float = _START_SECONDS,
    requests_per_second: float | None = None,
    loops_in_flight: int | None = None,
) -> Service:
    """Return the service of a home, starting it in the background if none runs.

    It goes on after this process has ended. However many processes call this at once, one service comes of it.

    Parameters
    ----------
    home : path-like, optional
        See `a2i_al.settings.home_directory`.
    port : int
        To listen on if it is started; 0 takes a free one.
    timeout : float
        Seconds to wait for it.
    requests_per_second, loops_in_flight : number, optional
        Changed limits, also of a service that runs already; see `serve`.

    Raises
    ------
    InvalidInput
        If a limit is impossible.
    HomeNotWritable, PortInUse
        If it cannot be started.
    ServiceNotRunning
        If it does not answer in time; the message quotes its log.
    """
    service, _ = _ensure(home, port, timeout)
    service.limit(requests_per_second=requests_per_second, loops_in_flight=loops_in_flight)
    return service


@contextmanager
def visiting(home: str | os.PathLike[str] | None = None) -> Iterator[Service]:
    """Give the service of a home to a block that only looks; one that had to be started for it is stopped after it.

    It goes on if somebody else has joined it meanwhile, such as a notebook with `Workflow.local`.

    Parameters
    ----------
    home : path-like, optional
        See `a2i_al.settings.home_directory`.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as home, visiting(home) as service:
    ...     service.traffic()["requests"]
    0
    """
    service, started = _ensure(home, visit=True)
    opened = Home.open(home)
    mine = opened.announced() if started else None
    try:
        yield service
    finally:
        if mine:
            # Whoever comes to the door now finds no service behind it, and starts another.
            with opened.door():
                if opened.announced() == mine and not opened.joined:
                    stop(home)


def _ensure(
    home: str | os.PathLike[str] | None, port: int = 0, timeout: float = _START_SECONDS, *, visit: bool = False
) -> tuple[Service, bool]:
    """Return the service of a home, and whether it was this call that started it; a visit does not join that one."""
    deadline = time.monotonic() + timeout
    started = False
    while True:
        service = running(home) if visit and started else join(home)
        if service is not None:
            return service, started
        # Whoever loses the race for the home waits for the winner, and tries again should the winner be on its way out.
        if not started:
            started = _start(home, port, timeout)
        if time.monotonic() > deadline:
            path = home_directory(home)
            raise ServiceNotRunning(
                f"no embedded A2I answers for {path} after {timeout:g} s. Its log ends: {_tail(path / 'service.log')}",
                fix="run `a2i-al local serve` to see what it says",
            )
        time.sleep(_POLL_SECONDS)


def running(home: str | os.PathLike[str] | None = None) -> Service | None:
    """Return the service that serves a home, or None."""
    opened = _announced(home)
    return _found(opened) if opened else None


def join(home: str | os.PathLike[str] | None = None) -> Service | None:
    """Return the service that serves a home, or None; one that was started for a `visiting` block goes on after it."""
    opened = _announced(home)
    if opened is None:
        return None
    with opened.door():
        service = _found(opened)
        if service is not None:
            opened.join()
    return service


def stop(home: str | os.PathLike[str] | None = None, *, timeout: float = 20) -> bool:
    """Stop the service of a home and wait until it has ended; return whether one ran.

    Raises
    ------
    ServiceNotRunning
        If it does not end in time.
    """
    if running(home) is None:
        return False
    opened = Home.open(home)
    record = opened.announced()
    if record is not None:
        with suppress(ProcessLookupError):
            os.kill(record["pid"], signal.SIGTERM)
    deadline = time.monotonic() + timeout
    while True:
        with suppress(HomeInUse), opened.lock():
            return True
        if record and opened.announced() not in (None, record):
            return True  # it has ended, and somebody has started another since
        if time.monotonic() > deadline:
            raise ServiceNotRunning(f"the embedded A2I of {opened.path} does not end", fix=f"end process {record}")
        time.sleep(_POLL_SECONDS)


def _start(home: str | os.PathLike[str] | None, port: int, timeout: float) -> bool:
    """Start a service and return whether it is on its way; False if another has the home."""
    path = home_directory(home)
    command = [sys.executable, "-P", "-m", "a2i_al.local", "--home", str(path), "--port", str(port), "--detach"]
    # The very package that started it, and nothing that happens to lie in the current directory (-P).
    package = str(Path(__file__).parents[2])
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))}
    try:
        done = subprocess.run(  # noqa: S603  # our own interpreter and module
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    if done.returncode == _IN_USE:
        return False
    if done.returncode:
        raise _as_error(done.stderr.strip())
    return True


def _announced(home: str | os.PathLike[str] | None) -> Home | None:
    path = home_directory(home)
    return Home.open(path) if (path / "service.json").is_file() else None


def _found(opened: Home) -> Service | None:
    record = opened.announced()
    return _as_service(opened, record["url"]) if record and _answers(record) else None


def _as_error(text: str) -> Exception:
    for words, cls in (("listens on port", PortInUse), ("cannot write in", HomeNotWritable)):
        if words in text:
            return cls(text)
    return ServiceNotRunning(f"the embedded A2I does not start: {text[-2000:]}")


def _answers(record: dict[str, Any]) -> bool:
    # Without proxies: they know nothing of this machine's loopback.
    opener = build_opener(ProxyHandler({}))
    with suppress(URLError, OSError, ValueError), opener.open(f"{record['url']}/healthz", timeout=2) as reply:
        return bool(json.load(reply).get("instance") == record["instance"])
    return False


def _as_service(home: Home, url: str) -> Service:
    config: Config = home.config
    portal_url = f"{url}/portal?token={home.portal_token}"
    return Service(home.path, url, portal_url, config.region, config.account, home.credentials)


def _tail(log: Path) -> str:
    with suppress(OSError):
        return log.read_text(errors="replace")[-800:].strip() or "(empty)"
    return "(none)"
