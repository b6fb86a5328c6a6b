"""The five operations of ``sagemaker-a2i-runtime`` on the wire (REST-JSON).

https://docs.aws.amazon.com/augmented-ai/2019-11-07/APIReference/
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any
from urllib.parse import unquote

from starlette.responses import Response

from a2i_al.local.api.limits import Limits
from a2i_al.local.clock import epoch
from a2i_al.local.loops.machine import Loop, Machine
from a2i_al.local.wire.call import Call, Refusal, invalid, json_object, json_refusal, json_reply
from a2i_al.local.wire.shapes import as_time, check
from a2i_al.local.wire.signed_json import SignedJson

PREFIX = "/human-loops"
_SERVICE = "sagemaker-a2i-runtime"
_PAGE = 100


class RuntimeApi:
    """The requester's operations on human loops.

    Parameters
    ----------
    machine : Machine
        The loops.
    signed : SignedJson
        Opens what is signed for ``sagemaker``.
    limits : Limits
        Throttles, and counts.
    """

    def __init__(self, machine: Machine, signed: SignedJson, limits: Limits) -> None:
        self._machine, self._signed, self._limits = machine, signed, limits

    def __call__(self, call: Call) -> Response:
        """Answer a request; every refusal is a JSON error."""
        try:
            body = self._signed.open(call)
            self._limits.admit()
            reply = json_reply(self._dispatch(call, body))
        except Refusal as refusal:
            self._limits.count(refusal.code)
            return json_refusal(refusal)
        self._limits.count(None)
        return reply

    def _dispatch(self, call: Call, body: bytes) -> dict[str, Any]:
        name = unquote(call.raw_path.removeprefix(PREFIX).removeprefix("/"))
        match call.method, name:
            case "POST", "":
                return self._start(json_object(body))
            case "POST", "stop":
                return self._stop(json_object(body))
            case "GET", "":
                return self._list(call)
            case "GET", _:
                return self._describe({"HumanLoopName": name})
            case "DELETE", _ if name:
                return self._delete({"HumanLoopName": name})
        raise Refusal("UnknownOperationException", f"There is no {call.method} {call.path}.", 404)

    def _start(self, request: dict[str, Any]) -> dict[str, Any]:
        check(_SERVICE, "StartHumanLoop", request)
        arn = self._machine.start(
            request["HumanLoopName"],
            request["FlowDefinitionArn"],
            request["HumanLoopInput"]["InputContent"],
            (request.get("DataAttributes") or {}).get("ContentClassifiers", ()),
        )
        return {"HumanLoopArn": arn}

    def _stop(self, request: dict[str, Any]) -> dict[str, Any]:
        check(_SERVICE, "StopHumanLoop", request)
        self._machine.stop(request["HumanLoopName"])
        return {}

    def _delete(self, request: dict[str, Any]) -> dict[str, Any]:
        check(_SERVICE, "DeleteHumanLoop", request)
        self._machine.delete(request["HumanLoopName"])
        return {}

    def _describe(self, request: dict[str, Any]) -> dict[str, Any]:
        check(_SERVICE, "DescribeHumanLoop", request)
        loop = self._machine.describe(request["HumanLoopName"])
        return {
            "CreationTime": epoch(loop.created),
            "FailureCode": loop.failure_code,
            "FailureReason": loop.failure_reason,
            "FlowDefinitionArn": loop.flow_arn,
            "HumanLoopArn": self._machine.config.arn("human-loop", loop.name),
            "HumanLoopName": loop.name,
            "HumanLoopOutput": {"OutputS3Uri": loop.output_uri} if loop.output_uri else None,
            "HumanLoopStatus": loop.status,
        }

    def _list(self, call: Call) -> dict[str, Any]:
        request: dict[str, Any] = dict(call.query)
        if "MaxResults" in request:
            request["MaxResults"] = _whole(request["MaxResults"])
        check(_SERVICE, "ListHumanLoops", request)
        limit = request.get("MaxResults", _PAGE)
        loops = self._machine.list(
            request["FlowDefinitionArn"],
            after=_ms(request.get("CreationTimeAfter")),
            before=_ms(request.get("CreationTimeBefore")),
            ascending=request.get("SortOrder") == "Ascending",
            limit=limit + 1,
            beyond=_position(request["NextToken"]) if "NextToken" in request else None,
        )
        page, more = loops[:limit], loops[limit:]
        return {
            "HumanLoopSummaries": [_summary(loop) for loop in page],
            "NextToken": _token(page[-1]) if more else None,
        }


def _summary(loop: Loop) -> dict[str, Any]:
    return {
        "CreationTime": epoch(loop.created),
        "FailureReason": loop.failure_reason,
        "FlowDefinitionArn": loop.flow_arn,
        "HumanLoopName": loop.name,
        "HumanLoopStatus": loop.status,
    }


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise Refusal("SerializationException", f"MaxResults is {text!r}, not a whole number.") from None


def _ms(value: str | None) -> float | None:
    return None if value is None else as_time(value).timestamp() * 1000


def _token(loop: Loop) -> str:
    return urlsafe_b64encode(json.dumps([loop.created, loop.id]).encode()).decode()


def _position(token: str) -> tuple[int, int]:
    try:
        created, loop = json.loads(urlsafe_b64decode(token))
        return int(created), int(loop)
    except (ValueError, TypeError):
        raise invalid("NextToken is not one of this list.") from None
