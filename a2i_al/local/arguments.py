"""The settings of a home as options of the commands that serve it."""

from __future__ import annotations

import argparse
from typing import Any

SETTINGS = ("s3", "requests_per_second", "loops_in_flight", "events_queue_url")


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add an option for each setting; left out, the home keeps what it has."""
    parser.add_argument(
        "--s3", choices=("embedded", "aws"), help="where s3:// outputs go: into the home (default), or to real S3"
    )
    parser.add_argument(
        "--requests-per-second",
        type=float,
        metavar="N",
        help="throttle the runtime API beyond that, with ThrottlingException; 0 lifts the limit (default: none)",
    )
    parser.add_argument(
        "--loops-in-flight",
        type=int,
        metavar="N",
        help="refuse to start more at once on a flow definition, with ServiceQuotaExceededException, as A2I does beyond"
        " 5000; 0 lifts the limit (default: none)",
    )
    parser.add_argument(
        "--events-queue-url",
        metavar="URL",
        help="send EventBridge's event about each loop that ends to this SQS queue; '' sends none (default: none)",
    )


def settings_of(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the settings as keyword arguments of `serve`.

    Examples
    --------
    >>> parser = argparse.ArgumentParser()
    >>> add_settings(parser)
    >>> settings_of(parser.parse_args(["--requests-per-second", "20"]))["requests_per_second"]
    20.0
    """
    return {name: getattr(arguments, name) for name in SETTINGS}
