"""What `grant_read_access` puts into a task page: links that a sandboxed page may fetch for a while."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlsplit

from a2i_al.local.home import AWS, Home
from a2i_al.local.wire.signatures import S3_MOUNT, presign

_SECONDS = 12 * 3600  # a person may leave a page open over lunch


class ImageLinks:
    """Presigned links to what ``s3://`` URIs name, in the embedded S3 or the real one.

    Parameters
    ----------
    home : Home
        Its key signs, its settings say which S3.
    """

    def __init__(self, home: Home) -> None:
        self._home = home

    def granter(self, base_url: str) -> Callable[[str], str]:
        """Return the function from URI to link, for a page that is reached under this base URL."""

        def grant(uri: str) -> str:
            bucket, _, key = uri.removeprefix("s3://").partition("/")
            if self._home.config.s3 == AWS:
                parameters = {"Bucket": bucket, "Key": key}
                return str(self._aws.generate_presigned_url("get_object", Params=parameters, ExpiresIn=_SECONDS))
            url = f"{base_url}{S3_MOUNT}/{bucket}/{quote(key)}"
            return presign(url, "s3", self._home.credentials, self._home.config.region, seconds=_SECONDS)

        return grant

    def hosts(self, base_url: str) -> tuple[str, ...]:
        """Return the origins that pages must be allowed to load from."""
        if self._home.config.s3 == AWS:
            endpoint = urlsplit(self._aws.meta.endpoint_url)
            return (f"{endpoint.scheme}://{endpoint.netloc}",)
        return (base_url,)

    @cached_property
    def _aws(self) -> Any:
        import boto3  # noqa: PLC0415  # only this setting needs it
        from botocore.config import Config  # noqa: PLC0415

        return boto3.Session().client("s3", config=Config(signature_version="s3v4"))
