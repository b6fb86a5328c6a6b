"""What every script here shares at its edges: the command line, a line for each race, and the figures at the end."""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

_STARTED = time.perf_counter()


class Took(Protocol):
    """What one contender took: seconds by the clock, and of the processors; if it has a `peak_mb`, that as well."""

    @property
    def seconds(self) -> float:
        """By the clock."""

    @property
    def cpu(self) -> float:
        """Of the processors, all threads together."""


def command_line(about: str | None, *, quick: str) -> argparse.ArgumentParser:
    """Return a parser with the two options of every script, `--quick` and `--json`."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help=quick)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    return parser


def show(title: str, taken: Mapping[str, Took]) -> None:
    """Print what each took."""
    print(f"{title}: {', '.join(f'{who} {_in_words(took)}' for who, took in taken.items())}", flush=True)


def report(figures: Mapping[str, float], file: Path | None) -> None:
    """Print the figures, and write them if there is a file to; with the machine's load and the seconds since the start.

    Whole numbers are printed as they are, others to five digits.
    """
    load = {"load": os.getloadavg()[0], "seconds": time.perf_counter() - _STARTED}
    for name, value in (figures := {**figures, **load}).items():
        print(f"{name:28} {value:14,}" if isinstance(value, int) else f"{name:28} {value:14,.5g}")
    if file:
        file.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


def _in_words(took: Took) -> str:
    memory = getattr(took, "peak_mb", None)
    return f"{took.seconds:.4g} s (cpu {took.cpu:.4g}{'' if memory is None else f', {memory:.0f} MB'})"
