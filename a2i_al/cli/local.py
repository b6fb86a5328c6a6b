"""`a2i-al local …`: the embedded A2I, served, asked after, and stopped."""

from __future__ import annotations

import argparse
import shlex
from typing import TYPE_CHECKING

from a2i_al.cli.whole import whole
from a2i_al.errors import ServiceNotRunning
from a2i_al.local.arguments import add_settings, settings_of
from a2i_al.settings import home_directory

if TYPE_CHECKING:
    from a2i_al.local import Service


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command with its own commands."""
    local = commands.add_parser("local", help="the embedded A2I").add_subparsers(required=True, metavar="COMMAND")
    for name, run, text in (
        ("serve", _serve, "serve it here until Ctrl-C"),
        ("status", _status, "say whether it runs, and where"),
        ("env", _env, 'print `export` lines that point any boto3 program at it: eval "$(a2i-al local env)"'),
        ("stop", _stop, "stop it; everything is kept"),
    ):
        command = local.add_parser(name, help=text)
        command.add_argument("--home", help="where it keeps everything (default: $A2I_AL_HOME or ~/.a2i-al)")
        command.set_defaults(run=run)
        if name == "serve":
            command.add_argument(
                "--port", type=whole(0, 65_535), default=8470, help="0 takes a free one (default: %(default)s)"
            )
            add_settings(command)


def _serve(arguments: argparse.Namespace) -> None:
    from a2i_al import local  # noqa: PLC0415

    local.serve(arguments.home, port=arguments.port, **settings_of(arguments))


def _status(arguments: argparse.Namespace) -> None:
    from a2i_al import local  # noqa: PLC0415

    service = _served(arguments.home, local.running(arguments.home))
    print(f"running      {service.url}\nhome         {service.home}\nportal       {service.portal_url}")
    traffic = service.traffic()
    refused = ", ".join(f"{count} {code}" for code, count in traffic["refused"].items())
    print(f"requests     {traffic['requests']} to the runtime API{f', refused: {refused}' if refused else ''}")
    for name, what in (("requests_per_second", "requests a second"), ("loops_in_flight", "human loops in flight")):
        if traffic[name]:
            print(f"limit        {traffic[name]:g} {what}")


def _env(arguments: argparse.Namespace) -> None:
    from a2i_al import local  # noqa: PLC0415

    # Joined: the programs that these lines are for count on it.
    for name, value in _served(arguments.home, local.join(arguments.home)).environment().items():
        print(f"export {name}={shlex.quote(value)}")


def _stop(arguments: argparse.Namespace) -> None:
    from a2i_al import local  # noqa: PLC0415

    print("stopped" if local.stop(arguments.home) else "was not running")


def _served(home: str | None, service: Service | None) -> Service:
    if service is None:
        raise ServiceNotRunning(
            f"no embedded A2I serves {home_directory(home)}", fix="start one with `a2i-al local serve`"
        )
    return service
