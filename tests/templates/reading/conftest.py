"""Tasks in a frame that is high enough for the pointer to reach everything."""

import pytest


@pytest.fixture
def task(task, chromium_page):
    """Open a rendered template as a task in a high frame: ``task(html)``."""
    chromium_page.set_viewport_size({"width": 1000, "height": 1000})

    def high(html, **options):
        opened = task(html, **options)
        chromium_page.evaluate("document.querySelector('iframe').style.height = '950px'")
        return opened

    return high
