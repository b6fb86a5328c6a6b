"""Pages for the notebook: pictures come with the page until it is full, then by link."""

import re

import pytest

from a2i_al.errors import NotFound
from a2i_al.widgets import pages
from a2i_al.widgets.pages import TaskPages

NONCE = "0123456789abcdef"
TEMPLATE = (
    "<crowd-form>{% for uri in task.input.images %}<img src='{{ uri | grant_read_access }}'>{% endfor %}</crowd-form>"
)


def sources(flow, uris):
    page = TaskPages(TEMPLATE, flow.connection, img_hosts=(flow.service.url,))({"images": uris}, nonce=NONCE)
    assert f"img-src data: blob: https://*.amazonaws.com {flow.service.url}" in page
    return re.findall(r"<img src='([^']*)'", page)


def test_small_pictures_are_in_the_page_and_a_heavy_one_is_linked(flow, monkeypatch):
    """What fits is a data: URL; the rest is a signed link that the service answers."""
    monkeypatch.setattr(pages, "INLINE_BYTES", 10)
    uris = flow.upload({"a": b"12345678", "b": b"123456789", "c": b"12"}).tolist()
    small, heavy, last = sources(flow, uris)
    assert small == "data:image/png;base64,MTIzNDU2Nzg="
    assert last == "data:image/png;base64,MTI="
    assert heavy.startswith(f"{flow.service.url}/s3/a2i-al/")
    assert "X-Amz-Signature=" in heavy


def test_a_picture_that_is_not_there_is_an_error(flow):
    """The reviewer is told, instead of looking at a broken picture."""
    with pytest.raises(NotFound):
        sources(flow, ["s3://a2i-al/inputs/nothing.png"])
