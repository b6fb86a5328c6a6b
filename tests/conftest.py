"""Shared by all tests: a real Chromium whose pages may talk to this machine only, and hypothesis without deadlines."""

import asyncio
import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, settings

# The machines that run these tests are shared: a slow example says nothing about the code.
settings.register_profile("a2i_al", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("a2i_al")

EXECUTABLES = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A sandboxed frame is drawn in its page's own process: in one of its own, a busy machine's browser routes what the
    # pointer does to where the frame lay before. The other three are what Playwright's own list, which this replaces,
    # keeps off the network.
    "--disable-features=IsolateSandboxedIframes,MediaRouter,HttpsUpgrades,Translate",
    # Nothing but this machine has an address, whatever a page asks for.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
# A page that is slow on a busy machine says nothing about the code either.
PATIENCE = 30_000  # milliseconds
LOOPBACK = {"127.0.0.1", "localhost", "::1", None}


@pytest.fixture(scope="session")
def chromium():
    """Give the session's headless Chromium; skip where none is installed."""
    executable = next(filter(None, map(shutil.which, EXECUTABLES)), None)
    if executable is None:
        absent = "no Chromium found: `apt-get install chromium`, then run this again"
        # Where the whole suite is what counts, a browser test that is left out is a failure.
        (pytest.fail if os.environ.get("A2I_AL_REQUIRE_BROWSER") else pytest.skip)(absent)
    # Imported here: everybody else's tests run without Playwright.
    from playwright.sync_api import expect, sync_playwright  # noqa: PLC0415

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        loop = asyncio.get_running_loop()
        asyncio._set_running_loop(None)
        yield browser, loop
        asyncio._set_running_loop(loop)
        browser.close()


@pytest.fixture
def chromium_page(chromium):
    """Give a fresh page; the test fails if the page asks another host for anything, or leaves an error uncaught."""
    browser, loop = chromium
    # Playwright leaves its event loop marked as running in this thread, which would break `asyncio.run` in every
    # test after the first browser test: the mark is on only while a test holds a page.
    asyncio._set_running_loop(loop)
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    requests, errors = [], []
    context.on("request", lambda request: requests.append(request))  # noqa: PLW0108 - Playwright marks what it is given
    context.on("weberror", lambda error: errors.append(str(error.error)))
    yield context.new_page()
    context.close()
    asyncio._set_running_loop(None)
    strangers = [request.url for request in requests if _is_strange(request)]
    assert not strangers, f"the page asked other hosts for {strangers}"
    assert not errors, f"the page left errors uncaught: {errors}"


def _is_strange(request):
    """Say whether it meant another host; what the page's own policy blocks is announced too, but never leaves."""
    address = urlsplit(request.url)
    network = address.scheme in {"http", "https", "ws", "wss"}
    return network and address.hostname not in LOOPBACK and request.failure != "csp"


@pytest.fixture(scope="session")
def embedded(tmp_path_factory):
    """Give the session's embedded A2I, in a process of its own and a home of its own."""
    from a2i_al import local  # noqa: PLC0415

    service = local.ensure(tmp_path_factory.mktemp("embedded") / "home")
    yield service
    local.stop(service.home)


@pytest.fixture(scope="session")
def moto_endpoint():
    """Give the URL of an S3 that is not ours, in memory, for the session."""
    from moto.server import ThreadedMotoServer  # noqa: PLC0415

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture(scope="session")
def checkout():
    """Give the root of the checkout, for tests of the files that lie beside the package."""
    return Path(__file__).parents[1]
