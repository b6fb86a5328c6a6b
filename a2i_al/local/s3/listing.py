"""ListObjectsV2 and its elder: a bucket and a query come in, one page of keys and common prefixes goes out."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_right
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from a2i_al.local.s3.objects import Buckets
from a2i_al.local.wire import xml
from a2i_al.local.wire.call import Refusal, request_id

_PAGE = 1000


def list_objects(buckets: Buckets, bucket: str, query: Mapping[str, str]) -> Response:
    """Answer ListObjectsV2 (``list-type=2``) or ListObjects."""
    v2 = query.get("list-type") == "2"
    prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
    limit = _limit(query.get("max-keys", str(_PAGE)))
    after = _after(query, v2=v2)
    entries, more = _page(buckets.list(bucket, prefix), prefix, delimiter, after, limit)
    encode: Callable[[str], str] = quote if query.get("encoding-type") == "url" else str
    contents = [_entry(buckets, bucket, key, encode) for key, is_prefix in entries if not is_prefix]
    last = entries[-1][0] if entries else after
    result: dict[str, Any] = {
        "Name": bucket,
        "Prefix": encode(prefix),
        "Delimiter": encode(delimiter) if delimiter else None,
        "MaxKeys": limit,
        "EncodingType": query.get("encoding-type"),
        "IsTruncated": more,
        "Contents": [entry for entry in contents if entry is not None],
        "CommonPrefixes": [{"Prefix": encode(key)} for key, is_prefix in entries if is_prefix],
    }
    if v2:
        result["KeyCount"] = len(entries)
        result["StartAfter"] = encode(query["start-after"]) if "start-after" in query else None
        result["ContinuationToken"] = query.get("continuation-token")
        result["NextContinuationToken"] = urlsafe_b64encode(last.encode()).decode() if more else None
    else:
        result["Marker"] = encode(query.get("marker", ""))
        result["NextMarker"] = encode(last) if more else None
    body = xml.document("ListBucketResult", result)
    return Response(body, 200, {"x-amz-request-id": request_id()}, "application/xml")


def iso_time(seconds: float) -> str:
    """Return the form of S3's XML.

    Examples
    --------
    >>> iso_time(1_585_595_153.306)
    '2020-03-30T19:05:53.306Z'
    """
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _page(keys: list[str], prefix: str, delimiter: str, after: str, limit: int) -> tuple[list[tuple[str, bool]], bool]:
    """Return up to `limit` keys and common prefixes, each with whether it is a prefix; and whether more follow."""
    entries: list[tuple[str, bool]] = []
    position = bisect_right(keys, after.encode(), key=str.encode) if after else 0
    while position < len(keys):
        key = keys[position]
        cut = key.find(delimiter, len(prefix)) if delimiter else -1
        group = key[: cut + len(delimiter)] if cut >= 0 else None
        if group is None or group != after:
            if len(entries) == limit:
                return entries, True
            entries.append((key, False) if group is None else (group, True))
        if group is None:
            position += 1
        else:  # on to the first key behind the group
            while position < len(keys) and keys[position].startswith(group):
                position += 1
    return entries, False


def _entry(buckets: Buckets, bucket: str, key: str, encode: Callable[[str], str]) -> dict[str, Any] | None:
    with suppress(Refusal):  # it may have been deleted since the folder was read, or be no object: `a\b` by hand
        stored = buckets.get(bucket, key)
        return {
            "Key": encode(key),
            "LastModified": iso_time(stored.modified),
            "ETag": f'"{stored.etag}"',
            "Size": stored.size,
            "StorageClass": "STANDARD",
        }
    return None


def _limit(text: str) -> int:
    if not text.isdecimal():
        raise Refusal("InvalidArgument", f"max-keys is {text!r}: it must be a whole number.")
    return min(int(text), _PAGE)


def _after(query: Mapping[str, str], *, v2: bool) -> str:
    if not v2:
        return query.get("marker", "")
    token = query.get("continuation-token")
    if token is None:
        return query.get("start-after", "")
    try:
        return urlsafe_b64decode(token.encode()).decode()
    except ValueError:
        raise Refusal("InvalidArgument", "The continuation token provided is incorrect") from None
