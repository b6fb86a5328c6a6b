"""A place where outputs lie comes in; the newest output of every loop goes out, tagged so that versions differ."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from a2i_al.errors import NotFound
from a2i_al.harvest.shapes import worker_response
from a2i_al.storage import Store, mapped

_FILE = "output.json"


class Found(NamedTuple):
    """An output as the listing has it, before anything is fetched.

    Attributes
    ----------
    key : str
        Where it lies in the store.
    size : int
        Bytes.
    tag : str
        Another one as soon as the object is another one: entity tag, size and time of the last change. An answer that
        comes late has a new tag whatever the clocks say, so nothing can fall behind a point in time.
    """

    key: str
    size: int
    tag: str


def list_outputs(store: Store, prefix: str, wanted: Collection[str] | None = None) -> dict[str, Found]:
    """Return the newest output of every loop below a prefix, sorted by the loop's name.

    Parameters
    ----------
    store : Store
        From `open_store`.
    prefix : str
        Keys below it count that end in ``…/<human loop name>/output.json``, and Ground Truth's worker responses.
    wanted : collection of str, optional
        Take these loops only.

    Returns
    -------
    dict of str to Found
        Of several outputs of a loop the last by key, which is the latest by creation time. Empty if there is no such
        place yet.

    Raises
    ------
    ServiceError
        If the place cannot be listed.

    Examples
    --------
    >>> from a2i_al.storage import open_store
    >>> list_outputs(*open_store("file:///nothing/here"))
    {}
    """
    outputs: dict[str, Found] = {}
    try:
        for entry in _entries(store, prefix):
            name = _name(entry["path"])
            if name is None or (wanted is not None and name not in wanted):
                continue
            if name not in outputs or outputs[name].key < entry["path"]:
                tag = f"{entry['e_tag']} {entry['size']} {entry['last_modified'].isoformat()}"
                outputs[name] = Found(entry["path"], entry["size"], tag)
    except NotFound:  # a folder that no output has made yet
        return {}
    return dict(sorted(outputs.items()))


def _entries(store: Store, prefix: str) -> Iterator[Any]:
    import obstore  # noqa: PLC0415

    with mapped(f"listing {store.uri(prefix)}"):
        for batch in obstore.list(store.objects, prefix=prefix or None):
            yield from batch


def _name(key: str) -> str | None:
    *_, name, file = f"/{key}".rsplit("/", 2)
    if file == _FILE:
        return name
    response = worker_response(key) if file.endswith(".json") else None
    return response[0] if response else None
