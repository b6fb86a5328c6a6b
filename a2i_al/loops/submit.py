"""Items and picks come in; each becomes one human loop, however often and from wherever this is run.

The order is what makes it safe: intent into the ledger, then the call, then the receipt. A loop whose receipt is
missing is started again under the same name with the same input, which A2I answers with the loop that is already there.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pandas as pd
from tqdm.auto import tqdm

from a2i_al.aws.connection import Connection
from a2i_al.errors import AlreadyExists, InvalidPayload, InvalidTable, RequestRefused, UnknownLabel, service_errors
from a2i_al.loops.ledger import PLANNED, Ledger
from a2i_al.loops.names import human_loop_name, request_id
from a2i_al.loops.payload import input_content
from a2i_al.tables import ITEMS, PICKS, PREDICTIONS

START, ASKED, REFUSED = "start", "already asked", "refused"


@dataclass(frozen=True)
class Request:
    """One human loop to be started: its ledger row and its InputContent."""

    row: dict[str, Any]
    content: str

    @property
    def name(self) -> str:
        """The human loop's name."""
        return str(self.row["human_loop_name"])


@dataclass(frozen=True)
class Plan:
    """What a submission would do, without having done it.

    Attributes
    ----------
    table : DataFrame
        ``item_id``, ``human_loop_name``, ``action`` (``start``, ``already asked`` or ``refused``), ``reason`` and
        ``characters`` of InputContent, a row per pick.
    requests : list of Request
        The loops behind the rows ``start`` and ``already asked``.
    """

    table: pd.DataFrame
    requests: list[Request]

    @property
    def refused(self) -> pd.DataFrame:
        """The rows that cannot be submitted, with their reasons."""
        rows = self.table[self.table["action"] == REFUSED]
        return rows[["item_id", "human_loop_name", "reason"]].reset_index(drop=True)


def check_columns(items: pd.DataFrame, needed: Sequence[str]) -> None:
    """Refuse items that lack a column which the task page prints, before anybody is asked about a hole.

    Parameters
    ----------
    items : DataFrame
        An items table.
    needed : sequence of str
        Names of columns, as `needed_columns` reads them in a template.

    Raises
    ------
    InvalidTable
        Naming all that are missing.

    Examples
    --------
    >>> check_columns(pd.DataFrame({"item_id": ["1"], "text": ["hi"]}), ["text"])
    """
    items = ITEMS.check(items)
    missing = [name for name in needed if name not in items.columns]
    if missing:
        raise InvalidTable(
            f"the task page prints {', '.join(map(repr, missing))}, which the items do not have",
            expected=f"columns for all of it; the items have {', '.join(map(repr, items.columns))}",
            fix="rename or add the columns, give them a default in the template, or submit with check=False",
        )


def plan(
    flow_definition_arn: str,
    items: pd.DataFrame,
    picks: pd.DataFrame | None = None,
    *,
    predictions: pd.DataFrame | None = None,
    labels: Sequence[str] | None = None,
    ledger: Ledger,
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

    Raises
    ------
    InvalidTable
        If a table is not of its kind, a pick is not among the items, or predictions are of several model versions.
    UnknownLabel
        If a prediction is none of ``labels``.
    """
    items = ITEMS.check(items).set_index("item_id", drop=False)
    picks = PICKS.check(items[["item_id"]] if picks is None else picks)
    strangers = picks.loc[~picks["item_id"].isin(items.index), "item_id"]
    if len(strangers):
        raise InvalidTable(
            f"{len(strangers)} picks are not among the items, such as {strangers.iloc[0]!r}",
            expected="picks of these items",
            fix="pass the items that were sampled from",
        )
    said = _predictions(predictions, labels, wanted=set(picks["item_id"]))
    known = ledger.loops(flow_definition_arn)
    asked = set(known.loc[known["status"] != PLANNED, "human_loop_name"])
    shown = items.loc[picks["item_id"]].to_dict("records")
    rows, requests = [], []
    for item_id, round_, item in zip(picks["item_id"], picks["round"], shown, strict=True):
        version, prediction = said.get(item_id, ("", None))
        name = human_loop_name(flow_definition_arn, item_id, version, round_)
        row = {"item_id": item_id, "human_loop_name": name, "action": ASKED if name in asked else START}
        try:
            content = input_content(
                item,
                item_id=item_id,
                model_version=version,
                round=round_,
                request_id=request_id(flow_definition_arn, item_id, version, round_),
                prediction=prediction,
            )
        except InvalidPayload as error:
            rows.append({**row, "action": REFUSED, "reason": str(error), "characters": 0})
            continue
        rows.append({**row, "reason": "", "characters": len(content)})
        identity = {"item_id": item_id, "round": int(round_), "model_version": version}
        requests.append(
            Request({"human_loop_name": name, "flow_definition_arn": flow_definition_arn, **identity}, content)
        )
    columns = ["item_id", "human_loop_name", "action", "reason", "characters"]
    return Plan(pd.DataFrame(rows, columns=columns), requests)


def start(
    connection: Connection, planned: Plan, *, ledger: Ledger, max_workers: int = 8, progress: bool = True
) -> pd.DataFrame:
    """Start every loop of a plan that is not started yet, and return the rows that the service refused.

    A request that A2I calls wrong is a row of the result and the others go on. Anything else (throttled beyond the
    retries, quota, no connection, Ctrl-C) ends the submission after the calls under way; run it again to go on.

    Returns
    -------
    DataFrame
        ``item_id``, ``human_loop_name``, ``reason``.

    Raises
    ------
    ServiceError
        For what stops the whole submission.
    """
    ledger.plan(request.row for request in planned.requests)
    known = ledger.loops()
    waiting = set(known.loc[known["status"] == PLANNED, "human_loop_name"])
    todo = [request for request in planned.requests if request.name in waiting]
    refused: list[dict[str, str]] = []
    halt = threading.Event()

    def one(request: Request) -> None:
        if halt.is_set():
            return
        try:
            _start_one(connection, request)
        except RequestRefused as error:
            ledger.withdraw(request.name)
            refused.append({"item_id": request.row["item_id"], "human_loop_name": request.name, "reason": str(error)})
        except BaseException:
            halt.set()
            raise
        else:
            ledger.receipt(request.name)

    with (
        tqdm(total=len(todo), desc="starting human loops", unit="loop", disable=None if progress else True) as bar,
        ThreadPoolExecutor(max_workers) as pool,
    ):
        try:
            for _ in pool.map(one, todo):
                bar.update()
        except BaseException:  # Ctrl-C included: what is not under way must not start any more
            halt.set()
            raise
    return pd.DataFrame(sorted(refused, key=lambda r: r["item_id"]), columns=["item_id", "human_loop_name", "reason"])


def _start_one(connection: Connection, request: Request) -> None:
    """Start a loop, or find it started: by a call whose answer was lost, or by somebody with the same question."""
    try:
        with service_errors(f"starting human loop {request.name!r} for item {request.row['item_id']!r}"):
            connection.a2i.start_human_loop(
                HumanLoopName=request.name,
                FlowDefinitionArn=request.row["flow_definition_arn"],
                HumanLoopInput={"InputContent": request.content},
            )
    except AlreadyExists:
        with service_errors(f"looking up human loop {request.name!r}"):
            found = connection.a2i.describe_human_loop(HumanLoopName=request.name)
        if found["FlowDefinitionArn"] != request.row["flow_definition_arn"]:
            raise


def _predictions(
    predictions: pd.DataFrame | None, labels: Sequence[str] | None, wanted: set[str]
) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return what the model said of the wanted items: item_id → (model_version, prediction)."""
    if predictions is None:
        return {}
    table = PREDICTIONS.check(predictions)
    table = table[table["item_id"].isin(wanted)]
    versions = sorted(set(table["model_version"]))
    if len(versions) > 1:
        raise InvalidTable(
            f"predictions are of several model versions: {', '.join(versions[:5])}",
            expected="one, whose uncertainty chose the picks",
            fix="filter predictions by model_version",
        )
    if labels is not None:
        odd = table.loc[~table["predicted_label"].isin(list(labels))]
        if len(odd):
            first = odd.iloc[0]
            raise UnknownLabel(
                f"item {first['item_id']!r} is predicted as {first['predicted_label']!r}",
                expected="one of " + ", ".join(map(repr, labels)),
                fix="map the model's classes to the labels of the task page",
            )
    return {
        row.item_id: (row.model_version, {"label": row.predicted_label, "confidence": row.confidence})
        for row in table.itertuples()
    }
