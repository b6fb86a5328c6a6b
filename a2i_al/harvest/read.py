"""A place where outputs lie comes in; the answers and quarantine tables go out. May run any number of times."""

from __future__ import annotations

import html
import os
import warnings
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from a2i_al.arguments import mapping, path, text, texts
from a2i_al.aws.connection import Connection
from a2i_al.errors import InvalidOutput, NotFound, QuarantineWarning
from a2i_al.harvest.cache import Cache, unchanged, without
from a2i_al.harvest.frames import joined, table_of
from a2i_al.harvest.listing import list_outputs
from a2i_al.harvest.reading import Archived, read_all
from a2i_al.harvest.shapes import is_report
from a2i_al.storage import Entry, Store, open_store
from a2i_al.tables import ANSWERS, QUARANTINE

_BESIDE = ("kind", "model_version", "round")
_SHOWN = ["item_id", "worker_id", "field", "kind", "value", "submitted_at", "seconds"]  # what one line has room for


@dataclass(frozen=True)
class Harvest:
    """What was found below a place.

    Attributes
    ----------
    answers : DataFrame
        The answers table, with ``kind`` (see `kind_of`), ``model_version`` and ``round`` beside.
    quarantine : DataFrame
        The outputs that cannot be read, with the reason.
    uris : dict
        Human loop name to the URI of its output, for every output that was found.

    Examples
    --------
    >>> import json, tempfile
    >>> from pathlib import Path
    >>> folder = Path(tempfile.mkdtemp())
    >>> times = {"acceptanceTime": "2026-07-01T09:30:05Z", "submissionTime": "2026-07-01T09:30:12Z"}
    >>> answer = {"workerId": "w1", "answerContent": {"category": {"label": "spam"}}, **times}
    >>> output = {"humanLoopName": "mail-1", "inputContent": {"a2i_al": {"item_id": "7"}}, "humanAnswers": [answer]}
    >>> _ = (folder / "output.json").write_text(json.dumps(output))
    >>> found = read_outputs(folder.as_uri())
    >>> found
    Harvest(1 answers, 0 outputs in quarantine)
    >>> found.answers[["item_id", "worker_id", "field", "value"]]
      item_id worker_id     field value
    0       7        w1  category  spam
    """

    answers: pd.DataFrame
    quarantine: pd.DataFrame
    uris: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Harvest({len(self.answers)} answers, {len(self.quarantine)} outputs in quarantine)"

    def _repr_html_(self) -> str:
        tables = self.answers[_SHOWN].to_html(max_rows=10, escape=True)
        if len(self.quarantine):
            tables += self.quarantine.to_html(max_rows=10, escape=True)
        return f"<p>{html.escape(repr(self))}</p>{tables}"


def read_outputs(
    output_path: str,
    *,
    human_loop_names: Collection[str] | None = None,
    offered: Mapping[str, Collection[str]] | None = None,
    cache: str | os.PathLike[str] | None = None,
    connection: Connection | None = None,
) -> Harvest:
    """Read every output below a place.

    Parameters
    ----------
    output_path : str
        ``s3://bucket/prefix`` or ``file:///folder``: a flow definition's S3OutputPath, or anything below it; or the
        output path of a Ground Truth job, for its worker responses, or of a Bedrock evaluation, for its reports.
    human_loop_names : collection of str, optional
        Take only the outputs of these loops; no reports of evaluations, which hold many.
    offered : mapping, optional
        Form field to the labels that the task page offers; an output with another label goes into quarantine.
    cache : path-like, optional
        A folder that keeps what was parsed. The next harvest lists the place and fetches only what is new or has
        changed; the tables are the same with and without. It holds the answers: keep it as safe as them.
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
    UserWarning
        If the cache cannot be written; the harvest is complete without.

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
    store, prefix = open_store(text("output_path", output_path), connection)
    if human_loop_names is not None:
        human_loop_names = set(texts("human_loop_names", human_loop_names))
    offered = mapping("offered", {} if offered is None else offered, "field to its labels")
    keeper = None if cache is None else Cache(path("cache", cache), store.uri(prefix))
    table, outputs = _read(store, prefix, human_loop_names, keeper)
    table["output_uri"] = store.uri("") + table["key"]
    reported = table["line"] > 0
    table.loc[reported, "output_uri"] += "#" + table.loc[reported, "line"].astype(str)
    answers, bad = _sorted_out(table, offered)
    if len(bad):
        uri, reason = bad.iloc[0]
        number = table["output_uri"].nunique()
        warnings.warn(
            f"{len(bad)} of {number} outputs cannot be read, such as {uri}: {reason} See the quarantine table.",
            QuarantineWarning,
            stacklevel=2,
        )
    uris = {name: store.uri(found.key) for name, found in outputs.items() if not is_report(found.key)}
    named = table[reported & table["human_loop_name"].notna()]
    uris |= dict(zip(named["human_loop_name"], named["output_uri"], strict=True))
    return Harvest(answers, QUARANTINE.check(bad), uris)


def _read(
    store: Store, prefix: str, wanted: Collection[str] | None, cache: Cache | None
) -> tuple[pd.DataFrame, dict[str, Entry]]:
    """Return the table of all outputs and where they are; what the cache does not have as it is now is fetched."""
    kept = table_of([]) if cache is None else cache.load()
    tags = dict(zip(kept["key"], kept["tag"], strict=True))
    outputs: dict[str, Entry] = {}

    def fresh() -> Iterator[Entry]:
        for name, entry in list_outputs(store, prefix, wanted):
            if name not in outputs or outputs[name].key < entry.key:
                outputs[name] = entry
                if tags.get(entry.key) != entry.tag:
                    yield entry

    read = table_of(
        (entry._replace(tag="") if isinstance(result, Archived) else entry, line, result)
        for entry, line, result in read_all(store, fresh())
        if not isinstance(result, NotFound)
    )
    good = unchanged(kept, {entry.key: entry.tag for entry in outputs.values()})
    if cache is not None and len(read):
        # Of some loops only, the listing says nothing about the others: they stay.
        _keep(cache, good if wanted is None else without(kept, set(read["key"])), read)
    outputs = dict(sorted(outputs.items()))
    return joined([good, read], [entry.key for entry in outputs.values()]), outputs


def _keep(cache: Cache, still: pd.DataFrame, fresh: pd.DataFrame) -> None:
    try:
        cache.save(still, fresh)
    except (OSError, RecursionError) as error:  # the latter: nested as deeply as can just be read
        warnings.warn(
            f"The answers cannot be kept in {cache.path.parent}: {error}. Nothing is lost; the next harvest reads "
            "them again. To fix: give cache= a folder that can be written.",
            UserWarning,
            stacklevel=4,
        )


def _sorted_out(table: pd.DataFrame, offered: Mapping[str, Collection[str]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the answers table, and the URI and reason of every output that has none to be trusted."""
    faults = table[table["reason"].notna()]
    reasons = dict(zip(faults["output_uri"], faults["reason"], strict=True)) | _not_offered(table, offered)
    rows = table[table["field"].notna() & ~table["output_uri"].isin(list(reasons))]
    rows = rows.drop_duplicates(list(ANSWERS.key), keep="last").drop(columns=["key", "line", "tag", "reason"])
    answers = ANSWERS.check(rows)
    for name in ("kind", "model_version"):
        answers[name] = answers[name].astype(answers["field"].dtype)
    bad = pd.DataFrame({"output_uri": list(reasons), "reason": list(reasons.values())}, dtype=object)
    return answers[[*(column.name for column in ANSWERS.columns), *_BESIDE]], bad.sort_values("output_uri")


def _not_offered(table: pd.DataFrame, offered: Mapping[str, Collection[str]]) -> dict[str, str]:
    """Return the outputs with a label that the page does not offer, and the reason."""
    reasons: dict[str, str] = {}
    rows = table[table["field"].isin(list(offered))]
    for uri, worker, field, value in zip(
        rows["output_uri"], rows["worker_id"], rows["field"], rows["value"], strict=True
    ):
        labels = list(offered[field])
        given = value if isinstance(value, list) else [] if value is None else [value]
        unknown = [label for label in given if label not in labels]
        if unknown:
            fault = InvalidOutput(
                f"worker {worker} answered {field!r} with {unknown[0]!r}",
                expected="one of " + ", ".join(map(repr, labels)),
                fix="check whether the template was changed, then harvest without offered=",
            )
            reasons.setdefault(uri, str(fault))
    return reasons
