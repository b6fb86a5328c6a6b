"""The sample answers of the catalogue's annotation templates: drawn in the preview, they come out as they stand."""

import json

import pytest

from a2i_al.templates import load, preview_page

pytestmark = pytest.mark.browser

# What a reviewer does to give the sample answer: keys to press, or points of the picture to press, pass and release at.
SAMPLES = {
    "object-detection": ["1", [(90, 150), (260, 240)], "2", [(360, 120), (560, 250)], "5", [(300, 160), (330, 236)]],
    "polygons": [
        *["1", [(80, 60)], [(240, 60)], [(280, 120)], [(240, 180)], [(80, 180)], "Enter"],
        *["2", "Shift", [(110, 80)], [(170, 80)], [(170, 120)], [(110, 120)], "Shift", "Enter"],
    ],
    "keypoints": [
        *["1", [(364.5, 140.5)], "2", [(292.5, 141.5)], "3", [(328.5, 186.5)]],
        *["4", [(356.5, 232.5)], "5", [(300.5, 233.5)]],
    ],
    "segmentation": [
        *["4", "a", [(0.4, 0.4)], [(639.6, 0.4)], [(639.6, 120)], [(0.4, 140)], "Enter"],
        *["1", "a", [(0.4, 359.6)], [(260, 200)], [(380, 200)], [(639.6, 359.6)], "Enter"],
        *["2", "b", [(60, 200), (140, 190), (180, 200)]],
    ],
}


def draw(hand, steps):
    """Do the steps in a page with one annotation element."""
    hand.frame.locator(".stage.ready").wait_for()
    held = False
    for step in steps:
        if step == "Shift":
            held = not held
            (hand.page.keyboard.down if held else hand.page.keyboard.up)("Shift")
        elif isinstance(step, str):
            hand.press(step)
        else:
            hand.drag(*step)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_sample_answer_is_what_the_page_gives(chromium_page, hands, unpacked, name):
    template = load(name)
    chromium_page.set_viewport_size({"width": 1000, "height": 900})
    chromium_page.set_content(preview_page(template.source, template.sample_input))
    draw(hands(chromium_page, chromium_page.main_frame), SAMPLES[name])
    chromium_page.keyboard.press("Enter")
    answer = json.loads(chromium_page.get_by_label("Answer", exact=True).inner_text())
    assert unpacked(answer) == unpacked(template.sample_answer)
