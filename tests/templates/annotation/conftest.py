"""A picture to draw on, with the mouse and the keyboard, in the worker's sandboxed frame."""

import base64
import io
from urllib.parse import quote

import pytest
from PIL import Image

WIDTH, HEIGHT = 400, 300


def picture(width=WIDTH, height=HEIGHT):
    """Return a grey picture of this size as a ``data:`` URL."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"><rect width="100%" height="100%"'
        ' fill="#8fa3b5"/></svg>'
    )
    return "data:image/svg+xml," + quote(svg)


class Drawing:
    """An annotation element in a page, worked in pixels of its picture."""

    def __init__(self, task, page):
        self.task, self.page, self.frame = task, page, task.frame
        page.evaluate("document.querySelector('iframe').style.cssText += '; height: 900px; border: 0'")
        self.frame.locator(".stage.ready").wait_for()
        self.resize(1100)

    def resize(self, width):
        """Give the browser this width, and wait until the picture has taken its place in the frame."""
        self.page.set_viewport_size({"width": width, "height": 1000})
        self.frame.wait_for_function(
            """(width) => {
              const { stage } = [...document.querySelectorAll('*')].find((element) => element.stage);
              const { view: { screen }, element } = stage;
              return innerHeight === 900 && innerWidth === width
                && screen.width === element.clientWidth && screen.height === element.clientHeight;
            }""",
            arg=width - 16,
        )

    def on_screen(self, x, y):
        return self.task.on_screen(x, y)

    def move(self, x, y):
        self.task.move(x, y)

    def drag(self, *points, button="left"):
        self.task.drag(*points, button=button)

    def click(self, *points):
        self.task.click(*points)

    def press(self, *keys):
        self.task.press(*keys)

    def submit(self, name="a", at_least=1):
        """Press Enter and return the field's answer without what is said of the picture, which is checked."""
        self.press("Enter")
        answer = self.task.answer(at_least)[name]
        assert answer.pop("inputImageProperties") == {"height": HEIGHT, "width": WIDTH}
        return answer

    def focus(self):
        self.frame.locator(".stage").focus()

    def hint(self):
        return self.frame.locator(".hint").inner_text()

    def button(self, name):
        return self.task.button(name)

    def rows(self):
        """Return what the list beside the picture says."""
        return self.frame.locator(".items .label").all_inner_texts()


@pytest.fixture
def draw(task, chromium_page):
    """Open an element to draw with: ``draw("crowd-polygon", 'labels="[...]"')``; its name is ``a``."""

    def opened(tag, attributes="""labels="['car', 'dog', 'tree']" """, src=None):
        html = f'<crowd-form><{tag} name="a" src="{src or picture()}" header="Draw" {attributes}></{tag}></crowd-form>'
        return Drawing(task(html), chromium_page)

    return opened


@pytest.fixture
def pixels():
    """Return the picture of an answer: ``pixels(answer)``, which gives a colour for each (x, y)."""

    def decoded(answer):
        png = base64.b64decode(answer["labeledImage"]["pngImageData"], validate=True)
        image = Image.open(io.BytesIO(png))
        assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))
        return image.convert("RGBA").load()

    return decoded


@pytest.fixture
def mask_of():
    """Return a ``data:`` URL of a PNG with rectangles on white: ``mask_of({(left, top, right, bottom): colour})``."""

    def encoded(rectangles, size=(WIDTH, HEIGHT)):
        image = Image.new("RGB", size, "white")
        for box, colour in rectangles.items():
            image.paste(colour, box)
        buffer = io.BytesIO()
        image.save(buffer, "PNG")
        return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()

    return encoded
