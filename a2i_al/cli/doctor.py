"""`a2i-al doctor [ARN]`: one table of all that a human loop needs, and what puts right what is not."""

from __future__ import annotations

import argparse


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    doctor = commands.add_parser("doctor", help="check credentials, Region, flow definition, team, role and bucket")
    doctor.add_argument("arn", nargs="?", metavar="ARN", help="of a flow definition; without it, the account only")
    doctor.add_argument("--json", action="store_true", help="one JSON list of checks")
    doctor.set_defaults(run=_doctor)


def _doctor(arguments: argparse.Namespace) -> int:
    from a2i_al.aws.diagnosis import diagnose  # noqa: PLC0415  # each command loads what it needs

    diagnosis = diagnose(arguments.arn)
    print(diagnosis.to_frame().to_json(orient="records", indent=2) if arguments.json else diagnosis)
    return 0 if diagnosis.healthy else 1
