"""Where a caller wants something kept comes in; its path goes out, or an error that names the argument and says why."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from a2i_al import arguments
from a2i_al.errors import InvalidInput

FOLDER = "a folder that can be written, or a place to make one"


def path(name: str, value: Any) -> Path:
    """Return a path whose ``~`` is the user's home, not a folder of that name.

    Examples
    --------
    >>> path("directory", "~/week-3") == Path.home() / "week-3"
    True
    """
    given = arguments.path(name, value)
    try:
        return given.expanduser()
    except RuntimeError as error:
        raise InvalidInput(f"{name} is {given}", expected="a path", fix="write the home folder out") from error


def folder(name: str, value: Any) -> Path:
    """Return a folder, which is made if it is not there.

    Examples
    --------
    >>> folder("directory", __file__)
    Traceback (most recent call last):
    a2i_al.errors.InvalidInput: directory is ...places.py: that is a file. Expected: a folder that can be written...
    """
    place = path(name, value)
    with written(name, place, expected=FOLDER):
        place.mkdir(parents=True, exist_ok=True)
    return place


def file(name: str, value: Any) -> Path:
    """Return the path of a file that can be written, as far as can be told before the work that makes it.

    Examples
    --------
    >>> file("path", "nowhere/report.html")
    Traceback (most recent call last):
    a2i_al.errors.InvalidInput: path is nowhere/report.html: there is no folder nowhere. Expected: a file that can be...
    """
    place = path(name, value)
    with written(name, place):
        if place.is_dir():
            raise IsADirectoryError
        if not place.parent.is_dir():
            raise NotADirectoryError if place.parent.exists() else FileNotFoundError
    return place


@contextmanager
def written(
    name: str, place: Path, *, expected: str = "a file that can be written", fix: str = "choose another place"
) -> Iterator[None]:
    """Make what keeps a place from being written an error that names the argument.

    Examples
    --------
    >>> with written("path", Path("report.html")):
    ...     raise PermissionError(13, "Permission denied")
    Traceback (most recent call last):
    a2i_al.errors.InvalidInput: path is report.html: Permission denied. Expected: a file that can be written. To fix:...
    """
    try:
        yield
    except OSError as error:
        raise InvalidInput(f"{name} is {place}: {_why(place, error)}", expected=expected, fix=fix) from error


def _why(place: Path, error: OSError) -> str:
    about = error.filename2 or error.filename  # what was written in the place, or on the way there
    found = Path(about) if isinstance(about, str) else place
    match error:
        case IsADirectoryError():
            return f"{_named(found, place)} is a folder"
        case FileExistsError() | NotADirectoryError():
            in_the_way = next((at for at in (found, *found.parents) if at.is_file()), found)
            return f"{_named(in_the_way, place)} is a file"
        case FileNotFoundError():
            return f"there is no folder {found.parent}"
        case _:
            return error.strerror or str(error)


def _named(found: Path, place: Path) -> str:
    return "that" if found == place else str(found)
