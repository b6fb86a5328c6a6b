"""A folder comes in; its files go out, whatever their names: what obstore refuses, the file system reads."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path


def walk(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Yield the files below a folder; links to folders are not followed, dangling ones and names without text left out.

    Examples
    --------
    >>> list(walk(Path("/nothing/here")))
    []
    """
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            try:
                str(path).encode()
                yield path, path.stat()
            except (OSError, UnicodeEncodeError):
                continue
