"""Files that are wholly there or not at all, also after a power cut."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path


def write_durably(path: Path, data: bytes, *, staging: Path | None = None) -> None:
    """Put a file in place: written aside, synced, renamed, and its folder synced.

    Parameters
    ----------
    path : Path
        Missing folders above it are made.
    data : bytes
        The content.
    staging : Path, optional
        Folder on the same file system to write in first; the file's own by default.
    """
    make_folder(path.parent)
    temporary = (staging or path.parent) / f".{secrets.token_hex(8)}.part"
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(path.parent)


def make_folder(path: Path) -> None:
    """Make a folder and those above it, durably."""
    if path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(exist_ok=True)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Sync a folder's entries."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
