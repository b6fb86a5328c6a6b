"""The inline preview: the page in a frame that cannot reach the notebook, as HTML that stays."""

import html
import json
import random
import re
import zlib
from base64 import b64decode

import pandas as pd
import pytest

from a2i_al.errors import InvalidInput, InvalidTemplate, NotFound
from a2i_al.templates import load
from a2i_al.widgets.preview import preview

TEMPLATE = '<crowd-form><p id="text">{{ task.input.text }}</p><crowd-input name="a"></crowd-input></crowd-form>'


def frame_of(shown):
    return shown._repr_html_()


def test_the_page_is_in_a_sandboxed_frame_of_its_own():
    """Scripts and forms may run, but never as the notebook's own origin."""
    frame = frame_of(preview(TEMPLATE, {"text": "hi"}))
    assert re.search(r'sandbox="([^"]*)"', frame)[1] == "allow-scripts allow-forms"
    assert html.unescape(re.search(r'srcdoc="([^"]*)"', frame)[1]) == preview_page_of(frame)


def preview_page_of(frame):
    page = html.unescape(frame[frame.index('srcdoc="') + 8 : frame.rindex('"></iframe>')])
    assert page.lower().startswith("<!doctype html>")
    return page


def test_an_item_cannot_break_out_of_the_frame():
    """Quotes and tags in an item stay text inside the frame."""
    frame = frame_of(preview(TEMPLATE, {"text": '"></iframe><script>alert(1)</script>'}))
    assert frame.count("<iframe") == frame.count("</iframe>") == 1
    assert "<script>alert" not in frame


def test_a_template_that_does_not_parse_is_refused():
    """The error comes at once, not as a failed loop."""
    with pytest.raises(InvalidTemplate):
        preview("{% if %}", {})


@pytest.mark.browser
def test_the_page_cannot_reach_the_notebook(chromium_page):
    """From inside the frame the parent's DOM, cookies and storage are refused, and so is the network."""
    probe = """<p id="out"></p><script>
      const tries = {
        parent: () => parent.document.title, cookie: () => document.cookie, storage: () => localStorage.length,
      };
      const seen = {};
      for (const [name, attempt] of Object.entries(tries)) {
        try { attempt(); seen[name] = "reached"; } catch (error) { seen[name] = error.name; }
      }
      fetch("http://127.0.0.1:9/").then(() => "reached", () => "refused").then(result => {
        seen.fetch = result; document.getElementById("out").textContent = JSON.stringify(seen);
      });
    </script>"""
    chromium_page.set_content(f"<title>notebook</title>{frame_of(preview(probe, {}))}")
    out = chromium_page.frame_locator("iframe").locator("#out")
    out.filter(has_text="fetch").wait_for()
    assert out.inner_text() == (
        '{"parent":"SecurityError","cookie":"SecurityError","storage":"SecurityError","fetch":"refused"}'
    )


ITEMS = pd.DataFrame({"item_id": [f"i{n}" for n in range(1_000)], "text": [f"text {n}" for n in range(1_000)]})


def test_a_list_of_a_thousand_is_small():
    """A saved notebook stays a notebook: far below 1 MB of output."""
    shown = preview(load("text-classification").source, ITEMS)
    assert len(shown) == 1_000
    assert len(shown._repr_html_()) < 400_000


def test_a_list_keeps_no_more_than_a_notebook_takes():
    """Pictures are large: what Jupyter would drop on its way to the browser is left out, the rest is there."""
    noise = random.Random(0).randbytes  # noqa: S311 - does not compress, like a picture
    pictures = pd.DataFrame({"image": [noise(60_000).hex() for _ in range(60)]})
    shown = preview('<img src="data:image/png;base64,{{ task.input.image }}">', pictures)
    assert 1_500_000 < len(shown._repr_html_()) < 3_000_000
    assert "more are too large" in zlib.decompress(b64decode(re.search(r'id="pages">([^<]*)<', shown.page)[1])).decode()


def test_a_template_that_cannot_show_the_first_item_is_refused_at_once():
    """Not when the notebook shows the list."""
    with pytest.raises(InvalidTemplate):
        preview("{{ task.input.text | grant_read_access }}", ITEMS)
    with pytest.raises(InvalidInput, match="no items"):
        preview(TEMPLATE, ITEMS[:0])


@pytest.mark.parametrize("items", [{"text": "a"}, ITEMS[:2]])
def test_a_host_is_allowed_by_name_only(items):
    """The owner's hosts are in the policy, and what is no host is refused."""
    assert "https://cdn.example.org" in preview(TEMPLATE, items, allow_hosts=["cdn.example.org"]).page
    assert "cdn.example.org" not in preview(TEMPLATE, items).page
    with pytest.raises(InvalidInput, match="allow_hosts"):
        preview(TEMPLATE, items, allow_hosts=["*"])


@pytest.mark.browser
def test_one_page_at_a_time(chromium_page):
    """Forward, back, and to any number, each with the item's id; one page is laid out, however many there are."""
    chromium_page.set_content(preview(TEMPLATE, ITEMS)._repr_html_())
    bar = chromium_page.frame_locator("iframe")
    text = bar.frame_locator("iframe").locator("#text")
    text.filter(has_text="text 0").wait_for()
    assert bar.get_by_role("button", name="Previous item").is_disabled()
    bar.get_by_role("button", name="Next item").click()
    text.filter(has_text="text 1").wait_for()
    assert bar.locator("#title").inner_text() == "i1"
    bar.get_by_role("spinbutton").fill("1000")
    bar.get_by_role("spinbutton").press("Enter")
    text.filter(has_text="text 999").wait_for()
    assert bar.get_by_role("button", name="Next item").is_disabled()
    bar.get_by_role("button", name="Previous item").press("Enter")
    text.filter(has_text="text 998").wait_for()
    bar.get_by_role("spinbutton").fill("5000")
    bar.get_by_role("spinbutton").press("Enter")
    text.filter(has_text="text 999").wait_for()
    assert len(chromium_page.frames) == 3
    assert bar.locator("nav").get_by_text("of 1,000").is_visible()


@pytest.mark.browser
def test_an_item_that_cannot_be_shown_says_why_and_the_others_are(chromium_page):
    """One bad URI in a thousand does not spoil the list."""
    items = pd.DataFrame({"image": ["s3://bucket/a.png", "nowhere", "s3://bucket/b.png"]})
    shown = preview('<img id="text" src="{{ task.input.image | grant_read_access }}">', items)
    chromium_page.set_content(shown._repr_html_())
    bar = chromium_page.frame_locator("iframe")
    bar.get_by_role("button", name="Next item").click()
    bar.frame_locator("iframe").get_by_text("not a valid S3 URI").wait_for()
    bar.get_by_role("button", name="Next item").click()
    bar.frame_locator("iframe").locator("#text").wait_for()


def test_a_picture_that_is_not_there_does_not_spoil_the_list():
    """The item says why; the others are shown."""

    def grant(uri):
        if uri.endswith("b.png"):
            raise NotFound("reading s3://bucket/b.png: there is no such key")
        return uri

    items = pd.DataFrame({"image": ["s3://bucket/a.png", "s3://bucket/b.png", "s3://bucket/c.png"]})
    shown = preview("<img src='{{ task.input.image | grant_read_access }}'>", items, grant_read_access=grant)
    pages = [page for _, page in json.loads(zlib.decompress(shown._packed()))["items"]]
    assert ["no such key" in page for page in pages] == [False, True, False]


@pytest.mark.browser
def test_a_page_of_the_list_is_as_isolated_as_a_single_one(chromium_page):
    """From two frames down neither the notebook nor the network can be reached."""
    probe = """<p id="out"></p><script>
      const seen = [];
      for (const attempt of [() => top.document.title, () => parent.document.title, () => document.cookie]) {
        try { attempt(); seen.push("reached"); } catch (error) { seen.push(error.name); }
      }
      fetch("http://127.0.0.1:9/").then(() => "reached", () => "refused").then(result => {
        document.getElementById("out").textContent = [...seen, result].join();
      });
    </script>"""
    chromium_page.set_content(f"<title>notebook</title>{preview(probe, ITEMS)._repr_html_()}")
    out = chromium_page.frame_locator("iframe").frame_locator("iframe").locator("#out")
    out.filter(has_text="ref").wait_for()
    assert out.inner_text() == "SecurityError,SecurityError,SecurityError,refused"
