"""A boto3 client of S3 comes in; objects go out, whatever their keys: what obstore refuses, boto3 reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def list_objects(s3: Any, bucket: str, prefix: str, *, after: str = "") -> Iterator[dict[str, Any]]:
    """Yield the objects whose keys begin with a prefix and come after a key, in the order of keys.

    Raises
    ------
    botocore's errors
        As they are; see `errors.service_errors`.
    """
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix, StartAfter=after):
        yield from page.get("Contents", [])


def get_object(s3: Any, bucket: str, key: str) -> bytes:
    """Return the bytes of an object.

    Raises
    ------
    botocore's errors
        As they are; see `errors.service_errors`.
    """
    body: bytes = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    return body
