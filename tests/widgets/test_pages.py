"""Pages for the notebook: pictures come with the page, in the room that it has for them."""

import re
from io import BytesIO

import pytest
from PIL import Image

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


def test_what_fits_is_in_the_page_and_what_is_no_picture_is_linked(flow, monkeypatch):
    """What fits is a data: URL; a large document is a signed link that the service answers."""
    monkeypatch.setattr(pages, "INLINE_BYTES", 10)
    uris = flow.upload({"a": b"12345678", "b": b"123456789", "c": b"12"}).tolist()
    first, heavy, last = sources(flow, uris)
    assert last == "data:image/png;base64,MTI="
    for link in (first, heavy):
        assert link.startswith(f"{flow.service.url}/s3/a2i-al/")
        assert "X-Amz-Signature=" in link


def test_a_large_picture_is_shown_reduced_and_says_so(flow, monkeypatch):
    """Each time it is shown, in its share of the page; a small one beside it is whole."""
    monkeypatch.setattr(pages, "INLINE_BYTES", 30_000)
    file = BytesIO()
    Image.effect_noise((400, 300), 99).save(file, "PNG")
    large, small = flow.upload({"a": file.getvalue(), "b": b"12"}).tolist()
    page = TaskPages(TEMPLATE, flow.connection)({"images": [large, small, large]}, nonce=NONCE)
    shown = re.findall(r"<img src='([^']*)'", page)
    assert shown[0] == shown[2]
    assert shown[0].startswith("data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22%20width=%22400%22")
    assert 2 * len(shown[0]) < 4 / 3 * 30_000 + 1_000
    assert shown[1] == "data:image/png;base64,MTI="
    assert page.count("Shown reduced") == 1
    assert re.search(r"at \d+ × \d+ of 400 × 300 pixels: <code>" + re.escape(large), page)


def test_a_picture_that_is_not_there_is_an_error(flow):
    """The reviewer is told, instead of looking at a broken picture."""
    with pytest.raises(NotFound):
        sources(flow, ["s3://a2i-al/inputs/nothing.png"])
