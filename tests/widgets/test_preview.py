"""The inline preview: the page in a frame that cannot reach the notebook, as HTML that stays."""

import html
import re

import pytest

from a2i_al.errors import InvalidTemplate
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
