"""What task pages show goes into storage and comes back as URLs; the bucket for it is made here too."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from a2i_al import arguments
from a2i_al.aws.connection import Connection
from a2i_al.errors import AlreadyExists, service_errors
from a2i_al.loops.calling.threads import checked_workers
from a2i_al.loops.requests.attachments import folder, of_bytes, store
from a2i_al.storage import data_url, open_store
from a2i_al.widgets.pictures import INLINE_BYTES, reduced


def upload(
    connection: Connection, output_path: str, files: Mapping[str, bytes], *, suffix: str, max_workers: int
) -> pd.Series:
    """Store files under their contents' hashes, next to the outputs where these are in S3; return their URIs."""
    max_workers = checked_workers(max_workers)
    arguments.mapping("files", files, "item id to bytes")
    arguments.text("suffix", suffix)
    made = [of_bytes(folder(output_path), content, suffix) for content in files.values()]
    store(made, connection, max_workers=max_workers)
    return pd.Series([file.uri for file in made], index=pd.Index(list(files), name="item_id"), dtype=object)


def inline_url(connection: Connection, uri: str) -> str:
    """Return a ``data:`` URL with what is stored there; of a large picture, with a smaller copy of the same size."""
    objects, key = open_store(uri, connection)
    content = objects.get(key)
    copy = reduced(content, INLINE_BYTES) if len(content) > INLINE_BYTES else None
    return copy.url if copy else data_url(key, content)


def make_bucket(connection: Connection, bucket: str) -> None:
    """Make a bucket, unless it is there."""
    try:
        with service_errors(f"making the bucket {bucket!r}"):
            connection.s3.create_bucket(Bucket=bucket)
    except AlreadyExists:
        return
