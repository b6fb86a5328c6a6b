"""A task as a worker meets it: the page in a sandboxed frame, the keyboard, and the parent that takes the answer."""

import base64
import io
import json

import pytest
from PIL import Image

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


# Where a point of the picture that is drawn on lies in the frame.
IN_FRAME = """(point) => {
  const { stage } = [...document.querySelectorAll('*')].find((element) => element.stage);
  const { left, top } = stage.element.getBoundingClientRect();
  const [x, y] = stage.view.toScreen(point);
  return [x + left + stage.element.clientLeft, y + top + stage.element.clientTop];
}"""
# Where a word of the text of <crowd-entity-annotation> begins or ends in the frame.
WORD = """([word, end]) => {
  const host = document.querySelector('crowd-entity-annotation').shadowRoot.querySelector('.marked');
  const walker = document.createTreeWalker(host, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(word);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(walker.currentNode, at);
    range.setEnd(walker.currentNode, at + word.length);
    const rect = range.getBoundingClientRect();
    return [end ? rect.right - 0.5 : rect.left + 0.5, rect.top + rect.height / 2];
  }
}"""


class Hands:
    """A person's hands on a task: keys and pointer, wherever the frame with its page stands."""

    def __init__(self, page, frame):
        self.page, self.frame = page, frame

    def press(self, *keys):
        """Press the keys one after the other, as if the worker did."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text):
        self.page.keyboard.type(text)

    def button(self, name):
        return self.frame.get_by_role("button", name=name, exact=True)

    def focused(self):
        """Return the text of what has the focus, inside shadow roots too."""
        return self.frame.evaluate("""() => {
          let element = document.activeElement;
          while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
          return (element.innerText || element.getRootNode().host.innerText).split('\\n')[0] || element.id;
        }""")

    def says(self, text):
        """Wait until the page shows this text."""
        self.frame.get_by_text(text).first.wait_for()

    def on_screen(self, x, y):
        """Return where a point of the picture is on the screen."""
        return self._out_of_frame(self.frame.evaluate(IN_FRAME, [x, y]))

    def move(self, x, y):
        self.page.mouse.move(*self.on_screen(x, y))

    def drag(self, *points, button="left"):
        """Press at the first point of the picture, pass over the others, release at the last."""
        self.move(*points[0])
        self.page.mouse.down(button=button)
        for point in points[1:]:
            self.move(*point)
        self.page.mouse.up(button=button)

    def click(self, *points):
        for point in points:
            self.drag(point)

    def select_words(self, first, last):
        """Select from the beginning of one word to the end of another with the mouse."""
        ends = [self.frame.evaluate(WORD, [word, end]) for word, end in [(first, False), (last, True)]]
        start, end = map(self._out_of_frame, ends)
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(*end, steps=4)
        self.page.mouse.up()

    def _out_of_frame(self, point):
        if self.frame.parent_frame is None:
            return tuple(point)
        left, top = self.frame.frame_element().evaluate("""(frame) => {
          const { left, top } = frame.getBoundingClientRect();
          return [left + frame.clientLeft, top + frame.clientTop];
        }""")
        return point[0] + left, point[1] + top


class Task(Hands):
    """One task page in its frame."""

    def __init__(self, page, html, **options):
        self.page = page
        page.set_content(PARENT)
        page.evaluate("(doc) => { document.querySelector('iframe').srcdoc = doc; }", worker_page(html, **options))
        self.messages("ready")
        super().__init__(page, page.frames[1])
        page.locator("iframe").focus()

    def messages(self, kind, at_least=1):
        """Return all messages of a kind, once there are that many."""
        kinds = f"messages.filter((message) => message.kind === '{kind}')"
        self.page.wait_for_function(f"{kinds}.length >= {at_least}")
        # As text: Playwright's own copying of objects leaves out a key named __proto__.
        return json.loads(self.page.evaluate(f"JSON.stringify({kinds})"))

    def answer(self, at_least=1):
        """Return the latest answerContent that the page sent."""
        return self.messages("answer", at_least)[-1]["value"]

    def reply(self, **message):
        """Send a message from the parent into the frame."""
        self.page.evaluate(
            "(message) => document.querySelector('iframe').contentWindow.postMessage(message, '*')",
            {"nonce": NONCE, **message},
        )


@pytest.fixture
def hands():
    """Lay hands on a task in a page that shows it otherwise than `task`: ``hands(page, frame)``."""
    return Hands


@pytest.fixture
def task(chromium_page):
    """Open a rendered template as a task: ``task(html)``."""
    return lambda html, **options: Task(chromium_page, html, **{"nonce": NONCE, **options})


@pytest.fixture
def unpacked():
    """Put pixels in the place of every PNG of an answer, which browsers pack differently: ``unpacked(answer)``."""

    def pixels(value):
        png = base64.b64decode(value["labeledImage"]["pngImageData"], validate=True)
        return value | {"labeledImage": Image.open(io.BytesIO(png)).convert("RGBA").tobytes()}

    return lambda answer: {
        name: pixels(value) if isinstance(value, dict) and "labeledImage" in value else value
        for name, value in answer.items()
    }


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
