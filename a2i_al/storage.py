"""Objects under `file://` and `s3://` through one interface: obstore, with boto3's credentials and endpoint.

obstore costs a tenth of boto3's time per small object, which is what harvesting is.
"""

from __future__ import annotations

import mimetypes
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from a2i_al.aws.connection import Connection
from a2i_al.aws.object_store import s3_store
from a2i_al.aws.objects import get_object, list_objects
from a2i_al.errors import (
    A2IError,
    AccessDenied,
    InvalidInput,
    NotFound,
    ServiceError,
    Unreachable,
    service_errors,
)
from a2i_al.folders import walk

_LISTED_AT_ONCE = 1000  # what S3 sends in one page
_DEBUG = "\n\nDebug source"  # from here on obstore's errors are for its own developers
ARCHIVED = "InvalidObjectState"  # S3's code for an object in Glacier that nobody has restored
_CHECK_POLICY = "check the credentials and their policy for this bucket"
_REFUSALS = ("AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken")


class Entry(NamedTuple):
    """An object as a listing has it, before it is fetched.

    Attributes
    ----------
    key : str
        Where it lies in the store.
    size : int
        Bytes.
    tag : str
        Another one as soon as the object is another one: entity tag, size and time of the last change.
    """

    key: str
    size: int
    tag: str


@dataclass(frozen=True)
class Store:
    """The objects below a root URI.

    Attributes
    ----------
    root : str
        ``s3://bucket`` or ``file://``: what keys are relative to.
    objects : obstore's store
    s3 : boto3 client, optional
        Reads what obstore has no name for: keys with empty, ``.`` or ``..`` segments, or control characters.
    """

    root: str
    objects: Any
    s3: Any = None

    def list(self, prefix: str) -> Iterator[Entry]:
        """Yield every object below a prefix, which ends at a ``/``; of files with odd names, some may come twice.

        Raises
        ------
        ServiceError
            If the place cannot be listed; `NotFound` for a folder that is not there.
        """
        import obstore  # noqa: PLC0415

        last = ""
        try:
            for batch in obstore.list(self.objects, prefix=prefix or None, chunk_size=_LISTED_AT_ONCE):
                for meta in batch:
                    last = meta["path"]
                    yield Entry(last, meta["size"], _tag(meta["e_tag"], meta["size"], meta["last_modified"]))
        except _foreign() as error:
            # obstore refuses a whole listing for one such key, or for one link that leads in a circle.
            odd = isinstance(error, obstore.exceptions.InvalidPathError) or "Unable to walk" in str(error)
            if not odd:
                raise _own(error, f"listing {self.uri(prefix)}") from error
        else:
            return
        yield from self._list_files(prefix) if self.s3 is None else self._list_with_boto3(prefix, last)

    def _list_with_boto3(self, prefix: str, after: str) -> Iterator[Entry]:
        with service_errors(f"listing {self.uri(prefix)}"):  # S3 lists in the order of keys: it goes on from there
            for found in list_objects(self.s3, self._bucket, f"{prefix}/" if prefix else "", after=after):
                yield Entry(found["Key"], found["Size"], _tag(found["ETag"], found["Size"], found["LastModified"]))

    def _list_files(self, prefix: str) -> Iterator[Entry]:
        # Folders have no order: some files come twice.
        for path, stat in walk(Path("/", prefix)):
            changed = datetime.fromtimestamp(stat.st_mtime, UTC)
            yield Entry(str(path).strip("/"), stat.st_size, _tag(f"{stat.st_ino:x}", stat.st_size, changed))

    def get(self, key: str) -> bytes:
        """Return an object.

        Raises
        ------
        NotFound
            If it does not exist.
        """
        # No context manager: this runs for every output, and one would cost half as much as the request does.
        try:
            return bytes(self.objects.get(key).bytes())
        except ValueError:  # obstore has no name for this key
            pass
        except _foreign() as error:
            raise _own(error, f"reading {self.uri(key)}") from error
        if self.s3 is None:
            try:
                return Path("/", key).read_bytes()
            except OSError as error:
                raise _own(error, f"reading {self.uri(key)}") from error
        with service_errors(f"reading {self.uri(key)}"):
            return get_object(self.s3, self._bucket, key)

    def put(self, key: str, data: bytes, *, content_type: str = "application/octet-stream") -> str:
        """Store an object and return its URI."""
        # A file system keeps no attributes.
        more = {} if self.root.startswith("file:") else {"attributes": {"Content-Type": content_type}}
        try:
            self.objects.put(key, data, **more)
        except _foreign() as error:
            raise _own(error, f"writing {self.uri(key)}") from error
        return self.uri(key)

    def exists(self, key: str) -> bool:
        """Say whether there is an object of this key."""
        try:
            self.objects.head(key)
        except FileNotFoundError:
            return False
        except _foreign() as error:
            raise _own(error, f"looking for {self.uri(key)}") from error
        return True

    def uri(self, key: str) -> str:
        """Return the full URI of a key."""
        return f"{self.root}/{key}"

    @property
    def _bucket(self) -> str:
        return self.root.removeprefix("s3://")


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
        connection = connection or Connection()
        store = Store(f"s3://{parts.netloc}", s3_store(parts.netloc, connection), connection.s3)
        # No urlsplit for the key: "?" and "#" are ordinary characters in S3 keys.
        return store, uri.removeprefix(f"s3://{parts.netloc}").strip("/")
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


def _tag(e_tag: str | None, size: int, changed: datetime) -> str:
    return f"{e_tag} {size} {changed.timestamp():.6f}"


def _foreign() -> tuple[type[Exception], ...]:
    """Return what obstore raises; called where an error is on its way, so that nothing is imported for none."""
    from obstore.exceptions import BaseError  # noqa: PLC0415

    return (BaseError, FileNotFoundError, PermissionError, ValueError)


def _own(error: Exception, doing: str) -> A2IError:
    """Return this package's error for one of obstore's."""
    from obstore import exceptions as o  # noqa: PLC0415

    found = f"{doing}: {str(error).partition(_DEBUG)[0]}"
    match error:
        case FileNotFoundError() | o.NotFoundError():
            return NotFound(found, code="NoSuchKey")
        case _ if ARCHIVED in str(error):
            return AccessDenied(found, code=ARCHIVED, fix="restore it, with `aws s3api restore-object`")
        case PermissionError() | o.PermissionDeniedError() | o.UnauthenticatedError():
            return AccessDenied(found, fix=_CHECK_POLICY)
        case o.InvalidPathError() | ValueError():
            return InvalidInput(
                found,
                expected="keys without empty, '.' or '..' segments",
                fix="take the trailing slash off S3OutputPath",
            )
        case o.GenericError():
            return _by_words(found)
        case _:
            return ServiceError(found)


def _by_words(found: str) -> ServiceError:
    """Return the error for what S3 has answered a listing with: obstore passes its words on, without a class."""
    if "NoSuchBucket" in found:
        return NotFound(found, code="NoSuchBucket", fix="check the bucket's name")
    if any(code in found for code in _REFUSALS):
        return AccessDenied(found, fix=_CHECK_POLICY)
    if "redirect" in found:
        return ServiceError(found, fix="use the bucket's own Region: boto3.Session(region_name=…)")
    return Unreachable(found, fix="check the endpoint and the network, then run this again")
