"""Ask the service how the loops of a flow definition stand and write it into the ledger: pages, not a call per loop."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from a2i_al.aws.connection import Connection
from a2i_al.errors import NotFound, service_errors
from a2i_al.loops.ledger import FINAL, PLANNED, Ledger


def refresh(connection: Connection, ledger: Ledger, flow_definition_arn: str) -> None:
    """Bring the ledger's rows of a flow definition up to date with ListHumanLoops.

    Only loops that are not final yet are asked for. A failed loop costs one DescribeHumanLoop, once, for its failure
    code, which the list does not carry.

    Raises
    ------
    ServiceError
        If the service refuses or cannot be reached.
    """
    loops = ledger.loops(flow_definition_arn)
    open_loops = loops[~loops["status"].isin([*FINAL, PLANNED])]
    if open_loops.empty:
        return
    names = set(open_loops["human_loop_name"])
    query: dict[str, Any] = {"FlowDefinitionArn": flow_definition_arn, "PaginationConfig": {"PageSize": 100}}
    if open_loops["created_at"].notna().all():
        # The bound is exclusive and in the service's clock, to the millisecond.
        query["CreationTimeAfter"] = open_loops["created_at"].min().to_pydatetime() - timedelta(seconds=1)
    seen = []
    with service_errors(f"listing the human loops of {flow_definition_arn}"):
        for page in connection.a2i.get_paginator("list_human_loops").paginate(**query):
            seen += [_row(s, connection) for s in page["HumanLoopSummaries"] if s["HumanLoopName"] in names]
    ledger.observe(seen)


def _row(summary: dict[str, Any], connection: Connection) -> dict[str, Any]:
    row = {
        "human_loop_name": summary["HumanLoopName"],
        "status": summary["HumanLoopStatus"],
        "created_at": _iso(summary["CreationTime"]),
        "failure_reason": summary.get("FailureReason"),
    }
    if row["status"] == "Failed":
        try:
            with service_errors(f"looking up human loop {row['human_loop_name']!r}"):
                found = connection.a2i.describe_human_loop(HumanLoopName=row["human_loop_name"])
        except NotFound:  # deleted since the list was made
            return row
        row |= {"failure_code": found.get("FailureCode"), "failure_reason": found.get("FailureReason")}
    return row


def _iso(time: datetime) -> str:
    # botocore reads an ISO time without a zone as naive; the service's times are UTC.
    aware = time if time.tzinfo else time.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="milliseconds")
