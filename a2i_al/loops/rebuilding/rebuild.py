"""A lost ledger is rebuilt: the service's list and the loops' own outputs come in, rows of the ledger go out.

Finished loops say in their outputs what they asked. Of open ones A2I tells no input, only the name, which follows from
what is asked: given the items, the name of every question about them is worked out and compared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from a2i_al.aws.connection import Connection
from a2i_al.errors import NotFound, service_errors
from a2i_al.loops.bookkeeping.ledger import DELETED, FINAL, Ledger
from a2i_al.loops.following.track import refresh, seen_of
from a2i_al.loops.rebuilding.questions import Question, questions_of
from a2i_al.loops.rebuilding.records import output_keys, read_records
from a2i_al.storage import Store, open_store
from a2i_al.tables import ITEMS

LEDGER, OUTPUT, NAME, UNKNOWN = "ledger", "output", "name", "unknown"
COLUMNS = ("human_loop_name", "item_id", "round", "model_version", "attempt", "status", "source", "reason")
ROUNDS = 20
_NO_ITEMS = "it has no output; with the items, it may be known by its name"
_NO_MATCH = "it has no output, and none of these items, model versions and rounds makes its name"


def rebuild(
    connection: Connection,
    ledger: Ledger,
    flow_definition_arn: str,
    outputs: str,
    items: pd.DataFrame | None = None,
    *,
    model_versions: Iterable[str] = (),
    rounds: int = ROUNDS,
    dry_run: bool = False,
) -> pd.DataFrame:
    """Put every loop of a flow definition into the ledger, as far as can be known what it asked.

    What the ledger has stays, and the status of all is brought up to date. May run any number of times, also while
    loops are being started.

    Parameters
    ----------
    connection : Connection
        To A2I, and to S3 for outputs.
    ledger : Ledger
        Lost, incomplete or whole.
    flow_definition_arn : str
        Whose loops.
    outputs : str
        Where the outputs lie, as `FlowDefinition.outputs` says it; others may lie there too.
    items : DataFrame, optional
        An items table. Without it, a loop that has no output yet stays unknown.
    model_versions : iterable of str
        Versions that may have been asked about, beside those found in ledger and outputs, and none.
    rounds : int
        Rounds that may have been asked in, counted from 0, beside those found in ledger and outputs and the ones after
        them.
    dry_run : bool
        Write nothing.

    Returns
    -------
    DataFrame
        A row per loop: ``human_loop_name``, ``item_id``, ``round``, ``model_version``, ``attempt``, ``status``,
        ``source`` (``ledger``: it was there; ``output`` or ``name``: rebuilt from that; ``unknown``: it cannot be, and
        is not in the ledger), and ``reason``, why it is unknown. A loop that the service has deleted, but whose output
        is there, is ``Deleted``.

    Raises
    ------
    InvalidTable
        If ``items`` is not an items table.
    ServiceError
        If the service or the outputs cannot be listed.
    """
    candidates = None if items is None else ITEMS.check(items)["item_id"].tolist()
    store, prefix = open_store(outputs, connection)
    # In this order, while loops are started and finished: a loop is listed before it has an output, unless it is
    # deleted, and its intent is in the ledger before it is listed.
    keys = output_keys(store, prefix, flow_definition_arn.rsplit("/", 1)[-1])
    listed = _listed(connection, flow_definition_arn)
    loops = _survey(listed, keys, ledger.loops(flow_definition_arn))
    _ask_outputs(loops, keys, store, flow_definition_arn)
    _ask_names(loops, flow_definition_arn, candidates, set(model_versions), set(range(rounds)))
    if not dry_run:
        uris = {name: store.uri(key) for name, key in keys.items()}
        _write(ledger, [loop for loop in loops if loop.question], uris, flow_definition_arn)
        refresh(connection, ledger, flow_definition_arn)
    return _table(loops)


@dataclass
class _Loop:
    """A loop on its way into the ledger."""

    name: str
    status: str
    listed: Mapping[str, Any] | None  # as the service has it; None if it has it no more
    source: str = UNKNOWN
    question: Question | None = None
    reason: str = ""
    finished_at: str | None = None


def _listed(connection: Connection, flow_definition_arn: str) -> dict[str, dict[str, Any]]:
    """Return all loops of the flow definition, oldest first."""
    pages = connection.a2i.get_paginator("list_human_loops").paginate(
        FlowDefinitionArn=flow_definition_arn, SortOrder="Ascending", PaginationConfig={"PageSize": 100}
    )
    try:
        with service_errors(f"listing the human loops of {flow_definition_arn}"):
            return {loop["HumanLoopName"]: seen_of(loop) for page in pages for loop in page["HumanLoopSummaries"]}
    except NotFound:  # the flow definition is deleted; its outputs may be there all the same
        return {}


def _survey(listed: Mapping[str, Mapping[str, Any]], keys: Collection[str], known: pd.DataFrame) -> list[_Loop]:
    """Return every loop that is listed, has an output, or is in the ledger."""
    rows = {row["human_loop_name"]: row for row in known.to_dict("records")}
    loops = []
    for name in dict.fromkeys([*listed, *keys, *rows]):
        seen, row = listed.get(name), rows.get(name)
        # Neither listed nor final before, and yet there is an output: it was finished, and then deleted.
        status = row["status"] if row and (row["status"] in FINAL or name not in keys) else DELETED
        loop = _Loop(name, seen["status"] if seen else status, seen)
        if row:
            loop.source = LEDGER
            loop.question = Question(row["item_id"], row["model_version"], row["round"], row["attempt"])
        loops.append(loop)
    return loops


def _ask_outputs(loops: Collection[_Loop], keys: Mapping[str, str], store: Store, flow_definition_arn: str) -> None:
    """Give loops that the ledger lacks the questions that are in their outputs."""
    lost = [loop for loop in loops if loop.source == UNKNOWN and loop.name in keys]
    records = read_records(store, [keys[loop.name] for loop in lost], flow_definition_arn)
    for loop, record in zip(lost, records, strict=True):
        loop.question, loop.reason, loop.finished_at = record.question, record.reason, record.finished_at
        loop.source = OUTPUT if record.question else UNKNOWN


def _ask_names(
    loops: Collection[_Loop],
    flow_definition_arn: str,
    candidates: Collection[str] | None,
    model_versions: set[str],
    rounds: set[int],
) -> None:
    """Give the others the questions about the items that make their names."""
    nameless = {loop.name: loop for loop in loops if not loop.question}
    said = [loop.question for loop in loops if loop.question]
    found = questions_of(
        nameless,
        flow_definition_arn,
        candidates or (),
        model_versions=sorted({"", *model_versions, *(question.model_version for question in said)}),
        rounds=sorted(rounds | {question.round + more for question in said for more in (0, 1)}),
    )
    for name, loop in nameless.items():
        loop.question = found.get(name)
        loop.source = NAME if loop.question else UNKNOWN
        loop.reason = loop.reason or (_NO_ITEMS if candidates is None else _NO_MATCH)


def _write(ledger: Ledger, loops: Collection[_Loop], uris: Mapping[str, str], flow_definition_arn: str) -> None:
    """Write loops that the ledger lacks, each with its state at once, and what is known now of those that it has."""
    states = {
        # A failed one counts as open until `refresh` has asked for the reason, which no list has.
        loop.name: {**(loop.listed or {}), "status": "InProgress" if loop.status == "Failed" else loop.status}
        for loop in loops
    }
    ledger.restore(
        states[loop.name]
        | asdict(loop.question)
        | {
            "human_loop_name": loop.name,
            "flow_definition_arn": flow_definition_arn,
            "finished_at": loop.finished_at,
            "output_uri": uris.get(loop.name),
        }
        for loop in loops
        if loop.question and loop.source != LEDGER
    )
    ledger.observe(
        states[loop.name] | {"human_loop_name": loop.name} for loop in loops if loop.listed or loop.status == DELETED
    )
    ledger.found_outputs({loop.name: uris[loop.name] for loop in loops if loop.name in uris})


def _table(loops: Iterable[_Loop]) -> pd.DataFrame:
    rows = [
        {
            "human_loop_name": loop.name,
            "status": loop.status,
            "source": loop.source,
            "reason": "" if loop.question else loop.reason,
            **(asdict(loop.question) if loop.question else {}),
        }
        for loop in loops
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"round": "Int64", "attempt": "Int64"})
