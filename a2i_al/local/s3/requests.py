"""What an S3 request's headers and query ask for: which operation, what to keep, on what condition, which part."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Mapping

from a2i_al.local.wire.call import Call, Refusal

# Alone in a query, these select an operation of S3; anything else (x-id, list-type, prefix …) belongs to a plain one.
_SUBRESOURCES = frozenset(
    {
        *("accelerate", "acl", "analytics", "attributes", "cors", "delete", "encryption", "intelligent-tiering"),
        *("inventory", "legal-hold", "lifecycle", "location", "logging", "metrics", "notification", "object-lock"),
        *("ownershipControls", "policy", "policyStatus", "publicAccessBlock", "replication", "requestPayment"),
        *("restore", "retention", "select", "tagging", "torrent", "uploads", "versioning", "versions", "website"),
    }
)
_KEPT_HEADERS = ("content-type", "content-encoding", "content-disposition", "content-language", "cache-control")


def subresource(query: Mapping[str, str]) -> str:
    """Return the query name that stands alone, as in ``?location``: it selects the operation."""
    return next((name for name, value in query.items() if not value and name in _SUBRESOURCES), "")


def kept_headers(call: Call) -> dict[str, str]:
    """Return the headers that are stored with an object."""
    kept = {n: v for n, v in call.headers.items() if n in _KEPT_HEADERS or n.startswith("x-amz-meta-")}
    codings = [c.strip() for c in kept.pop("content-encoding", "").split(",") if c.strip() not in {"", "aws-chunked"}]
    return kept | ({"content-encoding": ", ".join(codings)} if codings else {})


def check_md5(call: Call, body: bytes) -> None:
    """Raise ``BadDigest`` if the body is not the one that Content-MD5 says."""
    wanted = call.headers.get("content-md5")
    if wanted and wanted != b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode():
        raise Refusal("BadDigest", "The Content-MD5 you specified did not match what we received.")


def check_conditions(call: Call, etag: str | None, *, reading: bool = False) -> None:
    """Refuse a request whose If-Match or If-None-Match does not fit what is there."""
    match, none_match = (call.headers.get(name, "").strip() for name in ("if-match", "if-none-match"))
    if match:
        if etag is None:
            raise Refusal("NoSuchKey", "The specified key does not exist.", 404)
        if match != "*" and etag not in _etags(match):
            raise _precondition("If-Match")
    if none_match and etag is not None and (none_match == "*" or etag in _etags(none_match)):
        if reading:
            raise Refusal("NotModified", "Not modified", 304)
        raise _precondition("If-None-Match")


def _etags(header: str) -> set[str]:
    return {tag.strip().removeprefix("W/").strip('"') for tag in header.split(",")}


def _precondition(name: str) -> Refusal:
    message = f"At least one of the pre-conditions you specified did not hold: {name}"
    return Refusal("PreconditionFailed", message, 412)


def byte_range(header: str, size: int) -> tuple[int, int]:
    """Return start and end, exclusive, of ``bytes=2-5``, ``bytes=2-`` or ``bytes=-3``."""
    first, _, last = header.removeprefix("bytes=").strip().partition("-")
    if first.isdecimal():
        start, end = int(first), min(int(last) + 1, size) if last.isdecimal() else size
    elif last.isdecimal():
        start, end = max(0, size - int(last)), size
    else:
        start, end = size, size
    if start >= end:
        raise Refusal("InvalidRange", "The requested range is not satisfiable", 416)
    return start, end
