"""Buckets as folders and objects as plain files: what the embedded S3 keeps, and how it is kept whole.

Files put there by hand are objects too. What a file cannot say (its Content-Type, user metadata) lies in a folder
outside the buckets; folders whose names start with a dot are no buckets.
"""

from __future__ import annotations

import hashlib
import json
import mimetypes
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from a2i_al.local.durable import make_folder, write_durably
from a2i_al.local.wire.call import Refusal

_BUCKET = re.compile(r"[a-z0-9](?:[a-z0-9.-]{1,61})[a-z0-9]")
_SEGMENT_BYTES, _KEY_BYTES = 255, 1024
_ETAGS_KEPT = 100_000


@dataclass(frozen=True)
class Stored:
    """An object; `headers` are those it was stored with, its Content-Type at least."""

    key: str
    path: Path
    size: int
    modified: float
    etag: str
    headers: Mapping[str, str]


class Buckets:
    """The folder of all buckets.

    Parameters
    ----------
    root : Path
        Is made if it does not exist.
    """

    def __init__(self, root: Path) -> None:
        self.root, self.staging, self._metadata = root, root / ".staging", root / ".metadata"
        # Checking a condition and renaming a file are one step, and so are emptying and removing a folder.
        self._lock = threading.Lock()
        self._etags: dict[Path, tuple[int, int, str]] = {}
        shutil.rmtree(self.staging, ignore_errors=True)  # what a killed process had begun
        make_folder(self.staging)

    def names(self) -> list[str]:
        """Return the buckets."""
        return sorted(path.name for path in self.root.iterdir() if _BUCKET.fullmatch(path.name) and path.is_dir())

    def exists(self, bucket: str) -> bool:
        """Return whether there is such a bucket."""
        return bool(_BUCKET.fullmatch(bucket)) and (self.root / bucket).is_dir()

    def folder(self, bucket: str) -> Path:
        """Return a bucket's folder; raises ``NoSuchBucket``."""
        if not self.exists(bucket):
            raise Refusal("NoSuchBucket", f"The specified bucket does not exist: {bucket}", 404)
        return self.root / bucket

    def create(self, bucket: str) -> bool:
        """Make a bucket and return whether it is new; raises ``InvalidBucketName``."""
        if not _BUCKET.fullmatch(bucket) or ".." in bucket:
            raise Refusal("InvalidBucketName", f"The specified bucket is not valid: {bucket}")
        new = not (self.root / bucket).exists()
        make_folder(self.root / bucket)
        return new

    def delete(self, bucket: str) -> None:
        """Remove an empty bucket; raises ``BucketNotEmpty``."""
        folder = self.folder(bucket)
        with self._lock:
            if next(self._files(folder, ""), None) is not None:
                raise Refusal("BucketNotEmpty", "The bucket you tried to delete is not empty", 409)
            shutil.rmtree(folder)
            shutil.rmtree(self._metadata / bucket, ignore_errors=True)

    def get(self, bucket: str, key: str) -> Stored:
        """Return an object; raises ``NoSuchKey``."""
        path = self._path(bucket, key)
        with self._lock, suppress(OSError):
            etag = self._etag(path)
            if etag is not None:
                status = path.stat()
                return Stored(key, path, status.st_size, status.st_mtime, etag, self._headers(bucket, key))
        raise Refusal("NoSuchKey", f"The specified key does not exist: {key}", 404)

    def find(self, bucket: str, key: str) -> Stored | None:
        """Return an object, or None."""
        try:
            return self.get(bucket, key)
        except Refusal as refusal:
            if refusal.code == "NoSuchKey":
                return None
            raise

    def put(
        self,
        bucket: str,
        key: str,
        data: bytes,
        headers: Mapping[str, str] | None = None,
        *,
        condition: Callable[[str | None], None] | None = None,
    ) -> str:
        """Store an object durably and return its ETag.

        Parameters
        ----------
        bucket, key : str
            Where.
        data : bytes
            What.
        headers : mapping, optional
            Lower-case names; the Content-Type is guessed from the key where it is not among them.
        condition : callable, optional
            Gets the ETag of what is there, or None; what it raises is raised, and nothing changed.
        """
        path = self._path(bucket, key)
        given = {"content-type": _guess(key)} | dict(headers or {})
        with self._lock, _as_refusals(key):
            if condition is not None:
                condition(self._etag(path))
            write_durably(path, data, staging=self.staging)
            self._keep(bucket, key, given)
            # Remembered here and not by the file's time alone: two writes may carry the same one.
            return self._remember(path, hashlib.md5(data, usedforsecurity=False).hexdigest())

    def remove(self, bucket: str, key: str) -> None:
        """Remove an object, and the folders that are empty without it; a missing one is no error, as in S3."""
        folder, path = self.folder(bucket), self._path(bucket, key)
        with self._lock, suppress(OSError):
            path.unlink()
            self._sidecar(bucket, key).unlink(missing_ok=True)
            for parent in path.parents:
                if parent == folder:
                    break
                parent.rmdir()

    def list(self, bucket: str, prefix: str) -> list[str]:
        """Return the keys with a prefix, in S3's order."""
        return sorted(self._files(self.folder(bucket), prefix), key=lambda key: key.encode())

    def _files(self, folder: Path, prefix: str) -> Iterator[str]:
        # Only the folder that the prefix leads into is walked; a prefix that is no path leads nowhere.
        inner = prefix.rpartition("/")[0]
        if inner and any(part in {"", ".", ".."} for part in inner.split("/")):
            return
        for where, _, names in os.walk(folder / inner):
            base = Path(where).relative_to(folder).as_posix()
            for name in names:
                key = name if base == "." else f"{base}/{name}"
                if key.startswith(prefix) and _is_text(key):
                    yield key

    def _path(self, bucket: str, key: str) -> Path:
        folder = self.folder(bucket)
        parts = key.split("/")
        if any(part in {"", ".", ".."} for part in parts) or "\0" in key or "\\" in key:
            raise Refusal(
                "InvalidArgument",
                f"The key {key!r} cannot be a file: this S3 keeps plain files, so keys have no empty, '.' or '..'"
                " segments, no backslashes, and do not end in '/'.",
            )
        if len(key.encode()) > _KEY_BYTES or any(len(part.encode()) > _SEGMENT_BYTES for part in parts):
            raise Refusal("KeyTooLongError", "Your key is too long: 1024 bytes in all, 255 between slashes.")
        return folder.joinpath(*parts)

    def _etag(self, path: Path) -> str | None:
        """Return the MD5 of a file, which is worked out once and again if the file was changed by hand."""
        if not path.is_file():
            return None
        status = path.stat()
        modified, size, etag = self._etags.get(path, (None, None, ""))
        if (modified, size) == (status.st_mtime_ns, status.st_size):
            return etag
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False))
        return self._remember(path, digest.hexdigest())

    def _remember(self, path: Path, etag: str) -> str:
        if len(self._etags) >= _ETAGS_KEPT:
            self._etags.clear()
        status = path.stat()
        self._etags[path] = (status.st_mtime_ns, status.st_size, etag)
        return etag

    def _sidecar(self, bucket: str, key: str) -> Path:
        name = hashlib.sha256(key.encode()).hexdigest()
        return self._metadata / bucket / name[:2] / f"{name}.json"

    def _keep(self, bucket: str, key: str, headers: Mapping[str, str]) -> None:
        sidecar = self._sidecar(bucket, key)
        if dict(headers) == {"content-type": _guess(key)}:
            sidecar.unlink(missing_ok=True)
        else:
            make_folder(sidecar.parent)
            write_durably(sidecar, json.dumps(dict(headers)).encode())

    def _headers(self, bucket: str, key: str) -> dict[str, str]:
        with suppress(OSError, ValueError):
            return {str(k): str(v) for k, v in json.loads(self._sidecar(bucket, key).read_text()).items()}
        return {"content-type": _guess(key)}


@contextmanager
def _as_refusals(key: str) -> Iterator[None]:
    """Turn what the file system says inside the block into S3's words."""
    try:
        yield
    except (NotADirectoryError, IsADirectoryError, FileExistsError) as error:
        message = f"The key {key!r} cannot be a file: part of it is an object, or it is part of another object's key."
        raise Refusal("InvalidArgument", message) from error


def _guess(key: str) -> str:
    return mimetypes.guess_type(key)[0] or "binary/octet-stream"


def _is_text(key: str) -> bool:
    try:
        key.encode()
    except UnicodeEncodeError:  # a file name by hand that is not UTF-8
        return False
    return True
