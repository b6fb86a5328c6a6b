"""A task as a worker meets it: the page in a sandboxed frame, the keyboard, and the parent that takes the answer."""

import json

import pytest

from a2i_al.templates import worker_page

NONCE = "0123456789abcdef"
# What WCAG 2.2 asks for at level AA; landmarks and headings are the template's own affair.
AXE = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
PARENT = """<!doctype html><title>Parent</title><p id="secret">secret</p>
<iframe title="task" sandbox="allow-scripts allow-forms" style="width: 100%"></iframe>
<script>
  var messages = [];
  addEventListener('message', (event) => messages.push({ origin: event.origin, ...event.data }));
</script>"""


class Task:
    """One task page in its frame."""

    def __init__(self, page, html, **options):
        self.page = page
        page.set_content(PARENT)
        page.evaluate("(doc) => { document.querySelector('iframe').srcdoc = doc; }", worker_page(html, **options))
        self.messages("ready")
        self.frame = page.frames[1]
        page.locator("iframe").focus()

    def messages(self, kind, at_least=1):
        """Return all messages of a kind, once there are that many."""
        kinds = f"messages.filter((message) => message.kind === '{kind}')"
        self.page.wait_for_function(f"{kinds}.length >= {at_least}")
        # As text: Playwright's own copying of objects leaves out a key named __proto__.
        return json.loads(self.page.evaluate(f"JSON.stringify({kinds})"))

    def press(self, *keys):
        """Press the keys one after the other, as if the worker did."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text):
        self.page.keyboard.type(text)

    def focused(self):
        """Return the text of what has the focus, inside shadow roots too."""
        return self.frame.evaluate("""() => {
          let element = document.activeElement;
          while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
          return (element.innerText || element.getRootNode().host.innerText).split('\\n')[0] || element.id;
        }""")

    def answer(self, at_least=1):
        """Return the latest answerContent that the page sent."""
        return self.messages("answer", at_least)[-1]["value"]

    def reply(self, **message):
        """Send a message from the parent into the frame."""
        self.page.evaluate(
            "(message) => document.querySelector('iframe').contentWindow.postMessage(message, '*')",
            {"nonce": NONCE, **message},
        )

    def says(self, text):
        """Wait until the page shows this text."""
        self.frame.get_by_text(text).first.wait_for()


@pytest.fixture
def task(chromium_page):
    """Open a rendered template as a task: ``task(html)``."""
    return lambda html, **options: Task(chromium_page, html, **{"nonce": NONCE, **options})


@pytest.fixture
def violations(chromium_page):
    """Say what axe finds wrong with a page, light and dark, after some keys: ``violations(html, *keys)``."""
    # Imported here: everybody else's tests run without it.
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415

    def check(html, *keys):
        found = []
        for scheme in ("light", "dark"):
            chromium_page.emulate_media(color_scheme=scheme)
            chromium_page.goto("about:blank")  # a window defines its elements once
            chromium_page.set_content(html if html.startswith("<!doctype") else worker_page(html, nonce=NONCE))
            chromium_page.locator("crowd-form").first.wait_for()
            for key in keys:
                chromium_page.keyboard.press(key)
            for violation in Axe().run(chromium_page, options=AXE).response["violations"]:
                found += [f"{scheme}: {violation['id']}: {node['html'][:120]}" for node in violation["nodes"]]
        return found

    return check
