"""Objects under `file://` and `s3://` through one interface: obstore, with boto3's credentials and endpoint.

obstore costs a tenth of boto3's time per small object, which is what harvesting is.
"""

from __future__ import annotations

import mimetypes
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from a2i_al.aws.connection import Connection
from a2i_al.errors import AccessDenied, InvalidInput, NotFound, ServiceError, Unreachable


@dataclass(frozen=True)
class Store:
    """The objects below a root URI.

    Attributes
    ----------
    root : str
        ``s3://bucket`` or ``file://``: what keys are relative to.
    """

    root: str
    objects: Any

    def list(self, prefix: str) -> Iterator[tuple[str, int]]:
        """Yield the key and the size in bytes of every object below a prefix, which ends at a ``/``."""
        import obstore  # noqa: PLC0415

        with mapped(f"listing {self.uri(prefix)}"):
            for batch in obstore.list(self.objects, prefix=prefix or None):
                for meta in batch:
                    yield meta["path"], meta["size"]

    def get(self, key: str) -> bytes:
        """Return an object.

        Raises
        ------
        NotFound
            If it does not exist.
        """
        with mapped(f"reading {self.uri(key)}"):
            return bytes(self.objects.get(key).bytes())

    def put(self, key: str, data: bytes, *, content_type: str = "application/octet-stream") -> str:
        """Store an object and return its URI."""
        with mapped(f"writing {self.uri(key)}"):
            if self.root.startswith("file:"):
                self.objects.put(key, data)  # a file system keeps no attributes
            else:
                self.objects.put(key, data, attributes={"Content-Type": content_type})
        return self.uri(key)

    def exists(self, key: str) -> bool:
        """Say whether there is an object of this key."""
        try:
            with mapped(f"looking for {self.uri(key)}"):
                self.objects.head(key)
        except NotFound:
            return False
        return True

    def uri(self, key: str) -> str:
        """Return the full URI of a key."""
        return f"{self.root}/{key}"


def open_store(uri: str, connection: Connection | None = None) -> tuple[Store, str]:
    """Return the store that holds a URI, and the URI's key in it.

    Parameters
    ----------
    uri : str
        ``s3://bucket/key`` or ``file:///absolute/path``.
    connection : Connection, optional
        Credentials, Region and endpoint for ``s3://``.

    Raises
    ------
    InvalidInput
        If the URI is of neither kind.

    Examples
    --------
    >>> store, key = open_store("file:///data/out/loop-1/output.json")
    >>> store.root, key
    ('file://', 'data/out/loop-1/output.json')
    """
    parts = urlsplit(uri)
    if parts.scheme == "file" and parts.netloc in {"", "localhost"} and parts.path.startswith("/"):
        from obstore.store import LocalStore  # noqa: PLC0415

        return Store("file://", LocalStore("/")), unquote(parts.path).strip("/")
    if parts.scheme == "s3" and parts.netloc:
        store = _s3_store(parts.netloc, connection or Connection())
        # No urlsplit for the key: "?" and "#" are ordinary characters in S3 keys.
        return Store(f"s3://{parts.netloc}", store), uri.removeprefix(f"s3://{parts.netloc}").strip("/")
    raise InvalidInput(f"the location is {uri!r}", expected="s3://bucket/key or file:///absolute/path")


def data_url(key: str, content: bytes) -> str:
    """Return an object as a ``data:`` URL, for a page that must show it without the network.

    Examples
    --------
    >>> data_url("a.png", b"PNG")
    'data:image/png;base64,UE5H'
    """
    kind = mimetypes.guess_type(key)[0] or "application/octet-stream"
    return f"data:{kind};base64,{b64encode(content).decode()}"


def file_uri(path: str | Path) -> str:
    """Return a path as the ``file://`` URI that A2I's S3OutputPath may hold here."""
    return "file://" + str(Path(path).expanduser().absolute())


def _s3_store(bucket: str, connection: Connection) -> Any:
    from obstore.auth.boto3 import Boto3CredentialProvider  # noqa: PLC0415
    from obstore.store import S3Store  # noqa: PLC0415

    client = connection.s3
    endpoint = client.meta.endpoint_url
    return S3Store(
        bucket,
        region=client.meta.region_name,
        endpoint=endpoint,
        virtual_hosted_style_request=False,
        # The provider calls keys fresh for `ttl` whatever their real age; session keys may have minutes left.
        credential_provider=Boto3CredentialProvider(connection.session, ttl=timedelta(minutes=5)),
        client_options={"allow_http": endpoint.startswith("http:")},
    )


@contextmanager
def mapped(doing: str) -> Iterator[None]:
    """Turn obstore's errors inside the block into this package's own."""
    from obstore import exceptions as o  # noqa: PLC0415

    try:
        yield
    except (FileNotFoundError, o.NotFoundError) as error:
        raise NotFound(f"{doing}: {error}", code="NoSuchKey") from error
    except (PermissionError, o.PermissionDeniedError, o.UnauthenticatedError) as error:
        raise AccessDenied(f"{doing}: {error}", fix="check the credentials and their policy for this bucket") from error
    except o.InvalidPathError as error:
        raise InvalidInput(
            f"{doing}: {error}",
            expected="keys without empty, '.' or '..' segments",
            fix="take the trailing slash off S3OutputPath",
        ) from error
    except o.GenericError as error:
        raise Unreachable(f"{doing}: {error}", fix="check the endpoint and the network, then run this again") from error
    except o.BaseError as error:
        raise ServiceError(f"{doing}: {error}") from error
