"""Every annotation element, in use, under axe: no violation, in light and in dark."""

import pytest

from a2i_al.templates import worker_page

pytestmark = pytest.mark.browser

SVG = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='400' height='300'/%3E"
TAGS = {
    "crowd-bounding-box": ["n", "2", "n"],
    "crowd-keypoint": ["n", "2", "n"],
    "crowd-line": ["n", "2", "n"],
    "crowd-polygon": ["n", "v"],
    "crowd-polyline": ["n", "v"],
    "crowd-semantic-segmentation": ["2", "ArrowLeft", "d"],
    "crowd-instance-segmentation": ["2", "ArrowLeft", "d", "n"],
}


# The page stands in a frame: the heading of the first level is that of the page around it.
RULES = {"rules": {"page-has-heading-one": {"enabled": False}}}


def found(axe, page):
    """Return what axe has to complain of."""
    violations = axe.run(page, options=RULES).response["violations"]
    return [(entry["id"], node["target"]) for entry in violations for node in entry["nodes"]]


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(chromium_page, tag, scheme):
    # Imported here: the package exists where the browser tests run.
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415

    chromium_page.emulate_media(color_scheme=scheme)
    html = f"""<main><crowd-form><{tag} name="a" src="{SVG}" labels="['car', 'dog']" header="Mark what you see">
      <short-instructions>Each of them.</short-instructions>
      <full-instructions header="How">Carefully.</full-instructions></{tag}></crowd-form></main>"""
    chromium_page.set_content(worker_page(html, nonce="0123456789abcdef"))
    stage = chromium_page.locator(".stage.ready")
    stage.wait_for()
    stage.focus()
    for key in TAGS[tag]:
        chromium_page.keyboard.press(key)
    assert found(Axe(), chromium_page) == []
    chromium_page.keyboard.press("?")
    chromium_page.get_by_role("dialog", name="Keys").wait_for()
    assert found(Axe(), chromium_page) == []
