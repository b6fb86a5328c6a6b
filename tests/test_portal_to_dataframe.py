"""A person answers in a real browser, with the keyboard alone, and the answer is a row of the harvested DataFrame."""

import pandas as pd
import pytest
from playwright.sync_api import expect

from a2i_al import datasets
from a2i_al.workflow import Workflow

TEXTS = pd.DataFrame({"item_id": ["t1", "t2"], "text": ["I was charged twice.", "It crashes when I open <Settings>."]})


def texts(flow):
    return TEXTS


def pictures(flow):
    images = {"p1": datasets.load("digits").images["digit-0001"], "p2": datasets.load("digits").images["digit-0002"]}
    return pd.DataFrame({"item_id": list(images), "image": flow.upload(images).to_numpy()})


TASKS = {
    "text-classification": (["billing", "bug", "other"], texts, ["billing", "bug"]),
    "image-classification": ([str(digit) for digit in range(10)], pictures, ["1", "2"]),
}


@pytest.mark.browser
@pytest.mark.parametrize("template", TASKS)
def test_answered_with_the_keyboard_and_harvested(chromium_page, embedded, template):
    """Sign in, open the job, press a digit and Enter for each task: every answer arrives."""
    labels, items, answers = TASKS[template]
    flow = Workflow.local(f"keyboard-{template}", template=template, labels=labels, home=embedded.home)
    batch = flow.submit(items(flow), max_workers=1, progress=False)
    page = chromium_page
    page.goto(flow.portal_url)
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type("Grace")
    page.keyboard.press("Enter")
    page.wait_for_url("**/portal/tasks")
    page.goto(f"{embedded.url}/portal/tasks/next?flow={flow.definition.name}")
    for name, key in zip(batch.human_loop_names, "12", strict=True):
        page.wait_for_url(f"**/portal/tasks/{name}")
        page.frame_locator("#task").get_by_role("radio").first.wait_for()
        expect(page.locator("#task")).to_be_focused()
        page.keyboard.press(key)
        page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith(name))
    harvested = batch.harvest().set_index("human_loop_name").loc[list(batch.human_loop_names)]
    assert harvested["field"].tolist() == ["category", "category"]
    assert harvested["value"].tolist() == answers
    assert (harvested["seconds"] > 0).all()
