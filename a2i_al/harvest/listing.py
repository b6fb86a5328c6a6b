"""A place where outputs lie comes in; the outputs go out as the listing finds them, each with its loop's name."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from a2i_al.errors import NotFound
from a2i_al.harvest.shapes import is_report, worker_response
from a2i_al.storage import Entry, Store

_FILE = "output.json"


def list_outputs(store: Store, prefix: str, wanted: Collection[str] | None = None) -> Iterator[tuple[str, Entry]]:
    """Yield the outputs below a prefix, so that the first are fetched while the last are still being listed.

    Parameters
    ----------
    store : Store
        From `open_store`.
    prefix : str
        Keys below it count that end in ``…/<human loop name>/output.json``, Ground Truth's worker responses, and the
        reports of Bedrock's model evaluations.
    wanted : collection of str, optional
        Take these loops only. A report holds many, whose names are not known before it is read: then none is taken.

    Yields
    ------
    name : str
        Of the loop; the key of a report. A loop that was deleted and started again has several outputs: the last by
        key, which is the latest by creation time, is the one that counts.
    entry : Entry
        None at all if there is no such place yet.

    Raises
    ------
    ServiceError
        If the place cannot be listed.

    Examples
    --------
    >>> from a2i_al.storage import open_store
    >>> list(list_outputs(*open_store("file:///nothing/here")))
    []
    """
    try:
        for entry in store.list(prefix):
            name = _name(entry.key)
            if name is not None and (wanted is None or name in wanted):
                yield name, entry
    except NotFound as error:
        if error.code == "NoSuchBucket":  # whereas a folder comes with its first output
            raise


def _name(key: str) -> str | None:
    *_, name, file = f"/{key}".rsplit("/", 2)
    if file == _FILE:
        return name
    if file.endswith(".json"):
        response = worker_response(key)
        return response[0] if response else None
    return key if is_report(key) else None
