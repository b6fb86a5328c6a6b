"""The command `a2i-al`. Results go to standard output, progress and errors to standard error."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from a2i_al.cli import doctor, ledger, local, template
from a2i_al.cli.whole import whole
from a2i_al.errors import A2IError

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
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="the main job on handwritten digits, offline")
    demo.add_argument("--out", default="demo-out", help="folder for the results (default: %(default)s)")
    demo.add_argument("--human", action="store_true", help="answer the tasks yourself, in the browser")
    demo.add_argument("--seed", type=whole(0), default=0, help="of every draw (default: %(default)s)")
    demo.set_defaults(run=_demo)

    local.add_to(commands)
    ledger.add_to(commands)
    template.add_to(commands)
    doctor.add_to(commands)
    return parser


class _Version(argparse.Action):
    """Prints the version. It is looked up when asked for: reading metadata takes longer than the parser does."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from a2i_al import __version__  # noqa: PLC0415

        print(f"a2i-al {__version__}")
        parser.exit()


def _demo(arguments: argparse.Namespace) -> None:
    from a2i_al import demo  # noqa: PLC0415  # each command loads what it needs

    summary = demo.run(arguments.out, human=arguments.human, seed=arguments.seed)
    chosen, drawn = (f"{100 * summary[name]:.1f} %" for name in ("accuracy", "accuracy_random"))
    print(
        f"\n{summary['labels_bought']} labels took the model to {chosen} on digits it has not seen"
        f" ({drawn} if they had been chosen at random)."
        f"\nOpen {os.path.join(arguments.out, 'report.html')} for the rest."  # noqa: PTH118  # as the user wrote it
    )
