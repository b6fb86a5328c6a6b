"""A path, folder, pattern or URI in, files out: what a pool's Parquet is made of, and where it lies."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.fs

from a2i_al.errors import InvalidInput

_SUFFIXES = (".parquet", ".pq", ".parq")
# In a URI the parts before these, `scheme://host`, are no names of files.
_PLACE = 3
_QUERY = re.compile(r"\?(?=\w+=)")
_WILD = re.compile(r"[*?[]")
_RANGES = re.compile(r".-.|.", re.DOTALL)
_PIECES = re.compile(r"(\*\*|\*|\?|\[[!^]?\]?[^\]]*\])")


def is_path(source: Any) -> bool:
    """Say whether the source names files: one path, or a list of paths.

    Examples
    --------
    >>> is_path("pool.parquet"), is_path(["a.parquet", "b.parquet"]), is_path([])
    (True, True, False)
    """
    if isinstance(source, (list, tuple)):
        return bool(source) and all(isinstance(one, (str, os.PathLike)) for one in source)
    return isinstance(source, (str, os.PathLike))


def find_files(source: Any, filesystem: Any = None) -> list[tuple[Any, str]]:
    """Return the files, each with its file system: those of one source sorted, those of a list in its order.

    Parameters
    ----------
    source : path, URI, folder, pattern, or a list of these
        What is there under the very name is no pattern. In a pattern `*`, `?` and `[...]` stay within a folder, and
        ``**/`` stands for any number of folders, none included. What writers keep for themselves (names that begin with
        a dot, or with an underscore and are no Hive partition) is passed over, unless the name spells it out.
    filesystem : pyarrow.fs.FileSystem, optional
        Where the paths are.

    Raises
    ------
    InvalidInput
        If nothing is there, be it at one of a list, or it cannot be reached.
    """
    found: list[tuple[Any, str]] = []
    known: list[Any] = []
    for one in source if isinstance(source, (list, tuple)) else [source]:
        text = _text(one)
        with _reachable(text):
            base, path = _located(text, filesystem)
            # Each is its own client with its own connections: files of one place share one.
            base = next((each for each in known if each == base), base)
            known += [] if base in known else [base]
            files = sorted(_listed(base, path))
        if not files:
            raise InvalidInput(f"there is no Parquet file at {one!r}", expected="a file, a folder or a pattern")
        found += [(base, file) for file in files]
    return list({(id(base), path): (base, path) for base, path in found}.values())


def _text(path: Any) -> str:
    text = str(os.fspath(path))
    if not text.strip():
        raise InvalidInput("the path is empty", expected="a file, a folder, a pattern or a URI")
    if isinstance(path, os.PathLike) and re.match(r"\w\w+:/", text):
        raise InvalidInput(f"{text} is a URI as a Path, which drops one of its slashes", fix="pass it as a text")
    return text


@contextmanager
def _reachable(text: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise InvalidInput(
            f"{text} cannot be reached: {str(error).splitlines()[0] if str(error) else type(error).__name__}",
            expected="a path, or a URI that pyarrow knows, such as s3://bucket/pool/",
            fix="check the address (in a URI a space is %20), the network and the credentials",
        ) from error


def _located(text: str, filesystem: Any) -> tuple[Any, str]:
    if filesystem is not None:
        return filesystem, text
    if "://" not in text:
        return pyarrow.fs.LocalFileSystem(), Path(text).expanduser().as_posix()
    # What is no URI, the pattern, goes past Arrow's parser; a question mark begins a query only before `name=`.
    address, query = [*_QUERY.split(text, maxsplit=1), ""][:2]
    parts = address.split("/")
    wild = next((at for at, part in enumerate(parts) if at >= _PLACE and _WILD.search(part)), len(parts))
    base, path = pyarrow.fs.FileSystem.from_uri("/".join(parts[:wild]) + (query and f"?{query}"))
    return base, "/".join([path, *map(unquote, parts[wild:])])


def _listed(base: Any, path: str) -> list[str]:
    parts = path.split("/")
    # A name that is there may have marks of a pattern in it.
    spelt = next(
        (at for at, part in enumerate(parts) if _WILD.search(part) and not _is_there(base, "/".join(parts[: at + 1]))),
        len(parts),
    )
    if spelt < len(parts):
        return _matching(base, parts[:spelt], parts[spelt:])
    info = base.get_file_info(path)
    if info.type == pyarrow.fs.FileType.Directory:
        infos = base.get_file_info(pyarrow.fs.FileSelector(path, recursive=True))
        return [each.path for each in infos if each.is_file and _is_data(each.path.removeprefix(path).strip("/"))]
    return [path] if info.type == pyarrow.fs.FileType.File else []


def _is_there(base: Any, path: str) -> bool:
    return bool(base.get_file_info(path).type != pyarrow.fs.FileType.NotFound)


def _matching(base: Any, spelt: list[str], pattern: list[str]) -> list[str]:
    """Return the files below the folder that is spelt out whose names match the rest."""
    folder = "/".join(spelt) or ("/" if spelt else "")
    infos = base.get_file_info(pyarrow.fs.FileSelector(folder or ".", recursive=True, allow_not_found=True))
    names = {each.path: each.path.removeprefix("./").removeprefix(folder).lstrip("/") for each in infos if each.is_file}
    try:
        matches = re.compile(_expression(pattern)).fullmatch
    except re.error as error:  # a range from z to a
        raise InvalidInput(
            f"{'/'.join([*spelt, *pattern])} is no pattern: {error}", expected="such as *.parquet"
        ) from error
    shown = {part[:1] for part in pattern}
    return [
        path
        for path, name in names.items()
        if matches(name) and not any(_is_hidden(part) and part[0] not in shown for part in name.split("/"))
    ]


def _expression(pattern: list[str]) -> str:
    """Return the regular expression of a pattern, folder by folder.

    Examples
    --------
    >>> bool(re.fullmatch(_expression(["**", "*.parquet"]), "a.parquet"))
    True
    """
    *folders, last = pattern
    below = "".join("(?:[^/]+/)*" if part == "**" else f"{_part(part)}/" for part in folders)
    return below + ("(?:[^/]+/)*[^/]+" if last == "**" else _part(last))


def _part(part: str) -> str:
    # `a**.parquet` reaches into the folders below; one star, like a question mark, does not.
    wild = {"**": ".*", "*": "[^/]*", "?": "[^/]"}
    return "".join(wild.get(piece) or _class(piece) or re.escape(piece) for piece in _PIECES.split(part))


def _class(piece: str) -> str:
    letters = piece[2:-1] if piece[1:2] in {"!", "^"} else piece[1:-1]
    if not (piece.startswith("[") and piece.endswith("]") and letters):
        return ""
    # A letter, or the first and the last of a range.
    ends = [map(re.escape, each[::2]) for each in _RANGES.findall(letters)]
    return f"(?!/)[{'^' if piece[1] in '!^' else ''}{''.join(map('-'.join, ends))}]"


def _is_data(name: str) -> bool:
    return name.lower().endswith(_SUFFIXES) and not any(map(_is_hidden, name.split("/")))


def _is_hidden(part: str) -> bool:
    """Whether a writer keeps it for itself: ``_temporary``, ``.crc``; a partition ``_day=1`` is data."""
    return part.startswith(".") or (part.startswith("_") and "=" not in part)
