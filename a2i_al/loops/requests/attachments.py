"""What is too large for InputContent, or no JSON at all, becomes a file under its content's hash, and its URI goes out.

A file is stored once, however many items and rounds show it, and before the first loop that refers to it is started.
"""

from __future__ import annotations

import hashlib
import json
import mimetypes
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from a2i_al.aws.connection import Connection
from a2i_al.errors import InvalidPayload
from a2i_al.loops.requests.payload import as_utf8
from a2i_al.storage import open_store

BUCKET = "a2i-al"  # for files, where the outputs are in no bucket
_LOOK_FIRST = 64 * 1024  # bytes, beyond which it is cheaper to ask whether a file is there than to send it again
_MAGIC = (
    (b"\x89PNG", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF8", ".gif"),
    (b"%PDF", ".pdf"),
    (b"II*\x00", ".tif"),
    (b"MM\x00*", ".tif"),
    (b"BM", ".bmp"),
    (b"ID3", ".mp3"),
    (b"OggS", ".ogg"),
)
_RIFF = {b"WEBP": ".webp", b"WAVE": ".wav"}
# And nothing else: a text may begin with a link. Keys in S3 may have blanks in them.
_URI = re.compile(r"s3://[^\n]+|https://\S+")
_PNG_MODES = {"1", "L", "LA", "P", "RGB", "RGBA", "I;16"}


@dataclass(frozen=True)
class File:
    """A file to be stored: where, and how its content is made."""

    uri: str
    content: Callable[[], bytes]


def folder(output_path: str) -> str:
    """Return where files lie for a flow definition: beside its outputs, so that the same role may read them.

    Examples
    --------
    >>> folder("s3://reviews/digits"), folder("file:///data/out")
    ('s3://reviews/digits/inputs', 's3://a2i-al/inputs')
    """
    base = output_path if output_path.startswith("s3://") else f"s3://{BUCKET}"
    return f"{base}/inputs"


def of_bytes(place: str, content: bytes, suffix: str | None = None) -> File:
    """Return the file for some content, in a folder, under its hash; the suffix is that of its kind if left out.

    Examples
    --------
    >>> of_bytes("s3://b/inputs", b"%PDF-1.7").uri
    's3://b/inputs/86edbaa24831badfa0a8b04bb410141e.pdf'
    """
    suffix = kind_of(content) if suffix is None else suffix
    return File(f"{place}/{hashlib.sha256(content).hexdigest()[:32]}{suffix}", lambda: content)


def as_file(place: str, value: Any, *, named: bool, where: str = "the value") -> File | None:
    """Return a value as a file, or None if it stays where it is.

    Bytes, Pillow images and paths always become files: JSON has no such values. Anything else does where its column is
    ``named``: text as ``.txt``, arrays of pixels as ``.png``, other arrays, lists and dicts as ``.json``. A column is
    never inline for one item and a file for another, since a template can read it in one way only. What is a URI
    already, or missing, stays.

    Parameters
    ----------
    place : str
        The folder's URI.
    value : object
        Of an item's column.
    named : bool
        Whether the column is one that becomes files.
    where : str
        Item and column, for the message.

    Raises
    ------
    InvalidPayload
        If a path cannot be read, or a value has no form as a file.

    Examples
    --------
    >>> as_file("s3://b/inputs", "A long text.", named=True).uri
    's3://b/inputs/d2b7a31b629b69004badcc0add4897b8.txt'
    >>> as_file("s3://b/inputs", "A long text.", named=False)
    """
    if isinstance(value, bytes | bytearray | memoryview):
        return of_bytes(place, bytes(value))
    if isinstance(value, Path):
        return _of_path(place, value, where)
    if type(value).__module__.startswith("PIL."):
        try:
            return _of_image(place, value)
        except (OSError, SyntaxError, ValueError) as error:  # it is decoded only now
            raise InvalidPayload(
                f"{where} is a picture that cannot be read: {error}", expected="one that can"
            ) from error
    return _of_named(place, value, where) if named else None


def _of_path(place: str, path: Path, where: str) -> File:
    try:
        with path.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise InvalidPayload(f"{where} is a path that cannot be read: {error}", expected="a file") from error

    def content() -> bytes:
        # Not kept since it was hashed: it may be one of thousands. So it may have become another one.
        data = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(data).hexdigest() != digest:
            raise InvalidPayload(
                f"{where}, {path}, was changed or removed while it was being submitted",
                expected="files that stay as they are",
                fix="submit again: what was started is not started twice",
            )
        return data

    return File(f"{place}/{digest[:32]}{path.suffix.lower()}", content)


def _of_named(place: str, value: Any, where: str) -> File | None:
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    if isinstance(value, str):
        return None if _URI.fullmatch(value) else of_bytes(place, as_utf8(value, where), ".txt")
    if isinstance(value, np.ndarray) and _is_pixels(value):
        from PIL import Image  # noqa: PLC0415  # loads with the first picture

        return _of_image(place, Image.fromarray(value))
    if isinstance(value, np.ndarray | list | tuple | dict):
        plain = value.tolist() if isinstance(value, np.ndarray) else value
        try:
            return of_bytes(place, json.dumps(plain, ensure_ascii=False, allow_nan=False).encode(), ".json")
        except (TypeError, ValueError) as error:
            raise InvalidPayload(f"{where} is a {type(value).__name__} that is no JSON: {error}") from error
    raise InvalidPayload(
        f"{where} is a {type(value).__name__}, which has no form as a file",
        expected="bytes, text, a picture, a path, an array, a list or a dict",
    )


def store(files: Iterable[File], connection: Connection, *, max_workers: int) -> None:
    """Store files, each once; those that are there already are not sent again.

    Raises
    ------
    ServiceError
        If storage refuses.
    """
    wanted = list({file.uri: file for file in files}.values())
    if not wanted:
        return
    objects, _ = open_store(wanted[0].uri, connection)

    def put(file: File) -> None:
        content, key = file.content(), file.uri.removeprefix(f"{objects.root}/")
        if len(content) < _LOOK_FIRST or not objects.exists(key):
            kind = mimetypes.guess_type(key)[0] or "application/octet-stream"
            objects.put(key, content, content_type=kind)

    with ThreadPoolExecutor(max_workers) as pool:
        for _ in pool.map(put, wanted):
            pass


def kind_of(content: bytes) -> str:
    """Return the suffix of the kind of file that some content is.

    Examples
    --------
    >>> kind_of(b"RIFF....WEBPVP8 "), kind_of(b"{}")
    ('.webp', '.bin')
    """
    if content[:4] == b"RIFF":
        return _RIFF.get(content[8:12], ".bin")
    return next((suffix for magic, suffix in _MAGIC if content.startswith(magic)), ".bin")


def _is_pixels(array: np.ndarray) -> bool:
    colours = array.ndim == 3 and array.shape[2] in {3, 4}  # noqa: PLR2004  # height, width and RGB or RGBA
    return array.dtype == np.uint8 and (array.ndim == 2 or colours)  # noqa: PLR2004


def _of_image(place: str, image: Any) -> File:
    # Named by its pixels: how PNG compresses them differs between releases, and the name must not.
    ready = _for_png(image)
    pixels = hashlib.sha256(f"{ready.mode} {ready.size} {ready.getpalette()}".encode() + ready.tobytes())

    def png() -> bytes:
        file = BytesIO()
        _for_png(image).save(file, "PNG")
        return file.getvalue()

    return File(f"{place}/{pixels.hexdigest()[:32]}.png", png)


def _for_png(image: Any) -> Any:
    from PIL import ImageOps  # noqa: PLC0415  # loads with the first picture

    upright = ImageOps.exif_transpose(image)
    if upright.mode in _PNG_MODES:
        return upright
    return upright.convert("I;16" if upright.mode == "I" else "RGB")
