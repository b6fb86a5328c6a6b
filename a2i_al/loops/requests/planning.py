"""Items and picks come in; each becomes the request for one human loop, the same however often this is run.

Nothing is sent, stored or written down here: a plan is what a dry run shows.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from a2i_al.errors import InvalidPayload, InvalidTable
from a2i_al.loops.bookkeeping.caps import beyond, why_over
from a2i_al.loops.bookkeeping.ledger import PLANNED, Ledger
from a2i_al.loops.requests.attachments import File, as_file
from a2i_al.loops.requests.columns import check_columns, check_names, redacted
from a2i_al.loops.requests.names import human_loop_name, request_id
from a2i_al.loops.requests.payload import data_attributes, input_content
from a2i_al.loops.requests.predictions import said_of
from a2i_al.tables import PICKS

START, ASKED, REFUSED, OVER_BUDGET = "start", "already asked", "refused", "over budget"
COLUMNS = ("item_id", "human_loop_name", "action", "reason", "characters", "files", "asked_at", "cost")


@dataclass(frozen=True)
class Request:
    """One human loop to be started: its ledger row, its InputContent, and the files that this refers to."""

    row: dict[str, Any]
    content: str
    files: tuple[File, ...] = ()

    @property
    def name(self) -> str:
        """The human loop's name."""
        return str(self.row["human_loop_name"])


@dataclass(frozen=True)
class Terms:
    """What a submission asks under, beside what it asks.

    Attributes
    ----------
    needed : sequence of str
        Columns that the task page prints.
    redact : collection of str
        Columns that are not sent.
    as_files : collection of str
        Columns that are stored as files, with their URIs sent.
    folder : str
        Where files are stored.
    content_classifiers : sequence of str
        What is declared of the content.
    workteam_arn : str
        Of the people who will see it.
    most : int or None
        Loops that a round may have.
    cost : float
        Of one loop; NaN where no price is known.
    attempts : mapping of str to int
        Item id to the attempt that is wanted at least, for loops that have failed.
    """

    needed: Sequence[str] = ()
    redact: Collection[str] = ()
    as_files: Collection[str] = ()
    folder: str = ""
    content_classifiers: Sequence[str] = ()
    workteam_arn: str = ""
    most: int | None = None
    cost: float = math.nan
    attempts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """What a submission would do, without having done it.

    Attributes
    ----------
    table : DataFrame
        A row per pick: ``item_id``, ``human_loop_name``, ``action`` (``start``, ``already asked``, ``refused`` or
        ``over budget``), ``reason``, ``characters`` of InputContent and number of ``files`` of what is to be sent,
        ``asked_at`` and ``cost``.
    requests : list of Request
        The loops behind the rows ``start``.
    attributes : dict
        DataAttributes of every one of them, as a keyword argument.
    most : int or None
        Loops that a round may have.
    """

    table: pd.DataFrame
    requests: list[Request]
    attributes: dict[str, Any] = field(default_factory=dict)
    most: int | None = None


def plan(
    flow_definition_arn: str,
    items: pd.DataFrame,
    picks: pd.DataFrame | None = None,
    *,
    predictions: pd.DataFrame | None = None,
    labels: Sequence[str] | None = None,
    ledger: Ledger,
    terms: Terms | None = None,
) -> Plan:
    """Work out which loops a submission starts, has started before, or must refuse. Starts nothing.

    Parameters
    ----------
    flow_definition_arn : str
        The flow definition to ask on.
    items : DataFrame
        An items table; its other columns are what the task page shows.
    picks : DataFrame, optional
        A picks table; all items, as round 0, if left out.
    predictions : DataFrame, optional
        A predictions table of one model version; travels with the item and names the loop.
    labels : sequence of str, optional
        What the task page offers; a prediction outside of it is an error.
    ledger : Ledger
        What was asked before.
    terms : Terms, optional
        Redaction, files, caps.

    Raises
    ------
    InvalidTable
        If a table is not of its kind, a pick is not among the items, or predictions are of several model versions.
    UnknownLabel
        If a prediction is none of ``labels``.
    """
    terms = terms or Terms()
    attributes = data_attributes(terms.content_classifiers, terms.workteam_arn)
    shown, picks = _picked(items, picks, terms)
    said = said_of(predictions, labels, wanted=set(picks["item_id"]))
    known = _Known(ledger.about(picks["item_id"], flow_definition_arn))
    lines, requests = [], []
    for item_id, round_, item in zip(picks["item_id"].tolist(), picks["round"].tolist(), shown, strict=True):
        version, prediction = said.get(item_id, ("", None))
        row = known.row(flow_definition_arn, item_id, version, round_, terms.attempts.get(item_id, 0))
        line = {"item_id": item_id, "human_loop_name": row["human_loop_name"], "action": START, "reason": ""}
        line |= {"characters": 0, "files": 0, "asked_at": known.asked_at.get(row["human_loop_name"])}
        lines.append(line)
        if line["asked_at"] is not None:
            line["action"] = ASKED
            continue
        try:
            request = _request(row, item, prediction, terms)
        except InvalidPayload as error:
            line |= {"action": REFUSED, "reason": str(error)}
            continue
        requests.append(request)
        line |= {"characters": len(request.content), "files": len(request.files)}
    spent = {} if terms.most is None else ledger.spent(flow_definition_arn)
    over = {row["human_loop_name"] for row in beyond([r.row for r in requests], known.names, spent, terms.most)}
    for line in lines:
        if line["human_loop_name"] in over:
            line |= {"action": OVER_BUDGET, "reason": why_over(terms.most)}
    table = pd.DataFrame(lines, columns=list(COLUMNS))
    table["asked_at"] = pd.to_datetime(table["asked_at"], utc=True, format="ISO8601")
    table["cost"] = (table["action"] == START) * terms.cost
    requests = [request for request in requests if request.name not in over]
    return Plan(table, requests, attributes, terms.most)


class _Known:
    """What the ledger says of the picked items, as a plan asks for it."""

    def __init__(self, loops: list[dict[str, Any]]) -> None:
        self.names = {loop["human_loop_name"] for loop in loops}
        self.asked_at: dict[str, str] = {}
        self.attempts: dict[tuple[str, str, int], int] = {}
        for loop in loops:
            # Of a loop that is only planned, it is not known whether the service has it: it is started (again).
            if loop["status"] != PLANNED:
                self.asked_at[loop["human_loop_name"]] = loop["created_at"] or loop["planned_at"]
            key = (loop["item_id"], loop["model_version"], loop["round"])
            self.attempts[key] = max(loop["attempt"], self.attempts.get(key, 0))

    def row(self, flow_definition_arn: str, item_id: str, version: str, round_: int, attempt: int) -> dict[str, Any]:
        """Return the ledger's row for a question: for its last attempt, or the one that is wanted if that is later."""
        attempt = max(attempt, self.attempts.get((item_id, version, round_), 0))
        return {
            "human_loop_name": human_loop_name(flow_definition_arn, item_id, version, round_, attempt),
            "flow_definition_arn": flow_definition_arn,
            "item_id": item_id,
            "round": round_,
            "model_version": version,
            "attempt": attempt,
        }


def _picked(items: pd.DataFrame, picks: pd.DataFrame | None, terms: Terms) -> tuple[list[dict[str, Any]], pd.DataFrame]:
    """Return the picked items as they may be seen, in the order of the picks, and the picks."""
    items = redacted(items, terms.redact)
    check_columns(items, terms.needed)
    check_names(items, terms.as_files, "as_files")
    if picks is None:
        return _records(items), PICKS.check(items[["item_id"]])
    picks = PICKS.check(picks)
    places = pd.Index(items["item_id"]).get_indexer(pd.Index(picks["item_id"]))
    strangers = picks.loc[places < 0, "item_id"]
    if len(strangers):
        raise InvalidTable(
            f"{len(strangers)} picks are not among the items, such as {strangers.iloc[0]!r}",
            expected="picks of these items",
            fix="pass the items that were sampled from",
        )
    return _records(items.take(places)), picks


def _records(items: pd.DataFrame) -> list[dict[str, Any]]:
    # As `DataFrame.to_dict`, which takes three times as long: it looks at text that Arrow holds value by value.
    names = items.columns.tolist()
    columns = [items[name].tolist() for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _request(row: dict[str, Any], item: Mapping[str, Any], prediction: dict[str, Any] | None, terms: Terms) -> Request:
    shown: dict[str, Any] = {}
    files: list[File] = []
    for column, value in item.items():
        shown[column] = value
        named = column in terms.as_files
        if named or not isinstance(value, str):
            where = f"item {row['item_id']!r}, column {column!r}"
            file = as_file(terms.folder, value, named=named, where=where)
            if file is not None:
                shown[column] = file.uri
                files.append(file)
    content = input_content(
        shown,
        item_id=row["item_id"],
        model_version=row["model_version"],
        round=row["round"],
        request_id=request_id(row["flow_definition_arn"], row["item_id"], row["model_version"], row["round"]),
        prediction=prediction,
        attempt=row["attempt"],
        redacted=list(terms.redact),
    )
    return Request(row, content, tuple(files))
