"""A place where outputs lie comes in; the answers and quarantine tables go out. May run any number of times."""

from __future__ import annotations

import html
import warnings
from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pandas as pd

from a2i_al.aws.connection import Connection
from a2i_al.errors import A2IError, InvalidOutput, NotFound, QuarantineWarning
from a2i_al.harvest.parse import parse_output
from a2i_al.storage import Store, open_store
from a2i_al.tables import ANSWERS, QUARANTINE

_FILE = "output.json"
_READERS = 16


@dataclass(frozen=True)
class Harvest:
    """What was found below a place.

    Attributes
    ----------
    answers : DataFrame
        The answers table, with ``model_version`` and ``round`` beside.
    quarantine : DataFrame
        The outputs that cannot be read, with the reason.
    uris : dict
        Human loop name to the URI of its output, for every output that was found.
    """

    answers: pd.DataFrame
    quarantine: pd.DataFrame
    uris: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Harvest({len(self.answers)} answers, {len(self.quarantine)} outputs in quarantine)"

    def _repr_html_(self) -> str:
        tables = self.answers.to_html(max_rows=10, escape=True)
        if len(self.quarantine):
            tables += self.quarantine.to_html(max_rows=10, escape=True)
        return f"<p>{html.escape(repr(self))}</p>{tables}"


def read_outputs(
    output_path: str,
    *,
    human_loop_names: Collection[str] | None = None,
    offered: Mapping[str, Collection[str]] | None = None,
    connection: Connection | None = None,
) -> Harvest:
    """Read every output.json below a place.

    Parameters
    ----------
    output_path : str
        ``s3://bucket/prefix`` or ``file:///folder``: a flow definition's S3OutputPath, or anything below it.
    human_loop_names : collection of str, optional
        Take only the outputs of these loops.
    offered : mapping, optional
        Form field to the labels that the task page offers; an output with another label goes into quarantine.
    connection : Connection, optional
        Credentials, Region and endpoint for ``s3://``.

    Returns
    -------
    Harvest
        The same one however often and in whatever order the files are found. Of several outputs of one loop the last by
        URI, which is the latest by creation time, counts.

    Warns
    -----
    QuarantineWarning
        If an output cannot be read; the others are.

    Raises
    ------
    ServiceError
        If the place cannot be listed, or an object not be fetched for a reason of the network or of permissions.

    Examples
    --------
    >>> import tempfile
    >>> read_outputs("file://" + tempfile.mkdtemp())
    Harvest(0 answers, 0 outputs in quarantine)
    """
    store, prefix = open_store(output_path, connection)
    keys = _output_keys(store, prefix, human_loop_names)
    rows, bad = [], []
    with ThreadPoolExecutor(_READERS) as pool:
        for uri, result in pool.map(lambda key: _read(store, key, offered or {}), keys.values()):
            if isinstance(result, A2IError):
                bad.append({"output_uri": uri, "reason": str(result)})
            else:
                rows += result
    if bad:
        warnings.warn(
            f"{len(bad)} of {len(keys)} outputs cannot be read, such as {bad[0]['output_uri']}: {bad[0]['reason']}"
            " See the quarantine table.",
            QuarantineWarning,
            stacklevel=2,
        )
    uris = {name: store.uri(key) for name, key in keys.items()}
    return Harvest(_answers(rows), QUARANTINE.from_rows(bad), uris)


def _output_keys(store: Store, prefix: str, wanted: Collection[str] | None) -> dict[str, str]:
    """Return loop name → key of its output, sorted by name; keys end in …/<human loop name>/output.json."""
    keys: dict[str, str] = {}
    try:
        for key, _ in store.list(prefix):
            *_, name, file = f"/{key}".rsplit("/", 2)
            if file == _FILE and (wanted is None or name in wanted):
                keys[name] = max(keys.get(name, ""), key)
    except NotFound:  # a folder that no output has made yet
        return {}
    return dict(sorted(keys.items()))


def _read(
    store: Store, key: str, offered: Mapping[str, Collection[str]]
) -> tuple[str, list[dict[str, Any]] | InvalidOutput | NotFound]:
    uri = store.uri(key)
    try:
        rows = parse_output(store.get(key), uri)
        _check_offered(rows, offered)
    except (InvalidOutput, NotFound) as error:  # not found: removed since it was listed
        return uri, error
    return uri, rows


def _check_offered(rows: Iterable[dict[str, Any]], offered: Mapping[str, Collection[str]]) -> None:
    for row in rows:
        labels = offered.get(row["field"])
        if labels is None or row["value"] is None:
            continue
        given = row["value"] if isinstance(row["value"], list) else [row["value"]]
        unknown = [label for label in given if label not in labels]
        if unknown:
            raise InvalidOutput(
                f"worker {row['worker_id']} answered {row['field']!r} with {unknown[0]!r}",
                expected="one of " + ", ".join(map(repr, labels)),
                fix="check whether the template was changed, then harvest without offered=",
            )


def _answers(rows: list[dict[str, Any]]) -> pd.DataFrame:
    table = pd.DataFrame(rows).drop_duplicates(list(ANSWERS.key), keep="last") if rows else ANSWERS.empty()
    for column, dtype in (("model_version", str), ("round", int)):
        if column not in table:
            table[column] = pd.Series([], dtype=dtype)
    return ANSWERS.check(table)
