"""Answering and watching in this environment's JupyterLab and Notebook 7, as a person does: mouse, keyboard, reload."""

import contextlib
import json
import re

import pytest

pytestmark = pytest.mark.browser

BATCH = """
import pandas as pd
import a2i_al as al
items = pd.DataFrame({"item_id": ["1", "2", "3"], "text": ["You have won!", "Lunch at one?", "Click <here>"]})
flow = al.Workflow.local(NAME, template="text-classification", labels=["spam", "ham"])
batch = flow.submit(items, progress=False, max_workers=1)
"""
# A busy browser is looked at twice a second: what it shows for a moment has to last longer.
REVIEW = "review = flow.review('Ann', undo_seconds=3)\nreview"
OUTCOME = "print('OUTCOME', sorted(zip(*batch.harvest()[['item_id', 'value']].to_numpy().T)))"


def cells(name, *more):
    return [BATCH.replace("NAME", repr(name)), *more]


# Notebook 7 leaves errors of its own uncaught as it starts. They say nothing about what runs in its cells.
QUIET = """
for (const type of ['error', 'unhandledrejection']) addEventListener(type, (event) => {
  if (`${event.filename} ${event.reason?.stack}`.includes('/static/')) event.preventDefault();
});
"""


def came(locator, seconds, state="visible"):
    """Whether a page has come to show something, or to have it, within so many seconds."""
    from playwright.sync_api import TimeoutError  # noqa: A004, PLC0415 - where there is no browser, tests say so

    with contextlib.suppress(TimeoutError):
        locator.first.wait_for(state=state, timeout=seconds * 1_000)
        return True
    return False


class Notebook:
    """A notebook that is open in a browser."""

    def __init__(self, page, jupyter, name, app="lab"):
        self.page, self.name, self.jupyter = page, name, jupyter
        page.add_init_script(QUIET)
        page.set_viewport_size({"width": 1200, "height": 1100})
        page.set_default_timeout(30_000)
        place = {"lab": f"lab/tree/{name}?reset&", "notebook": f"notebooks/{name}?"}[app]
        page.goto(f"{jupyter.url}/{place}token=a-token-of-the-tests")
        page.locator(".jp-Notebook .jp-Cell").first.wait_for()

    def run_all(self):
        """Run all cells, and wait for the last; once more on the page opened anew where it has lost its kernel.

        Once in some hundred times a page never hears of its kernel, or of what it has run, although the server has it
        connected. To run these cells again asks nobody twice. A kernel that is at work for ever is a failure.
        """
        state = ""
        for _ in range(3):
            if self._knows_its_kernel():
                self._press_run()
                # Lab moves the focus once more when the last cell has run.
                if came(self.page.locator(".jp-OutputArea-output", has_text="OUTCOME"), seconds=30):
                    return
            state = self.jupyter.kernel(self.name)["execution_state"]
            if state != "idle":
                break
            self.page.reload()
            self.page.locator(".jp-Notebook .jp-Cell").first.wait_for()
        shown = [cell.inner_text() for cell in self.page.locator(".jp-Notebook .jp-Cell").all()]
        pytest.fail(f"the kernel is {state}, and the page shows {shown}")

    def _knows_its_kernel(self):
        # Before that, Lab asks for a kernel, or forgets what it was to run.
        self.jupyter.wait_for_kernel(self.name)
        return came(self.page.locator('[data-status="idle"]'), seconds=15, state="attached")

    def _press_run(self):
        page = self.page
        for _ in range(3):
            page.locator(".jp-Notebook .jp-Cell").first.click()
            page.locator(".lm-MenuBar-itemLabel", has_text="Run").first.click()
            page.get_by_text("Run All Cells", exact=True).click()
            # Where no cell has begun, nothing runs twice.
            if came(page.locator(".jp-InputPrompt", has_text=re.compile(r"\[(\*|\d+)\]")), seconds=5, state="attached"):
                return

    def start(self):
        """Press Start and give the task's frame."""
        self.page.locator(".a2i-al-review button", has_text="Start").click()
        return self.task("1 of 3")

    def task(self, count):
        """Give the frame of the task that is announced so, once it has the keyboard."""
        self.page.locator(".a2i-al-count", has_text=count).wait_for()
        frame = self.page.frame_locator(".a2i-al-review iframe")
        frame.locator("crowd-form").wait_for()
        self.page.wait_for_function("document.activeElement.matches('.a2i-al-review iframe')")
        return frame

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def count_cells(self):
        return self.page.locator(".jp-Notebook .jp-CodeCell").count()

    def run_last(self):
        """Run the last cell again and return what it printed."""
        last = self.page.locator(".jp-Notebook .jp-CodeCell").last
        last.locator(".jp-InputArea-editor").click()
        self.press("Control+Enter")
        out = last.locator(".jp-OutputArea-output", has_text="OUTCOME [(")
        out.wait_for()
        return out.inner_text().strip()

    def save(self):
        """Save, and return the notebook as it is on disk."""
        with self.page.expect_response(lambda r: r.request.method == "PUT" and self.name in r.url):
            self.press("Escape", "Control+s")
        return self.jupyter.read(self.name)


@pytest.mark.parametrize("app", ["lab", "notebook"])
def test_three_tasks_are_answered_with_the_keyboard_and_harvested(chromium_page, jupyter, app):
    """Digits choose, Enter submits, u takes back, s skips; no key reaches the notebook; the table has the answers."""
    name = f"keys-{app}.ipynb"
    jupyter.write(name, *cells(f"keys-{app}", REVIEW, OUTCOME))
    notebook = Notebook(chromium_page, jupyter, name, app)
    notebook.run_all()
    frame = notebook.start()
    before = notebook.count_cells()
    frame.get_by_text("You have won!").wait_for()
    notebook.press("b", "a", "x", "1", "Enter")
    chromium_page.get_by_text("Saving the answer").wait_for()
    notebook.press("u")
    frame.get_by_text("Taken back").wait_for()
    notebook.press("2", "Enter")
    chromium_page.get_by_text("Saving the answer").wait_for()
    notebook.press("b", "Enter")
    notebook.task("2 of 3").get_by_text("Lunch at one?").wait_for()
    notebook.press("s")
    chromium_page.frame_locator(".a2i-al-review iframe").get_by_text("Click <here>").wait_for()
    notebook.task("2 of 3")
    notebook.press("1", "Enter")
    notebook.task("3 of 3").get_by_text("Lunch at one?").wait_for()
    notebook.press("1", "Enter")
    chromium_page.get_by_text("All done").wait_for()
    notebook.press("b", "1")
    assert notebook.count_cells() == before
    assert notebook.run_last() == "OUTCOME [('1', 'ham'), ('2', 'spam'), ('3', 'spam')]"


PROBE = '''
import json
from a2i_al.widgets.desk import OpenTask
from a2i_al.widgets.review import Review
from a2i_al.templates import worker_page

class Desk:
    given = []
    def next(self): return None if self.given else OpenTask("loop", "Probe", {}, 0)
    def answer(self, task, content): self.given.append(content)
    def release(self, task): pass

SCRIPT = """<crowd-form><object-value-input name="seen"></object-value-input></crowd-form><script>
document.addEventListener("all-crowd-elements-ready", async () => {
  const tries = {
    parent: () => parent.document.title, top: () => top.location.href, cookie: () => document.cookie,
    token: () => parent.document.getElementById("jupyter-config-data").textContent,
    storage: () => localStorage.length, fetch: () => fetch(BASE + "/api/contents?token=TOKEN"),
    socket: () => new Promise((good, bad) => {
      const socket = new WebSocket(BASE.replace("http", "ws") + "/x"); socket.onopen = good; socket.onerror = bad; }),
  };
  const seen = {};
  for (const [name, attempt] of Object.entries(tries)) {
    try { await attempt(); seen[name] = "reached"; } catch { seen[name] = "refused"; }
  }
  parent.postMessage({ nonce: "0123456789abcdef", kind: "answer", value: { seen: "forged" } }, "*");
  document.querySelector("object-value-input").value = seen;
  document.querySelector("crowd-form").submit();
});</script>""".replace("BASE", repr(BASE))
Review(Desk(), lambda task_input, nonce: worker_page(SCRIPT, nonce=nonce), title="Probe", undo_seconds=0)
'''


def test_a_task_page_cannot_reach_the_notebook_or_the_network(chromium_page, jupyter):
    """Cookies, token, parent DOM, storage, fetch and sockets are refused; a message with another nonce is not heard."""
    jupyter.write("probe.ipynb", f"BASE = {jupyter.url!r}", PROBE, "print('OUTCOME', [(Desk.given,)])")
    notebook = Notebook(chromium_page, jupyter, "probe.ipynb")
    notebook.run_all()
    chromium_page.locator(".a2i-al-review button", has_text="Start").click()
    chromium_page.get_by_text("All done").wait_for()
    tries = ("parent", "top", "cookie", "token", "storage", "fetch", "socket")
    assert notebook.run_last() == f"OUTCOME [([{ {'seen': dict.fromkeys(tries, 'refused')} }],)]"


def test_a_reopened_notebook_shows_the_preview_and_the_last_state_of_watch(chromium_page, jupyter):
    """Both are plain HTML in the file: they are there without a kernel, and the watch is kept once."""
    watch = "flow.simulate([al.SimulatedReviewer('Ben', lambda task: {'category': {'label': 'spam'}})])\nbatch.watch()"
    jupyter.write("kept.ipynb", *cells("kept", "flow.preview(items.iloc[0])", watch, "print('OUTCOME', [()])"))
    notebook = Notebook(chromium_page, jupyter, "kept.ipynb")
    notebook.run_all()
    chromium_page.get_by_text("3 of 3 finished").first.wait_for()
    notebook.run_last()
    saved = notebook.save()
    watched = [output for output in saved["cells"][2]["outputs"] if "data" in output]
    assert len(watched) == 1
    assert "all finished" in "".join(watched[0]["data"]["text/html"])
    assert "token=" not in json.dumps(saved)
    notebook = Notebook(chromium_page, jupyter, "kept.ipynb")
    chromium_page.frame_locator("iframe[title^=Preview]").get_by_text("You have won!").wait_for()
    chromium_page.get_by_text("3 of 3 finished").wait_for()


def test_a_review_without_its_kernel_shows_its_last_state(chromium_page, jupyter):
    """Alive, the widget alone is seen; in a copy of the notebook, with another kernel, what it had come to."""
    jupyter.write("last.ipynb", *cells("last", REVIEW, OUTCOME))
    notebook = Notebook(chromium_page, jupyter, "last.ipynb")
    notebook.run_all()
    notebook.start()
    notebook.press("1", "Enter", "Enter")
    notebook.task("2 of 3")
    kept = chromium_page.locator(".a2i-al-kept")
    assert kept.count() == 1
    assert kept.is_hidden()
    notebook.run_last()
    saved = notebook.save()
    assert "1 saved of 3" in "".join(saved["cells"][1]["outputs"][1]["data"]["text/html"])
    (jupyter.root / "copy.ipynb").write_bytes((jupyter.root / "last.ipynb").read_bytes())
    Notebook(chromium_page, jupyter, "copy.ipynb")
    kept.wait_for()
    assert "1 saved of 3" in kept.inner_text()
    chromium_page.locator('[data-status="idle"]').first.wait_for(state="attached")
    assert not any(place.is_visible() for place in chromium_page.get_by_text("model not found").all())


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_axe_finds_nothing_around_the_task(chromium_page, jupyter, theme):
    """Before the first task, in one, while an answer waits to be saved, and at the end; 360 px wide."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    jupyter.choose_theme(f"JupyterLab {theme}")
    name = f"axe-{theme}.ipynb"
    jupyter.write(name, *cells(f"axe-{theme.lower()}", REVIEW.replace("=3", "=3, limit=1"), OUTCOME))
    notebook = Notebook(chromium_page, jupyter, name, "notebook")
    chromium_page.set_viewport_size({"width": 360, "height": 900})
    notebook.run_all()

    def violations():
        found = axe.run(chromium_page, context=".a2i-al-review", options={"resultTypes": ["violations"]})
        return [(v["id"], [node["html"][:99] for node in v["nodes"]]) for v in found.response["violations"]]

    review = chromium_page.locator(".a2i-al-review")
    assert (chromium_page.evaluate("document.body.dataset.jpThemeLight") == "false") == (theme == "Dark")
    assert violations() == []
    review.get_by_role("button", name="Start").click()
    notebook.task("1 of 1")
    assert violations() == []
    notebook.press("1", "Enter")
    review.get_by_text("Saving the answer").wait_for()
    assert violations() == []
    review.get_by_text("That was what you wanted to do").wait_for()
    assert violations() == []
    assert review.evaluate("element => element.scrollWidth <= element.clientWidth")


def test_a_handler_called_from_another_thread(chromium_page, jupyter):
    """A widget's message handled on a thread of its own moves the review on, in the page too."""
    thread = (
        "import threading, json\n"
        "def send():\n"
        "    review._session.start()\n"
        "    value = {'category': {'label': 'ham'}}\n"
        "    review._received({'new': json.dumps({'nonce': review._session.scene.nonce, 'kind': 'answer', "
        "'value': value})})\n"
        "thread = threading.Thread(target=send); thread.start(); thread.join()\n"
        "print('OUTCOME', [(review.answered,)])"
    )
    jupyter.write("thread.ipynb", *cells("thread", REVIEW, thread))
    notebook = Notebook(chromium_page, jupyter, "thread.ipynb")
    notebook.run_all()
    assert chromium_page.locator(".jp-OutputArea-output", has_text="OUTCOME").inner_text().strip() == "OUTCOME [(1,)]"
    notebook.page.locator(".a2i-al-count", has_text="2 of 3").wait_for()
    chromium_page.frame_locator(".a2i-al-review iframe").get_by_text("Lunch at one?").wait_for()
