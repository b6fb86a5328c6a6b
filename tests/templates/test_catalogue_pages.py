"""The pages of the catalogue as a worker sees them: on a phone, with axe, and filled in."""

import json
from pathlib import Path

import pytest

from a2i_al.templates import load, preview_page

pytestmark = pytest.mark.browser

NAMES = sorted(path.parent.name for path in (Path(__file__).parents[2] / "ui_templates").glob("*/README.md"))
# Every control takes its part of the answer, as a script of the template could give it.
FILL = """async (answer) => {
  const host = document.querySelector('crowd-entity-annotation');
  const all = [...document.querySelectorAll('[name], crowd-textract-analyze-document, '
    + 'crowd-rekognition-detect-moderation-labels')];
  for (const control of all) {
    const value = answer[control.answerName ?? control.getAttribute('name')];
    if (control.matches('crowd-checkbox, crowd-radio-button, crowd-toggle-button, [type="radio"], [type="checkbox"]')) {
      control.checked = value?.[control.getAttribute('value') ?? 'on'];
    } else if (value !== undefined) {
      await (control.value = value);
    }
  }
  (host ? host.shadowRoot.querySelector('crowd-form') : document.querySelector('crowd-form')).requestSubmit();
}"""


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_fits_a_phone(chromium_page, name, scheme):
    template = load(name)
    chromium_page.emulate_media(color_scheme=scheme)
    chromium_page.set_viewport_size({"width": 360, "height": 700})
    chromium_page.set_content(preview_page(template.source, template.sample_input))
    chromium_page.get_by_role("button", name="Submit").wait_for()
    assert chromium_page.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(violations, name):
    template = load(name)
    assert violations(preview_page(template.source, template.sample_input)) == []


# Masks are painted, not set: tests/templates/annotation does that.
@pytest.mark.parametrize("name", [name for name in NAMES if "mask" not in load(name).fields.values()])
def test_a_page_filled_in_with_its_sample_answer_gives_it(chromium_page, name):
    template = load(name)
    chromium_page.set_content(preview_page(template.source, template.sample_input))
    chromium_page.locator("img").evaluate_all("(images) => Promise.all(images.map((image) => image.decode()))")
    chromium_page.evaluate(FILL, template.sample_answer)
    assert json.loads(chromium_page.get_by_label("Answer", exact=True).inner_text()) == template.sample_answer
