"""Outputs come in; the URL of an S3 on loopback that holds them goes out: rclone's, or one that answers late."""

from __future__ import annotations

import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ACCESS, SECRET = "AKIDLOCAL", "secretlocal"


@contextmanager
def rclone(folder: Path) -> Iterator[str]:
    """Serve the sub-folders of a folder as buckets, in a process of its own."""
    port = _free_port()
    command = [Path(sysconfig.get_path("scripts"), "rclone"), "serve", "s3", "--config", "/dev/null"]
    options = ["--addr", f"127.0.0.1:{port}", "--auth-key", f"{ACCESS},{SECRET}", str(folder)]
    with _running([*map(str, command), *options], port) as url:
        yield url


@contextmanager
def late(count: int, milliseconds: float) -> Iterator[str]:
    """Serve that many outputs from memory, each answer as late as a bucket in the same Region has it."""
    port = _free_port()
    script = Path(__file__).with_name("late_s3.py")
    with _running([sys.executable, str(script), str(port), str(count), str(milliseconds)], port) as url:
        yield url


@contextmanager
def _running(command: list[str], port: int) -> Iterator[str]:
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        _wait(server, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"the server did not start: {' '.join(map(str, server.args))}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
