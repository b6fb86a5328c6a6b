"""One HTTP request as it was received, byte for byte, and the refusals that A2I's services send back."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote

from starlette.responses import Response


@dataclass(frozen=True)
class Call:
    """A request.

    Attributes
    ----------
    method : str
        ``"GET"``, ``"POST"`` …
    raw_path, raw_query : str
        As sent, still percent-encoded: signatures are over these.
    headers : mapping
        Lower-case name to value.
    body : bytes
        All of it.
    """

    method: str
    raw_path: str
    raw_query: str
    headers: Mapping[str, str]
    body: bytes = b""

    @cached_property
    def path(self) -> str:
        """The decoded path."""
        return unquote(self.raw_path)

    @cached_property
    def query(self) -> dict[str, str]:
        """The decoded query; of repeated names the last."""
        return dict(parse_qsl(self.raw_query, keep_blank_values=True))

    @property
    def host(self) -> str:
        """Host and port as the sender knows them."""
        return self.headers.get("host", "")

    @property
    def base_url(self) -> str:
        """What to put before a path for a link that works where the request came from."""
        return f"http://{self.host}"


class Refusal(Exception):
    """What a service says no with; becomes an error response of its protocol.

    Attributes
    ----------
    code, message : str
        A2I's or S3's own.
    status : int
        HTTP status.
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status = code, message, status


def invalid(message: str) -> Refusal:
    """Return the refusal of a request that is itself wrong."""
    return Refusal("ValidationException", message)


def request_id() -> str:
    """Return a fresh request id."""
    return str(uuid.uuid4())


def json_reply(content: Any, *, status: int = 200, content_type: str = "application/json") -> Response:
    """Return a reply of the JSON protocols."""
    body = json.dumps(content, separators=(",", ":"), allow_nan=False).encode()
    return Response(body, status, {"x-amzn-requestid": request_id()}, content_type)


def json_refusal(refusal: Refusal, *, content_type: str = "application/json") -> Response:
    """Return an error of the JSON protocols.

    A2I's clients read the type from the header, SageMaker's from the body, and each spells the message its own way.
    """
    content = {"__type": refusal.code, "Message": refusal.message, "message": refusal.message}
    reply = json_reply(content, status=refusal.status, content_type=content_type)
    reply.headers["x-amzn-errortype"] = refusal.code
    return reply


def json_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object of a request's body; raises ``SerializationException``."""
    try:
        content = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise Refusal("SerializationException", "The request's body is not a JSON object.")
    return content
