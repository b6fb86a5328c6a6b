"""A template and a task's input come in; the page that a notebook shows goes out, with its pictures inside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from a2i_al.aws.connection import Connection
from a2i_al.errors import service_errors
from a2i_al.storage import data_url, open_store
from a2i_al.templates import render, worker_page

# Jupyter's server drops what a kernel sends beyond 3 MB in 3 s. So much, in base64, leaves room for a quick reviewer.
INLINE_BYTES = 768 * 1024
_LINK_SECONDS = 12 * 3600  # a person may leave a page open over lunch


@dataclass(frozen=True)
class TaskPages:
    """Makes the worker pages of one template.

    Pictures come through the kernel, into the page: the reader's browser may not reach the service, as in SageMaker
    Studio. A page that would be heavier than `INLINE_BYTES` by it links to the service for the rest.

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
        budget = _Budget(self.connection)
        rendered = render(self.template, task_input, grant_read_access=budget.url)
        return worker_page(rendered.html, nonce=nonce, img_hosts=self.img_hosts, allow_hosts=self.allow_hosts)


class _Budget:
    """Puts pictures into one page until it is full."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self._left = connection, INLINE_BYTES

    def url(self, uri: str) -> str:
        store, key = open_store(uri, self._connection)
        content = store.get(key)
        if len(content) > self._left:
            return self._link(uri)
        self._left -= len(content)
        return data_url(key, content)

    def _link(self, uri: str) -> str:
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        with service_errors(f"making a link to {uri}"):
            parameters = {"Bucket": bucket, "Key": key}
            link = self._connection.s3.generate_presigned_url("get_object", Params=parameters, ExpiresIn=_LINK_SECONDS)
        return str(link)
