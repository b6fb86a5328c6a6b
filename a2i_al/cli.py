"""The command `a2i-al`. Results go to standard output, progress and errors to standard error."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from a2i_al.errors import A2IError, ServiceNotRunning

if TYPE_CHECKING:
    from a2i_al.local import Service

_OK, _ERROR, _INTERRUPTED = 0, 1, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0, 1 for an error of ours, 2 for wrong usage, 130 after Ctrl-C."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments) or _OK)
    except A2IError as error:
        print(f"a2i-al: {error}", file=sys.stderr)
        return _ERROR
    except KeyboardInterrupt:
        print("\na2i-al: stopped. Nothing is lost: the same command goes on from here.", file=sys.stderr)
        return _INTERRUPTED
    except BrokenPipeError:  # `a2i-al … | head`: nobody reads any more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="a2i-al", description="Human review for machine learning, from a notebook.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="the main job on handwritten digits, offline")
    demo.add_argument("--out", default="demo-out", help="folder for the results (default: %(default)s)")
    demo.add_argument("--human", action="store_true", help="answer the tasks yourself, in the browser")
    demo.add_argument("--seed", type=int, default=0, help="of every draw (default: %(default)s)")
    demo.set_defaults(run=_demo)

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
            command.add_argument("--port", type=int, default=8470, help="0 takes a free one (default: %(default)s)")
            command.add_argument(
                "--s3",
                choices=("embedded", "aws"),
                help="where s3:// outputs go: into the home (default), or to real S3",
            )
    return parser


def _demo(arguments: argparse.Namespace) -> None:
    from a2i_al import demo  # noqa: PLC0415  # each command loads what it needs

    summary = demo.run(arguments.out, human=arguments.human, seed=arguments.seed)
    chosen, drawn = (f"{100 * summary[name]:.1f} %" for name in ("accuracy", "accuracy_random"))
    print(
        f"\n{summary['labels_bought']} labels took the model to {chosen} on digits it has not seen"
        f" ({drawn} if they had been chosen at random)."
        f"\nOpen {os.path.join(arguments.out, 'report.html')} for the rest."  # noqa: PTH118  # as the user wrote it
    )


def _serve(arguments: argparse.Namespace) -> None:
    from a2i_al import local  # noqa: PLC0415

    local.serve(arguments.home, port=arguments.port, s3=arguments.s3)


def _status(arguments: argparse.Namespace) -> None:
    service = _running(arguments.home)
    print(f"running      {service.url}\nhome         {service.home}\nportal       {service.portal_url}")


def _env(arguments: argparse.Namespace) -> None:
    for name, value in _running(arguments.home).environment().items():
        print(f"export {name}={shlex.quote(value)}")


def _stop(arguments: argparse.Namespace) -> None:
    from a2i_al import local  # noqa: PLC0415

    print("stopped" if local.stop(arguments.home) else "was not running")


def _running(home: str | None) -> Service:
    from a2i_al import local  # noqa: PLC0415

    service = local.running(home)
    if service is None:
        raise ServiceNotRunning(
            f"no embedded A2I serves {local.home_directory(home)}", fix="start one with `a2i-al local serve`"
        )
    return service
