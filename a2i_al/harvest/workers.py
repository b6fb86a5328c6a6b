"""Answers come in; who the workers are goes out, asked of Cognito at this moment and kept nowhere.

The answers table and its cache know workers by A2I's pseudonym only. Who hides behind it stands in the outputs: it is
read there again when somebody asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import pandas as pd

from a2i_al.aws.connection import Connection
from a2i_al.aws.reach import why_absent
from a2i_al.errors import InvalidInput, InvalidOutput, NotFound, service_errors
from a2i_al.harvest.loading import load_output
from a2i_al.harvest.shapes import shape_of
from a2i_al.storage import open_store
from a2i_al.tables import TEXT

_POOL: Final = re.compile(r"https://cognito-idp\.(?P<region>[a-z0-9-]+)\.amazonaws\.com/(?P<pool>[A-Za-z0-9_-]+)")
_SUBJECT: Final = re.compile(r"[A-Za-z0-9-]+")  # it goes into a filter expression, and comes out of a file
_TRIES: Final = 3  # outputs of one worker, the newest first, that are looked into


@dataclass(frozen=True)
class _Worker:
    worker_id: str
    status: str
    name: str | None = None
    email: str | None = None
    username: str | None = None
    reason: str | None = None


def worker_names(answers: pd.DataFrame, *, boto3_session: Any = None) -> pd.DataFrame:
    """Say who the workers of some answers are, by their Cognito user pool.

    Personal data: keep the table only as long as you need it. It is never made unless you call this.

    Parameters
    ----------
    answers : DataFrame
        An answers table: its ``worker_id`` and ``output_uri``.
    boto3_session : boto3.Session, optional
        Credentials; they need ``s3:GetObject`` for the outputs and ``cognito-idp:ListUsers`` for the pool.

    Returns
    -------
    DataFrame
        One row per worker, sorted by ``worker_id``: ``status``, ``name``, ``email``, ``username``, ``reason``. The
        status is ``found``; ``unknown`` to the pool; ``no identity`` in the outputs, as of vendors and Mechanical Turk;
        ``other provider`` than Cognito; or ``not readable``, with the reason.

    Raises
    ------
    InvalidInput
        If a column is missing.
    ServiceError
        If Cognito cannot be asked.

    References
    ----------
    https://docs.aws.amazon.com/sagemaker/latest/dg/a2i-output-data.html, on ``workerMetadata``.

    Examples
    --------
    >>> worker_names(pd.DataFrame({"worker_id": [], "output_uri": []})).columns.tolist()
    ['worker_id', 'status', 'name', 'email', 'username', 'reason']
    """
    for column in ("worker_id", "output_uri"):
        if column not in answers:
            raise InvalidInput(f"the table has no {column!r}", expected="an answers table, as harvest() returns it")
    connection = Connection(boto3_session)
    places = answers.dropna(subset=["output_uri"]).groupby("worker_id", observed=True)["output_uri"]
    workers = [_worker(connection, worker, sorted(set(uris), reverse=True)) for worker, uris in places]
    columns = list(_Worker.__dataclass_fields__)
    return pd.DataFrame([asdict(worker) for worker in workers], columns=columns, dtype=TEXT)


def _worker(connection: Connection, worker: str, uris: list[str]) -> _Worker:
    reason = None
    for uri in uris[:_TRIES]:
        try:
            identity = next(_identities(connection, worker, uri), None)
        except (InvalidOutput, NotFound) as error:  # replaced or removed since it was harvested
            reason = str(error)
            continue
        if identity is not None:
            return _named(connection, worker, identity)
    return _Worker(worker, "not readable" if reason else "no identity", reason=reason)


def _identities(connection: Connection, worker: str, uri: str) -> Iterator[Mapping[str, Any]]:
    """Yield what an output says of the worker: provider, issuer and subject."""
    file, _, line = uri.partition(".jsonl#")
    store, key = open_store(f"{file}.jsonl" if line else uri, connection)
    data = store.get(key)
    output = load_output(data.split(b"\n")[int(line) - 1] if line else data)
    for answer in shape_of(output, uri).answers:
        match answer:
            case {"workerId": str() as name, "workerMetadata": {"identityData": dict() as identity}} if name == worker:
                yield identity


def _named(connection: Connection, worker: str, identity: Mapping[str, Any]) -> _Worker:
    pool = _POOL.fullmatch(str(identity.get("issuer", "")))
    subject = str(identity.get("sub", ""))
    if pool is None or not _SUBJECT.fullmatch(subject):
        return _Worker(worker, "other provider", reason=f"the issuer is {identity.get('issuer')!r}")
    if reason := why_absent(connection, "cognito-idp"):
        return _Worker(worker, "not readable", reason=reason)
    try:
        with service_errors(f"looking a worker up in user pool {pool['pool']}"):
            users = connection.client("cognito-idp", region=pool["region"]).list_users(
                UserPoolId=pool["pool"], Filter=f'sub = "{subject}"', Limit=1
            )["Users"]
    except NotFound as error:
        return _Worker(worker, "unknown", reason=str(error))
    if not users:
        return _Worker(worker, "unknown", reason=f"user pool {pool['pool']} has nobody of this subject")
    said = {attribute["Name"]: attribute["Value"] for attribute in users[0]["Attributes"]}
    return _Worker(worker, "found", said.get("name"), said.get("email"), users[0]["Username"])
