"""A template and a task's input come in; the page that a notebook shows goes out, with its pictures inside it."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from a2i_al.aws.connection import Connection
from a2i_al.errors import service_errors
from a2i_al.storage import data_url, open_store
from a2i_al.templates import render, worker_page
from a2i_al.widgets.pictures import INLINE_BYTES, Copy, reduced, share

_LINK_SECONDS = 12 * 3600  # a person may leave a page open over lunch


@dataclass(frozen=True)
class TaskPages:
    """Makes the worker pages of one template.

    Pictures come through the kernel, into the page: the reader's browser may not reach the service, as in SageMaker
    Studio. Where they would make a page heavier than `INLINE_BYTES`, the large ones are shown reduced, with a note, and
    in the original's pixels. What is no picture, such as a PDF, is then a link to the service.

    Parameters
    ----------
    template : str
        Source of the worker task template.
    connection : Connection
        Reads what the pages show.
    img_hosts : sequence of str
        Where the links lead, for the page's policy.
    allow_hosts : sequence of str
        Hosts that the template's owner lets its pages load from.
    """

    template: str
    connection: Connection
    img_hosts: Sequence[str] = ()
    allow_hosts: Sequence[str] = ()

    def __call__(self, task_input: Mapping[str, Any], *, nonce: str) -> str:
        """Return the whole document of a task.

        Raises
        ------
        InvalidTemplate
            If it cannot be rendered with this input.
        ServiceError
            If a picture cannot be read.
        """
        uris: list[str] = []

        def seen(uri: str) -> str:
            uris.append(uri)
            return uri

        render(self.template, task_input, grant_read_access=seen)
        shown = _Shown(self.connection, uris)
        rendered = render(self.template, task_input, grant_read_access=shown.url)
        page = shown.notes() + rendered.html
        return worker_page(page, nonce=nonce, img_hosts=self.img_hosts, allow_hosts=self.allow_hosts)


class _Shown:
    """What one page shows, in as many bytes as it may have."""

    def __init__(self, connection: Connection, uris: Sequence[str]) -> None:
        self._connection = connection
        self._contents = {uri: _read(connection, uri) for uri in dict.fromkeys(uris)}
        self._most = share([len(self._contents[uri]) for uri in uris], INLINE_BYTES)
        self._copies: dict[str, Copy | None] = {}

    def url(self, uri: str) -> str:
        """Return where the page finds it: in itself if possible."""
        if uri not in self._contents:  # named by the time of day, say: another one with each rendering
            self._contents[uri] = _read(self._connection, uri)
        content = self._contents[uri]
        if len(content) <= self._most:
            return data_url(uri, content)
        if uri not in self._copies:
            self._copies[uri] = reduced(content, self._most)
        copy = self._copies[uri]
        return copy.url if copy else self._link(uri)

    def notes(self) -> str:
        """Return what the reader should know about the pictures."""
        return "".join(
            f'<p class="a2i-al-note" role="note">Shown reduced, at {copy.size[0]:,} × {copy.size[1]:,} of'
            f" {copy.full[0]:,} × {copy.full[1]:,} pixels: <code>{html.escape(uri)}</code>. Marks are kept in pixels"
            " of the full picture.</p>\n"
            for uri, copy in self._copies.items()
            if copy
        )

    def _link(self, uri: str) -> str:
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        with service_errors(f"making a link to {uri}"):
            parameters = {"Bucket": bucket, "Key": key}
            link = self._connection.s3.generate_presigned_url("get_object", Params=parameters, ExpiresIn=_LINK_SECONDS)
        return str(link)


def _read(connection: Connection, uri: str) -> bytes:
    store, key = open_store(uri, connection)
    return store.get(key)
