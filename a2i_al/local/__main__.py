"""``python -m a2i_al.local``: serve a home here, or in the background with ``--detach``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from a2i_al.errors import A2IError, HomeInUse
from a2i_al.local.arguments import add_settings, settings_of
from a2i_al.settings import home_directory

ERROR, IN_USE = 1, 3


def main() -> int:
    """Serve; return 0 when stopped, 3 if another server has the home, 1 for any other error."""
    parser = argparse.ArgumentParser(prog="python -m a2i_al.local", description="The embedded A2I.")
    parser.add_argument("--home", help="where it keeps everything (default: $A2I_AL_HOME or ~/.a2i-al)")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--allow-remote", action="store_true", help="listen beyond loopback")
    add_settings(parser)
    parser.add_argument("--detach", action="store_true", help="go to the background once it listens")
    arguments = parser.parse_args()
    from a2i_al.local.server import serve  # noqa: PLC0415  # --help needs no server

    try:
        serve(
            arguments.home,
            port=arguments.port,
            host=arguments.host,
            allow_remote=arguments.allow_remote,
            on_listening=_detacher(home_directory(arguments.home) / "service.log") if arguments.detach else None,
            **settings_of(arguments),
        )
    except A2IError as error:
        print(error, file=sys.stderr)  # noqa: T201  # what a command does
        return IN_USE if isinstance(error, HomeInUse) else ERROR
    return 0


def _detacher(log: Path) -> Callable[[], None]:
    """Return the function that goes on in a child of nobody and ends this process well.

    Whoever started this process then has no child to look after, and no signal meant for them reaches the service.
    """

    def detach() -> None:
        if os.fork():
            os._exit(0)
        os.setsid()
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with Path(os.devnull).open() as nothing:
            os.dup2(nothing.fileno(), 0)
        os.dup2(descriptor, 1)
        os.dup2(descriptor, 2)
        os.close(descriptor)

    return detach


if __name__ == "__main__":
    sys.exit(main())
