"""Hosts that the owner allows: written into the page's policy, checked, and really the only ones that are asked."""

import http.server
import re
import threading

import pytest

from a2i_al.errors import InvalidInput
from a2i_al.templates import preview_page, worker_page

NONCE = "0123456789abcdef"


def policy(page):
    """Return the directives of a page, by name."""
    text = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)[1]
    return dict(directive.strip().split(" ", 1) for directive in text.split(";"))


@pytest.mark.parametrize("host", ["https://cdn.jsdelivr.net", "https://*.example.org", "http://127.0.0.1:8000"])
def test_a_host_is_allowed_for_all_that_a_page_loads(host):
    """Scripts, styles, fonts, pictures, sound and connections; never forms or frames."""
    for page in (worker_page("", nonce=NONCE, allow_hosts=[host]), preview_page("", {}, allow_hosts=[host])):
        rules = policy(page)
        allowed = {name for name, sources in rules.items() if host in sources.split()}
        assert allowed == {"script-src", "style-src", "font-src", "img-src", "media-src", "connect-src"}
        assert rules["default-src"] == rules["form-action"] == rules["base-uri"] == "'none'"


def test_a_host_without_a_scheme_is_asked_over_https():
    assert policy(worker_page("", nonce=NONCE, allow_hosts=["example.org"]))["connect-src"] == "https://example.org"


@pytest.mark.parametrize(
    "hosts",
    ["https://example.org", ["*"], ["https:"], ["data:"], ["'self'"], ["a b"], ["x; script-src *"], [""], [None],
     ["https://example.org/path"], ["ftp://example.org"], ["exa*mple.org"], ['x"']],
)  # fmt: skip
def test_what_is_no_host_is_refused(hosts):
    """Neither everything at once nor a word that would widen the policy."""
    with pytest.raises(InvalidInput, match="allow_hosts"):
        worker_page("", nonce=NONCE, allow_hosts=hosts)


@pytest.fixture
def script_host():
    """Serve a script on this machine and count the requests."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.send_header("content-type", "text/javascript")
            self.end_headers()
            self.wfile.write(b"document.getElementById('out').textContent = 'drawn'")

        def log_message(self, *_):
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.browser
def test_an_allowed_script_runs_and_any_other_is_not_even_asked_for(chromium_page, script_host):
    """A charting library loads where its host is named, and the page says what it did not load where it is not."""
    host, asked = script_host
    template = f'<p id="out">empty</p><script src="{host}/chart.js"></script>'
    frame = '<iframe sandbox="allow-scripts allow-forms"></iframe>'
    for allowed in ([], [host]):
        chromium_page.set_content(frame)
        page = worker_page(template, nonce=NONCE, allow_hosts=allowed)
        chromium_page.evaluate("(page) => { document.querySelector('iframe').srcdoc = page; }", page)
        expected = "drawn" if allowed else "Not loaded here"
        chromium_page.frame_locator("iframe").get_by_text(expected).first.wait_for()
        assert asked == (["/chart.js"] if allowed else [])
