"""Ask the service how the loops of a flow definition stand and write it into the ledger: pages, not a call per loop."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import pandas as pd

from a2i_al.aws.connection import Connection
from a2i_al.errors import NotFound, service_errors
from a2i_al.loops.bookkeeping.ledger import DELETED, FINAL, PLANNED, Ledger
from a2i_al.tables import TIME

_PAGE = 100  # the most that ListHumanLoops gives at once
_SKEW = timedelta(hours=1)  # by which this machine's clock may be ahead of the service's
_LOOKS = 32  # DescribeHumanLoop calls that a refresh may spend on loops that no list has


def refresh(connection: Connection, ledger: Ledger, flow_definition_arn: str) -> None:
    """Bring the ledger's rows of a flow definition up to date with ListHumanLoops.

    Only loops that are not final yet are asked for. A failed loop costs one DescribeHumanLoop, once, for its failure
    code, which the list does not carry; so does a loop that has vanished, for somebody may have deleted it.

    A planned loop that the list has was started, and its receipt was lost in a crash. One that it has not stays
    planned, and the ledger is told that it was not started by now: nobody looks through the same past for it again.

    Raises
    ------
    ServiceError
        If the service refuses or cannot be reached.
    """
    begun = _now()
    loops = ledger.loops(flow_definition_arn)
    unfinished = loops[~loops["status"].isin(FINAL)]
    if unfinished.empty:
        return
    open_loops = unfinished[unfinished["status"] != PLANNED]
    wanted, missing = set(unfinished["human_loop_name"]), set(open_loops["human_loop_name"])
    since = _created_after(unfinished, ledger.missed_at(flow_definition_arn)).min().to_pydatetime()
    seen = _listed(connection, flow_definition_arn, wanted, CreationTimeAfter=since - timedelta(seconds=1))
    unseen = wanted - {row["human_loop_name"] for row in seen}
    missing &= unseen
    never_seen = missing & set(open_loops.loc[open_loops["created_at"].isna(), "human_loop_name"])
    if never_seen:
        # Their age is not known but from a clock that may be wrong, or from a ledger that is newer than they are.
        seen += _listed(connection, flow_definition_arn, never_seen, CreationTimeBefore=since)
        missing -= {row["human_loop_name"] for row in seen}
    failed = [row["human_loop_name"] for row in seen if row["status"] == "Failed"]
    # A new one may only be slow to appear.
    young = never_seen & set(open_loops.loc[open_loops["planned_at"] > _now() - _SKEW, "human_loop_name"])
    vanished = islice((name for name in open_loops["human_loop_name"] if name in missing - young), _LOOKS)
    ledger.observe([*seen, *_described(connection, [*failed, *vanished])])
    ledger.missed(unseen - set(open_loops["human_loop_name"]), begun)


def _created_after(loops: pd.DataFrame, missed_at: Mapping[str, datetime]) -> pd.Series:
    """Return when each loop was created, or a time before that."""
    missed = pd.to_datetime(loops["human_loop_name"].map(missed_at), utc=True).astype(TIME)
    return loops["created_at"].fillna(missed.fillna(loops["planned_at"]) - _SKEW)


def seen_of(loop: dict[str, Any]) -> dict[str, Any]:
    """Return a loop that the service has described or listed, as `Ledger.observe` takes it.

    Examples
    --------
    >>> created = datetime(2026, 11, 1, tzinfo=UTC)
    >>> seen_of({"HumanLoopName": "a", "HumanLoopStatus": "InProgress", "CreationTime": created})["created_at"]
    '2026-11-01T00:00:00.000+00:00'
    """
    return {
        "human_loop_name": loop["HumanLoopName"],
        "status": loop["HumanLoopStatus"],
        "created_at": _iso(loop["CreationTime"]),
        "failure_code": loop.get("FailureCode"),
        "failure_reason": loop.get("FailureReason"),
    }


def _listed(
    connection: Connection, flow_definition_arn: str, wanted: Collection[str], **bound: datetime
) -> list[dict[str, Any]]:
    """Return the wanted loops among those of a flow definition, newest first, and stop once all are found."""
    query: dict[str, Any] = {"FlowDefinitionArn": flow_definition_arn, "PaginationConfig": {"PageSize": _PAGE}, **bound}
    seen: dict[str, dict[str, Any]] = {}
    with service_errors(f"listing the human loops of {flow_definition_arn}"):
        for page in connection.a2i.get_paginator("list_human_loops").paginate(**query):
            loops = page["HumanLoopSummaries"]
            seen |= {loop["HumanLoopName"]: seen_of(loop) for loop in loops if loop["HumanLoopName"] in wanted}
            if len(seen) == len(wanted):
                break
    return list(seen.values())


def _described(connection: Connection, names: list[str]) -> Iterator[dict[str, Any]]:
    def describe(name: str) -> dict[str, Any]:
        try:
            with service_errors(f"looking up human loop {name!r}"):
                return seen_of(connection.a2i.describe_human_loop(HumanLoopName=name))
        except NotFound:
            return {"human_loop_name": name, "status": DELETED}

    if not names:
        return iter(())
    with ThreadPoolExecutor(4) as pool:
        return iter(list(pool.map(describe, names)))


def _now() -> datetime:
    return datetime.now(UTC)


def _iso(time: datetime) -> str:
    # botocore reads an ISO time without a zone as naive; the service's times are UTC.
    aware = time if time.tzinfo else time.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="milliseconds")
