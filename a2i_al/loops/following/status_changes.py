"""The text of a message comes in; what it says of a human loop's end goes out, or nothing if it is no event of A2I.

https://docs.aws.amazon.com/sagemaker/latest/dg/a2i-cloudwatch-events.html
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from a2i_al.loops.bookkeeping.ledger import DELETED, FINAL

DETAIL_TYPE, SOURCE = "SageMaker A2I HumanLoop Status Change", "aws.sagemaker"
_ENVELOPES = 4  # nested ones are opened so far


def status_change(body: str) -> dict[str, Any] | None:
    """Return what a message says of a human loop's end, as `Ledger.observe` takes it; None if it says no such thing.

    Parameters
    ----------
    body : str
        The event, its ``detail`` alone, or either in an envelope of SNS.

    Returns
    -------
    dict or None
        ``human_loop_name``, ``flow_definition_arn``, ``status``, ``created_at``, ``failure_code``, ``failure_reason``
        and ``output_uri``.

    Examples
    --------
    >>> detail = '{"humanLoopName": "a", "humanLoopStatus": "Stopped", "flowDefinitionArn": "arn:f"}'
    >>> status_change(detail)["status"]
    'Stopped'
    >>> status_change("hello") is None
    True
    """
    detail = _detail(body)
    try:
        name, arn, status = (detail[key] for key in ("humanLoopName", "flowDefinitionArn", "humanLoopStatus"))
        created, output = detail.get("creationTime"), detail.get("humanLoopOutput") or {}
        event = {
            "human_loop_name": name,
            "flow_definition_arn": arn,
            "status": status,
            "created_at": _time(created) if created is not None else None,
            "failure_code": detail.get("failureCode"),
            "failure_reason": detail.get("failureReason"),
            "output_uri": output.get("outputS3Uri"),
        }
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return None
    texts = all(value is None or isinstance(value, str) for value in event.values())
    return event if texts and status in FINAL - {DELETED} else None


def _detail(body: Any) -> Any:
    """Open envelopes until something has a human loop in it."""
    content = body
    for _ in range(_ENVELOPES):
        if isinstance(content, str):
            try:
                content = json.loads(content)
            except (ValueError, RecursionError):
                return None
        match content:
            case {"humanLoopName": _}:
                return content
            case {"detail": detail, **rest}:
                if rest.get("source", SOURCE) != SOURCE or rest.get("detail-type", DETAIL_TYPE) != DETAIL_TYPE:
                    return None
                content = detail
            case {"Message": message}:
                content = message
            case _:
                return None
    return None


def _time(text: str) -> str:
    time = datetime.fromisoformat(text)
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC).isoformat(timespec="milliseconds")
