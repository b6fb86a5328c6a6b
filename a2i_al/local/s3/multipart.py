"""Uploads in parts, which boto3 and obstore choose for files over some megabytes: parts come in, an object goes out."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from a2i_al.local.durable import make_folder
from a2i_al.local.s3.objects import Buckets
from a2i_al.local.wire.call import Refusal

_UPLOAD = re.compile(r"[0-9a-f]{32}")
_LAST_PART = 10_000


class Uploads:
    """Uploads that are not complete yet, as folders of parts outside the buckets.

    Parameters
    ----------
    buckets : Buckets
        Where the objects go.
    """

    def __init__(self, buckets: Buckets) -> None:
        self._buckets, self._root = buckets, buckets.root / ".uploads"

    def begin(self, bucket: str, key: str, headers: Mapping[str, str]) -> str:
        """Begin an upload and return its id."""
        self._buckets.find(bucket, key)  # refuses a key that cannot be stored before its parts are sent
        upload = secrets.token_hex(16)
        make_folder(self._root / upload)
        record = {"bucket": bucket, "key": key, "headers": dict(headers)}
        (self._root / upload / "upload.json").write_text(json.dumps(record))
        return upload

    def put_part(self, upload: str, number: str, data: bytes) -> str:
        """Keep a part, in place of one with the same number, and return its ETag."""
        if not number.isdecimal() or not 1 <= int(number) <= _LAST_PART:
            raise Refusal("InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive")
        path = self._folder(upload) / number
        temporary = path.with_suffix(f".{secrets.token_hex(4)}")
        temporary.write_bytes(data)
        temporary.replace(path)
        return _md5(data)

    def complete(
        self,
        upload: str,
        bucket: str,
        key: str,
        parts: Sequence[tuple[str, str]],
        *,
        condition: Callable[[str | None], None],
    ) -> str:
        """Join the named parts into the object and return its ETag.

        Raises
        ------
        Refusal
            ``NoSuchUpload``, ``InvalidPart`` if one is missing or another than named, ``InvalidPartOrder``.
        """
        folder = self._folder(upload)
        record = json.loads((folder / "upload.json").read_text())
        if (record["bucket"], record["key"]) != (bucket, key):
            raise _no_such_upload()
        numbers = [int(number) if number.isdecimal() else 0 for number, _ in parts]
        if not numbers or numbers != sorted(set(numbers)):
            raise Refusal("InvalidPartOrder", "The list of parts was not in ascending order.")
        content = bytearray()
        for number, (_, etag) in zip(numbers, parts, strict=True):
            path = folder / str(number)
            data = path.read_bytes() if path.is_file() else None
            if data is None or _md5(data) != etag.strip('"'):
                raise Refusal("InvalidPart", f"Part {number} was not uploaded, or its ETag is another.")
            content += data
        etag = self._buckets.put(bucket, key, bytes(content), record["headers"], condition=condition)
        shutil.rmtree(folder)
        return etag

    def abort(self, upload: str) -> None:
        """Forget an upload."""
        shutil.rmtree(self._folder(upload))

    def _folder(self, upload: str) -> Path:
        folder = self._root / upload
        if not _UPLOAD.fullmatch(upload) or not folder.is_dir():
            raise _no_such_upload()
        return folder


def _no_such_upload() -> Refusal:
    return Refusal("NoSuchUpload", "The specified multipart upload does not exist.", 404)


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
