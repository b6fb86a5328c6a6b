"""`a2i-al ledger rebuild FLOW`: a lost or incomplete ledger, put together again from the service and the outputs."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from a2i_al.errors import InvalidInput

if TYPE_CHECKING:
    import pandas as pd

    from a2i_al.aws.connection import Connection

_SHOWN = 20
_WORDS = {
    "ledger": "were in the ledger",
    "output": "rebuilt from their outputs",
    "name": "rebuilt from the items, by their names",
    "unknown": "not rebuilt",
}


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command with its own commands."""
    ledger = commands.add_parser("ledger", help="the record of what was asked").add_subparsers(
        required=True, metavar="COMMAND"
    )
    rebuild = ledger.add_parser(
        "rebuild",
        help="put back what is missing in it, from A2I's list, the outputs and the items",
        description="Put every human loop of a flow definition into the ledger. Nothing that it has is lost, and this"
        " may be run any number of times. Finished loops say in their outputs what they asked; those that are open are"
        " known by their names, given the items.",
    )
    rebuild.add_argument("flow", metavar="FLOW", help="ARN or name of the flow definition")
    rebuild.add_argument("--ledger", metavar="FILE", help="the ledger (default: ledger.sqlite3 in the home)")
    rebuild.add_argument("--items", metavar="FILE", help="the items: .csv, .jsonl or .parquet with a column item_id")
    rebuild.add_argument(
        "--model-version",
        metavar="VERSION",
        action="append",
        default=[],
        help="a version that was asked about, beside those in ledger and outputs (may be repeated)",
    )
    rebuild.add_argument("--local", action="store_true", help="the flow definition is on the embedded A2I of the home")
    rebuild.add_argument("--home", help="default: $A2I_AL_HOME or ~/.a2i-al")
    rebuild.add_argument("--dry-run", action="store_true", help="say what would be done, and write nothing")
    rebuild.add_argument("--json", action="store_true", help="one JSON list of loops")
    rebuild.set_defaults(run=_rebuild)


def _rebuild(arguments: argparse.Namespace) -> None:
    from a2i_al.aws.flows import describe_flow  # noqa: PLC0415  # each command loads what it needs
    from a2i_al.loops.bookkeeping.ledger import Ledger  # noqa: PLC0415
    from a2i_al.loops.rebuilding.rebuild import rebuild  # noqa: PLC0415
    from a2i_al.settings import home_directory  # noqa: PLC0415
    from a2i_al.workflow.facade import LEDGER_FILE  # noqa: PLC0415

    items = _items(arguments.items) if arguments.items else None
    path = Path(arguments.ledger or home_directory(arguments.home) / LEDGER_FILE)
    with _connected(arguments) as connection:
        definition = describe_flow(connection, arguments.flow)
        loops = rebuild(
            connection,
            Ledger(path),
            definition.arn,
            definition.outputs,
            items,
            model_versions=arguments.model_version,
            dry_run=arguments.dry_run,
        )
    if arguments.json:
        print(json.dumps(json.loads(loops.to_json(orient="records")), indent=2, ensure_ascii=False))
        return
    print(f"{definition.name}: {len(loops)} human loops")
    for source, count in loops["source"].value_counts().items():
        print(f"{count:7}  {_WORDS[source]}")
    unknown = loops[loops["source"] == "unknown"]
    for row in unknown.head(_SHOWN).itertuples():
        print(f"         {row.human_loop_name} ({row.status}): {row.reason}")
    if len(unknown) > _SHOWN:
        print(f"         … and {len(unknown) - _SHOWN} more; --json lists all")
    print("nothing was written" if arguments.dry_run else f"the ledger is {path}")


@contextmanager
def _connected(arguments: argparse.Namespace) -> Iterator[Connection]:
    from a2i_al.aws.connection import Connection  # noqa: PLC0415

    if not arguments.local:
        yield Connection()
        return
    from a2i_al import local  # noqa: PLC0415

    with local.visiting(arguments.home) as service:
        yield Connection(service.boto3_session(), service.endpoints())


def _items(file: str) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415

    readers: dict[str, Any] = {
        ".csv": lambda path: pd.read_csv(path, usecols=["item_id"], dtype=str, keep_default_na=False),
        ".jsonl": lambda path: pd.read_json(path, lines=True, dtype=False),
        ".parquet": lambda path: pd.read_parquet(path, columns=["item_id"]),
    }
    suffix = Path(file).suffix.lower()
    if suffix not in readers:
        raise InvalidInput(f"the items are in {file}", expected="a .csv, .jsonl or .parquet file")
    try:
        items: pd.DataFrame = readers[suffix](file)
    except (OSError, ValueError) as error:  # pyarrow's and pandas' errors are ValueErrors
        raise InvalidInput(f"{file} cannot be read: {error}", expected="a column item_id") from error
    return items
